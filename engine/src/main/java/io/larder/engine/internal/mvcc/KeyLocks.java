package io.larder.engine.internal.mvcc;

import io.larder.engine.api.ConflictException;
import io.larder.engine.api.Keyspace.KeyLock;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Exclusion by key over a fixed number of stripes, so that it costs no memory per key. Thread-safe.
 *
 * <p>Two keys may share a stripe, so whoever holds one key and asks for another may wait for a stranger; to keep
 * that from becoming a deadlock, waits are bounded. Several keys at once are taken in the order of their stripes.
 */
public final class KeyLocks {
  private static final int STRIPES = 1024;

  private final Stripe[] stripes = new Stripe[STRIPES];
  private final long timeoutMillis;

  /** Creates the stripes; a wait of more than the timeout is a {@link ConflictException}. */
  public KeyLocks(long timeoutMillis) {
    this.timeoutMillis = timeoutMillis;
    Arrays.setAll(stripes, index -> new Stripe());
  }

  /** Takes the exclusion of a key; reentrant by thread. */
  public KeyLock lock(int keyspaceId, byte[] key) {
    Stripe stripe = stripes[stripeOf(keyspaceId, key)];
    stripe.take(timeoutMillis);
    return stripe;
  }

  /** Takes the exclusion of a key if it is free, or this thread's already; null if not. */
  public @Nullable KeyLock tryLock(int keyspaceId, byte[] key) {
    Stripe stripe = stripes[stripeOf(keyspaceId, key)];
    return stripe.tryLock() ? stripe : null;
  }

  /** Returns whether this thread has the exclusion of any key; not cheap. */
  public boolean isHeldByCurrentThread() {
    for (Stripe stripe : stripes) {
      if (stripe.isHeldByCurrentThread()) {
        return true;
      }
    }
    return false;
  }

  /** Returns the stripe of a key, to be collected for {@link #lockAll}. */
  public int stripeOf(int keyspaceId, byte[] key) {
    int hash = (Arrays.hashCode(Objects.requireNonNull(key, "key")) * 31 + keyspaceId) * 0x9E3779B9;
    return hash >>> 22;
  }

  /** Takes several stripes; the array is sorted in place. */
  public KeyLock lockAll(int[] wanted) {
    Arrays.sort(wanted);
    int taken = 0;
    try {
      for (; taken < wanted.length; taken++) {
        if (taken == 0 || wanted[taken] != wanted[taken - 1]) {
          stripes[wanted[taken]].take(timeoutMillis);
        }
      }
    } catch (ConflictException e) {
      releaseAll(wanted, taken);
      throw e;
    }
    return () -> releaseAll(wanted, wanted.length);
  }

  private void releaseAll(int[] sorted, int count) {
    for (int index = count - 1; index >= 0; index--) {
      if (index == 0 || sorted[index] != sorted[index - 1]) {
        stripes[sorted[index]].close();
      }
    }
  }

  /** One lock; handing the stripe itself out spares an allocation for each exclusion. */
  private static final class Stripe extends ReentrantLock implements KeyLock {
    private static final long serialVersionUID = 1L;

    void take(long timeoutMillis) {
      if (!tryLock()) {
        await(timeoutMillis);
      }
    }

    private void await(long timeoutMillis) {
      boolean interrupted = false;
      try {
        while (true) {
          try {
            if (tryLock(timeoutMillis, TimeUnit.MILLISECONDS)) {
              return;
            }
            throw new ConflictException(
                "Waited "
                    + timeoutMillis
                    + " ms (lock.timeout) for the exclusion of a key that another thread holds; two"
                    + " threads may each hold a key the other waits for");
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

    @Override
    public void close() {
      unlock();
    }
  }
}
