package io.larder.cli.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON value (RFC 8259, nothing beyond it). Objects become maps in their order, arrays
 * lists, numbers {@link Long}, {@link BigInteger} or, with fraction or exponent, {@link
 * BigDecimal}, so that nothing is lost. Not thread-safe.
 */
public final class JsonParser {
  private static final int DEPTH_MAX = 64;
  private static final int NUMBER_CHARACTERS_MAX = 1_000;

  private final String text;
  private int position;

  private JsonParser(String text) {
    this.text = text;
  }

  /**
   * Reads a text that is one JSON value.
   *
   * @throws JsonSyntaxException if it is not
   */
  public static @Nullable Object parse(String text) {
    JsonParser parser = new JsonParser(text);
    Object value = parser.value(0);
    parser.skipSpace();
    if (parser.position < text.length()) {
      throw parser.unexpected("the end of the line");
    }
    return value;
  }

  private @Nullable Object value(int depth) {
    skipSpace();
    if (depth > DEPTH_MAX) {
      throw error("values are nested more than " + DEPTH_MAX + " deep");
    }
    int unit = peek();
    return switch (unit) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> {
        if (unit == '-' || isDigit(unit)) {
          yield number();
        }
        throw unexpected("a value");
      }
    };
  }

  private Map<String, @Nullable Object> object(int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    position++;
    skipSpace();
    if (peek() == '}') {
      position++;
      return map;
    }
    while (true) {
      skipSpace();
      int start = position;
      if (peek() != '"') {
        throw unexpected("a name in double quotes");
      }
      String name = string();
      skipSpace();
      expect(':');
      if (map.containsKey(name)) {
        position = start;
        throw error("the name '" + name + "' is there twice");
      }
      map.put(name, value(depth + 1));
      skipSpace();
      if (peek() != ',') {
        expect('}', "',' or '}'");
        return map;
      }
      position++;
    }
  }

  private List<@Nullable Object> array(int depth) {
    List<@Nullable Object> list = new ArrayList<>();
    position++;
    skipSpace();
    if (peek() == ']') {
      position++;
      return list;
    }
    while (true) {
      list.add(value(depth + 1));
      skipSpace();
      if (peek() != ',') {
        expect(']', "',' or ']'");
        return Collections.unmodifiableList(list);
      }
      position++;
    }
  }

  private String string() {
    int start = ++position;
    while (position < text.length()) {
      char unit = text.charAt(position);
      if (unit == '"') {
        return text.substring(start, position++);
      } else if (unit == '\\') {
        return stringWithEscapes(start);
      } else if (unit < 0x20) {
        throw unexpected("no control character within a text");
      }
      position++;
    }
    throw unexpected("'\"' at the end of the text that begins at column " + start);
  }

  private String stringWithEscapes(int start) {
    StringBuilder content = new StringBuilder().append(text, start, position);
    while (position < text.length()) {
      char unit = text.charAt(position);
      if (unit == '"') {
        position++;
        return content.toString();
      } else if (unit == '\\') {
        position++;
        content.append(escape());
      } else if (unit < 0x20) {
        throw unexpected("no control character within a text");
      } else {
        content.append(unit);
      }
      position++;
    }
    throw unexpected("'\"' at the end of the text that begins at column " + start);
  }

  /** Leaves the position at the last character of the escape. */
  private char escape() {
    return switch (peek()) {
      case '"' -> '"';
      case '\\' -> '\\';
      case '/' -> '/';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw unexpected("one of \" \\ / b f n r t u behind the backslash");
    };
  }

  private char unicode() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      position++;
      int digit = position < text.length() ? Character.digit(text.charAt(position), 16) : -1;
      if (digit < 0 || text.charAt(position) > 'f') {
        throw unexpected("four hexadecimal digits behind \\u");
      }
      code = code << 4 | digit;
    }
    return (char) code;
  }

  private Number number() {
    int start = position;
    if (peek() == '-') {
      position++;
    }
    boolean zero = peek() == '0';
    int digits = digits();
    if (zero && digits > 1) {
      position = start;
      throw error("found a number that begins with 0, expected no leading zero");
    }
    boolean whole = true;
    if (peek() == '.') {
      position++;
      digits();
      whole = false;
    }
    if (peek() == 'e' || peek() == 'E') {
      position++;
      if (peek() == '+' || peek() == '-') {
        position++;
      }
      digits();
      whole = false;
    }
    return number(start, text.substring(start, position), whole);
  }

  private Number number(int start, String literal, boolean whole) {
    if (literal.length() > NUMBER_CHARACTERS_MAX) {
      position = start;
      throw error(
          "a number has "
              + literal.length()
              + " characters, the limit is "
              + NUMBER_CHARACTERS_MAX);
    }
    if (!whole) {
      try {
        return new BigDecimal(literal);
      } catch (NumberFormatException | ArithmeticException e) {
        position = start;
        throw error("the exponent of the number is out of range");
      }
    }
    BigInteger value = new BigInteger(literal);
    return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
  }

  private int digits() {
    int start = position;
    while (isDigit(peek())) {
      position++;
    }
    if (position == start) {
      throw unexpected("a digit");
    }
    return position - start;
  }

  private static boolean isDigit(int unit) {
    return unit >= '0' && unit <= '9';
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    if (!text.startsWith(word, position)) {
      throw unexpected(word);
    }
    position += word.length();
    return value;
  }

  private void skipSpace() {
    while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private int peek() {
    return position < text.length() ? text.charAt(position) : -1;
  }

  private void expect(char unit) {
    expect(unit, "'" + unit + "'");
  }

  private void expect(char unit, String expected) {
    if (peek() != unit) {
      throw unexpected(expected);
    }
    position++;
  }

  private JsonSyntaxException unexpected(String expected) {
    String found =
        position >= text.length()
            ? "the end of the line"
            : "'" + Character.toString(text.codePointAt(position)) + "'";
    return error("found " + found + ", expected " + expected);
  }

  private JsonSyntaxException error(String message) {
    return new JsonSyntaxException(position + 1, message);
  }
}
