package io.larder.engine.internal.mvcc;

import org.jspecify.annotations.Nullable;

/**
 * A batch with its keyspaces resolved to the numbers entries carry. Used by one thread; arrays of the caller
 * are held, not copied.
 */
public final class PreparedBatch {
  private final int[] keyspaceIds;
  private final byte[][] keys;
  private final byte[] @Nullable [] values;
  private final long[] expiries;
  private int size;
  private long bytes;

  /** Creates a batch with room for a number of changes. */
  @SuppressWarnings("NullAway") // the elements of the value array may be null
  public PreparedBatch(int capacity) {
    keyspaceIds = new int[capacity];
    keys = new byte[capacity][];
    values = new byte[capacity][];
    expiries = new long[capacity];
  }

  /** Adds a change; a null value deletes. */
  public void add(int keyspaceId, byte[] key, byte @Nullable [] value, long expiresAtMillis) {
    keyspaceIds[size] = keyspaceId;
    keys[size] = key;
    values[size] = value;
    expiries[size] = expiresAtMillis;
    bytes += key.length + (value == null ? 0 : value.length);
    size++;
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
    return keyspaceIds[index];
  }

  /** Returns the key. */
  public byte[] key(int index) {
    return keys[index];
  }

  /** Returns the value, or null for a delete. */
  public byte @Nullable [] value(int index) {
    return values[index];
  }

  /** Returns the absolute expiry, 0 = never. */
  public long expiresAtMillis(int index) {
    return expiries[index];
  }
}
