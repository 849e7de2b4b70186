package io.larder.engine.internal.disk;

import io.larder.engine.api.ClosedException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The one thread that flushes, merges and cleans up behind the commits, and the waiting room for those who need its
 * work done. Thread-safe.
 *
 * <p>Flushing goes first, even in the middle of a merge. The first failure stops writes, and with them this work.
 */
final class Maintenance implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Maintenance.class.getName());
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Thrown inside a merge to end it because the engine is closing. */
  private static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super("the engine is closing");
    }
  }

  private final Compactor compactor;
  private final TableFiles files;
  private final Health health;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition workArrived = lock.newCondition();
  private final Condition workDone = lock.newCondition();
  private volatile boolean stopping;

  /** Guarded by {@code lock}. */
  private boolean signalled;

  private long mergesAsked;
  private long mergesFinished;

  Maintenance(Compactor compactor, TableFiles files, Health health, String name) {
    this.compactor = compactor;
    this.files = files;
    this.health = health;
    this.thread = new Thread(this::run, "larder-maintenance " + name);
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Tells the thread to look for work. */
  void signal() {
    lock.lock();
    try {
      signalled = true;
      workArrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a condition holds that the thread's work brings about. */
  void await(BooleanSupplier condition) {
    boolean interrupted = false;
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        health.requireWritable();
        if (stopping) {
          throw new ClosedException("The database was closed meanwhile");
        }
        signalled = true;
        workArrived.signal();
        interrupted |= !pause();
      }
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Waits a while for work to be done; returns false if interrupted. */
  @SuppressWarnings("WaitNotInLoop") // the caller loops
  private boolean pause() {
    try {
      // bounded, so that a condition nobody signals is still seen
      return workDone.awaitNanos(PAUSE_NANOS) <= PAUSE_NANOS;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Merges everything into one run, and returns when that is done. */
  void mergeAll() {
    long asked;
    lock.lock();
    try {
      asked = ++mergesAsked;
    } finally {
      lock.unlock();
    }
    await(() -> mergesFinished >= asked);
  }

  private void run() {
    while (awaitWork()) {
      try {
        work();
      } catch (StoppedException e) {
        return;
      } catch (Throwable e) {
        health.fail(e);
      }
      announce();
    }
  }

  /** Waits for work, or long enough to look for it unasked; returns false when it is time to end. */
  private boolean awaitWork() {
    lock.lock();
    try {
      long rest = IDLE_NANOS;
      while (!signalled && !stopping && rest > 0) {
        rest = workArrived.awaitNanos(rest);
      }
      signalled = false;
    } catch (InterruptedException e) {
      LOG.log(System.Logger.Level.DEBUG, "The maintenance thread ignores an interrupt", e);
    } finally {
      lock.unlock();
    }
    return !stopping;
  }

  private void announce() {
    lock.lock();
    try {
      workDone.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    files.closeUnused();
    if (health.failure() != null) {
      return;
    }
    flushAll();
    long asked = mergesAsked();
    if (asked > mergesFinished()) {
      List<SortedRun> all = compactor.worthMerging();
      if (!all.isEmpty()) {
        compactor.merge(all, this::betweenSlices);
      }
      finishMerges(asked);
    }
    List<SortedRun> picked = compactor.pick();
    while (!picked.isEmpty()) {
      compactor.merge(picked, this::betweenSlices);
      announce();
      files.closeUnused();
      flushAll();
      picked = compactor.pick();
    }
    files.closeUnused();
  }

  private void flushAll() {
    while (compactor.flushOldest()) {
      announce();
    }
  }

  private void betweenSlices() {
    if (stopping) {
      throw new StoppedException();
    }
    flushAll();
  }

  private long mergesAsked() {
    lock.lock();
    try {
      return mergesAsked;
    } finally {
      lock.unlock();
    }
  }

  private long mergesFinished() {
    lock.lock();
    try {
      return mergesFinished;
    } finally {
      lock.unlock();
    }
  }

  private void finishMerges(long asked) {
    lock.lock();
    try {
      mergesFinished = asked;
      workDone.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the thread after the slice it is in. */
  @Override
  public void close() {
    stopping = true;
    signal();
    announce();
    if (thread.isAlive()) {
      Threads.join(thread);
    }
  }
}
