package io.larder.engine.internal.disk;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Slows commits down the more work piles up behind them, so that a writer faster than the disk finds the disk's pace by
 * small delays and is not stopped for seconds. Thread-safe.
 *
 * <p>The pressure, from 0 (no debt) to 1 (no room), makes a price: a byte costs the time the disk took for a byte
 * lately, times p / (1 - p). At half the pressure a writer is as fast as the disk, and the nearer the limit, the slower,
 * so the limit is not reached unless the disk slows down many times at once. All writers pay into one account, so
 * twice the writers do not write twice as much. Without pressure nobody pays and nobody waits.
 */
final class WriteThrottle {
  private static final double PRESSURE_MAX = 0.97;
  private static final double FIRST_NANOS_PER_BYTE =
      20; // 50 MB/s, until the first flush tells better
  private static final double NANOS_PER_BYTE_MAX = 1_000; // 1 MB/s

  /** No commit waits longer than this for the account, save by its own size. */
  private static final long QUEUE_NANOS_MAX = 100_000_000;

  /** No commit waits longer than this at all, however large it is. */
  static final long WAIT_NANOS_MAX = 2_000_000_000;

  private static final long NAP_NANOS = 1_000_000;

  /** Shorter delays are summed up in the account: a thread cannot sleep that short. */
  private static final long DELAY_NANOS_MIN = 100_000;

  private final LongSupplier nanoTime;
  private final LongConsumer sleep;
  private final DoubleSupplier pressure;
  private final AtomicLong paidNanos = new AtomicLong();
  private final LongAdder delays = new LongAdder();
  private final LongAdder delayedNanos = new LongAdder();
  private final AtomicLong longestNanos = new AtomicLong();
  private volatile double nanosPerByte = FIRST_NANOS_PER_BYTE;

  /**
   * Creates a throttle.
   *
   * @param sleep waits about so many nanoseconds, or less; what it throws ends the wait
   * @param pressure how much work there is, asked again while a commit waits
   */
  WriteThrottle(LongSupplier nanoTime, LongConsumer sleep, DoubleSupplier pressure) {
    this.nanoTime = nanoTime;
    this.sleep = sleep;
    this.pressure = pressure;
    paidNanos.set(nanoTime.getAsLong());
  }

  /** Learns how long the disk took for some bytes. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // the maintenance thread writes, all read
  void observe(long bytes, long nanos) {
    if (bytes > 0 && nanos > 0) {
      double found = Math.min(NANOS_PER_BYTE_MAX, (double) nanos / bytes);
      nanosPerByte += (found - nanosPerByte) / 2;
    }
  }

  /** Makes a commit of some bytes wait for its share of the debt. */
  void delay(long bytes) {
    double present = Math.min(PRESSURE_MAX, pressure.getAsDouble());
    if (present <= 0) {
      return;
    }
    long cost = (long) (bytes * nanosPerByte * present / (1 - present));
    long start = nanoTime.getAsLong();
    long due = paidNanos.updateAndGet(paid -> Math.max(paid, start) + cost);
    long wait = Math.min(WAIT_NANOS_MAX, Math.min(due - start, cost + QUEUE_NANOS_MAX));
    if (wait < DELAY_NANOS_MIN) {
      return;
    }
    long left = wait;
    while (left > 0 && pressure.getAsDouble() > 0) {
      long nap = Math.min(left, NAP_NANOS);
      long before = nanoTime.getAsLong();
      sleep.accept(nap);
      left -= Math.max(nap, nanoTime.getAsLong() - before);
    }
    note(nanoTime.getAsLong() - start);
  }

  /** Counts a wait. */
  void note(long nanos) {
    delays.increment();
    delayedNanos.add(nanos);
    longestNanos.accumulateAndGet(nanos, Math::max);
  }

  long delays() {
    return delays.sum();
  }

  long delayedNanos() {
    return delayedNanos.sum();
  }

  long longestNanos() {
    return longestNanos.get();
  }
}
