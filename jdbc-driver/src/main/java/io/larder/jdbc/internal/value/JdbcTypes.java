package io.larder.jdbc.internal.value;

import io.larder.tables.DataType;
import java.math.BigDecimal;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/** What JDBC calls the data types: codes, names, sizes, classes. */
public final class JdbcTypes {
  private JdbcTypes() {}

  /** Returns the code of java.sql.Types. */
  public static int code(DataType type) {
    return switch (type) {
      case BOOLEAN -> Types.BOOLEAN;
      case TINYINT -> Types.TINYINT;
      case SMALLINT -> Types.SMALLINT;
      case INTEGER -> Types.INTEGER;
      case BIGINT -> Types.BIGINT;
      case REAL -> Types.REAL;
      case DOUBLE -> Types.DOUBLE;
      case DECIMAL -> Types.DECIMAL;
      case VARCHAR -> Types.VARCHAR;
      case VARBINARY -> Types.VARBINARY;
      case DATE -> Types.DATE;
      case TIME -> Types.TIME;
      case TIMESTAMP -> Types.TIMESTAMP;
      case INSTANT -> Types.TIMESTAMP_WITH_TIMEZONE;
      case LIST, MAP, ANY, UUID -> Types.OTHER;
    };
  }

  /** Returns the name of the type in SQL. */
  public static String name(DataType type) {
    return switch (type) {
      case INSTANT -> "TIMESTAMP WITH TIME ZONE";
      case DOUBLE -> "DOUBLE PRECISION";
      default -> type.name();
    };
  }

  /** Returns the class {@code getObject} returns. */
  public static Class<?> objectClass(DataType type) {
    return switch (type) {
      case TINYINT, SMALLINT -> Integer.class;
      case DATE -> java.sql.Date.class;
      case TIME -> java.sql.Time.class;
      case TIMESTAMP -> java.sql.Timestamp.class;
      case INSTANT -> OffsetDateTime.class;
      default -> type.javaType();
    };
  }

  /** Returns the number of digits, characters or bytes; 0 if there is no bound. */
  public static int precision(DataType type) {
    return switch (type) {
      case BOOLEAN -> 1;
      case TINYINT -> 3;
      case SMALLINT -> 5;
      case INTEGER, DATE -> 10;
      case BIGINT -> 19;
      case REAL -> 7;
      case DOUBLE -> 15;
      case DECIMAL -> 1000;
      case UUID -> 36;
      case TIME -> 18;
      case TIMESTAMP -> 29;
      case INSTANT -> 35;
      case VARCHAR, VARBINARY, LIST, MAP, ANY -> Integer.MAX_VALUE;
    };
  }

  /** Returns the digits after the point that the type names; decimals keep what each value has. */
  public static int scale(DataType type) {
    return switch (type) {
      case TIME, TIMESTAMP, INSTANT -> 9;
      default -> 0;
    };
  }

  /** Returns the width a tool should show. */
  public static int displaySize(DataType type) {
    return switch (type) {
      case BOOLEAN -> 5;
      case VARCHAR, VARBINARY, LIST, MAP, ANY -> Integer.MAX_VALUE;
      case REAL -> 15;
      case DOUBLE -> 24;
      default -> precision(type) + (isSigned(type) ? 1 : 0);
    };
  }

  /** Returns whether the type is a signed number. */
  public static boolean isSigned(DataType type) {
    return switch (type) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, DECIMAL -> true;
      default -> false;
    };
  }

  /** Returns the object JDBC prescribes for {@code getObject} of a stored value. */
  public static @Nullable Object toJdbcObject(@Nullable Object value) {
    if (value instanceof Short || value instanceof Byte) {
      return ((Number) value).intValue();
    }
    if (value instanceof LocalDate) {
      return Temporal.toSqlDate(value, null);
    }
    if (value instanceof LocalTime) {
      return Temporal.toSqlTime(value, null);
    }
    if (value instanceof LocalDateTime) {
      return Temporal.toSqlTimestamp(value, null);
    }
    if (value instanceof Instant instant) {
      return instant.atOffset(ZoneOffset.UTC);
    }
    if (value instanceof byte[] bytes) {
      return bytes.clone();
    }
    return value;
  }

  /** Returns a stored value as an object of the class the caller names. */
  @SuppressWarnings("JavaUtilDate") // callers ask for it
  public static @Nullable Object toClass(@Nullable Object value, Class<?> wanted) {
    if (value == null || wanted == Object.class) {
      return value;
    }
    if (wanted == String.class) {
      return Conversions.toText(value);
    }
    Object number = toNumber(value, wanted);
    if (number != null) {
      return number;
    }
    Object time = toTime(value, wanted);
    if (time != null) {
      return time;
    }
    if (wanted == byte[].class) {
      return Conversions.toBytes(value);
    }
    if (wanted == java.util.UUID.class && value instanceof String text) {
      return java.util.UUID.fromString(text.strip());
    }
    if (wanted.isInstance(value)) {
      return value;
    }
    throw Conversions.wrongType(value, wanted.getName(), null);
  }

  private static @Nullable Object toNumber(Object value, Class<?> wanted) {
    if (wanted == Long.class) {
      return Conversions.toLong(value, Long.MIN_VALUE, Long.MAX_VALUE, "BIGINT");
    }
    if (wanted == Integer.class) {
      return (int) Conversions.toLong(value, Integer.MIN_VALUE, Integer.MAX_VALUE, "INTEGER");
    }
    if (wanted == Short.class) {
      return (short) Conversions.toLong(value, Short.MIN_VALUE, Short.MAX_VALUE, "SMALLINT");
    }
    if (wanted == Byte.class) {
      return (byte) Conversions.toLong(value, Byte.MIN_VALUE, Byte.MAX_VALUE, "TINYINT");
    }
    if (wanted == Double.class) {
      return Conversions.toDouble(value);
    }
    if (wanted == Float.class) {
      return (float) Conversions.toDouble(value);
    }
    if (wanted == BigDecimal.class) {
      return Conversions.toDecimal(value);
    }
    if (wanted == java.math.BigInteger.class) {
      return Conversions.toDecimal(value).toBigInteger();
    }
    return wanted == Boolean.class ? Conversions.toBoolean(value) : null;
  }

  @SuppressWarnings("JavaUtilDate") // callers ask for it
  private static @Nullable Object toTime(Object value, Class<?> wanted) {
    if (wanted == LocalDate.class) {
      return Temporal.toLocalDate(value);
    }
    if (wanted == LocalTime.class) {
      return Temporal.toLocalTime(value);
    }
    if (wanted == LocalDateTime.class) {
      return Temporal.toLocalDateTime(value);
    }
    if (wanted == Instant.class) {
      return Temporal.toInstant(value);
    }
    if (wanted == OffsetDateTime.class) {
      return Temporal.toOffsetDateTime(value);
    }
    if (wanted == ZonedDateTime.class) {
      return Temporal.toOffsetDateTime(value).toZonedDateTime();
    }
    if (wanted == java.sql.Date.class) {
      return Temporal.toSqlDate(value, null);
    }
    if (wanted == java.sql.Time.class) {
      return Temporal.toSqlTime(value, null);
    }
    if (wanted == java.sql.Timestamp.class) {
      return Temporal.toSqlTimestamp(value, null);
    }
    return wanted == java.util.Date.class
        ? new java.util.Date(Temporal.toInstant(value).toEpochMilli())
        : null;
  }
}
