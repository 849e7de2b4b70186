package io.larder.simulation;

import io.larder.engine.spi.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves one millisecond each time it is asked. Thread-safe. */
final class ManualClock implements Clock {
  private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);

  @Override
  public long currentTimeMillis() {
    return millis.incrementAndGet();
  }

  @Override
  public long nanoTime() {
    return millis.incrementAndGet() * 1_000_000L;
  }
}
