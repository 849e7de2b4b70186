package io.larder.engine.internal.codec;

import java.util.Arrays;

/**
 * Walks stored versions of entries, tombstones included, in internal order. Used by one thread at a time; whoever
 * opened it closes it.
 *
 * <p>Internal order: keyspace number (unsigned), key (unsigned bytes), then the versions of one key newest first. A
 * descending cursor reverses keyspaces and keys, but the versions of one key still come newest first, so that "the
 * first version not above my snapshot" is the answer in both directions.
 *
 * <p>The accessors need a preceding {@link #next} that returned true; views stay valid until the cursor moves.
 */
public interface EntryCursor extends AutoCloseable {

  /** Moves to the next version and returns whether there is one; a new cursor stands before its first. */
  boolean next();

  /**
   * Moves past the remaining versions of the current key, to the newest version of the next key, and returns whether
   * there is one.
   */
  boolean nextKey();

  /**
   * Positions so that the following {@link #next} reaches the newest version of the first key at or after the given
   * one (at or before it in a descending cursor).
   */
  void seek(int keyspaceId, byte[] key);

  /** Positions before the first entry again. */
  void rewind();

  /** Returns whether keys come in descending order. */
  boolean isDescending();

  /** Returns the number of the keyspace of the current entry. */
  int keyspaceId();

  /** Returns the sequence number of the current version. */
  long sequence();

  /** Returns whether the current version says that the key is deleted. */
  boolean isDelete();

  /** Returns the absolute expiry of the current version in milliseconds since the epoch, 0 = never. */
  long expiresAtMillis();

  /** Returns an array that holds the current key; not to be changed. */
  byte[] keyArray();

  /** Returns where the current key starts in {@link #keyArray}. */
  int keyOffset();

  /** Returns the length of the current key in bytes. */
  int keyLength();

  /** Returns the length of the current value in bytes, 0 for a tombstone. */
  int valueLength();

  /** Copies the current value into an array with enough room. */
  void copyValue(byte[] target, int offset);

  /** Points a view at the current key; it stays good until the cursor moves. */
  default void viewKey(StoredBytes view) {
    view.set(keyArray(), keyOffset(), keyLength());
  }

  /** Points a view at the current value; it stays good until the cursor moves. */
  default void viewValue(StoredBytes view) {
    view.set(value(), 0, valueLength());
  }

  /** Returns a copy of the current key. */
  default byte[] key() {
    int offset = keyOffset();
    return Arrays.copyOfRange(keyArray(), offset, offset + keyLength());
  }

  /** Returns a copy of the current value. */
  default byte[] value() {
    byte[] copy = new byte[valueLength()];
    copyValue(copy, 0);
    return copy;
  }

  /** Returns how many bytes of its files an ascending cursor has left behind; 0 where there are no files. */
  default long bytesPassed() {
    return 0;
  }

  /** Compares the current key with another in internal order, versions aside. */
  default int compareKey(int otherKeyspaceId, byte[] array, int offset, int length) {
    int order = Integer.compareUnsigned(keyspaceId(), otherKeyspaceId);
    if (order != 0) {
      return order;
    }
    int start = keyOffset();
    return Arrays.compareUnsigned(
        keyArray(), start, start + keyLength(), array, offset, offset + length);
  }

  /** Compares the current key with another in internal order, versions aside. */
  default int compareKey(int otherKeyspaceId, byte[] otherKey) {
    return compareKey(otherKeyspaceId, otherKey, 0, otherKey.length);
  }

  @Override
  void close();
}
