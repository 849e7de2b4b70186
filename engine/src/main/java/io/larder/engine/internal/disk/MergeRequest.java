package io.larder.engine.internal.disk;

import io.larder.engine.api.CancelledException;
import io.larder.engine.api.StorageException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Somebody's wish that everything be merged: how far it is, whether it is still wanted, how it ended. Thread-safe: who
 * asked waits and may cancel, the maintenance thread reports.
 */
final class MergeRequest {
  private enum State {
    WAITING,
    DONE,
    CANCELLED,
    FAILED
  }

  private volatile State state = State.WAITING;
  private volatile boolean cancelAsked;
  private volatile long doneBytes;
  private volatile long totalBytes;
  private volatile @Nullable Throwable failure;

  /** Says that nobody wants it any more; it may be done all the same if that comes too late. */
  void cancel() {
    cancelAsked = true;
  }

  boolean isCancelAsked() {
    return cancelAsked;
  }

  void progress(long done, long total) {
    totalBytes = total;
    doneBytes = done;
  }

  long doneBytes() {
    return doneBytes;
  }

  long totalBytes() {
    return totalBytes;
  }

  boolean isFinished() {
    return state != State.WAITING;
  }

  void succeed() {
    state = State.DONE;
  }

  void endCancelled() {
    state = State.CANCELLED;
  }

  void fail(Throwable cause) {
    failure = cause;
    state = State.FAILED;
  }

  /** Throws unless the merge was done. */
  void requireDone(Health health) {
    Path directory = health.directory();
    if (state == State.CANCELLED) {
      throw new CancelledException(
          directory
              + ": the merge was cancelled after "
              + doneBytes
              + " of "
              + totalBytes
              + " bytes; everything is as it was");
    }
    Throwable cause = failure;
    if (cause != null) {
      health.requireWritable();
      throw new StorageException(
          directory
              + ": the merge was given up, and everything is as it was: "
              + cause.getMessage(),
          cause);
    }
  }
}
