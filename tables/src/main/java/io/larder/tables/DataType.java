package io.larder.tables;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The types of columns, each with its canonical Java type and its code in the catalog. */
public enum DataType {
  /** True or false; false sorts first. */
  BOOLEAN(1, Boolean.class),
  /** 8 bits. */
  TINYINT(2, Byte.class),
  /** 16 bits. */
  SMALLINT(3, Short.class),
  /** 32 bits. */
  INTEGER(4, Integer.class),
  /** 64 bits. */
  BIGINT(5, Long.class),
  /** Binary floating point of 32 bits, sorted as {@link Float#compare}. */
  REAL(6, Float.class),
  /** Binary floating point of 64 bits, sorted as {@link Double#compare}. */
  DOUBLE(7, Double.class),
  /** Decimal numbers of any size, sorted by number, equal numbers by scale. */
  DECIMAL(8, BigDecimal.class),
  /** Text, sorted by code point. */
  VARCHAR(9, String.class),
  /** Bytes, sorted as unsigned. */
  VARBINARY(10, byte[].class),
  /** A universally unique identifier, sorted as {@link java.util.UUID#compareTo}. */
  UUID(11, UUID.class),
  /** A date without zone. */
  DATE(12, LocalDate.class),
  /** A time of day without zone, to the nanosecond. */
  TIME(13, LocalTime.class),
  /** Date and time without zone, to the nanosecond. */
  TIMESTAMP(14, LocalDateTime.class),
  /** A point in time, to the nanosecond. */
  INSTANT(15, Instant.class),
  /** Values in an order. */
  LIST(16, List.class),
  /** Keys and values. */
  MAP(17, Map.class),
  /** Any value: it describes itself. */
  ANY(18, Object.class);

  private final int code;
  private final Class<?> javaType;

  DataType(int code, Class<?> javaType) {
    this.code = code;
    this.javaType = javaType;
  }

  /** Returns the canonical Java type: what reading a column of this type gives. */
  public Class<?> javaType() {
    return javaType;
  }

  /** Returns the number that stands for the type in the catalog; never changes. */
  int code() {
    return code;
  }

  /**
   * Converts a value to the canonical Java type without loss: widens numbers, narrows those that fit, parses text,
   * turns {@code java.util.Date} and {@code java.sql} times into {@code java.time}. Null stays null.
   *
   * @throws IllegalArgumentException if the value does not fit; the message names value and type
   */
  public @Nullable Object convert(@Nullable Object value) {
    return Conversions.convert(this, value);
  }

  /** Returns the type for a Java class: that of the column which a field or value of the class becomes. */
  public static DataType of(Class<?> type) {
    return Conversions.typeOf(type);
  }
}
