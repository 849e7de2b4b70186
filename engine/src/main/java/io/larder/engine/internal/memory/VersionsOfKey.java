package io.larder.engine.internal.memory;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.mvcc.StripedStamps;
import java.util.Arrays;

/**
 * Turns the versions of a key around: cursors give the newest first, a memtable takes the oldest first. Used by
 * one thread; its arrays are used again for the next key.
 */
final class VersionsOfKey {
  private static final int DELETE = -1;

  private int keyspaceId;
  private byte[] key = new byte[64];
  private int keyLength;

  /** The values one after the other; of each version where it ends, and its length or {@link #DELETE}. */
  private byte[] values = new byte[1024];

  private int[] ends = new int[4];
  private int[] lengths = new int[4];
  private long[] sequences = new long[4];
  private long[] expiries = new long[4];
  private int count;

  boolean isEmpty() {
    return count == 0;
  }

  /** Returns whether the cursor's current entry is of the key collected. */
  boolean takes(EntryCursor cursor) {
    return count > 0 && cursor.compareKey(keyspaceId, key, 0, keyLength) == 0;
  }

  void add(EntryCursor cursor) {
    if (count == 0) {
      takeKey(cursor);
    }
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, count << 1);
      lengths = Arrays.copyOf(lengths, count << 1);
      sequences = Arrays.copyOf(sequences, count << 1);
      expiries = Arrays.copyOf(expiries, count << 1);
    }
    int start = count == 0 ? 0 : ends[count - 1];
    int length = cursor.isDelete() ? 0 : cursor.valueLength();
    if (length > values.length - start) {
      values = Arrays.copyOf(values, Math.addExact(start, Math.max(length, start)));
    }
    cursor.copyValue(values, start);
    ends[count] = start + length;
    lengths[count] = cursor.isDelete() ? DELETE : length;
    sequences[count] = cursor.sequence();
    expiries[count] = cursor.expiresAtMillis();
    count++;
  }

  private void takeKey(EntryCursor cursor) {
    keyspaceId = cursor.keyspaceId();
    keyLength = cursor.keyLength();
    if (keyLength > key.length) {
      key = new byte[Math.max(keyLength, key.length << 1)];
    }
    System.arraycopy(cursor.keyArray(), cursor.keyOffset(), key, 0, keyLength);
  }

  int keyspaceId() {
    return keyspaceId;
  }

  byte[] copyKey() {
    return Arrays.copyOf(key, keyLength);
  }

  /** Compares the key collected with another in internal order. */
  int compareKey(int otherKeyspaceId, byte[] other) {
    int order = Integer.compareUnsigned(keyspaceId, otherKeyspaceId);
    return order != 0 ? order : Arrays.compareUnsigned(key, 0, keyLength, other, 0, other.length);
  }

  long hash(Memtable memtable) {
    return memtable.hash(keyspaceId, key, 0, keyLength);
  }

  int stripe(StripedStamps stamps) {
    return stamps.stripeOf(key, keyLength);
  }

  /** Returns the sequence number of the newest version. */
  long newestSequence() {
    return sequences[0];
  }

  /** Returns the bytes the versions take in a memtable that has nothing of the key. */
  long bytes() {
    long bytes = -(count - 1L) * Memtable.KEY_OVERHEAD_BYTES;
    for (int index = 0; index < count; index++) {
      bytes += Memtable.bytesMax(keyLength, Math.max(0, lengths[index]), expiries[index]);
    }
    return bytes;
  }

  /** Adds what was collected to a memtable, and to what will expire. */
  void addTo(Memtable memtable, ExpiringBytes expiring, long nowMillis) {
    for (int index = count - 1; index >= 0; index--) {
      int length = Math.max(0, lengths[index]);
      boolean delete = lengths[index] == DELETE;
      int start = ends[index] - length;
      memtable.add(
          keyspaceId,
          key,
          0,
          keyLength,
          sequences[index],
          delete ? null : values,
          start,
          length,
          expiries[index]);
      if (expiries[index] != 0 && !delete) {
        expiring.add(
            expiries[index], Memtable.bytesMax(keyLength, length, expiries[index]), nowMillis);
      }
    }
  }

  void clear() {
    count = 0;
  }
}
