package io.larder.jdbc.internal.plan;

import io.larder.jdbc.internal.error.StatementException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tells a running statement to stop: cancelled by another thread, or out of time. Thread-safe. */
public final class StopSignal {
  private static final long NO_DEADLINE = Long.MAX_VALUE;
  private static final int CLOCK_EVERY = 64;

  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final long deadlineNanos;
  private final boolean timed;
  private int countdown;

  /** Creates a signal with a timeout in milliseconds, 0 = none. */
  public StopSignal(long timeoutMillis) {
    this.timed = timeoutMillis > 0;
    this.deadlineNanos = timed ? System.nanoTime() + timeoutMillis * 1_000_000 : NO_DEADLINE;
  }

  /** Asks the statement to stop. */
  public void cancel() {
    cancelled.set(true);
  }

  /** Returns the flag itself, for code that polls it. */
  public AtomicBoolean flag() {
    return cancelled;
  }

  /** Throws if the statement has to stop; called once a row by the running statement's thread. */
  public void check() {
    if (cancelled.get()) {
      throw StatementException.cancelled();
    }
    if (timed && --countdown < 0) {
      countdown = CLOCK_EVERY;
      if (System.nanoTime() - deadlineNanos > 0) {
        throw StatementException.timedOut();
      }
    }
  }
}
