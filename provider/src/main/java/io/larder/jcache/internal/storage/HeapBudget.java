package io.larder.jcache.internal.storage;

import io.larder.engine.api.ChangeStamps;
import io.larder.engine.api.Database;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Divides the heap that decoded values may take among the caches of one manager: by what they hold, and a part of it evenly, so
 * that each can begin to hold something. Thread-safe; owned by the manager.
 *
 * <p>A tier that fills up asks for a new division. As long as all of them together leave half of the heap free, so does
 * each of them; and a Caffeine cache that is less than half full does not note what is read.
 */
public final class HeapBudget {
  /** About how many bytes an entry takes, for choosing how many of them are told apart. */
  private static final long BYTES_PER_STRIPE = 256;

  /** Which part of the heap is divided evenly. */
  private static final int EVEN_PART = 4;

  /** By which part somebody has to gain for a new division. */
  private static final int GAIN_PART = 16;

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
      HeapTier<K, V> tier =
          new HeapTier<>(database, stamps, bytesMax / (tiers.size() + 1), this::divideAnew);
      tiers.put(cacheName, tier);
      divide(parts());
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
        divide(parts());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Divides anew if anybody gains by it. */
  private void divideAnew() {
    lock.lock();
    try {
      Map<HeapTier<?, ?>, Long> parts = parts();
      boolean isGain = false;
      for (Map.Entry<HeapTier<?, ?>, Long> part : parts.entrySet()) {
        long present = part.getKey().bytesMax();
        isGain |= part.getValue() > present + present / GAIN_PART;
      }
      if (isGain) {
        divide(parts);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns the parts by what is held now; together they are never more than there is. Requires: the lock. */
  private Map<HeapTier<?, ?>, Long> parts() {
    Map<HeapTier<?, ?>, Long> held = new HashMap<>();
    long all = 0;
    for (HeapTier<?, ?> tier : tiers.values()) {
      long bytes = tier.bytes();
      held.put(tier, bytes);
      all += bytes;
    }
    int count = Math.max(1, tiers.size());
    long even = all == 0 ? bytesMax / count : bytesMax / EVEN_PART / count;
    double rest = all == 0 ? 0 : (double) (bytesMax - even * count) / all;
    held.replaceAll((tier, bytes) -> even + (long) (rest * bytes));
    return held;
  }

  /** Those that lose come first: at no time is more given away than there is. */
  private static void divide(Map<HeapTier<?, ?>, Long> parts) {
    parts.forEach((tier, part) -> tier.resize(Math.min(part, tier.bytesMax())));
    parts.forEach(HeapTier::resize);
  }
}
