package io.larder.engine.internal.mvcc;

import io.larder.engine.internal.memtable.Memtable;
import org.jspecify.annotations.Nullable;

/**
 * A batch with its keyspaces resolved to the numbers entries carry. Used by one thread; arrays of the caller
 * are held, not copied. A single change, the most frequent batch, costs no arrays.
 */
public final class PreparedBatch {
  private static final int[] NO_IDS = {};
  private static final byte[][] NO_ARRAYS = {};
  private static final long[] NO_EXPIRIES = {};
  private static final byte[] NO_KEY = {};

  /** The first change; the arrays hold those after it. */
  private int firstKeyspaceId;

  private byte[] firstKey = NO_KEY;
  private byte @Nullable [] firstValue;
  private long firstExpiry;

  private final int[] keyspaceIds;
  private final byte[][] keys;
  private final byte[] @Nullable [] values;
  private final long[] expiries;
  private int size;
  private long bytes;

  /** Creates a batch with room for a number of changes. */
  public PreparedBatch(int capacity) {
    int more = capacity - 1;
    keyspaceIds = more == 0 ? NO_IDS : new int[more];
    keys = more == 0 ? NO_ARRAYS : new byte[more][];
    values = more == 0 ? NO_ARRAYS : new byte[more][];
    expiries = more == 0 ? NO_EXPIRIES : new long[more];
  }

  /** Adds a change; a null value deletes. */
  public void add(int keyspaceId, byte[] key, byte @Nullable [] value, long expiresAtMillis) {
    if (size == 0) {
      firstKeyspaceId = keyspaceId;
      firstKey = key;
      firstValue = value;
      firstExpiry = expiresAtMillis;
    } else {
      keyspaceIds[size - 1] = keyspaceId;
      keys[size - 1] = key;
      values[size - 1] = value;
      expiries[size - 1] = expiresAtMillis;
    }
    bytes += key.length + (value == null ? 0 : value.length);
    size++;
  }

  /** Adds the changes to a memtable, numbered from the given one on. */
  public void addTo(Memtable memtable, long firstSequence) {
    for (int index = 0; index < size; index++) {
      memtable.add(
          keyspaceId(index),
          key(index),
          firstSequence + index,
          value(index),
          expiresAtMillis(index));
    }
  }

  /** Returns the number of changes. */
  public int size() {
    return size;
  }

  /** Returns the bytes of all keys and values. */
  public long bytes() {
    return bytes;
  }

  /** Returns the number the entry's keyspace has. */
  public int keyspaceId(int index) {
    return index == 0 ? firstKeyspaceId : keyspaceIds[index - 1];
  }

  /** Returns the key. */
  public byte[] key(int index) {
    return index == 0 ? firstKey : keys[index - 1];
  }

  /** Returns the value, or null for a delete. */
  public byte @Nullable [] value(int index) {
    return index == 0 ? firstValue : values[index - 1];
  }

  /** Returns the absolute expiry, 0 = never. */
  public long expiresAtMillis(int index) {
    return index == 0 ? firstExpiry : expiries[index - 1];
  }
}
