package io.larder.engine.internal.table;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.Varints;
import java.util.Arrays;

/**
 * Collects the entries of one block and encodes them when the prefix they share is known. One thread; reused.
 *
 * <p>Keys and values are staged one behind the other; {@link #encode} adds the record headers.
 */
final class BlockBuilder {
  private byte[] staged = new byte[1 << 13];
  private int stagedBytes;
  private int count;
  private int[] keyLengths = new int[64];
  private int[] valueLengths = new int[64];
  private int[] flags = new int[64];
  private long[] sequences = new long[64];
  private long[] expiries = new long[64];

  private byte[] encoded = new byte[1 << 13];
  private int encodedBytes;
  private int[] recordOffsets = new int[64];

  /** Stages the current entry of a cursor; {@code sameKey} says that it is an older version of the last one. */
  void add(EntryCursor entry, boolean sameKey) {
    int keyLength = entry.keyLength();
    int valueLength = entry.valueLength();
    reserve(Math.addExact(keyLength, valueLength));
    System.arraycopy(entry.keyArray(), entry.keyOffset(), staged, stagedBytes, keyLength);
    entry.copyValue(staged, stagedBytes + keyLength);
    stagedBytes += keyLength + valueLength;
    keyLengths[count] = keyLength;
    valueLengths[count] = valueLength;
    sequences[count] = entry.sequence();
    expiries[count] = entry.expiresAtMillis();
    int flag = entry.isDelete() ? TableLayout.FLAG_DELETE : 0;
    if (expiries[count] != 0) {
      flag |= TableLayout.FLAG_EXPIRY;
    }
    if (sameKey) {
      flag |= TableLayout.FLAG_SAME_KEY;
      flags[count - 1] |= TableLayout.FLAG_OLDER_FOLLOWS;
    }
    flags[count++] = flag;
  }

  private void reserve(int bytes) {
    if (bytes > staged.length - stagedBytes) {
      int wanted = Math.addExact(stagedBytes, bytes);
      staged = Arrays.copyOf(staged, Math.max(wanted, Math.min(staged.length, 1 << 29) << 1));
    }
    if (count == flags.length) {
      keyLengths = Arrays.copyOf(keyLengths, count << 1);
      valueLengths = Arrays.copyOf(valueLengths, count << 1);
      flags = Arrays.copyOf(flags, count << 1);
      sequences = Arrays.copyOf(sequences, count << 1);
      expiries = Arrays.copyOf(expiries, count << 1);
      recordOffsets = new int[count << 1];
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** Returns about how many bytes the block has so far. */
  int sizeBytes() {
    return stagedBytes + count * 8;
  }

  int count() {
    return count;
  }

  byte[] firstKey() {
    return Arrays.copyOf(staged, keyLengths[0]);
  }

  boolean isSameKey(int index) {
    return (flags[index] & TableLayout.FLAG_SAME_KEY) != 0;
  }

  /** Encodes the staged entries; the results stay valid until {@link #clear}. */
  void encode() {
    int prefixLength = commonPrefix();
    encodedBytes = 0;
    reserveEncoded(Varints.INT_BYTES_MAX + prefixLength);
    encodedBytes = Varints.put(encoded, 0, prefixLength);
    System.arraycopy(staged, 0, encoded, encodedBytes, prefixLength);
    encodedBytes += prefixLength;
    int from = 0;
    for (int i = 0; i < count; i++) {
      int length = keyLengths[i] + valueLengths[i];
      encodeRecord(i, from, prefixLength);
      from += length;
    }
  }

  private int commonPrefix() {
    int lastKeyStart = stagedBytes - keyLengths[count - 1] - valueLengths[count - 1];
    int lastKeyEnd = lastKeyStart + keyLengths[count - 1];
    int mismatch = Arrays.mismatch(staged, 0, keyLengths[0], staged, lastKeyStart, lastKeyEnd);
    int common = mismatch < 0 ? keyLengths[0] : mismatch;
    return common < TableLayout.PREFIX_BYTES_MIN || count == 1 ? 0 : common;
  }

  private void encodeRecord(int index, int from, int prefixLength) {
    int suffixLength = keyLengths[index] - prefixLength;
    int bodyLength = suffixLength + valueLengths[index];
    reserveEncoded(Math.addExact(TableLayout.RECORD_HEADER_BYTES_MAX, bodyLength));
    int start = encodedBytes;
    recordOffsets[index] = start;
    int flag = flags[index] | (prefixLength > 0 ? TableLayout.FLAG_SUFFIX : 0);
    encoded[start] = (byte) flag;
    int at = Varints.put(encoded, start + 1, suffixLength);
    if ((flag & TableLayout.FLAG_DELETE) == 0) {
      at = Varints.put(encoded, at, valueLengths[index]);
    }
    at = Varints.put(encoded, at, sequences[index]);
    if ((flag & TableLayout.FLAG_EXPIRY) != 0) {
      at = Varints.put(encoded, at, expiries[index]);
    }
    if (prefixLength > 0) {
      at = Varints.put(encoded, at, start);
    }
    System.arraycopy(staged, from + prefixLength, encoded, at, bodyLength);
    encodedBytes = at + bodyLength;
  }

  private void reserveEncoded(int bytes) {
    if (bytes > encoded.length - encodedBytes) {
      int wanted = Math.addExact(encodedBytes, bytes);
      encoded = Arrays.copyOf(encoded, Math.max(wanted, Math.min(encoded.length, 1 << 29) << 1));
    }
  }

  byte[] encoded() {
    return encoded;
  }

  int encodedBytes() {
    return encodedBytes;
  }

  /** Returns where in the encoded block an entry's record starts. */
  int recordOffset(int index) {
    return recordOffsets[index];
  }

  void clear() {
    count = 0;
    stagedBytes = 0;
    encodedBytes = 0;
  }
}
