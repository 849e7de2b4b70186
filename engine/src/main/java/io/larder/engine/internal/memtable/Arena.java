package io.larder.engine.internal.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The memory that holds the versions of entries: chunks of bytes, filled from the front, never moved, given up as a
 * whole. One writer; any thread may read a record whose reference it got through an acquiring read.
 *
 * <p>A reference is an int: the upper 15 bits number the chunk, the lower 17 count units of 8 bytes in it; 0 stands for
 * none. A record larger than an eighth of a chunk gets a chunk of its own.
 *
 * <pre>
 * record   0  sequence &lt;&lt; 1 | delete                8 bytes
 *          8  older version of the same key          4  reference, 0 = none
 *         12  keyspace number                        4
 *         16  key number                             4
 *         20  key length                             4
 *         24  value length                           4  top bit: has expiry
 *         28  key, value
 *             absolute expiry                        8  if it has one
 * </pre>
 *
 * <p>Everything in a record is written before its reference is published and never changed afterwards, which is what
 * makes plain reads of it right; words that change live elsewhere.
 */
final class Arena {
  static final int RECORD_HEADER_BYTES = 28;

  private static final int HAS_EXPIRY = 1 << 31;

  private static final int UNIT_BITS = 3;
  private static final int UNIT_BYTES = 1 << UNIT_BITS;
  private static final int CHUNK_BITS = 20;
  private static final int CHUNK_UNIT_BITS = CHUNK_BITS - UNIT_BITS;
  private static final int CHUNK_UNIT_MASK = (1 << CHUNK_UNIT_BITS) - 1;

  /**
   * A little less than a megabyte, so that an array of it fits into a megabyte with its header: the G1 collector gives
   * large arrays whole regions, often of a megabyte, and would waste the second one nearly as a whole.
   */
  private static final int CHUNK_BYTES = (1 << CHUNK_BITS) - 64;

  private static final int FIRST_CHUNK_BYTES = (1 << 14) - 64;
  private static final int LARGE_RECORD_BYTES = CHUNK_BYTES >>> 3;
  private static final int CHUNKS_MAX = 1 << (Integer.SIZE - CHUNK_UNIT_BITS);

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

  /** Grows by replacement; an element is set before any reference into its chunk is published. */
  private volatile byte[][] chunks = new byte[16][];

  private int chunkCount;
  private int currentChunk;
  private int position;
  private int currentLength;
  private int nextChunkBytes = FIRST_CHUNK_BYTES;
  private long openedBytes;

  Arena() {
    openChunk();
    position = 1 << UNIT_BITS; // so that no record has the reference 0
  }

  /** Writes a record and returns its reference; the caller publishes it. */
  int write(
      long sequence,
      int olderReference,
      int keyspaceId,
      int keyNumber,
      byte[] key,
      int keyOffset,
      int keyLength,
      byte @Nullable [] value,
      int valueOffset,
      int valueLength,
      long expiresAtMillis) {
    int reference = allocate(sizeBytes(keyLength, valueLength, expiresAtMillis));
    byte[] chunk = chunk(reference);
    int start = offset(reference);
    LONGS.set(chunk, start, sequence << 1 | (value == null ? 1 : 0));
    INTS.set(chunk, start + 8, olderReference);
    INTS.set(chunk, start + 12, keyspaceId);
    INTS.set(chunk, start + 16, keyNumber);
    INTS.set(chunk, start + 20, keyLength);
    INTS.set(chunk, start + 24, expiresAtMillis == 0 ? valueLength : valueLength | HAS_EXPIRY);
    int keyStart = start + RECORD_HEADER_BYTES;
    System.arraycopy(key, keyOffset, chunk, keyStart, keyLength);
    if (value != null) {
      System.arraycopy(value, valueOffset, chunk, keyStart + keyLength, valueLength);
    }
    if (expiresAtMillis != 0) {
      LONGS.set(chunk, keyStart + keyLength + valueLength, expiresAtMillis);
    }
    return reference;
  }

  /** Returns the bytes a record occupies. */
  static int sizeBytes(int keyLength, int valueLength, long expiresAtMillis) {
    int fixed = RECORD_HEADER_BYTES + (expiresAtMillis == 0 ? 0 : Long.BYTES) + UNIT_BYTES - 1;
    return Math.addExact(Math.addExact(fixed, keyLength), valueLength) & -UNIT_BYTES;
  }

