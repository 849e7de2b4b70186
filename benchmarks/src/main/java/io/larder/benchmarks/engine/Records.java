package io.larder.benchmarks.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The entries every engine stores: number {@code i} has a 16-byte key and a value of random bytes,
 * both computed from {@code i}, so that nothing is kept and everything can be checked. Stateless.
 *
 * <p>The first eight bytes of a key are a bijection of its number: keys are distinct, ascending
 * numbers give keys in random order, and the number can be had back from the key.
 */
final class Records {

  static final int KEY_BYTES = 16;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final long TAIL_SALT = 0x6A09E667F3BCC909L;
  private static final long VALUE_SALT = 0xBB67AE8584CAA73BL;
  private static final int COMPUTED_BYTES_MAX = 1024;
  private static final byte[] FILLER = filler();

  private Records() {}

  static byte[] key(long number) {
    byte[] key = new byte[KEY_BYTES];
    writeKey(number, key);
    return key;
  }

  static void writeKey(long number, byte[] key) {
    LONGS.set(key, 0, mix(number));
    LONGS.set(key, 8, mix(number ^ TAIL_SALT));
  }

  /**
   * A new array with the value of a number: its first eight bytes and its last eight tell which
   * number and size it is of. Large values copy their middle from random bytes made beforehand, so
   * that making them costs a copy of memory.
   */
  static byte[] value(long number, int valueBytes) {
    byte[] value = new byte[valueBytes];
    long state = number ^ VALUE_SALT;
    if (valueBytes > COMPUTED_BYTES_MAX) {
      int start = (int) (mix(state) & (FILLER.length - 1));
      for (int position = 0; position < valueBytes; ) {
        int length = Math.min(valueBytes - position, FILLER.length - start);
        System.arraycopy(FILLER, start, value, position, length);
        position += length;
        start = 0;
      }
    } else {
      for (int position = 0; position + Long.BYTES <= valueBytes; position += Long.BYTES) {
        LONGS.set(value, position, mix(state++));
      }
    }
    LONGS.set(value, valueBytes - Long.BYTES, valueTail(number, valueBytes));
    LONGS.set(value, 0, valueHead(number));
    return value;
  }

  private static byte[] filler() {
    byte[] filler = new byte[1 << 16];
    for (int position = 0; position < filler.length; position += Long.BYTES) {
      LONGS.set(filler, position, mix(position));
    }
    return filler;
  }

  /** The first eight bytes of the key of a number. */
  static long keyHead(long number) {
    return mix(number);
  }

  /** The first eight bytes of the value of a number. */
  static long valueHead(long number) {
    return mix(number ^ VALUE_SALT);
  }

  /** The last eight bytes of the value of a number. */
  static long valueTail(long number, int valueBytes) {
    return mix(~number ^ valueBytes);
  }

  /** The number whose key starts with these eight bytes. */
  static long number(long keyHead) {
    return unmix(keyHead);
  }

  static long head(byte[] bytes) {
    return (long) LONGS.get(bytes, 0);
  }

  /** The eight bytes from a position on, big endian. */
  static long longAt(byte[] bytes, int position) {
    return (long) LONGS.get(bytes, position);
  }

  /** A bijection of 64 bits that looks random: the finaliser of SplitMix64. */
  static long mix(long number) {
    long mixed = number + 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  /** The inverse of {@link #mix}. */
  static long unmix(long mixed) {
    long number = unshift(mixed, 31) * inverse(0x94D049BB133111EBL);
    number = unshift(number, 27) * inverse(0xBF58476D1CE4E5B9L);
    return unshift(number, 30) - 0x9E3779B97F4A7C15L;
  }

  private static long unshift(long shifted, int distance) {
    long value = shifted;
    for (int known = distance; known < Long.SIZE; known += distance) {
      value = shifted ^ (value >>> distance);
    }
    return value;
  }

  private static long inverse(long odd) {
    long inverse = odd;
    for (int step = 0; step < 6; step++) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }
}
