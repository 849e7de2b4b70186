package io.larder.jcache.internal.storage;

import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.LimitExceededException;
import io.larder.tables.EntryCodec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.Supplier;

/**
 * What entries of the JDK's immutable classes take on the heap, and whether the database would take them. Thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
final class EntryWeights<K, V> {
  /** Nodes, references and headers around a key and a value. */
  private static final int ENTRY_BYTES = 72;

  /** The most that a scalar of a fixed size takes, on the heap or encoded; what a text takes beside its characters. */
  private static final int SCALAR_BYTES = 48;

  private final DatabaseOptions options;
  private final Supplier<EntryCodec<K, V>> codec;

  EntryWeights(DatabaseOptions options, Supplier<EntryCodec<K, V>> codec) {
    this.options = options;
    this.codec = codec;
  }

  /**
   * Returns how many bytes an entry takes, about, and not too few.
   *
   * @throws javax.cache.CacheException if the database would not take it
   */
  int weigh(K key, V value) {
    long keyBytes = bytes(key);
    long valueBytes = bytes(value);
    // encoded, a character takes three bytes at most, and two on the heap
    if (2 * keyBytes > options.keyLimitBytes() || 2 * valueBytes > options.valueLimitBytes()) {
      requireWithinLimits(key, value);
    }
    return (int) Math.min(Integer.MAX_VALUE, ENTRY_BYTES + keyBytes + valueBytes);
  }

  private static long bytes(Object object) {
    if (object instanceof String text) {
      return SCALAR_BYTES + 2L * text.length();
    } else if (object instanceof BigInteger number) {
      return SCALAR_BYTES + number.bitLength() / 4L;
    } else if (object instanceof BigDecimal number) {
      return SCALAR_BYTES + number.unscaledValue().bitLength() / 4L;
    }
    return SCALAR_BYTES;
  }

  private void requireWithinLimits(K key, V value) {
    try {
      EntryCodec<K, V> exact = codec.get();
      requireWithin("key", exact.encodeKey(key).length, options.keyLimitBytes());
      requireWithin("value", exact.encodeValue(value).length, options.valueLimitBytes());
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    }
  }

  private static void requireWithin(String what, long length, long limitBytes) {
    if (length > limitBytes) {
      throw new LimitExceededException(
          "A "
              + what
              + " of "
              + length
              + " bytes exceeds "
              + what
              + ".limit of "
              + limitBytes
              + " bytes");
    }
  }
}
