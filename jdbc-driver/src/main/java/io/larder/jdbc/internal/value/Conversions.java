package io.larder.jdbc.internal.value;

import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Turns stored values into what the getters of a result set return. Null stays null. */
public final class Conversions {
  private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private Conversions() {}

  /** Returns the value as text. */
  public static @Nullable String toText(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof LocalDateTime timestamp) {
      return timestamp.toLocalDate() + " " + timeText(timestamp.toLocalTime());
    }
    if (value instanceof LocalTime time) {
      return timeText(time);
    }
    return value.toString();
  }

  private static String timeText(LocalTime time) {
    String text = time.toString();
    return text.length() == 5 ? text + ":00" : text;
  }

  /** Returns the value as a whole number within bounds; fractions are cut off. */
  public static long toLong(Object value, long min, long max, String type) {
    long number;
    if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      number = ((Number) value).longValue();
    } else if (value instanceof Boolean truth) {
      number = truth ? 1 : 0;
    } else {
      number = wholeOf(toDecimal(value), type);
    }
    if (number < min || number > max) {
      throw outOfRange(value, type);
    }
    return number;
  }

  private static long wholeOf(BigDecimal decimal, String type) {
    if (decimal.precision() - decimal.scale() > 20) {
      throw outOfRange(decimal, type);
    }
    BigInteger whole = decimal.toBigInteger();
    if (whole.compareTo(LONG_MIN) < 0 || whole.compareTo(LONG_MAX) > 0) {
      throw outOfRange(decimal, type);
    }
    return whole.longValue();
  }

  /** Returns the value as a floating point number. */
  public static double toDouble(Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof String text) {
      try {
        return Double.parseDouble(text.strip());
      } catch (NumberFormatException e) {
        throw wrongType(value, "a number", e);
      }
    }
    return toDecimal(value).doubleValue();
  }

  /** Returns the value as a decimal number. */
  public static BigDecimal toDecimal(Object value) {
    try {
      if (value instanceof BigDecimal decimal) {
        return decimal;
      }
      if (value instanceof BigInteger whole) {
        return new BigDecimal(whole);
      }
      if (value instanceof Float || value instanceof Double) {
        return new BigDecimal(value.toString());
      }
      if (value instanceof Number number) {
        return BigDecimal.valueOf(number.longValue());
      }
      if (value instanceof Boolean truth) {
        return truth ? BigDecimal.ONE : BigDecimal.ZERO;
      }
      if (value instanceof String text) {
        return new BigDecimal(text.strip());
      }
    } catch (NumberFormatException e) {
      throw wrongType(value, "a number", e);
    }
    throw wrongType(value, "a number", null);
  }

  /** Returns the value as a truth value; numbers are true unless zero. */
  public static boolean toBoolean(Object value) {
    if (value instanceof Boolean truth) {
      return truth;
    }
    if (value instanceof Number number) {
      return number.doubleValue() != 0;
    }
    if (value instanceof String text) {
      switch (text.strip().toLowerCase(java.util.Locale.ROOT)) {
        case "true", "t", "yes", "y", "on", "1" -> {
          return true;
        }
        case "false", "f", "no", "n", "off", "0" -> {
          return false;
        }
        default -> throw wrongType(value, "a boolean", null);
      }
    }
    throw wrongType(value, "a boolean", null);
  }

  /** Returns the value as bytes: a text's UTF-8, a UUID's sixteen. */
  public static byte[] toBytes(Object value) {
    if (value instanceof byte[] bytes) {
      return bytes.clone();
    }
    if (value instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    if (value instanceof java.util.UUID id) {
      return java.nio.ByteBuffer.allocate(16)
          .putLong(id.getMostSignificantBits())
          .putLong(id.getLeastSignificantBits())
          .array();
    }
    throw wrongType(value, "bytes", null);
  }

  static StatementException outOfRange(Object value, String type) {
    return new StatementException(
        SqlState.NUMBER_OUT_OF_RANGE, "the value " + value + " does not fit " + type);
  }

  static StatementException wrongType(Object value, String wanted, @Nullable Throwable cause) {
    String text = value instanceof byte[] bytes ? bytes.length + " bytes" : value.toString();
    if (text.length() > 100) {
      text = text.substring(0, 100) + "...";
    }
    return new StatementException(
        SqlState.INVALID_CONVERSION,
        "found '" + text + "' (" + value.getClass().getSimpleName() + "), expected " + wanted,
        cause);
  }

  /** Returns the instant of a value that has one. */
  static @Nullable Instant instantOf(Object value) {
    if (value instanceof Instant instant) {
      return instant;
    }
    if (value instanceof java.time.OffsetDateTime time) {
      return time.toInstant();
    }
    if (value instanceof java.time.ZonedDateTime time) {
      return time.toInstant();
    }
    return null;
  }
}
