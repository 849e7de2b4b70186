package io.larder.engine.internal.memory;

import io.larder.engine.api.ClosedException;
import io.larder.engine.internal.io.LazyLogger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that rebuilds an in-memory database behind the commits, and the waiting room for those who need room.
 * Thread-safe; the thread begins with the first work and ends with {@link #close}.
 *
 * <p>A pass that fails is logged; it has lost nothing, and whoever waited for it looks for himself what there is now.
 */
final class Upkeep implements AutoCloseable {
  private static final System.Logger LOG = LazyLogger.of(Upkeep.class);

  private final String name;
  private final Runnable pass;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition workArrived = lock.newCondition();
  private final Condition passEnded = lock.newCondition();

  /** All guarded by {@code lock}. */
  private @Nullable Thread thread;

  private boolean signalled;
  private boolean closed;
  private long passesBegun;
  private long passesEnded;

  Upkeep(String name, Runnable pass) {
    this.name = name;
    this.pass = pass;
  }

  /** Tells the thread to look for work. */
  void signal() {
    lock.lock();
    try {
      wake();
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    signalled = true;
    if (thread == null && !closed) {
      Thread started = new Thread(this::run, "larder-maintenance " + name);
      started.setDaemon(true);
      started.start();
      thread = started;
    }
    workArrived.signal();
  }

  /** Waits until a pass has ended that began after this call. Requires: no lock of the engine. */
  void awaitPass() {
    lock.lock();
    try {
      long awaited = passesBegun + 1;
      wake();
      while (passesEnded < awaited) {
        if (closed) {
          throw new ClosedException("The in-memory database '" + name + "' was closed meanwhile");
        }
        passEnded.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (awaitWork()) {
      try {
        pass.run();
      } catch (ClosedException e) {
        LOG.log(System.Logger.Level.DEBUG, "A rebuild was overtaken by the closing", e);
      } catch (Throwable e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "Tidying up the in-memory database '" + name + "' failed; it has lost nothing",
            e);
      }
      lock.lock();
      try {
        passesEnded = passesBegun;
        passEnded.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean awaitWork() {
    lock.lock();
    try {
      while (!signalled && !closed) {
        workArrived.awaitUninterruptibly();
      }
      signalled = false;
      passesBegun++;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the thread, waits for its end, and sends away who waits. */
  @Override
  public void close() {
    Thread started;
    lock.lock();
    try {
      closed = true;
      started = thread;
      workArrived.signal();
      passEnded.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (started != null && started.isAlive()) {
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
