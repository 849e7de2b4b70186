package io.larder.engine.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which backups stay. Immutable.
 *
 * @param newest how many of the newest stay, whatever their age; at least 1
 * @param age how long others stay, or null if none does
 */
public record BackupRetention(int newest, @Nullable Duration age) {
  private static final int NEWEST_MAX = 1_000_000;

  /** Checks the values. */
  public BackupRetention {
    if (newest < 1 || newest > NEWEST_MAX) {
      throw new IllegalArgumentException(
          "found " + newest + " backups to keep, expected 1 to " + NEWEST_MAX);
    }
  }

  /**
   * Reads {@code 7} (the newest seven) or {@code 30d} (all of the last 30 days, and the newest in any case).
   *
   * @throws IllegalArgumentException saying what was found and what was expected
   */
  public static BackupRetention parse(String text) {
    String trimmed = text.trim();
    boolean number = !trimmed.isEmpty() && trimmed.chars().allMatch(Character::isDigit);
    if (number && trimmed.length() <= 7) {
      return new BackupRetention(Integer.parseInt(trimmed), null);
    }
    try {
      return new BackupRetention(1, Durations.parse(trimmed));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "found '" + text + "', expected a number of backups such as 7, or an age such as 30d", e);
    }
  }
}
