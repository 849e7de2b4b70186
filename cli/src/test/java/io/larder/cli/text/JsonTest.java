package io.larder.cli.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void parse_everyKindOfValue() {
    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("a", 1L);
    expected.put("b", new BigDecimal("-1.50E+2"));
    expected.put("c", BigInteger.ONE.shiftLeft(64));
    expected.put("d", Arrays.asList(true, false, null, "x\n\"\\/\u00e9\uD83D\uDE00"));
    expected.put("e", Map.of());
    expected.put("f", List.of());

    assertThat(
            JsonParser.parse(
                " {\"a\":1, \"b\" : -1.50E+2,\"c\":18446744073709551616,\n\"d\":[true,false,null,"
                    + "\"x\\n\\\"\\\\\\/\\u00e9\\ud83d\\uDE00\"],\"e\":{},\"f\":[ ]}\t"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``            | 1 | the end of the line",
        "{\"a\" 1}     | 6 | found '1', expected ':'",
        "{\"a\":1      | 7 | expected ',' or '}'",
        "[1,]          | 4 | found ']', expected a value",
        "tru           | 1 | expected true",
        "nul           | 1 | expected null",
        "1 2           | 3 | expected the end of the line",
        "1.            | 3 | expected a digit",
        "-             | 2 | expected a digit",
        "1e            | 3 | expected a digit",
        "01            | 1 | begins with 0",
        "\"a           | 3 | expected '\"'",
        "\"\\u12g4\"   | 6 | four hexadecimal digits",
        "\"\\x\"       | 3 | behind the backslash",
        "'a'           | 1 | found ''', expected a value",
        "NaN           | 1 | expected a value",
      })
  void parse_malformed_namesColumn(String text, int column, String message) {
    assertThatThrownBy(() -> JsonParser.parse(text))
        .isInstanceOfSatisfying(
            JsonSyntaxException.class, e -> assertThat(e.column()).isEqualTo(column))
        .hasMessageContaining(message);
  }

  @Test
  void parse_tooDeepOrTooLong_isRefused() {
    assertThatThrownBy(() -> JsonParser.parse("[".repeat(100_000)))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessageContaining("64 deep");
    assertThatThrownBy(() -> JsonParser.parse("9".repeat(100_000)))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessageContaining("the limit is 1000");
    assertThatThrownBy(() -> JsonParser.parse("1e99999999999"))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessageContaining("exponent");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void write_thenParse_isTheSame(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      Object value = value(random, 0);
      String text = Json.write(value);
      assertThat(JsonParser.parse(text)).as("seed " + seed + ": " + text).isEqualTo(value);
      assertThat(text).doesNotContain("\n");
    }
  }

  private static @Nullable Object value(SplittableRandom random, int depth) {
    return switch (random.nextInt(depth > 3 ? 5 : 7)) {
      case 0 -> random.nextBoolean();
      case 1 -> random.nextLong();
      case 2 -> BigDecimal.valueOf(random.nextLong(), random.nextInt(1, 20));
      case 3 -> null;
      case 4 -> text(random);
      case 5 -> {
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(value(random, depth + 1));
        }
        yield elements;
      }
      default -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          map.put("n" + i, value(random, depth + 1));
        }
        yield map;
      }
    };
  }

  private static String text(SplittableRandom random) {
    char[] units = new char[random.nextInt(12)];
    for (int i = 0; i < units.length; i++) {
      units[i] = (char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(0x10000));
    }
    return new String(units);
  }

  @Test
  void byteText_roundTrips() {
    for (String text : List.of("tea", "", "0x", "0xzz", "caf\u00e9", "a\u0000b", "\uFEFF")) {
      byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      assertThat(ByteText.parse(ByteText.show(bytes, false), false)).isEqualTo(bytes);
      assertThat(ByteText.parse(ByteText.show(bytes, true), true)).isEqualTo(bytes);
    }
    byte[] noText = {(byte) 0xC3, 0x28};
    assertThat(ByteText.show(noText, false)).isEqualTo("0xc328");
  }
}
