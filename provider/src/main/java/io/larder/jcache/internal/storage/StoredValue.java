package io.larder.jcache.internal.storage;

/**
 * A value in its stored form. Immutable and thread-safe, as far as a value stored by reference is.
 *
 * @param <V> the type of the value
 */
public interface StoredValue<V> {

  /** Returns the value; a new copy each time if stored by value. */
  V value();
}
