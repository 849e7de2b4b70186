package io.larder.jcache.internal.storage;

import io.larder.engine.api.ChangeStamps;
import io.larder.engine.api.Database;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Divides the heap that decoded values may take among the caches of one manager, evenly. Thread-safe; owned by the
 * manager.
 */
public final class HeapBudget {
  /** About how many bytes an entry takes, for choosing how many of them are told apart. */
  private static final long BYTES_PER_STRIPE = 256;

  private final Database database;
  private final long bytesMax;
  private final ReentrantLock lock = new ReentrantLock();

  /** The tiers handed out, by the names of their caches; guarded by {@code lock}. */
  private final Map<String, HeapTier<?, ?>> tiers = new HashMap<>();

  /**
   * Creates a budget nobody has a part of.
   *
   * @param bytesMax what all tiers may take together; 0 = there are none
   */
  public HeapBudget(Database database, long bytesMax) {
    this.database = database;
    this.bytesMax = bytesMax;
  }

  /** Returns a new tier for a cache, in place of an earlier one; null if there is nothing to divide. */
  public <K, V> @Nullable HeapTier<K, V> newTier(String cacheName) {
    if (bytesMax == 0) {
      return null;
    }
    ChangeStamps stamps =
        database.changeStamps((int) Math.min(Integer.MAX_VALUE / 4, bytesMax / BYTES_PER_STRIPE));
    lock.lock();
    try {
      HeapTier<K, V> tier = new HeapTier<>(database, stamps, bytesMax / (tiers.size() + 1));
      tiers.put(cacheName, tier);
      divide();
      return tier;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the part of a closed cache back. */
  public void giveBack(String cacheName) {
    lock.lock();
    try {
      HeapTier<?, ?> tier = tiers.remove(cacheName);
      if (tier != null) {
        tier.clear();
        divide();
      }
    } finally {
      lock.unlock();
    }
  }

  private void divide() {
    tiers.values().forEach(tier -> tier.resize(bytesMax / tiers.size()));
  }
}
