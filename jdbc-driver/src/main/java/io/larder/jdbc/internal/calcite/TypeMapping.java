package io.larder.jdbc.internal.calcite;

import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.tables.DataType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Types and values between Larder and Calcite, which counts dates in days and times in milliseconds: what
 * is finer is cut off while an expression computes with it.
 */
final class TypeMapping {
  private static final long MILLIS_PER_DAY = 86_400_000L;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private TypeMapping() {}

  /** Returns Calcite's type of a column. */
  static RelDataType toCalcite(RelDataTypeFactory factory, DataType type, boolean nullable) {
    RelDataType any = factory.createSqlType(SqlTypeName.ANY);
    RelDataType bare =
        switch (type) {
          case DECIMAL ->
              factory.createSqlType(
                  SqlTypeName.DECIMAL,
                  LarderTypeSystem.DECIMAL_PRECISION,
                  LarderTypeSystem.DECIMAL_SCALE);
          case INSTANT -> factory.createSqlType(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 3);
          case TIMESTAMP -> factory.createSqlType(SqlTypeName.TIMESTAMP, 3);
          case TIME -> factory.createSqlType(SqlTypeName.TIME, 3);
          case LIST -> factory.createArrayType(factory.createTypeWithNullability(any, true), -1);
          case MAP ->
              factory.createMapType(
                  factory.createTypeWithNullability(any, true),
                  factory.createTypeWithNullability(any, true));
          default -> factory.createSqlType(SqlTypeName.valueOf(type.name()));
        };
    return factory.createTypeWithNullability(bare, nullable);
  }

  /** Returns the type of an expression's values. */
  static DataType toLarder(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> DataType.BOOLEAN;
      case TINYINT -> DataType.TINYINT;
      case SMALLINT -> DataType.SMALLINT;
      case INTEGER -> DataType.INTEGER;
      case BIGINT -> DataType.BIGINT;
      case REAL -> DataType.REAL;
      case FLOAT, DOUBLE -> DataType.DOUBLE;
      case DECIMAL -> DataType.DECIMAL;
      case CHAR, VARCHAR -> DataType.VARCHAR;
      case BINARY, VARBINARY -> DataType.VARBINARY;
      case UUID -> DataType.UUID;
      case DATE -> DataType.DATE;
      case TIME -> DataType.TIME;
      case TIMESTAMP -> DataType.TIMESTAMP;
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ -> DataType.INSTANT;
      case ARRAY, MULTISET -> DataType.LIST;
      case MAP -> DataType.MAP;
      default -> DataType.ANY;
    };
  }

  /** Turns a stored value into what Calcite's code computes with. */
  static @Nullable Object toInternal(DataType type, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return switch (type) {
      case DATE -> (int) ((LocalDate) value).toEpochDay();
      case TIME -> (int) (((LocalTime) value).toNanoOfDay() / NANOS_PER_MILLI);
      case TIMESTAMP -> ((LocalDateTime) value).toInstant(ZoneOffset.UTC).toEpochMilli();
      case INSTANT -> ((Instant) value).toEpochMilli();
      case VARBINARY -> new ByteString((byte[]) value);
      default -> value;
    };
  }

  /** Turns what Calcite's code computed into a value of the type. */
  static @Nullable Object fromInternal(DataType type, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return switch (type) {
      case DATE -> LocalDate.ofEpochDay(number(value));
      case TIME ->
          LocalTime.ofNanoOfDay(Math.floorMod(number(value), MILLIS_PER_DAY) * NANOS_PER_MILLI);
      case TIMESTAMP ->
          LocalDateTime.ofInstant(Instant.ofEpochMilli(number(value)), ZoneOffset.UTC);
      case INSTANT -> Instant.ofEpochMilli(number(value));
      case VARBINARY -> value instanceof ByteString bytes ? bytes.getBytes() : value;
      case TINYINT -> (byte) number(value);
      case SMALLINT -> (short) number(value);
      case INTEGER -> Math.toIntExact(number(value));
      case BIGINT -> number(value);
      case REAL -> ((Number) value).floatValue();
      case DOUBLE -> ((Number) value).doubleValue();
      case DECIMAL -> decimal(value);
      case VARCHAR -> value.toString();
      case LIST, MAP, ANY -> plain(value);
      case BOOLEAN, UUID -> value;
    };
  }

  private static long number(Object value) {
    if (value instanceof BigDecimal decimal) {
      return decimal.longValueExact();
    }
    if (value instanceof Number number) {
      return number.longValue();
    }
    throw new StatementException(
        SqlState.INTERNAL, "found a " + value.getClass().getName() + ", expected a number");
  }

  /** Columns of decimals have a scale that only bounds them: zeros it adds are taken off again. */
  private static BigDecimal decimal(Object value) {
    BigDecimal decimal =
        value instanceof BigDecimal exact ? exact : new BigDecimal(value.toString());
    if (decimal.scale() < LarderTypeSystem.DECIMAL_SCALE) {
      return decimal;
    }
    BigDecimal stripped = decimal.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  private static Object plain(Object value) {
    if (value instanceof ByteString bytes) {
      return bytes.getBytes();
    }
    if (value instanceof Object[] fields) {
      return new ArrayList<>(Arrays.asList(fields));
    }
    return value instanceof List<?> list ? new ArrayList<>(list) : value;
  }
}
