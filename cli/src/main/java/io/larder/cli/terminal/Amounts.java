package io.larder.cli.terminal;

import java.util.Locale;

/** Sizes, durations and rates as people read them. */
public final class Amounts {

  private Amounts() {}

  /** Returns a size such as {@code 12.3 MB} (1 MB = 1024 x 1024 bytes). */
  public static String bytes(long sizeBytes) {
    if (sizeBytes < 1024) {
      return sizeBytes + " B";
    }
    String[] units = {"KB", "MB", "GB", "TB", "PB"};
    double size = sizeBytes;
    int unit = -1;
    while (size >= 1024 && unit < units.length - 1) {
      size /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", size, units[unit]);
  }

  /** Returns a duration such as {@code 850 us}, {@code 12.3 ms} or {@code 4.2 s}. */
  public static String duration(long nanos) {
    if (nanos < 1_000_000) {
      return nanos / 1_000 + " us";
    }
    return nanos < 1_000_000_000L
        ? String.format(Locale.ROOT, "%.1f ms", nanos / 1e6)
        : String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
  }

  /** Returns a rate such as {@code 12,345/s}. */
  public static String rate(long count, long nanos) {
    return String.format(Locale.ROOT, "%,d/s", Math.round(count * 1e9 / Math.max(1, nanos)));
  }

  /** Writes a number with its noun: {@code 1 table}, {@code 2,000 tables}. */
  public static String count(long count, String singular, String plural) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? singular : plural);
  }
}
