package io.larder.simulation;

import io.larder.engine.spi.Clock;

/** A clock that is set by hand, backwards too, and whose time base goes on regardless. Thread-safe. */
final class SteppingClock implements Clock {
  private long millis;
  private long nanos;
  private long highestShown;

  SteppingClock(long millis) {
    this.millis = millis;
  }

  /** Moves the time of day by so much, which may be negative. */
  synchronized void step(long byMillis) {
    millis += byMillis;
  }

  /** Returns the time of day without showing it to anybody. */
  synchronized long now() {
    return millis;
  }

  /** Returns the highest time of day that anybody was shown. */
  synchronized long highestShown() {
    return highestShown;
  }

  @Override
  public synchronized long currentTimeMillis() {
    highestShown = Math.max(highestShown, millis);
    return millis;
  }

  @Override
  public synchronized long nanoTime() {
    nanos += 1_000_000;
    return nanos;
  }
}
