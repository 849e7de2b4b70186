package io.larder.engine.internal.disk;

import io.larder.engine.api.WritesStoppedException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Syncs the log every so often, from the first commit on that asks for it. Thread-safe; its thread ends with
 * {@link #close} or when syncing fails.
 */
final class IntervalSync implements AutoCloseable {
  private final long intervalNanos;
  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Runnable sync;
  private volatile @Nullable Thread thread;
  private volatile boolean closed;

  IntervalSync(Duration interval, String name) {
    this.intervalNanos = interval.toNanos();
    this.name = name;
  }

  /** Sets what syncs; before the first {@link #start}. */
  void setSync(Runnable action) {
    sync = action;
  }

  void start() {
    if (thread == null) {
      startThread();
    }
  }

  private void startThread() {
    lock.lock();
    try {
      if (thread == null && !closed) {
        Thread started = new Thread(this::run, "larder-sync " + name);
        started.setDaemon(true);
        thread = started;
        started.start();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    Runnable action = sync;
    while (!closed && action != null) {
      LockSupport.parkNanos(this, intervalNanos);
      try {
        action.run();
      } catch (WritesStoppedException e) {
        return; // the log has told whoever asks
      }
    }
  }

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
    if (started != null) {
      LockSupport.unpark(started);
      Threads.join(started);
    }
  }
}
