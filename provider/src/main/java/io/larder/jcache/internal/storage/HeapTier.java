package io.larder.jcache.internal.storage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import io.larder.engine.api.ChangeStamps;
import io.larder.engine.api.Database;
import org.jspecify.annotations.Nullable;

/**
 * The decoded values of one cache that are read most, so that a warm read costs what a heap cache costs. Thread-safe;
 * owned by the cache's entry store.
 *
 * <p>It is exact: a value is shown only while the {@link ChangeStamps} say that no commit, whatever door it came
 * through, has touched the key since it was read; and until it expires. So writers need not know of it, and what
 * they leave behind is overwritten by the next read or falls to the bound. Only immutable values are held, since
 * everybody gets the same object. The bound is in bytes, estimated from the encodings; the policy is Caffeine's.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class HeapTier<K, V> {
  /** What an entry costs beside its key and value: nodes, references, object headers. */
  private static final int ENTRY_BYTES = 160;

  private final Database database;
  private final ChangeStamps stamps;
  private final Cache<K, Held<V>> held;

  /**
   * Creates an empty tier.
   *
   * @param bytesMax how much heap it may take
   */
  public HeapTier(Database database, ChangeStamps stamps, long bytesMax) {
    this.database = database;
    this.stamps = stamps;
    this.held =
        Caffeine.newBuilder()
            .maximumWeight(bytesMax)
            .weigher((K key, Held<V> value) -> value.weight())
            .executor(Runnable::run)
            .build();
  }

  /**
   * An entry with what proves that it is the newest of its key.
   *
   * @param value the value; immutable
   * @param expiresAtMillis its absolute expiry, 0 = never
   * @param sequence the commit that wrote it
   * @param stripe where its key's changes show
   * @param stamp the stripe's stamp before the entry was read
   * @param weight how many bytes it takes, about
   */
  record Held<V>(V value, long expiresAtMillis, long sequence, int stripe, long stamp, int weight)
      implements WrittenEntry<V> {}

  /**
   * A key's stripe and the stripe's stamp before the key was read.
   *
   * @param stripe the stripe
   * @param stamp its stamp
   */
  record Place(int stripe, long stamp) {}

  /** Returns the newest entry of a key if it is held. */
  @Nullable Held<V> find(K key) {
    Held<V> found = held.getIfPresent(key);
    if (found == null || !isNewest(found)) {
      return null;
    }
    long expiresAtMillis = found.expiresAtMillis();
    return expiresAtMillis != 0 && expiresAtMillis <= database.expiryTimeMillis() ? null : found;
  }

  /** Returns whether no commit has touched an entry's key since it was read. */
  boolean isNewest(Held<V> entry) {
    return stamps.stamp(entry.stripe()) == entry.stamp();
  }

  /** Returns what has to be known before an entry is read that may be held; null if it may not. */
  @Nullable Place place(byte[] key) {
    int stripe = stamps.stripeOf(key);
    long stamp = stamps.stamp(stripe);
    return ChangeStamps.isStable(stamp) ? new Place(stripe, stamp) : null;
  }

  /** Holds a value that was read after its place was asked for, if it may be shared. */
  void hold(
      K key, V value, long expiresAtMillis, long sequence, Place place, long encodedValueBytes) {
    if (ImmutableTypes.isValue(value)) {
      long weight = Math.min(Integer.MAX_VALUE, ENTRY_BYTES + 2 * encodedValueBytes);
      held.put(
          key,
          new Held<>(
              value, expiresAtMillis, sequence, place.stripe(), place.stamp(), (int) weight));
    }
  }

  /** Returns how many values are held, about. */
  public long size() {
    return held.estimatedSize();
  }

  /** Changes the bound. */
  public void resize(long bytesMax) {
    held.policy().eviction().ifPresent(bound -> resize(bound, bytesMax));
  }

  private static <K, V> void resize(Policy.Eviction<K, V> bound, long bytesMax) {
    if (bound.getMaximum() != bytesMax) {
      bound.setMaximum(bytesMax);
    }
  }

  /** Lets go of everything. */
  public void clear() {
    held.invalidateAll();
  }
}
