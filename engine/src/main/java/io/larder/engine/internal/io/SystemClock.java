package io.larder.engine.internal.io;

import io.larder.engine.spi.Clock;

/** The machine's clock. Thread-safe; there is one instance, which nobody closes. */
public final class SystemClock implements Clock {
  private static final SystemClock INSTANCE = new SystemClock();

  private SystemClock() {}

  /** Returns the one instance. */
  public static Clock instance() {
    return INSTANCE;
  }

  @Override
  public long currentTimeMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}