  /** Returns the bytes a written record occupies. */
  static int sizeBytes(byte[] chunk, int start) {
    return sizeBytes(
        keyLength(chunk, start), valueLength(chunk, start), expiresAtMillis(chunk, start));
  }

  private int allocate(int sizeBytes) {
    if (sizeBytes > LARGE_RECORD_BYTES) {
      return addChunk(sizeBytes) << CHUNK_UNIT_BITS;
    }
    if (sizeBytes > currentLength - position) {
      nextChunkBytes = Math.max(nextChunkBytes, Integer.highestOneBit(sizeBytes) << 1);
      openChunk();
    }
    int reference = currentChunk << CHUNK_UNIT_BITS | position >>> UNIT_BITS;
    position += sizeBytes;
    return reference;
  }

  private void openChunk() {
    currentChunk = addChunk(nextChunkBytes);
    currentLength = nextChunkBytes;
    position = 0;
    openedBytes += nextChunkBytes;
    nextChunkBytes = nextChunkBytes(openedBytes);
  }

  /** Returns a quarter of what there is, so that little is left over, but nothing that only half fills a region. */
  private static int nextChunkBytes(long openedBytes) {
    long quarter = openedBytes >>> 2 & -64;
    return quarter > CHUNK_BYTES >>> 1 ? CHUNK_BYTES : (int) Math.max(FIRST_CHUNK_BYTES, quarter);
  }

  private int addChunk(int sizeBytes) {
    if (chunkCount == CHUNKS_MAX) {
      throw new IllegalStateException(
          "memtable has " + chunkCount + " chunks, the most one can address; flush it earlier");
    }
    byte[] chunk = new byte[sizeBytes];
    byte[][] present = chunks;
    if (chunkCount == present.length) {
      present = Arrays.copyOf(present, Math.min(chunkCount << 1, CHUNKS_MAX));
      present[chunkCount] = chunk;
      chunks = present;
    } else {
      present[chunkCount] = chunk;
    }
    return chunkCount++;
  }

  byte[] chunk(int reference) {
    return chunks[reference >>> CHUNK_UNIT_BITS];
  }

  static int offset(int reference) {
    return (reference & CHUNK_UNIT_MASK) << UNIT_BITS;
  }

  /** Brings a record into the cache; loads of several records overlap, where using one after another would not. */
  int touch(int reference) {
    byte[] chunk = chunk(reference);
    int start = offset(reference);
    return chunk[start] + chunk[Math.min(start + 64, chunk.length - 1)];
  }

  boolean keyEquals(int reference, int keyspaceId, byte[] key, int offset, int length) {
    byte[] chunk = chunk(reference);
    int start = offset(reference);
    int keyStart = start + RECORD_HEADER_BYTES;
    return keyLength(chunk, start) == length
        && keyspaceId(chunk, start) == keyspaceId
        && Arrays.equals(chunk, keyStart, keyStart + length, key, offset, offset + length);
  }

  /** Compares the key of a record with another, as unsigned bytes. */
  int compareKey(int reference, byte[] key, int offset, int length) {
    byte[] chunk = chunk(reference);
    int start = offset(reference);
    int keyStart = start + RECORD_HEADER_BYTES;
    return Arrays.compareUnsigned(
        chunk, keyStart, keyStart + keyLength(chunk, start), key, offset, offset + length);
  }

  static long sequence(byte[] chunk, int start) {
    return (long) LONGS.get(chunk, start) >>> 1;
  }

  static boolean isDelete(byte[] chunk, int start) {
    return ((long) LONGS.get(chunk, start) & 1) != 0;
  }

  static int older(byte[] chunk, int start) {
    return (int) INTS.get(chunk, start + 8);
  }

  static int keyspaceId(byte[] chunk, int start) {
    return (int) INTS.get(chunk, start + 12);
  }

  static int keyNumber(byte[] chunk, int start) {
    return (int) INTS.get(chunk, start + 16);
  }

  static int keyLength(byte[] chunk, int start) {
    return (int) INTS.get(chunk, start + 20);
  }

  static int valueLength(byte[] chunk, int start) {
    return (int) INTS.get(chunk, start + 24) & ~HAS_EXPIRY;
  }

  static long expiresAtMillis(byte[] chunk, int start) {
    if ((int) INTS.get(chunk, start + 24) >= 0) {
      return 0;
    }
    int body = keyLength(chunk, start) + valueLength(chunk, start);
    return (long) LONGS.get(chunk, start + RECORD_HEADER_BYTES + body);
  }
}
