package io.larder.engine.internal.backup;

import io.larder.engine.api.BackupException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names of backups and recovery points: names of files that lead nowhere else. Stateless. */
final class Names {
  static final String INVENTORY = "INVENTORY";
  static final String PARTIAL_SUFFIX = ".partial";
  static final String ARCHIVE_SUFFIX = ".backup";
  static final String LOCK = "LOCK";
  private static final int LENGTH_MAX = 100;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Names() {}

  /** Returns a name made of a time; names sort as their times do. */
  static String ofTime(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis));
  }

  /** Returns the time a name was made of, or null if it was not made so. */
  static @Nullable Instant timeOf(String name) {
    try {
      return Instant.from(TIME.parse(name));
    } catch (DateTimeException e) {
      return null;
    }
  }

  static boolean isValid(String name) {
    return !name.isEmpty()
        && name.length() <= LENGTH_MAX
        && isLetterOrDigit(name.charAt(0))
        && name.chars().allMatch(each -> isLetterOrDigit(each) || "._-".indexOf(each) >= 0)
        && !name.endsWith(PARTIAL_SUFFIX)
        && !name.endsWith(ARCHIVE_SUFFIX)
        && !name.equals(LOCK);
  }

  private static boolean isLetterOrDigit(int each) {
    return each >= '0' && each <= '9' || each >= 'a' && each <= 'z' || each >= 'A' && each <= 'Z';
  }

  static String requireValid(String name) {
    if (!isValid(name)) {
      throw new BackupException(
          "found the name '"
              + name.replaceAll("[^\\x20-\\x7e]", "?")
              + "', expected at most "
              + LENGTH_MAX
              + " letters, digits, dots, hyphens and underscores, a letter or digit first");
    }
    return name;
  }
}
