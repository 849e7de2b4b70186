package io.larder.engine.internal.mvcc;

import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.spi.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls a storage engine every so often to take back the space of expired entries. Thread-safe; its thread begins with
 * {@link #start}, at the first entry that can expire, and ends with {@link #close}.
 *
 * <p>It waits by the database's {@link Clock}, so a clock that is set by hand makes it run at once. What the sweep
 * throws is logged, and the next one comes as if it had not.
 */
public final class SweepTimer implements AutoCloseable {
  private static final System.Logger LOG = LazyLogger.of(SweepTimer.class);

  private final String name;
  private final Clock clock;
  private final long intervalNanos;
  private final Runnable sweep;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Thread thread;
  private volatile boolean closed;

  /** Written before the thread starts, then by it alone. */
  private long dueNanos;

  /**
   * Creates a timer that does not run yet.
   *
   * @param name the database's, for the name of the thread
   * @param sweep runs on the timer's thread; should be short, or look whether it is time to end
   */
  public SweepTimer(String name, Clock clock, Duration interval, Runnable sweep) {
    this.name = name;
    this.clock = clock;
    this.intervalNanos = interval.toNanos();
    this.sweep = sweep;
  }

  /** Starts the timer if it does not run; cheap if it does. */
  public void start() {
    if (thread == null && !closed) {
      startThread();
    }
  }

  private void startThread() {
    lock.lock();
    try {
      if (thread == null && !closed) {
        dueNanos = clock.nanoTime() + intervalNanos;
        Thread started = new Thread(this::run, "larder-sweep " + name);
        started.setDaemon(true);
        started.start();
        thread = started;
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (!closed) {
      clock.parkUntil(this, dueNanos);
      if (Thread.interrupted()) { // or else waiting would end at once from now on
        LOG.log(System.Logger.Level.DEBUG, "The sweep timer ignores an interrupt");
      }
      long now = clock.nanoTime();
      if (!closed && now - dueNanos >= 0) {
        dueNanos = now + intervalNanos;
        sweep();
      }
    }
  }

  private void sweep() {
    try {
      sweep.run();
    } catch (Throwable e) {
      if (!closed) {
        LOG.log(
            System.Logger.Level.WARNING, "Looking for expired entries of " + name + " failed", e);
      }
    }
  }

  /** Ends the thread and waits for its end; a sweep that runs is waited for. */
  @Override
  public void close() {
    Thread started;
    lock.lock();
    try {
      closed = true;
      started = thread;
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (started != null && started.isAlive()) {
      LockSupport.unpark(started);
      try {
        started.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
