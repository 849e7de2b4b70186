package io.larder.jcache.internal.operations;

import javax.cache.Cache;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it is handed out. Immutable.
 *
 * @param <K> the type of the key
 * @param <V> the type of the value
 */
public final class LarderEntry<K, V> implements Cache.Entry<K, V> {
  private final K key;
  private final V value;

  /** Creates an entry. */
  public LarderEntry(K key, V value) {
    this.key = key;
    this.value = value;
  }

  @Override
  public K getKey() {
    return key;
  }

  @Override
  public V getValue() {
    return value;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new IllegalArgumentException("An entry cannot be unwrapped to " + type.getName());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LarderEntry<?, ?> entry
        && key.equals(entry.key)
        && value.equals(entry.value);
  }

  @Override
  public int hashCode() {
    return key.hashCode() ^ value.hashCode();
  }

  @Override
  public String toString() {
    return key + "=" + value;
  }
}
