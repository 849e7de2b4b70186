package io.larder.engine;

import io.larder.engine.spi.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that tests set by hand. Thread-safe. */
public final class ManualClock implements Clock {
  private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);

  public void advanceMillis(long by) {
    millis.addAndGet(by);
  }

  @Override
  public long currentTimeMillis() {
    return millis.get();
  }

  @Override
  public long nanoTime() {
    return millis.get() * 1_000_000;
  }
}
