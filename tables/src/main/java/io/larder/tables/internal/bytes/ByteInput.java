package io.larder.tables.internal.bytes;

import io.larder.engine.api.CorruptionException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bytes being read, with every length checked before anything is allocated. Used by one thread; the array is
 * not copied. Every error is a {@link CorruptionException} naming place and offset.
 */
public final class ByteInput {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final String place;
  private byte[] bytes;
  private int limit;
  private int position;

  /** Creates an input over a whole array; the place is what messages call it. */
  public ByteInput(byte[] bytes, String place) {
    this.bytes = bytes;
    this.place = place;
    this.limit = bytes.length;
  }

  /** Goes to the start of another array. */
  public void reset(byte[] other) {
    reset(other, other.length);
  }

  /** Goes to the start of another array, of which only the first bytes count. */
  public void reset(byte[] other, int length) {
    bytes = other;
    limit = length;
    position = 0;
  }

  /** Returns the array under this input. */
  public byte[] array() {
    return bytes;
  }

  /** Returns the offset of the next byte. */
  public int position() {
    return position;
  }

  /** Goes to an offset between 0 and the end. */
  public void position(int offset) {
    position = offset;
  }

  /** Returns how many bytes are left. */
  public int remaining() {
    return limit - position;
  }

  /** Returns the next byte as 0 to 255 without moving. */
  public int peek() {
    need(1);
    return bytes[position] & 0xFF;
  }

  /** Reads a byte as 0 to 255. */
  public int getByte() {
    need(1);
    return bytes[position++] & 0xFF;
  }

  /** Reads 16 bits as 0 to 65535. */
  public int getShort() {
    need(2);
    int value = (bytes[position] & 0xFF) << 8 | bytes[position + 1] & 0xFF;
    position += 2;
    return value;
  }

  /** Reads 4 bytes. */
  public int getInt() {
    need(4);
    int value = (int) INT.get(bytes, position);
    position += 4;
    return value;
  }

  /** Reads 8 bytes. */
  public long getLong() {
    need(8);
    long value = (long) LONG.get(bytes, position);
    position += 8;
    return value;
  }

  /** Reads an unsigned number of 1 to 10 bytes. */
  public long getVarint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = getByte();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        if (shift == 63 && next > 1) {
          throw corrupt("a number has more than 64 bits");
        }
        return value;
      }
    }
    throw corrupt("a number has more than 10 bytes");
  }

  /** Reads a signed number. */
  public long getZigzag() {
    long value = getVarint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** Reads a length or count of things that take at least one byte each, and checks that so many are left. */
  public int getLength() {
    long length = getVarint();
    if (length < 0 || length > limit - position) {
      throw corrupt(
          "a length is "
              + Long.toUnsignedString(length)
              + ", but "
              + (limit - position)
              + " bytes are left");
    }
    return (int) length;
  }

  /** Reads so many bytes into a new array. */
  public byte[] getBytes(int length) {
    need(length);
    byte[] copy = Arrays.copyOfRange(bytes, position, position + length);
    position += length;
    return copy;
  }

  /** Passes over so many bytes. */
  public void skip(int length) {
    need(length);
    position += length;
  }

  /** Checks that everything was read. */
  public void expectEnd() {
    if (position != limit) {
      throw corrupt((limit - position) + " bytes follow what should be the end");
    }
  }

  /** Returns an exception that names place, offset and what is wrong there. */
  public CorruptionException corrupt(String problem) {
    return new CorruptionException(
        place + ": at byte " + position + " of " + limit + ": " + problem);
  }

  /** Returns such an exception with its cause. */
  public CorruptionException corrupt(String problem, Throwable cause) {
    return new CorruptionException(
        place + ": at byte " + position + " of " + limit + ": " + problem, cause);
  }

  private void need(int count) {
    if (count < 0 || limit - position < count) {
      throw corrupt("expected " + count + " more bytes, found " + (limit - position));
    }
  }
}
