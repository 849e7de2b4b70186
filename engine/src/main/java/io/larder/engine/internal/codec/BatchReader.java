package io.larder.engine.internal.codec;

import io.larder.engine.api.CorruptionException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks the changes of a batch payload as {@link BatchEncoder} spells it. Not thread-safe; good as long as
 * the bytes it was given. It reads an array byte by byte: a recovery, the first thing a process does, mostly runs before the
 * JIT compiler has come to it, and a buffer's checks would be interpreted for each byte.
 *
 * <p>Every length is checked against the bytes that remain before anything is allocated, so a damaged or
 * hostile payload costs no memory beyond its own size.
 */
public final class BatchReader {
  private static final byte[] NO_BYTES = {};

  private final byte[] bytes;
  private final int end;
  private final int count;
  private final long firstSequence;
  private final Object place;
  private final int placeOffset;
  private int index = -1;
  private int keyspaceId;

  /** Where the next change begins. */
  private int position;

  private int keyPosition;
  private int keyLength;
  private int valuePosition;

  /** Negative for a delete. */
  private int valueLength;

  private long expiresAtMillis;

  /**
   * Creates a reader before the first change.
   *
   * @param payload its remaining bytes are the payload, in an accessible array
   * @param count how many changes there must be
   * @param firstSequence the sequence number of the first change
   * @param place what errors name, for example file and offset
   */
  public BatchReader(ByteBuffer payload, int count, long firstSequence, String place) {
    this(payload, count, firstSequence, place, -1);
  }

  /**
   * Creates a reader before the first change.
   *
   * @param payload its remaining bytes are the payload, in an accessible array
   * @param count how many changes there must be
   * @param firstSequence the sequence number of the first change
   * @param file what errors name; its text is asked for only then
   * @param offset where in the file errors say the frame is
   */
  @SuppressWarnings("ByteBufferBackingArray") // required
  public BatchReader(ByteBuffer payload, int count, long firstSequence, Object file, int offset) {
    this.bytes = payload.array();
    this.position = payload.arrayOffset() + payload.position();
    this.end = position + payload.remaining();
    this.count = count;
    this.firstSequence = firstSequence;
    this.place = file;
    this.placeOffset = offset;
  }

  /**
   * Moves to the next change and returns whether there is one.
   *
   * @throws CorruptionException if the payload is not what an encoder wrote
   */
  public boolean next() {
    if (index + 1 == count) {
      if (position < end) {
        throw damaged("found " + (end - position) + " more bytes, expected the end");
      }
      return false;
    }
    index++;
    try {
      readChange();
    } catch (CorruptionException e) {
      throw new CorruptionException(where() + e.getMessage(), e);
    }
    return true;
  }

  /** Returns the change's sequence number. */
  public long sequence() {
    return firstSequence + index;
  }

  /** Returns the keyspace changed. */
  public int keyspaceId() {
    return keyspaceId;
  }

  /** Returns the key, a new array. */
  public byte[] key() {
    return index < 0 ? NO_BYTES : copy(keyPosition, keyLength);
  }

  /** Returns the new value, a new array, or null for a delete. */
  public byte @Nullable [] value() {
    return index < 0 || valueLength < 0 ? null : copy(valuePosition, valueLength);
  }

  private byte[] copy(int from, int length) {
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  /** Returns the array that holds key and value, not to be changed. Requires: the reader is on a change. */
  public byte[] array() {
    return bytes;
  }

  /** Returns where in {@link #array} the key begins. */
  public int keyOffset() {
    return keyPosition;
  }

  /** Returns how long the key is. */
  public int keyLength() {
    return keyLength;
  }

  /** Returns where in {@link #array} the value begins; of no use for a delete. */
  public int valueOffset() {
    return valuePosition;
  }

  /** Returns how long the value is, 0 for a delete. */
  public int valueLength() {
    return Math.max(0, valueLength);
  }

  /** Returns whether the change is a delete. */
  public boolean isDelete() {
    return valueLength < 0;
  }

  /** Returns the absolute expiry in milliseconds since the epoch, 0 = never. */
  public long expiresAtMillis() {
    return expiresAtMillis;
  }

  private void readChange() {
    if (position == end) {
      throw new CorruptionException("found the end of the payload, expected a change");
    }
    int code = bytes[position++];
    if (code < BatchEncoder.PUT || code > BatchEncoder.PUT_WITH_EXPIRY) {
      throw new CorruptionException("found change code " + code + ", expected 1, 2 or 3");
    }
    keyspaceId = readInt();
    keyLength = skipBytes("key");
    keyPosition = position - keyLength;
    expiresAtMillis = 0;
    valueLength = -1;
    valuePosition = 0;
    if (code == BatchEncoder.PUT_WITH_EXPIRY) {
      expiresAtMillis = readExpiry();
    }
    if (code != BatchEncoder.DELETE) {
      valueLength = skipBytes("value");
      valuePosition = position - valueLength;
    }
  }

  /** Reads a number as {@link Varints#getInt} does. */
  private int readInt() {
    if (position < end && bytes[position] >= 0) {
      return bytes[position++];
    }
    long value = 0;
    for (int shift = 0; shift < Varints.LONG_BYTES_MAX * 7; shift += 7) {
      if (position == end) {
        throw new CorruptionException("found the end of the bytes inside a number");
      }
      byte next = bytes[position++];
      if (shift == 63 && next > 1) {
        break;
      }
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        if (value >>> Integer.SIZE != 0) {
          throw new CorruptionException(
              "found a number above 32 bits: " + Long.toUnsignedString(value));
        }
        return (int) value;
      }
    }
    throw new CorruptionException("found a number above 64 bits");
  }

  private long readExpiry() {
    if (end - position < Long.BYTES) {
      throw new CorruptionException("found the end of the payload inside an expiry");
    }
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << Byte.SIZE | (bytes[position++] & 0xFF);
    }
    return value;
  }

  private int skipBytes(String what) {
    int length = readInt();
    if (length < 0 || length > end - position) {
      throw new CorruptionException(
          "found a "
              + what
              + " of "
              + Integer.toUnsignedLong(length)
              + " bytes, expected at most the remaining "
              + (end - position));
    }
    position += length;
    return length;
  }

  private CorruptionException damaged(String problem) {
    return new CorruptionException(where() + problem);
  }

  private String where() {
    return place
        + (placeOffset < 0 ? "" : ": frame at offset " + placeOffset)
        + ": change "
        + (index + 1)
        + " of "
        + count
        + ": ";
  }
}
