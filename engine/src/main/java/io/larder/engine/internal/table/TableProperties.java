package io.larder.engine.internal.table;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.Varints;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a table says of its content: ranges, totals and its keyspaces. Immutable; all numbers are varints.
 *
 * <pre>
 * properties  lowest sequence, highest sequence, earliest expiry + 1, latest expiry + 1 (0 for "never"), keyspaces,
 *             how many bytes expire when (see ExpiryHistogram)
 * keyspace    number, entries, tombstones, keys, blocks, end of its last block,
 *             common prefix length, first key length, first key, last key length, last key
 * </pre>
 *
 * Keyspaces come in order; their blocks follow each other, the first starting behind the file header.
 */
record TableProperties(
    long minSequence,
    long maxSequence,
    long minExpiryMillis,
    long maxExpiryMillis,
    List<KeyspaceRange> keyspaces,
    ExpiryHistogram expiries) {

  /**
   * The part of the file that one keyspace has.
   *
   * @param firstBlock the number of its first block
   * @param start where its first block starts
   * @param end where its last block ends
   * @param prefixLength how many bytes all its keys have in common
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier; compared by nobody
  record KeyspaceRange(
      int keyspaceId,
      long entryCount,
      long deleteCount,
      long keyCount,
      int firstBlock,
      int blockCount,
      int start,
      int end,
      int prefixLength,
      byte[] firstKey,
      byte[] lastKey) {}

  byte[] encode() {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    put(target, minSequence);
    put(target, maxSequence);
    put(target, minExpiryMillis == Long.MAX_VALUE ? 0 : minExpiryMillis + 1);
    put(target, maxExpiryMillis == Long.MAX_VALUE ? 0 : maxExpiryMillis + 1);
    put(target, keyspaces.size());
    for (KeyspaceRange keyspace : keyspaces) {
      put(target, Integer.toUnsignedLong(keyspace.keyspaceId));
      put(target, keyspace.entryCount);
      put(target, keyspace.deleteCount);
      put(target, keyspace.keyCount);
      put(target, keyspace.blockCount);
      put(target, keyspace.end);
      put(target, keyspace.prefixLength);
      put(target, keyspace.firstKey.length);
      target.writeBytes(keyspace.firstKey);
      put(target, keyspace.lastKey.length);
      target.writeBytes(keyspace.lastKey);
    }
    expiries.encode(target);
    return target.toByteArray();
  }

  private static void put(ByteArrayOutputStream target, long value) {
    byte[] bytes = new byte[Varints.LONG_BYTES_MAX];
    target.write(bytes, 0, Varints.put(bytes, 0, value));
  }

  /** Reads properties that fill the buffer. */
  static TableProperties decode(ByteBuffer source, int blocksStart) {
    long minSequence = Varints.getLong(source);
    long maxSequence = Varints.getLong(source);
    long minExpiry = Varints.getLong(source);
    long maxExpiry = Varints.getLong(source);
    int count = Varints.getInt(source);
    List<KeyspaceRange> keyspaces = new ArrayList<>();
    int firstBlock = 0;
    int start = blocksStart;
    for (int i = 0; i < count; i++) { // each takes bytes: a false count ends at the buffer's end
      int keyspaceId = Varints.getInt(source);
      long entryCount = Varints.getLong(source);
      long deleteCount = Varints.getLong(source);
      long keyCount = Varints.getLong(source);
      int blockCount = Varints.getInt(source);
      int end = Varints.getInt(source);
      int prefixLength = Varints.getInt(source);
      byte[] firstKey = key(source);
      byte[] lastKey = key(source);
      keyspaces.add(
          new KeyspaceRange(
              keyspaceId,
              entryCount,
              deleteCount,
              keyCount,
              firstBlock,
              blockCount,
              start,
              end,
              prefixLength,
              firstKey,
              lastKey));
      firstBlock += blockCount;
      start = end;
    }
    ExpiryHistogram expiries = ExpiryHistogram.decode(source);
    if (source.hasRemaining()) {
      throw new CorruptionException(
          "table properties: found " + source.remaining() + " bytes behind the last slot");
    }
    return new TableProperties(
        minSequence,
        maxSequence,
        minExpiry == 0 ? Long.MAX_VALUE : minExpiry - 1,
        maxExpiry == 0 ? Long.MAX_VALUE : maxExpiry - 1,
        List.copyOf(keyspaces),
        expiries);
  }

  private static byte[] key(ByteBuffer source) {
    int length = Varints.getInt(source);
    if (length < 0 || length > source.remaining()) {
      throw new CorruptionException(
          "table properties: found a key of "
              + Integer.toUnsignedString(length)
              + " bytes, expected at most "
              + source.remaining());
    }
    byte[] key = new byte[length];
    source.get(key);
    return key;
  }
}
