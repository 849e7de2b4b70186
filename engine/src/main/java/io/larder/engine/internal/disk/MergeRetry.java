package io.larder.engine.internal.disk;

import io.larder.engine.internal.io.LazyLogger;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * When merging may be tried again after it failed, for instance because the disk is full: after a second, then after
 * twice as long each time, up to a minute. The maintenance thread writes, any may read.
 */
final class MergeRetry {
  private static final System.Logger LOG = LazyLogger.of(MergeRetry.class);
  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Path directory;
  private volatile boolean putOff;
  private volatile long failures;
  private long restNanos;
  private long untilNanos;

  MergeRetry(Path directory) {
    this.directory = directory;
  }

  boolean isDue(long nowNanos) {
    return !putOff || nowNanos - untilNanos >= 0;
  }

  boolean isPutOff() {
    return putOff;
  }

  /** Returns how many merges have failed. */
  long failures() {
    return failures;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
  void failed(Throwable cause, long nowNanos) {
    restNanos = Math.min(LONGEST_NANOS, Math.max(FIRST_NANOS, restNanos * 2));
    untilNanos = nowNanos + restNanos;
    failures++;
    putOff = true;
    LOG.log(
        System.Logger.Level.WARNING,
        directory
            + ": a merge failed and left everything as it was; the next try is in "
            + TimeUnit.NANOSECONDS.toSeconds(restNanos)
            + " s, and writes go on meanwhile",
        cause);
  }

  void succeeded() {
    putOff = false;
    restNanos = 0;
  }
}
