package io.larder.benchmarks.engine;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread force to the device what several have written: leader and followers. Thread-safe.
 *
 * <p>For products that leave grouping to their user. The lock guards the three counters; the force
 * itself runs outside it.
 */
final class GroupCommit {

  /** Makes everything written so far durable. */
  @FunctionalInterface
  interface Force {
    /** Forces. */
    void run() throws Exception;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition done = lock.newCondition();
  private final Force force;
  private long requested;
  private long completed;
  private boolean leading;

  GroupCommit(Force force) {
    this.force = force;
  }

  /** Returns once everything the calling thread wrote before is durable. */
  void commit() throws Exception {
    lock.lock();
    try {
      long mine = ++requested;
      while (completed < mine) {
        if (leading) {
          done.await();
        } else {
          lead();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void lead() throws Exception {
    leading = true;
    long covered = requested;
    lock.unlock();
    try {
      force.run();
    } finally {
      lock.lock();
      leading = false;
      done.signalAll();
    }
    completed = covered;
  }
}
