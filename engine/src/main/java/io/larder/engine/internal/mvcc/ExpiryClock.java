package io.larder.engine.internal.mvcc;

import io.larder.engine.spi.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The time by which expiry is judged: wall-clock time that never runs backwards, so that what has expired stays
 * expired although the machine's clock is set back. Thread-safe.
 *
 * <p>The highest time seen is kept by the storage engine across restarts; {@link #advanceTo} feeds it back.
 */
public final class ExpiryClock {
  private final Clock clock;
  private final boolean expiring;
  private final AtomicLong highestMillis = new AtomicLong();

  /** Creates a clock on top of a wall clock; with {@code expiring} off nothing ever expires. */
  public ExpiryClock(Clock clock, boolean expiring) {
    this.clock = clock;
    this.expiring = expiring;
  }

  /** Returns the time in milliseconds since the epoch, never less than before. */
  public long millis() {
    long now = clock.currentTimeMillis();
    long highest = highestMillis.get();
    if (now <= highest) {
      return highest;
    }
    advanceTo(now);
    return now;
  }

  /** Returns the clock it is built on. */
  public Clock clock() {
    return clock;
  }

  /** Returns a monotonic reading in nanoseconds, good only for differences. */
  public long nanoTime() {
    return clock.nanoTime();
  }

  /** Returns the last time anybody was shown, without asking the machine. */
  public long lastMillis() {
    return highestMillis.get();
  }

  /** Makes the clock show at least this time from now on. */
  public void advanceTo(long millis) {
    long highest = highestMillis.get();
    while (millis > highest && !highestMillis.compareAndSet(highest, millis)) {
      highest = highestMillis.get();
    }
  }

  /** Returns the time up to which entries have expired: {@link #millis}, or 0 if nothing expires here. */
  public long expiredUntilMillis() {
    return expiring ? millis() : 0;
  }

  /** Returns whether an entry of this absolute expiry (0 = never) has expired. */
  public boolean isExpired(long expiresAtMillis) {
    return expiresAtMillis != 0 && expiring && expiresAtMillis <= millis();
  }
}
