package io.larder.tables;

/**
 * Keys and values of a table as Java objects: the JCache view. Thread-safe; costs something to make, so keep
 * it. Obtained from {@link Table#entries}.
 *
 * <p>Equal keys give equal bytes, and the bytes of keys of one type sort as the keys do. Decoding bytes that
 * were not made by a codec throws {@link io.larder.engine.api.CorruptionException}; an object of a class
 * that the configured types do not allow throws {@link SerializationException}.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public interface EntryCodec<K, V> {

  /** Returns the bytes of a key. */
  byte[] encodeKey(K key);

  /** Returns the key of such bytes. */
  K decodeKey(byte[] key);

  /** Returns the bytes of a value. */
  byte[] encodeValue(V value);

  /** Returns a new copy of the value of such bytes; immutable values may be shared. */
  V decodeValue(byte[] value);
}
