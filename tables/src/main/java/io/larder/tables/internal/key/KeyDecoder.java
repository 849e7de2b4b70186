package io.larder.tables.internal.key;

import io.larder.tables.internal.bytes.ByteInput;
import io.larder.tables.internal.bytes.Text;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads key components that {@link KeyEncoder} wrote. Thread-safe. */
public final class KeyDecoder {
  private static final int DEPTH_MAX = 16;
  private static final byte[] EMPTY = {};

  private final OpaqueKeys opaque;

  /** Creates a decoder that asks for what serialized objects become. */
  public KeyDecoder(OpaqueKeys opaque) {
    this.opaque = opaque;
  }

  /** Reads a component; {@code last} if nothing follows in this key. */
  public @Nullable Object get(ByteInput input, boolean last) {
    return get(input, last, 0);
  }

  /** Passes over a component that is not the last. */
  public static void skip(ByteInput input) {
    skip(input, 0);
  }

  private @Nullable Object get(ByteInput input, boolean last, int depth) {
    int tag = input.getByte();
    return switch (tag) {
      case KeyTags.NULL -> null;
      case KeyTags.FALSE -> false;
      case KeyTags.TRUE -> true;
      case KeyTags.BYTE -> (byte) (input.getByte() ^ Byte.MIN_VALUE);
      case KeyTags.SHORT -> (short) (input.getShort() ^ Short.MIN_VALUE);
      case KeyTags.INTEGER -> input.getInt() ^ Integer.MIN_VALUE;
      case KeyTags.LONG -> input.getLong() ^ Long.MIN_VALUE;
      case KeyTags.BIG_INTEGER -> bigInteger(input);
      case KeyTags.FLOAT -> Float.intBitsToFloat(unordered(input.getInt()));
      case KeyTags.DOUBLE -> Double.longBitsToDouble(unordered(input.getLong()));
      case KeyTags.DECIMAL -> decimal(input);
      case KeyTags.CHARACTER -> (char) input.getShort();
      case KeyTags.TEXT -> text(input, last);
      case KeyTags.BYTES -> bytes(input, last);
      case KeyTags.UUID ->
          new UUID(input.getLong() ^ Long.MIN_VALUE, input.getLong() ^ Long.MIN_VALUE);
      case KeyTags.DATE, KeyTags.TIME, KeyTags.TIMESTAMP, KeyTags.INSTANT -> time(input, tag);
      case KeyTags.LIST -> list(input, depth);
      case KeyTags.SERIALIZED -> opaque.read(bytes(input, last));
      default -> throw input.corrupt("no type of key has the tag " + tag);
    };
  }

  private static void skip(ByteInput input, int depth) {
    int tag = input.getByte();
    switch (tag) {
      case KeyTags.NULL, KeyTags.FALSE, KeyTags.TRUE -> {}
      case KeyTags.BYTE -> input.skip(1);
      case KeyTags.SHORT, KeyTags.CHARACTER -> input.skip(2);
      case KeyTags.INTEGER, KeyTags.FLOAT -> input.skip(4);
      case KeyTags.LONG, KeyTags.DOUBLE, KeyTags.DATE, KeyTags.TIME -> input.skip(8);
      case KeyTags.TIMESTAMP, KeyTags.INSTANT -> input.skip(12);
      case KeyTags.UUID -> input.skip(16);
      case KeyTags.BIG_INTEGER -> NumberKeys.get(input);
      case KeyTags.DECIMAL -> {
        NumberKeys.get(input);
        NumberKeys.getOrdered(input, 0);
      }
      case KeyTags.TEXT, KeyTags.BYTES, KeyTags.SERIALIZED -> skipEscaped(input);
      case KeyTags.LIST -> skipList(input, depth);
      default -> throw input.corrupt("no type of key has the tag " + tag);
    }
  }

  private static void skipList(ByteInput input, int depth) {
    if (depth == DEPTH_MAX) {
      throw input.corrupt("more than " + DEPTH_MAX + " lists inside each other");
    }
    while (input.peek() != KeyTags.END) {
      skip(input, depth + 1);
    }
    input.skip(1);
  }

