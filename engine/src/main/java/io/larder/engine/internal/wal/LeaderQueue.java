package io.larder.engine.internal.wal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Lets one thread at a time work for all that wait. Thread-safe.
 *
 * <p>A thread that finds no leader becomes it. Others wait until their goal is reached by somebody
 * else's work, or until they lead. A leader that is done first lets go of leadership, then wakes the next
 * in line, and only then those whose goal is reached, so that the disk is busy again while the rest is
 * being woken. There is no thread of its own: with one committing thread there is nothing to hand over, and
 * that is the common case.
 *
 * <p>Who is woken to lead may find that a thread that was already running leads. That is meant: a leader
 * works for everybody, while leadership handed to a sleeper leaves the disk idle until it runs (measured
 * with 16 threads on busy processors: 1.0 times the commits of a bare loop when handed over, 1.3 times when
 * not). Only those who need leadership for themselves, {@link #leadAlone}, go before all others.
 *
 * <p>Why no wake-up is lost: a waiter enters the queue before it tries to lead, and a leader gives up
 * leadership before it looks at the queue. Interrupts do not end a wait; the flag is set again at its end.
 */
final class LeaderQueue {
  @SuppressWarnings("UnnecessaryLambda") // a name says more than () -> false
  private static final BooleanSupplier NEVER = () -> false;

  private final ConcurrentLinkedQueue<Waiter> waiters = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean led = new AtomicBoolean();

  /** How many wait to lead alone; while there are any, nobody else begins to lead. */
  private final AtomicInteger alone = new AtomicInteger();

  private record Waiter(Thread thread, BooleanSupplier reached) {}

  /** Waits until this thread leads; it must call {@link #release}. */
  void leadAlone() {
    alone.incrementAndGet();
    lead(NEVER);
    alone.decrementAndGet();
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
    if (tryLead(reached)) {
      return true;
    }
    Waiter waiter = new Waiter(Thread.currentThread(), reached);
    waiters.add(waiter);
    boolean interrupted = false;
    try {
      while (true) {
        if (reached.getAsBoolean()) {
          return false;
        }
        if (tryLead(reached)) {
          return true;
        }
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    } finally {
      waiters.remove(waiter);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean tryLead(BooleanSupplier reached) {
    return (reached == NEVER || alone.get() == 0) && led.compareAndSet(false, true);
  }

  /** Gives up leadership, and wakes the next in line and then all whose goal is reached. */
  void release() {
    led.set(false);
    List<Waiter> done = new ArrayList<>();
    Waiter next = null;
    for (Waiter waiter : waiters) {
      if (waiter.reached().getAsBoolean()) {
        done.add(waiter);
      } else if (next == null || (waiter.reached() == NEVER && next.reached() != NEVER)) {
        next = waiter;
      }
    }
    if (next != null) {
      LockSupport.unpark(next.thread());
    }
    for (Waiter waiter : done) {
      LockSupport.unpark(waiter.thread());
    }
  }
}
