package io.larder.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DataTypeTest {

  static List<Arguments> conversions() {
    return List.of(
        Arguments.of(DataType.BOOLEAN, " TRUE ", true),
        Arguments.of(DataType.TINYINT, 127L, (byte) 127),
        Arguments.of(DataType.SMALLINT, "-5", (short) -5),
        Arguments.of(DataType.INTEGER, new BigDecimal("7.00"), 7),
        Arguments.of(DataType.BIGINT, 7.0, 7L),
        Arguments.of(DataType.REAL, 0.1, 0.1f),
        Arguments.of(DataType.DOUBLE, new BigDecimal("0.1"), 0.1),
        Arguments.of(DataType.DOUBLE, 3, 3.0),
        Arguments.of(DataType.DECIMAL, 0.1, new BigDecimal("0.1")),
        Arguments.of(DataType.DECIMAL, BigInteger.TEN, new BigDecimal("10")),
        Arguments.of(DataType.VARCHAR, new BigDecimal("1E3"), "1000"),
        Arguments.of(DataType.VARCHAR, new BigDecimal("1E+1000000000"), "1E+1000000000"),
        Arguments.of(DataType.VARCHAR, TimeUnit.DAYS, "DAYS"),
        Arguments.of(DataType.VARBINARY, "00ff", new byte[] {0, -1}),
        Arguments.of(
            DataType.UUID,
            "00112233-4455-6677-8899-aabbccddeeff",
            new UUID(0x0011223344556677L, 0x8899aabbccddeeffL)),
        Arguments.of(DataType.DATE, "2024-02-29", LocalDate.of(2024, 2, 29)),
        Arguments.of(DataType.DATE, java.sql.Date.valueOf("2024-02-29"), LocalDate.of(2024, 2, 29)),
        Arguments.of(DataType.TIME, java.sql.Time.valueOf("01:02:03"), LocalTime.of(1, 2, 3)),
        Arguments.of(
            DataType.TIMESTAMP,
            "2024-02-29 01:02:03.5",
            LocalDateTime.of(2024, 2, 29, 1, 2, 3, 500_000_000)),
        Arguments.of(
            DataType.TIMESTAMP,
            java.sql.Timestamp.valueOf("2024-02-29 01:02:03"),
            LocalDateTime.of(2024, 2, 29, 1, 2, 3)),
        Arguments.of(DataType.INSTANT, "1970-01-01T01:00:00+01:00", Instant.EPOCH),
        Arguments.of(DataType.INSTANT, "1970-01-01", Instant.EPOCH),
        Arguments.of(
            DataType.INSTANT, OffsetDateTime.parse("1970-01-01T01:00:00+01:00"), Instant.EPOCH),
        Arguments.of(DataType.INSTANT, new java.util.Date(0), Instant.EPOCH),
        Arguments.of(DataType.LIST, new Object[] {1, null}, Arrays.asList(1, null)),
        Arguments.of(DataType.LIST, new HashSet<>(Arrays.asList(1, null)), Arrays.asList(null, 1)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("conversions")
  void convert_valueThatFits_isTheCanonicalType(DataType type, Object value, Object expected) {
    assertThat(type.convert(value)).isEqualTo(expected).isInstanceOf(type.javaType());
  }

  static List<Arguments> misfits() {
    return List.of(
        Arguments.of(DataType.BOOLEAN, "yes"),
        Arguments.of(DataType.TINYINT, 128),
        Arguments.of(DataType.INTEGER, 1L << 31),
        Arguments.of(DataType.INTEGER, "1.5"),
        Arguments.of(DataType.BIGINT, Double.NaN),
        Arguments.of(DataType.REAL, 16_777_217),
        Arguments.of(DataType.REAL, 1e300),
        Arguments.of(DataType.DOUBLE, Long.MAX_VALUE),
        Arguments.of(DataType.DOUBLE, new BigDecimal("1e400")),
        Arguments.of(DataType.VARCHAR, List.of()),
        Arguments.of(DataType.VARBINARY, "0"),
        Arguments.of(DataType.UUID, "x"),
        Arguments.of(DataType.DATE, "2024-02-30"),
        Arguments.of(DataType.DATE, LocalDateTime.of(2024, 1, 1, 1, 0)),
        Arguments.of(DataType.INSTANT, LocalTime.NOON),
        Arguments.of(DataType.MAP, List.of()));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("misfits")
  void convert_valueThatDoesNotFit_namesValueAndType(DataType type, Object value) {
    assertThatThrownBy(() -> type.convert(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(value))
        .hasMessageContaining(value.getClass().getTypeName())
        .hasMessageContaining(type.name());
  }

  @ParameterizedTest
  @EnumSource(DataType.class)
  void convert_null_isNull(DataType type) {
    assertThat(type.convert(null)).isNull();
  }

  @ParameterizedTest
  @EnumSource(value = DataType.class, mode = EnumSource.Mode.EXCLUDE, names = "ANY")
  void of_canonicalType_isTheTypeItself(DataType type) {
    assertThat(DataType.of(type.javaType())).isEqualTo(type);
  }

  @Test
  void of_otherClasses_isWhatTheirColumnIs() {
    assertThat(DataType.of(int.class)).isEqualTo(DataType.INTEGER);
    assertThat(DataType.of(TimeUnit.class)).isEqualTo(DataType.VARCHAR);
    assertThat(DataType.of(ArrayList.class)).isEqualTo(DataType.LIST);
    assertThat(DataType.of(HashMap.class)).isEqualTo(DataType.MAP);
    assertThat(DataType.of(Set.class)).isEqualTo(DataType.ANY);
    assertThat(DataType.of(Thread.class)).isEqualTo(DataType.ANY);
  }
}
