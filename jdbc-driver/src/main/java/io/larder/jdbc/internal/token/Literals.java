package io.larder.jdbc.internal.token;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import org.jspecify.annotations.Nullable;

/** Reads literals. */
public final class Literals {
  private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private Literals() {}

  /**
   * Reads the literal at the tokenizer and moves past it: a number (Long, BigDecimal, Double), a text,
   * TRUE, FALSE, NULL, or DATE, TIME, TIMESTAMP with a text.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static @Nullable Object parse(Tokenizer tokens) {
    boolean negative = tokens.acceptSymbol("-");
    if (negative || tokens.acceptSymbol("+")) {
      return number(tokens, negative);
    }
    switch (tokens.kind()) {
      case STRING -> {
        String text = tokens.text();
        tokens.advance();
        return text;
      }
      case INTEGER, DECIMAL, DOUBLE -> {
        return number(tokens, false);
      }
      case WORD -> {
        return word(tokens);
      }
      default -> throw none(tokens);
    }
  }

  private static IllegalArgumentException none(Tokenizer tokens) {
    return new IllegalArgumentException("found " + tokens.text() + ", expected a literal");
  }

  private static Object number(Tokenizer tokens, boolean negative) {
    String text = negative ? "-" + tokens.text() : tokens.text();
    Object value;
    switch (tokens.kind()) {
      case INTEGER -> value = whole(text);
      case DECIMAL -> value = new BigDecimal(text);
      case DOUBLE -> value = Double.valueOf(text);
      default -> throw none(tokens);
    }
    tokens.advance();
    return value;
  }

  private static Object whole(String text) {
    if (text.length() <= 18) {
      return Long.parseLong(text);
    }
    BigInteger number = new BigInteger(text);
    return number.compareTo(LONG_MIN) >= 0 && number.compareTo(LONG_MAX) <= 0
        ? (Object) number.longValue()
        : new BigDecimal(number);
  }

  private static @Nullable Object word(Tokenizer tokens) {
    if (tokens.accept("NULL")) {
      return null;
    }
    if (tokens.accept("TRUE")) {
      return true;
    }
    if (tokens.accept("FALSE")) {
      return false;
    }
    if (tokens.is("DATE") || tokens.is("TIME") || tokens.is("TIMESTAMP")) {
      return temporal(tokens);
    }
    throw none(tokens);
  }

  private static Object temporal(Tokenizer tokens) {
    String type = tokens.text();
    tokens.advance();
    if (tokens.kind() != TokenKind.STRING) {
      throw none(tokens);
    }
    String text = tokens.text().strip();
    try {
      Object value;
      if (type.equalsIgnoreCase("DATE")) {
        value = LocalDate.parse(text);
      } else if (type.equalsIgnoreCase("TIME")) {
        value = LocalTime.parse(text);
      } else {
        value = LocalDateTime.parse(text.replace(' ', 'T'));
      }
      tokens.advance();
      return value;
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("found '" + text + "', expected a " + type, e);
    }
  }
}
