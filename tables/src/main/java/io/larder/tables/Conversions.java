package io.larder.tables;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lossless conversions to the canonical Java types, and the column type of a Java class. */
final class Conversions {

  /** The {@code java.sql} times are known by name: this module does not need java.sql to be there. */
  private static final String SQL_DATE = "java.sql.Date";

  private static final String SQL_TIME = "java.sql.Time";

  private static final int PLAIN_SCALE_MAX = 10_000;

  private static final Map<Class<?>, DataType> EXACT_TYPES =
      Map.ofEntries(
          Map.entry(boolean.class, DataType.BOOLEAN),
          Map.entry(byte.class, DataType.TINYINT),
          Map.entry(short.class, DataType.SMALLINT),
          Map.entry(int.class, DataType.INTEGER),
          Map.entry(long.class, DataType.BIGINT),
          Map.entry(float.class, DataType.REAL),
          Map.entry(double.class, DataType.DOUBLE),
          Map.entry(Boolean.class, DataType.BOOLEAN),
          Map.entry(Byte.class, DataType.TINYINT),
          Map.entry(Short.class, DataType.SMALLINT),
          Map.entry(Integer.class, DataType.INTEGER),
          Map.entry(Long.class, DataType.BIGINT),
          Map.entry(Float.class, DataType.REAL),
          Map.entry(Double.class, DataType.DOUBLE),
          Map.entry(BigDecimal.class, DataType.DECIMAL),
          Map.entry(String.class, DataType.VARCHAR),
          Map.entry(char.class, DataType.VARCHAR),
          Map.entry(Character.class, DataType.VARCHAR),
          Map.entry(byte[].class, DataType.VARBINARY),
          Map.entry(UUID.class, DataType.UUID),
          Map.entry(LocalDate.class, DataType.DATE),
          Map.entry(LocalTime.class, DataType.TIME),
          Map.entry(LocalDateTime.class, DataType.TIMESTAMP),
          Map.entry(Instant.class, DataType.INSTANT),
          Map.entry(Date.class, DataType.INSTANT));

  private Conversions() {}

  static DataType typeOf(Class<?> type) {
    DataType exact = EXACT_TYPES.get(type);
    if (exact != null) {
      return exact;
    } else if (type.isEnum()) {
      return DataType.VARCHAR;
    } else if (List.class.isAssignableFrom(type)) {
      return DataType.LIST;
    } else if (Map.class.isAssignableFrom(type)) {
      return DataType.MAP;
    }
    return DataType.ANY;
  }

