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

  static byte[] value(long number, int valueBytes) {
    byte[] value = new byte[valueBytes];
    long state = number ^ VALUE_SALT;
    int position = 0;
    while (position + 8 <= valueBytes) {
      LONGS.set(value, position, mix(state++));
      position += 8;
    }
    long last = mix(state);
    while (position < valueBytes) {
      value[position++] = (byte) last;
      last >>>= 8;
    }
    return value;
  }

  /** The first eight bytes of the key of a number. */
  static long keyHead(long number) {
    return mix(number);
  }

  /** The first eight bytes of the value of a number. */
  static long valueHead(long number) {
    return mix(number ^ VALUE_SALT);
  }

  /** The number whose key starts with these eight bytes. */
  static long number(long keyHead) {
    return unmix(keyHead);
  }

  static long head(byte[] bytes) {
    return (long) LONGS.get(bytes, 0);
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
