package io.larder.tables.internal.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.LimitExceededException;
import io.larder.tables.RandomValues;
import io.larder.tables.internal.bytes.ByteInput;
import io.larder.tables.internal.bytes.ByteOutput;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyEncodingTest {
  private static final long SEED = Long.getLong("larder.seed", 20260101L);
  private static final int VALUES = 2_000;

  private static final OpaqueKeys REFUSE =
      new OpaqueKeys() {
        @Override
        public byte[] write(Object value) {
          throw new IllegalArgumentException("no encoding for " + value.getClass());
        }

        @Override
        public Object read(byte[] stream) {
          return "serialized object of " + stream.length + " bytes";
        }
      };

  private static final KeyEncoder ENCODER = new KeyEncoder(REFUSE);
  private static final KeyDecoder DECODER = new KeyDecoder(REFUSE);

  private static final Comparator<BigDecimal> BY_NUMBER_THEN_SCALE =
      Comparator.<BigDecimal>naturalOrder().thenComparing(BigDecimal::scale);

  static Stream<Arguments> types() {
    return Stream.of(
        type("boolean", RandomValues::nextBoolean, Comparator.naturalOrder()),
        type("byte", RandomValues::nextByte, Comparator.naturalOrder()),
        type("short", RandomValues::nextShort, Comparator.naturalOrder()),
        type("integer", RandomValues::nextInteger, Comparator.naturalOrder()),
        type("long", RandomValues::nextLong, Comparator.naturalOrder()),
        type("float", RandomValues::nextFloat, Comparator.naturalOrder()),
        type("double", RandomValues::nextDouble, Comparator.naturalOrder()),
        type("big integer", RandomValues::nextBigInteger, Comparator.naturalOrder()),
        type("decimal", RandomValues::nextDecimal, BY_NUMBER_THEN_SCALE),
        type("character", RandomValues::nextCharacter, Comparator.naturalOrder()),
        type("text", RandomValues::nextString, KeyEncodingTest::compareCodePoints),
        type("bytes", RandomValues::nextBytes, Arrays::compareUnsigned),
        type("uuid", RandomValues::nextUuid, Comparator.naturalOrder()),
        type("date", RandomValues::nextDate, Comparator.naturalOrder()),
        type("time", RandomValues::nextTime, Comparator.naturalOrder()),
        type("timestamp", RandomValues::nextTimestamp, Comparator.naturalOrder()),
        type("instant", RandomValues::nextInstant, Comparator.naturalOrder()));
  }

  private static <T> Arguments type(
      String name, Function<RandomValues, T> source, Comparator<? super T> order) {
    return Arguments.of(name, source, order);
  }

  private static int compareCodePoints(String left, String right) {
    return Arrays.compare(left.codePoints().toArray(), right.codePoints().toArray());
  }

  private static byte[] components(Object... values) {
    ByteOutput output = ByteOutput.borrow();
    for (int i = 0; i < values.length; i++) {
      ENCODER.put(output, values[i], i == values.length - 1);
    }
    return output.finish();
  }

  private static List<Object> decode(byte[] key, int count) {
    ByteInput input = new ByteInput(key, "key");
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(DECODER.get(input, i == count - 1));
    }
    input.expectEnd();
    return values;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("types")
  <T> void encode_twoValues_bytesSortAsValuesDo(
      String name, Function<RandomValues, T> source, Comparator<T> order) {
    RandomValues values = new RandomValues(SEED);
    for (int i = 0; i < VALUES; i++) {
      T left = source.apply(values);
      T right = source.apply(values);
      int expected = Integer.signum(order.compare(left, right));
      int found =
          Integer.signum(Arrays.compareUnsigned(ENCODER.encode(left), ENCODER.encode(right)));
      assertThat(found).as("%s against %s, seed %s", left, right, SEED).isEqualTo(expected);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("types")
  <T> void encode_twoComponents_bytesSortByFirstThenSecond(
      String name, Function<RandomValues, T> source, Comparator<T> order) {
    RandomValues values = new RandomValues(SEED + 1);
    for (int i = 0; i < VALUES; i++) {
      T first = source.apply(values);
      T left = values.random().nextBoolean() ? first : source.apply(values);
      T second = source.apply(values);
      T right = source.apply(values);
      int byFirst = order.compare(first, left);
      int expected = Integer.signum(byFirst != 0 ? byFirst : order.compare(second, right));
      int found =
          Integer.signum(
              Arrays.compareUnsigned(components(first, second), components(left, right)));
      assertThat(found)
          .as("(%s, %s) against (%s, %s), seed %s", first, second, left, right, SEED)
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("types")
  <T> void decode_whatWasEncoded_givesTheSame(
      String name, Function<RandomValues, T> source, Comparator<T> order) {
    RandomValues values = new RandomValues(SEED + 2);
    for (int i = 0; i < VALUES; i++) {
      T first = source.apply(values);
      T second = source.apply(values);
      assertThat(decode(components(first, second), 2))
          .as("seed %s", SEED)
          .containsExactly(first, second);
      ByteInput input = new ByteInput(components(first, second), "key");
      KeyDecoder.skip(input);
      assertThat(DECODER.get(input, true)).isEqualTo(second);
    }
  }

  @Test
  void decode_nullsAndListsOfAnything_givesTheSame() {
    RandomValues values = new RandomValues(SEED + 3);
    for (int i = 0; i < VALUES; i++) {
      List<Object> inner = randomList(values);
      List<Object> outer = randomList(values);
      outer.add(inner);
      byte[] key = components(null, outer, values.nextString());
      List<Object> decoded = decode(key, 3);
      assertThat(decoded.get(0)).isNull();
      assertThat(decoded.get(1)).as("seed %s", SEED).isEqualTo(outer);
    }
  }

  private static List<Object> randomList(RandomValues values) {
    List<Object> list = new ArrayList<>();
    for (int size = values.random().nextInt(4); size > 0; size--) {
      list.add(values.nextScalar());
    }
    return list;
  }

  @Test
  void encode_lists_sortElementByElement() {
    List<List<Object>> ascending =
        List.of(
            List.of(),
            List.of("a"),
            List.of("a", 1),
            List.of("a", 2),
            List.of("a\0"),
            List.of("ab", 0));
    for (int i = 1; i < ascending.size(); i++) {
      assertThat(
              Arrays.compareUnsigned(
                  ENCODER.encode(ascending.get(i - 1)), ENCODER.encode(ascending.get(i))))
          .as("%s before %s", ascending.get(i - 1), ascending.get(i))
          .isNegative();
    }
  }

  @Test
  void encode_integersOfDifferentWidth_areDifferentKeys() {
    assertThat(ENCODER.encode(5)).isNotEqualTo(ENCODER.encode(5L));
    assertThat(ENCODER.encode(new BigDecimal("1.0")))
        .isNotEqualTo(ENCODER.encode(new BigDecimal("1.00")));
  }

  @Test
  void encode_decimalsOfOneNumber_shareTheirStart() {
    ByteOutput output = ByteOutput.borrow();
    KeyEncoder.putNumber(output, new BigDecimal("-120.50"));
    byte[] start = output.finish();
    for (String same : List.of("-120.5", "-120.500", "-1205E-1")) {
      assertThat(ENCODER.encode(new BigDecimal(same))).startsWith(start);
    }
    assertThat(Arrays.copyOf(ENCODER.encode(new BigDecimal("-120.51")), start.length))
        .isNotEqualTo(start);
  }

  @Test
  void encode_listInsideItself_isOverTheLimit() {
    List<Object> list = new ArrayList<>();
    list.add(list);
    assertThatThrownBy(() -> ENCODER.encode(list)).isInstanceOf(LimitExceededException.class);
  }

  @Test
  void encode_numberOfTooManyDigits_isOverTheLimit() {
    assertThatThrownBy(() -> ENCODER.encode(BigInteger.ONE.shiftLeft(100_000)))
        .isInstanceOf(LimitExceededException.class);
    assertThatThrownBy(() -> ENCODER.encode(new BigDecimal(BigInteger.TEN.pow(10_001))))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("10002");
  }

  @Test
  void decode_hostileBytes_isCorruptionOrAValue() {
    Random random = new Random(SEED);
    RandomValues values = new RandomValues(SEED + 4);
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = random.nextBoolean() ? mutated(values, random) : noise(random);
      try {
        DECODER.get(new ByteInput(bytes, "key"), random.nextBoolean());
      } catch (CorruptionException expected) {
        assertThat(expected).hasMessageContaining("key: at byte");
      }
      try {
        KeyDecoder.skip(new ByteInput(bytes, "key"));
      } catch (CorruptionException expected) {
        assertThat(expected).hasMessageContaining("key: at byte");
      }
    }
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(24)];
    random.nextBytes(bytes);
    if (bytes.length > 0) {
      bytes[0] = (byte) (random.nextInt(0x14) * 8 + random.nextInt(4));
    }
    return bytes;
  }

  private static byte[] mutated(RandomValues values, Random random) {
    byte[] bytes = components(values.nextScalar(), randomList(values));
    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    return random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
  }

  @Test
  void decode_decimalWithHugeScale_isCorruptionBeforeAllocation() {
    ByteOutput output = ByteOutput.borrow();
    KeyEncoder.putNumber(output, BigDecimal.ONE);
    NumberKeys.putOrdered(output, 2_000_000_000, 0);
    byte[] key = output.finish();
    assertThatThrownBy(() -> DECODER.get(new ByteInput(key, "key"), true))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("scale 2000000000");
  }
}
