package io.larder.engine.spi;

import java.util.concurrent.locks.LockSupport;

/**
 * The engine's only source of time. Implementations are thread-safe.
 *
 * <p>The wall clock may step in either direction; whoever needs time that never runs backwards (entry
 * expiry does) builds that on top.
 */
public interface Clock {

  /** Returns wall-clock time as milliseconds since the epoch. */
  long currentTimeMillis();

  /** Returns a monotonic reading in nanoseconds, good only for differences. */
  long nanoTime();

  /**
   * Waits until {@link #nanoTime} shows at least a reading; may return earlier, as {@link LockSupport#park} may, and
   * does when the thread is unparked or interrupted. A clock that does not follow real time overrides it.
   *
   * @param blocker what the thread waits for, for thread dumps
   */
  default void parkUntil(Object blocker, long untilNanos) {
    long remaining = untilNanos - nanoTime();
    if (remaining > 0) {
      LockSupport.parkNanos(blocker, remaining);
    }
  }
}
