package io.larder.jcache.internal.storage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import io.larder.engine.api.ChangeStamps;
import io.larder.engine.api.Database;
import org.jspecify.annotations.Nullable;

/**
 * The decoded values of one cache that are used most, so that a warm read costs what a heap cache costs. Thread-safe;
 * owned by the cache's entry store.
 *
 * <p>It is exact: a value is shown only while the {@link ChangeStamps} say that no commit, whatever door it came
 * through, has touched the key since it was read, or written by who holds it here; and until it expires. So other
 * writers need not know of it: what they leave behind is recognised as old. Only immutable values are held, since
 * everybody gets the same object. The bound is in bytes, estimated from the encodings; the policy is Caffeine's.
 *
 * <p>An update in place keeps the weight unless the size has changed much: then Caffeine has nothing to rearrange, and it
 * costs about what a read costs. A key that is not held is held by its first read, not by its first write: a cache
 * that is only written to pays nothing, and a load does not push out what is used.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class HeapTier<K, V> {
  /** What an entry costs beside its key and value: nodes, references, object headers. */
  private static final int ENTRY_BYTES = 184;

  private static final int HOLDS_BETWEEN_LOOKS = 256;

  private final Database database;
  private final ChangeStamps stamps;
  private final Cache<K, Held<V>> held;
  private final Policy.Eviction<K, Held<V>> eviction;

  /** Asks for a new division of the heap, which may give this tier more. */
  private final Runnable division;

  /** How many entries were held since the last look at the bound, about; a lost one does not matter. */
  private int sinceLook;

  private volatile long bytesMax;

  /**
   * Creates an empty tier.
   *
   * @param bytesMax how much heap it may take
   * @param division asks for a new division of the heap
   */
  HeapTier(Database database, ChangeStamps stamps, long bytesMax, Runnable division) {
    this.database = database;
    this.stamps = stamps;
    this.division = division;
    this.bytesMax = bytesMax;
    this.held =
        Caffeine.newBuilder()
            .maximumWeight(bytesMax)
            .weigher((K key, Held<V> entry) -> entry.weight())
            .executor(Runnable::run)
            .build();
    this.eviction = held.policy().eviction().orElseThrow();
  }

  /**
   * An entry with what proves that it is the newest of its key.
   *
   * @param value the value; immutable
   * @param expiresAtMillis its absolute expiry, 0 = never
   * @param sequence the commit that wrote it; {@link WrittenEntry#UNKNOWN} if it was written from here
   * @param stripe where its key's changes show
   * @param stamp the stripe's stamp before the entry was read, or after it was written
   * @param weight how many bytes it takes, about
   */
  record Held<V>(V value, long expiresAtMillis, long sequence, int stripe, long stamp, int weight)
      implements WrittenEntry<V> {}

  /** Returns what is held for a key, be it the newest or not. */
  @Nullable Held<V> lookUp(K key) {
    return held.getIfPresent(key);
  }

  /** Returns an entry if it is the newest of its key and lives. */
  @Nullable Held<V> newest(@Nullable Held<V> found) {
    if (found == null || !isNewest(found)) {
      return null;
    }
    long expiresAtMillis = found.expiresAtMillis();
    return expiresAtMillis != 0 && expiresAtMillis <= database.expiryTimeMillis() ? null : found;
  }

  /** Returns whether no commit has touched an entry's key since it was read or written. */
  boolean isNewest(Held<V> entry) {
    return stamps.stamp(entry.stripe()) == entry.stamp();
  }

  /** Returns the stripe of a key. */
  int stripe(byte[] key) {
    return stamps.stripeOf(key);
  }

  /** Returns the stamp of a stripe as it is now. */
  long stamp(int stripe) {
    return stamps.stamp(stripe);
  }

  /** Returns the weight of an entry, which is that of the entry it replaces unless they differ much. */
  static int weight(@Nullable Held<?> replaced, long encodedBytes) {
    int weight = (int) Math.min(Integer.MAX_VALUE, ENTRY_BYTES + 2 * encodedBytes);
    return replaced != null && weight <= replaced.weight && weight >= replaced.weight / 2
        ? replaced.weight
        : weight;
  }

  /** Holds an entry, if its stamp proves anything. */
  void hold(K key, Held<V> entry) {
    if (ChangeStamps.isStable(entry.stamp())) {
      held.put(key, entry);
      if (++sinceLook >= HOLDS_BETWEEN_LOOKS) {
        sinceLook = 0;
        if (bytes() > bytesMax * 3 / 8) {
          division.run();
        }
      }
    }
  }

  /** Returns how many bytes are held, about. */
  long bytes() {
    return eviction.weightedSize().orElse(0);
  }

  /** Returns how many bytes may be held. */
  long bytesMax() {
    return bytesMax;
  }

  /** Returns how many values are held, about. */
  public long size() {
    return held.estimatedSize();
  }

  /** Changes the bound. */
  void resize(long newBytesMax) {
    if (newBytesMax != bytesMax) {
      bytesMax = newBytesMax;
      eviction.setMaximum(newBytesMax);
    }
  }

  /** Lets go of everything. */
  public void clear() {
    held.invalidateAll();
  }
}
