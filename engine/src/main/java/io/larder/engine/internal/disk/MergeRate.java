package io.larder.engine.internal.disk;

/**
 * A token bucket that says how fast automatic merges may read: it holds at most what a quarter of a second is worth, and
 * what was taken beyond it has to be waited for. One thread; told the time, it never waits itself.
 */
final class MergeRate {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long BURST_NANOS = SECOND_NANOS / 4;

  private final long bytesPerSecond;

  /** When everything taken so far is paid; at most the burst before the present. */
  private long paidNanos;

  private boolean started;

  /** Creates a bucket; 0 is no limit. */
  MergeRate(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Takes bytes, which were read already. */
  void take(long bytes, long nowNanos) {
    if (bytesPerSecond == 0) {
      return;
    }
    if (!started || paidNanos - nowNanos < -BURST_NANOS) {
      started = true;
      paidNanos = nowNanos - BURST_NANOS;
    }
    paidNanos += (long) ((double) bytes / bytesPerSecond * SECOND_NANOS);
  }

  /** Returns how long to wait until everything taken is paid; 0 if it is. */
  long waitNanos(long nowNanos) {
    return started ? Math.max(0, paidNanos - nowNanos) : 0;
  }

  /** Forgives what is not paid yet, where somebody waits for the merge. */
  void forgive(long nowNanos) {
    if (started && paidNanos > nowNanos) {
      paidNanos = nowNanos;
    }
  }
}
