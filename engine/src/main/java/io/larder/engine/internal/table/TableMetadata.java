package io.larder.engine.internal.table;

import io.larder.engine.api.CorruptionException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What the manifest keeps of a table, outside the file that it vouches for. Immutable; its arrays are not to be changed.
 *
 * @param fileId the table's number
 * @param sizeBytes the exact size of the file
 * @param checksum CRC-32C of the whole file
 * @param entryCount versions, tombstones included
 * @param deleteCount tombstones
 * @param firstKeyspaceId the keyspace of the first key
 * @param firstKey the first key
 * @param lastKeyspaceId the keyspace of the last key
 * @param lastKey the last key
 * @param minSequence the lowest sequence number
 * @param maxSequence the highest sequence number
 * @param minExpiryMillis the earliest expiry, {@link Long#MAX_VALUE} if no version expires
 * @param maxExpiryMillis the latest expiry, {@link Long#MAX_VALUE} if some version never expires
 */
@SuppressWarnings("ArrayRecordComponent") // equality is written out below
public record TableMetadata(
    long fileId,
    long sizeBytes,
    int checksum,
    long entryCount,
    long deleteCount,
    int firstKeyspaceId,
    byte[] firstKey,
    int lastKeyspaceId,
    byte[] lastKey,
    long minSequence,
    long maxSequence,
    long minExpiryMillis,
    long maxExpiryMillis) {
  private static final int FIXED_BYTES = 8 * Long.BYTES + 5 * Integer.BYTES;

  /** Returns the bytes that {@link #decode} reads back; all numbers big-endian, keys with a 4-byte length. */
  public byte[] encode() {
    ByteBuffer target = ByteBuffer.allocate(FIXED_BYTES + firstKey.length + lastKey.length);
    target.putLong(fileId).putLong(sizeBytes).putInt(checksum);
    target.putLong(entryCount).putLong(deleteCount);
    target.putLong(minSequence).putLong(maxSequence);
    target.putLong(minExpiryMillis).putLong(maxExpiryMillis);
    target.putInt(firstKeyspaceId).putInt(firstKey.length).put(firstKey);
    target.putInt(lastKeyspaceId).putInt(lastKey.length).put(lastKey);
    return target.array();
  }

  /**
   * Reads what {@link #encode} wrote, moving the buffer's position past it.
   *
   * @throws CorruptionException if the buffer ends before it or a length leads beyond it
   */
  public static TableMetadata decode(ByteBuffer source) {
    requireRemaining(source, FIXED_BYTES);
    long fileId = source.getLong();
    long sizeBytes = source.getLong();
    int checksum = source.getInt();
    long entryCount = source.getLong();
    long deleteCount = source.getLong();
    long minSequence = source.getLong();
    long maxSequence = source.getLong();
    long minExpiryMillis = source.getLong();
    long maxExpiryMillis = source.getLong();
    int firstKeyspaceId = source.getInt();
    byte[] firstKey = key(source);
    requireRemaining(source, Integer.BYTES);
    int lastKeyspaceId = source.getInt();
    byte[] lastKey = key(source);
    return new TableMetadata(
        fileId,
        sizeBytes,
        checksum,
        entryCount,
        deleteCount,
        firstKeyspaceId,
        firstKey,
        lastKeyspaceId,
        lastKey,
        minSequence,
        maxSequence,
        minExpiryMillis,
        maxExpiryMillis);
  }

  private static byte[] key(ByteBuffer source) {
    requireRemaining(source, Integer.BYTES);
    int length = source.getInt();
    requireRemaining(source, length);
    byte[] key = new byte[length];
    source.get(key);
    return key;
  }

  private static void requireRemaining(ByteBuffer source, int length) {
    if (length < 0 || source.remaining() < length) {
      throw new CorruptionException(
          "table metadata: found "
              + source.remaining()
              + " bytes at position "
              + source.position()
              + ", expected at least "
              + Integer.toUnsignedString(length));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TableMetadata that && Arrays.equals(encode(), that.encode());
  }

  @Override
  public int hashCode() {
    return Long.hashCode(fileId) * 31 + checksum;
  }

  @Override
  public String toString() {
    return "table "
        + fileId
        + " of "
        + sizeBytes
        + " bytes, "
        + entryCount
        + " entries, sequence "
        + minSequence
        + " to "
        + maxSequence;
  }
}
