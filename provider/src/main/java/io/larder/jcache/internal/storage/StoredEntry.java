package io.larder.jcache.internal.storage;

/**
 * An entry as it was read. Immutable and thread-safe.
 *
 * @param <V> the type of the value
 */
public interface StoredEntry<V> extends StoredValue<V> {

  /** Returns the absolute expiry in milliseconds since the epoch, 0 = never. */
  long expiresAtMillis();

  /** Returns whether the other was read from the same write of the same entry, or could have been. */
  boolean isSameWrite(StoredEntry<V> other);
}
