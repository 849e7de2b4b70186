package io.larder.jcache.internal.storage;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.cache.CacheException;

/**
 * The exclusion of keys that are objects, by stripes of their hashes. Thread-safe; reentrant by thread. Waiting is
 * bounded.
 */
final class KeyStripes {
  /** How many there are; a power of two. */
  static final int COUNT = 256;

  /** How long one stripe is waited for while others are held. */
  private static final long SHORT_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final ReentrantLock[] locks = new ReentrantLock[COUNT];
  private final Duration timeout;

  KeyStripes(Duration timeout) {
    this.timeout = timeout;
    for (int stripe = 0; stripe < COUNT; stripe++) {
      locks[stripe] = new ReentrantLock();
    }
  }

  /** Returns the stripe of a key. */
  static int of(Object key) {
    int hash = key.hashCode() * 0x9E3779B9;
    return (hash ^ hash >>> 16) & COUNT - 1;
  }

  /** Takes a stripe. */
  void take(int stripe) {
    ReentrantLock lock = locks[stripe];
    if (!lock.tryLock() && !await(lock, timeout.toNanos())) {
      throw waitedTooLong(
          "a key that another thread holds; two threads may each hold a key the other waits for");
    }
  }

  /** Takes a stripe if nobody else has it. */
  boolean tryTake(int stripe) {
    return locks[stripe].tryLock();
  }

  /** Gives a stripe up. */
  void release(int stripe) {
    locks[stripe].unlock();
  }

  /** Returns whether this thread has any stripe; not cheap. */
  boolean holdsAny() {
    for (ReentrantLock lock : locks) {
      if (lock.isHeldByCurrentThread()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes all stripes, for a thread that has none. It waits for long only while it holds none, so that callbacks which hold
   * a key and want another one can go on.
   */
  void takeAll() {
    if (!tryTakeAll(timeout.toNanos())) {
      throw waitedTooLong("all keys of a cache; a callback of another thread holds one");
    }
  }

  /** Takes all stripes as {@link #takeAll} does; false if they cannot be had in so long, and it has none then. */
  boolean tryTakeAll(long nanos) {
    long deadline = System.nanoTime() + nanos;
    int awaited = 0; // the one that somebody has
    while (true) {
      if (!await(locks[awaited], deadline - System.nanoTime())) {
        return false;
      }
      int busy = takeOthers(awaited);
      if (busy < 0) {
        return true;
      }
      release(awaited);
      awaited = busy;
    }
  }

  /** Takes all stripes but one; if one cannot be had soon, none, and returns which it was. */
  private int takeOthers(int taken) {
    for (int stripe = 0; stripe < COUNT; stripe++) {
      if (stripe != taken && !await(locks[stripe], SHORT_WAIT_NANOS)) {
        for (int back = 0; back < stripe; back++) {
          if (back != taken) {
            release(back);
          }
        }
        return stripe;
      }
    }
    return -1;
  }

  /** Gives all stripes up. */
  void releaseAll() {
    for (int stripe = 0; stripe < COUNT; stripe++) {
      release(stripe);
    }
  }

  /** Takes a lock, whatever interrupts; false if it cannot be had in so long. */
  static boolean await(ReentrantLock lock, long nanos) {
    long deadline = System.nanoTime() + nanos;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return lock.tryLock(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private CacheException waitedTooLong(String what) {
    return new CacheException("Waited " + timeout.toMillis() + " ms (lock.timeout) for " + what);
  }

  /** Several stripes; used by one thread at a time. */
  static final class Several {
    private final long[] members = new long[COUNT / Long.SIZE];

    void add(int stripe) {
      members[stripe / Long.SIZE] |= 1L << stripe;
    }

    /** Returns the first member from a stripe on, or -1. */
    private int next(int from) {
      for (int word = from / Long.SIZE; word < members.length; word++) {
        long rest = members[word];
        if (word == from / Long.SIZE) {
          rest &= -1L << from;
        }
        if (rest != 0) {
          return word * Long.SIZE + Long.numberOfTrailingZeros(rest);
        }
      }
      return -1;
    }

    /** Takes all of them in their order, or none. */
    void take(KeyStripes stripes) {
      int taken = -1;
      try {
        for (int stripe = next(0); stripe >= 0; stripe = next(stripe + 1)) {
          stripes.take(stripe);
          taken = stripe;
        }
      } catch (RuntimeException | Error e) {
        release(stripes, taken);
        throw e;
      }
    }

    /** Gives all of them up. */
    void release(KeyStripes stripes) {
      release(stripes, COUNT - 1);
    }

    private void release(KeyStripes stripes, int last) {
      for (int stripe = next(0); stripe >= 0 && stripe <= last; stripe = next(stripe + 1)) {
        stripes.release(stripe);
      }
    }
  }
}