  static @Nullable Object convert(DataType type, @Nullable Object value) {
    if (value == null || type.javaType().isInstance(value)) {
      return value;
    }
    Object converted;
    try {
      converted = convertOther(type, value);
    } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
      throw new IllegalArgumentException(mismatch(type, value), e);
    }
    if (converted == null) {
      throw new IllegalArgumentException(mismatch(type, value));
    }
    return converted;
  }

  /** Describes a value in a message: shortened, with its class. */
  static String describe(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    String text =
        value instanceof byte[] bytes ? bytes.length + " bytes" : "'" + shorten(value) + "'";
    return text + " (" + value.getClass().getTypeName() + ")";
  }

  private static String shorten(Object value) {
    String text = String.valueOf(value);
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  private static String mismatch(DataType type, Object value) {
    return "the value " + describe(value) + " does not fit the type " + type;
  }

  private static @Nullable Object convertOther(DataType type, Object value) {
    return switch (type) {
      case BOOLEAN -> value instanceof String text ? parseBoolean(text) : null;
      case TINYINT -> exact(value, BigDecimal::byteValueExact);
      case SMALLINT -> exact(value, BigDecimal::shortValueExact);
      case INTEGER -> exact(value, BigDecimal::intValueExact);
      case BIGINT -> exact(value, BigDecimal::longValueExact);
      case REAL -> toReal(value);
      case DOUBLE -> toDouble(value);
      case DECIMAL -> exact(value, number -> number);
      case VARCHAR -> toText(value);
      case VARBINARY -> value instanceof String text ? HexFormat.of().parseHex(text) : null;
      case UUID -> value instanceof String text ? UUID.fromString(text) : null;
      case DATE -> toDate(value);
      case TIME -> toTime(value);
      case TIMESTAMP -> toTimestamp(value);
      case INSTANT -> toInstant(value);
      case LIST -> toList(value);
      case MAP -> value instanceof Row row ? row.toMap() : null;
      case ANY -> value;
    };
  }

  private static @Nullable Object exact(Object value, Function<BigDecimal, Object> conversion) {
    BigDecimal number = toDecimal(value);
    return number == null ? null : conversion.apply(number);
  }

  private static @Nullable BigDecimal toDecimal(Object value) {
    if (value instanceof BigDecimal number) {
      return number;
    } else if (value instanceof BigInteger number) {
      return new BigDecimal(number);
    } else if (value instanceof Byte
        || value instanceof Short
        || value instanceof Integer
        || value instanceof Long) {
      return BigDecimal.valueOf(((Number) value).longValue());
    } else if (value instanceof Double || value instanceof Float) {
      return new BigDecimal(value.toString());
    } else if (value instanceof String text) {
      return new BigDecimal(text.strip());
    }
    return null;
  }

  private static @Nullable Object toReal(Object value) {
    if (value instanceof String text) {
      return Float.valueOf(text.strip());
    }
    if (!(value instanceof Number number)) {
      return null;
    }
    float narrow = number.floatValue();
    return isNearest(number, narrow) ? narrow : null;
  }

  private static @Nullable Object toDouble(Object value) {
    if (value instanceof String text) {
      return Double.valueOf(text.strip());
    }
    if (!(value instanceof Number number)) {
      return null;
    }
    double wide = number.doubleValue();
    return isNearest(number, wide) ? wide : null;
  }

  /** Whole numbers must not lose digits; decimals and doubles mean the nearest value, if it is finite. */
  private static boolean isNearest(Number number, double candidate) {
    if (number instanceof Double || number instanceof Float) {
      return Double.isInfinite(candidate) == Double.isInfinite(number.doubleValue());
    }
    BigDecimal exact = toDecimal(number);
    return exact != null
        && !Double.isInfinite(candidate)
        && (number instanceof BigDecimal || exact.compareTo(new BigDecimal(candidate)) == 0);
  }

  private static Boolean parseBoolean(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("expected true or false");
    };
  }

  private static @Nullable Object toText(Object value) {
    if (value instanceof Enum<?> constant) {
      return constant.name();
    } else if (value instanceof BigDecimal number) {
      // Written out, 1E+1000000000 would be a text of a gigabyte.
      return Math.abs((long) number.scale()) > PLAIN_SCALE_MAX
          ? number.toString()
          : number.toPlainString();
    } else if (value instanceof Number
        || value instanceof Boolean
        || value instanceof Character
        || value instanceof UUID
        || value instanceof java.time.temporal.Temporal
        || value instanceof CharSequence) {
      return value.toString();
    }
    return null;
  }

  private static @Nullable Object toDate(Object value) {
    if (value instanceof String text) {
      return LocalDate.parse(text.strip());
    } else if (value instanceof LocalDateTime timestamp) {
      return timestamp.toLocalTime().equals(LocalTime.MIDNIGHT) ? timestamp.toLocalDate() : null;
    } else if (value instanceof Date date && date.getClass().getName().equals(SQL_DATE)) {
      return LocalDate.parse(date.toString());
    }
    return null;
  }

  private static @Nullable Object toTime(Object value) {
    if (value instanceof String text) {
      return LocalTime.parse(text.strip());
    } else if (value instanceof Date date && date.getClass().getName().equals(SQL_TIME)) {
      return LocalTime.parse(date.toString());
    }
    return null;
  }

  private static @Nullable Object toTimestamp(Object value) {
    if (value instanceof String text) {
      return LocalDateTime.parse(isoDateTime(text));
    } else if (value instanceof LocalDate date) {
      return date.atStartOfDay();
    } else if (value instanceof Date date
        && date.getClass().getName().equals("java.sql.Timestamp")) {
      return LocalDateTime.parse(isoDateTime(date.toString()));
    }
    return null;
  }

  private static @Nullable Object toInstant(Object value) {
    if (value instanceof String text) {
      return parseInstant(isoDateTime(text));
    } else if (value instanceof OffsetDateTime time) {
      return time.toInstant();
    } else if (value instanceof ZonedDateTime time) {
      return time.toInstant();
    } else if (value instanceof Calendar calendar) {
      return calendar.toInstant();
    } else if (value instanceof Date date
        && !date.getClass().getName().equals(SQL_DATE)
        && !date.getClass().getName().equals(SQL_TIME)) {
      return date.toInstant();
    }
    return null;
  }

  /** Text without offset is taken as UTC. */
  private static Instant parseInstant(String text) {
    boolean hasOffset =
        text.endsWith("Z") || text.lastIndexOf('+') > 9 || text.lastIndexOf('-') > 9;
    return hasOffset
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }

  private static String isoDateTime(String text) {
    String stripped = text.strip();
    return stripped.length() == 10 ? stripped + "T00:00:00" : stripped.replace(' ', 'T');
  }

  private static @Nullable Object toList(Object value) {
    if (value instanceof Collection<?> collection) {
      return java.util.Collections.unmodifiableList(new java.util.ArrayList<>(collection));
    } else if (value instanceof Object[] array) {
      return java.util.Collections.unmodifiableList(
          new java.util.ArrayList<>(java.util.Arrays.asList(array)));
    }
    return null;
  }
}
