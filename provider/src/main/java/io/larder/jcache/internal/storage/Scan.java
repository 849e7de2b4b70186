package io.larder.jcache.internal.storage;

import org.jspecify.annotations.Nullable;

/**
 * A walk over the live entries of a store, weakly consistent: it pins nothing, may be left unfinished, and
 * shows each key at most once. Used by one thread at a time.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
@FunctionalInterface
public interface Scan<K, V> {

  /** Returns the next entry, or null at the end. */
  @Nullable Found<K, V> next();

  /**
   * An entry met on the way.
   *
   * @param slot the key's place
   * @param entry the entry as it was then
   * @param <K> the type of keys
   * @param <V> the type of values
   */
  record Found<K, V>(Slot<K, V> slot, StoredEntry<V> entry) {}
}