  private List<@Nullable Object> list(ByteInput input, int depth) {
    if (depth == DEPTH_MAX) {
      throw input.corrupt("more than " + DEPTH_MAX + " lists inside each other");
    }
    List<@Nullable Object> elements = new ArrayList<>();
    while (input.peek() != KeyTags.END) {
      elements.add(get(input, false, depth + 1));
    }
    input.skip(1);
    return Collections.unmodifiableList(elements);
  }

  private static long unordered(long bits) {
    return bits < 0 ? bits ^ Long.MIN_VALUE : ~bits;
  }

  private static int unordered(int bits) {
    return bits < 0 ? bits ^ Integer.MIN_VALUE : ~bits;
  }

  private static BigInteger bigInteger(ByteInput input) {
    NumberKeys.Digits number = NumberKeys.get(input);
    long zeros = number.exponent() - number.digits().length();
    if (number.sign() == 0) {
      return BigInteger.ZERO;
    } else if (zeros < 0 || number.exponent() > NumberKeys.DIGITS_MAX) {
      throw input.corrupt("a whole number has the exponent " + number.exponent());
    }
    BigInteger magnitude = new BigInteger(number.digits() + "0".repeat((int) zeros));
    return number.sign() < 0 ? magnitude.negate() : magnitude;
  }

  private static BigDecimal decimal(ByteInput input) {
    NumberKeys.Digits number = NumberKeys.get(input);
    long scale = NumberKeys.getOrdered(input, 0);
    if (scale != (int) scale) {
      throw input.corrupt("a decimal has the scale " + scale);
    } else if (number.sign() == 0) {
      return BigDecimal.valueOf(0, (int) scale);
    }
    long digits = number.exponent() + scale;
    long zeros = digits - number.digits().length();
    if (zeros < 0 || digits > NumberKeys.DIGITS_MAX) {
      throw input.corrupt(
          "a decimal of "
              + number.digits().length()
              + " digits and the exponent "
              + number.exponent()
              + " has the scale "
              + scale);
    }
    BigInteger magnitude = new BigInteger(number.digits() + "0".repeat((int) zeros));
    return new BigDecimal(number.sign() < 0 ? magnitude.negate() : magnitude, (int) scale);
  }

  private static Object time(ByteInput input, int tag) {
    try {
      long units = input.getLong();
      return switch (tag) {
        case KeyTags.DATE -> LocalDate.ofEpochDay(units ^ Long.MIN_VALUE);
        case KeyTags.TIME -> LocalTime.ofNanoOfDay(units);
        case KeyTags.TIMESTAMP ->
            LocalDateTime.ofEpochSecond(units ^ Long.MIN_VALUE, input.getInt(), ZoneOffset.UTC);
        default -> instant(input, units ^ Long.MIN_VALUE);
      };
    } catch (DateTimeException | ArithmeticException e) {
      throw input.corrupt("a date or time is out of range", e);
    }
  }

  private static Instant instant(ByteInput input, long seconds) {
    int nanos = input.getInt();
    if (nanos < 0 || nanos > 999_999_999) {
      throw input.corrupt("a second has the nanosecond " + nanos);
    }
    return Instant.ofEpochSecond(seconds, nanos);
  }

  private static String text(ByteInput input, boolean last) {
    if (last) {
      return Text.get(input, input.remaining());
    }
    byte[] bytes = bytes(input, false);
    return Text.decode(input, bytes, 0, bytes.length);
  }

  private static byte[] bytes(ByteInput input, boolean last) {
    if (last) {
      return input.getBytes(input.remaining());
    }
    int start = input.position();
    int escapes = skipEscaped(input);
    int escapedLength = input.position() - 1 - start;
    if (escapedLength == 0) {
      return EMPTY;
    }
    byte[] bytes = new byte[escapedLength - escapes];
    byte[] source = input.array();
    int from = start;
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = source[from];
      from += source[from] == 0 ? 2 : 1;
    }
    return bytes;
  }

  /** Goes behind the end mark and returns the number of escaped zeros before it. */
  private static int skipEscaped(ByteInput input) {
    int escapes = 0;
    while (true) {
      if (input.getByte() == 0) {
        if (input.remaining() == 0 || input.peek() != KeyTags.ESCAPE) {
          return escapes;
        }
        input.skip(1);
        escapes++;
      }
    }
  }
}
