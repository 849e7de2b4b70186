package io.larder.engine.internal.wal;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Lets one thread at a time work for all that wait. Thread-safe.
 *
 * <p>A thread that finds no leader becomes it. Others wait until their goal is reached by somebody
 * else's work, or until leadership is handed to them. A leader that is done wakes the next leader first,
 * so that the disk is busy again while the rest is being woken. There is no thread of its own: with one
 * committing thread there is nothing to hand over, and that is the common case.
 *
 * <p>Leadership is handed over, not left to whoever runs: a thread that has just led would otherwise lead
 * again with little but its own commit. Beside a bare group-committed sync loop in the same run, with 1, 4
 * and 16 threads: handed over 0.9-1.1, 1.0 and 1.0-1.2 times its commits, left to whoever runs 1.0, 0.6
 * and 1.3.
 *
 * <p>Why no wake-up is lost: a waiter enters the queue before it tries to lead, and a leader gives up
 * leadership before it looks at the queue for the last time. Whoever was handed leadership leads, even if
 * its goal was reached meanwhile by something else, such as a failure: it alone can hand it on, and its
 * release wakes all others whose goal is reached. Interrupts do not end a wait; the flag is set again at its
 * end.
 */
final class LeaderQueue {
  private static final int WAITING = 0;
  private static final int LEADING = 1;
  private static final int DONE = 2;

  private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean led = new AtomicBoolean();

  private static final class Waiter {
    final Thread thread = Thread.currentThread();
    final BooleanSupplier reached;
    volatile int state = WAITING;

    Waiter(BooleanSupplier reached) {
      this.reached = reached;
    }
  }

  /** Waits until this thread leads; it must call {@link #release}. */
  void leadAlone() {
    lead(() -> false);
  }

  /**
   * Waits until the goal is reached or this thread leads.
   *
   * @return true if this thread now leads and must call {@link #release}; false if the goal is reached
   */
  boolean lead(BooleanSupplier reached) {
    if (reached.getAsBoolean()) {
      return false;
    }
    if (led.compareAndSet(false, true)) {
      return true;
    }
    Waiter waiter = new Waiter(reached);
    waiters.add(waiter);
    boolean interrupted = false;
    try {
      while (true) {
        if (waiter.state == DONE) {
          return false;
        }
        if (waiter.state == LEADING) {
          return true;
        }
        if (led.compareAndSet(false, true)) {
          waiters.remove(waiter);
          return true;
        }
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Gives up leadership: to the first waiter whose goal is not reached, or to nobody. */
  void release() {
    List<Waiter> done = new ArrayList<>();
    do {
      Waiter next = null;
      for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
        Waiter waiter = each.next();
        if (waiter.reached.getAsBoolean()) {
          each.remove();
          done.add(waiter);
        } else if (next == null) {
          each.remove();
          next = waiter;
        }
      }
      if (next != null) {
        next.state = LEADING;
        LockSupport.unpark(next.thread);
        break;
      }
      led.set(false);
    } while (!waiters.isEmpty() && led.compareAndSet(false, true));
    for (Waiter waiter : done) {
      waiter.state = DONE;
      LockSupport.unpark(waiter.thread);
    }
  }
}
