package io.larder.engine.spi;

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
}
