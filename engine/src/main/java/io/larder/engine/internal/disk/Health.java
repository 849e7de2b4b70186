package io.larder.engine.internal.disk;

import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.io.LazyLogger;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether writes are still accepted. Thread-safe. The first failed write or sync stops them for good, since nobody
 * can know what reached the disk; reads go on, and opening the database again finds out.
 */
final class Health {
  private static final System.Logger LOG = LazyLogger.of(Health.class);

  private final Path directory;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  Health(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
  }

  void fail(Throwable cause) {
    if (failure.compareAndSet(null, cause)) {
      Telling.tell(
          LOG, System.Logger.Level.ERROR, "Writes to the database " + directory + " stop", cause);
    }
  }

  @Nullable Throwable failure() {
    return failure.get();
  }

  void requireWritable() {
    Throwable cause = failure.get();
    if (cause != null) {
      throw new WritesStoppedException(
          "Writes to the database "
              + directory
              + " have stopped after a failure; reads go on, and opening it again recovers what was"
              + " acknowledged. The failure: "
              + cause.getMessage(),
          cause);
    }
  }
}
