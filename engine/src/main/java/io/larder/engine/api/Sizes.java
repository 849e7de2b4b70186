package io.larder.engine.api;

import java.util.Locale;

/** Reads and writes sizes in bytes as people do: {@code 10MB}, {@code 1KB}, {@code 512}. Stateless. */
public final class Sizes {
  private static final String EXPECTED =
      "expected a whole number of bytes, or one followed by KB, MB, GB or TB (1 KB = 1024 bytes)";

  private Sizes() {}

  /**
   * Parses a size; units are powers of 1024 and may be written in either case, with or without the B.
   *
   * @throws IllegalArgumentException saying what was found and what was expected
   */
  public static long parse(String text) {
    String trimmed = text.trim().toUpperCase(Locale.ROOT);
    int digits = 0;
    while (digits < trimmed.length() && Character.digit(trimmed.charAt(digits), 10) >= 0) {
      digits++;
    }
    if (digits == 0) {
      throw new IllegalArgumentException("found '" + text + "', " + EXPECTED);
    }
    try {
      long count = Long.parseLong(trimmed, 0, digits, 10);
      return Math.multiplyExact(count, unit(text, trimmed.substring(digits).trim()));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "found '" + text + "', which is too large; " + EXPECTED, e);
    }
  }

  /** Writes a size with the largest unit that loses nothing. */
  public static String format(long bytes) {
    String[] units = {"", "KB", "MB", "GB", "TB"};
    long count = bytes;
    int unit = 0;
    while (unit < units.length - 1 && count != 0 && count % 1024 == 0) {
      count /= 1024;
      unit++;
    }
    return count + units[unit];
  }

  private static long unit(String text, String name) {
    return switch (name) {
      case "", "B" -> 1L;
      case "K", "KB" -> 1L << 10;
      case "M", "MB" -> 1L << 20;
      case "G", "GB" -> 1L << 30;
      case "T", "TB" -> 1L << 40;
      default -> throw new IllegalArgumentException("found '" + text + "', " + EXPECTED);
    };
  }
}
