package io.larder.engine.internal.wal;

import io.larder.engine.api.WritesStoppedException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why a log takes no writes any more: the first failure of a write or a sync, which is for ever. Thread-safe. */
final class LogFailure {
  private volatile @Nullable Throwable cause;

  void note(Throwable failure) {
    if (cause == null) {
      cause = failure;
    }
  }

  boolean isNoted() {
    return cause != null;
  }

  @Nullable Throwable cause() {
    return cause;
  }

  /** Throws what a writer is told if there was a failure. */
  void requireNone() {
    if (cause != null) {
      throw stopped();
    }
  }

  /** Throws what the leader needs to hear, before it tries to write, if there was a failure. */
  void requireWritable() throws IOException {
    Throwable found = cause;
    if (found != null) {
      throw new IOException("writes stopped earlier", found);
    }
  }

  /** Returns what those are told who wait for something that will not be written. */
  WritesStoppedException stopped() {
    Throwable found = cause;
    String reason = found == null ? "the log is closed" : String.valueOf(found.getMessage());
    return new WritesStoppedException(
        "writes have stopped after a failed write or sync of the log: "
            + reason
            + "; reads go on, reopening recovers",
        found == null ? new IllegalStateException(reason) : found);
  }
}
