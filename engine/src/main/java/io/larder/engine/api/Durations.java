package io.larder.engine.api;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Reads and writes durations as people do: {@code 100ms}, {@code 30s}, {@code PT30S}. Stateless. */
public final class Durations {
  private static final String EXPECTED =
      "expected a whole number followed by ms, s, m, h or d, or an ISO-8601 duration such as PT30S";

  private Durations() {}

  /**
   * Parses a duration that is not negative.
   *
   * @throws IllegalArgumentException saying what was found and what was expected
   */
  public static Duration parse(String text) {
    String trimmed = text.trim().toLowerCase(Locale.ROOT);
    try {
      Duration duration =
          trimmed.startsWith("p") || trimmed.startsWith("-p")
              ? Duration.parse(trimmed)
              : parseShort(trimmed);
      if (duration.isNegative()) {
        throw new IllegalArgumentException(
            "found '" + text + "', expected a duration that is not negative");
      }
      return duration;
    } catch (DateTimeParseException | NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException("found '" + text + "', " + EXPECTED, e);
    }
  }

  /** Writes a duration with the largest unit that loses nothing. */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    long[] sizes = {86_400_000, 3_600_000, 60_000, 1_000};
    String[] units = {"d", "h", "m", "s"};
    for (int unit = 0; unit < sizes.length; unit++) {
      if (millis != 0 && millis % sizes[unit] == 0) {
        return millis / sizes[unit] + units[unit];
      }
    }
    return millis + "ms";
  }

  private static Duration parseShort(String text) {
    int digits = 0;
    while (digits < text.length() && Character.digit(text.charAt(digits), 10) >= 0) {
      digits++;
    }
    long count = Long.parseLong(text, 0, digits, 10);
    if (count == 0 && digits == text.length()) {
      return Duration.ZERO; // which is the same in every unit
    }
    return switch (text.substring(digits).trim()) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m", "min" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> throw new NumberFormatException("no unit");
    };
  }
}
