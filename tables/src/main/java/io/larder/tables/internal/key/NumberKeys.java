package io.larder.tables.internal.key;

import io.larder.engine.api.LimitExceededException;
import io.larder.tables.internal.bytes.ByteInput;
import io.larder.tables.internal.bytes.ByteOutput;
import java.math.BigInteger;

/**
 * Decimal numbers of any size as bytes in numeric order. A number other than zero is {@code 0.D * 10^E}, where
 * the digits D neither start nor end with 0:
 *
 * <pre>
 * sign (01 negative, 02 zero, 03 positive)
 * E    (one byte E + 80 for -100..100; else 00 or FF and eight bytes with the sign bit flipped)
 * D    (pairs of digits, each pair + 1; an odd last digit counts tenfold), 00
 * </pre>
 *
 * E and D are complemented if the number is negative. Zero is its sign alone.
 */
final class NumberKeys {
  private static final int NEGATIVE = 1;
  private static final int ZERO = 2;
  private static final int POSITIVE = 3;
  private static final int SHORT_EXPONENT_MAX = 100;
  private static final int BIAS = 0x80;

  /** Numbers with more digits are refused, so that few bytes cannot ask for much memory. */
  static final int DIGITS_MAX = 10_000;

  private NumberKeys() {}

  /** Digits without zeros at either end, and the exponent of the point before them. */
  record Digits(int sign, String digits, long exponent) {}

  static void put(ByteOutput output, BigInteger unscaled, int scale) {
    int sign = unscaled.signum();
    if (sign == 0) {
      output.putByte(ZERO);
      return;
    }
    String text = unscaled.abs().toString();
    if (text.length() > DIGITS_MAX) {
      throw new LimitExceededException(
          "a number used as key has " + text.length() + " digits, the limit is " + DIGITS_MAX);
    }
    output.putByte(sign < 0 ? NEGATIVE : POSITIVE);
    int mask = sign < 0 ? 0xFF : 0;
    putOrdered(output, (long) text.length() - scale, mask);
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    for (int i = 0; i < end; i += 2) {
      int tens = text.charAt(i) - '0';
      int ones = i + 1 < end ? text.charAt(i + 1) - '0' : 0;
      output.putByte(tens * 10 + ones + 1 ^ mask);
    }
    output.putByte(mask);
  }

  static Digits get(ByteInput input) {
    int sign = input.getByte();
    if (sign == ZERO) {
      return new Digits(0, "", 0);
    } else if (sign != NEGATIVE && sign != POSITIVE) {
      throw input.corrupt("a number starts with " + sign);
    }
    int mask = sign == NEGATIVE ? 0xFF : 0;
    long exponent = getOrdered(input, mask);
    StringBuilder digits = new StringBuilder();
    for (int pair = input.getByte() ^ mask; pair != 0; pair = input.getByte() ^ mask) {
      if (pair > 100) {
        throw input.corrupt("a pair of digits is " + (pair - 1));
      }
      digits.append((char) ('0' + (pair - 1) / 10)).append((char) ('0' + (pair - 1) % 10));
    }
    int length = digits.length();
    if (length > 0 && digits.charAt(length - 1) == '0') {
      digits.setLength(--length);
    }
    boolean wellFormed =
        length > 0
            && length <= DIGITS_MAX
            && digits.charAt(0) != '0'
            && digits.charAt(length - 1) != '0';
    if (!wellFormed) {
      throw input.corrupt("the digits of a number start or end with 0, or are too many or none");
    }
    return new Digits(sign - ZERO, digits.toString(), exponent);
  }

  static void putOrdered(ByteOutput output, long value, int mask) {
    if (value >= -SHORT_EXPONENT_MAX && value <= SHORT_EXPONENT_MAX) {
      output.putByte((int) value + BIAS ^ mask);
    } else {
      output.putByte((value > 0 ? 0xFF : 0) ^ mask);
      output.putLong(value ^ Long.MIN_VALUE ^ -(mask & 1L));
    }
  }

  static long getOrdered(ByteInput input, int mask) {
    int first = input.getByte() ^ mask;
    if (first != 0 && first != 0xFF) {
      int value = first - BIAS;
      if (value < -SHORT_EXPONENT_MAX || value > SHORT_EXPONENT_MAX) {
        throw input.corrupt("the first byte of an exponent or scale is " + first);
      }
      return value;
    }
    long value = input.getLong() ^ Long.MIN_VALUE ^ -(mask & 1L);
    boolean wellFormed = first == 0 ? value < -SHORT_EXPONENT_MAX : value > SHORT_EXPONENT_MAX;
    if (!wellFormed) {
      throw input.corrupt("an exponent or scale of " + value + " is in its long form");
    }
    return value;
  }
}
