package io.larder.engine.internal.codec;

import io.larder.engine.api.CorruptionException;
import java.nio.ByteBuffer;

/**
 * Unsigned numbers in as few bytes as they need: seven bits a byte, lowest first, the top bit set in all
 * but the last. Stateless.
 */
public final class Varints {
  /** The most bytes an {@code int} takes. */
  public static final int INT_BYTES_MAX = 5;

  /** The most bytes a {@code long} takes. */
  public static final int LONG_BYTES_MAX = 10;

  private Varints() {}

  /** Returns how many bytes a value takes; negative values are large unsigned ones. */
  public static int sizeBytes(long value) {
    return (63 - Long.numberOfLeadingZeros(value | 1)) / 7 + 1;
  }

  /** Writes a value into an array that has room, and returns the offset after it. */
  public static int put(byte[] target, int offset, long value) {
    long rest = value;
    int at = offset;
    while ((rest & ~0x7FL) != 0) {
      target[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    target[at++] = (byte) rest;
    return at;
  }

  /**
   * Reads an {@code int} at the buffer's position and moves on.
   *
   * @throws CorruptionException if the buffer ends before the number does, or it does not fit 32 bits
   */
  public static int getInt(ByteBuffer source) {
    long value = getLong(source);
    if (value >>> Integer.SIZE != 0) {
      throw new CorruptionException(
          "found a number above 32 bits: " + Long.toUnsignedString(value));
    }
    return (int) value;
  }

  /**
   * Reads a {@code long} at the buffer's position and moves on.
   *
   * @throws CorruptionException if the buffer ends before the number does, or it does not fit 64 bits
   */
  public static long getLong(ByteBuffer source) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (!source.hasRemaining()) {
        throw new CorruptionException("found the end of the bytes inside a number");
      }
      byte next = source.get();
      if (shift == 63 && next > 1) {
        throw new CorruptionException("found a number above 64 bits");
      }
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new CorruptionException("found a number above 64 bits");
  }
}
