package io.larder.cli.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a step took.
 *
 * @param name the step
 * @param operations how often it was done
 * @param nanos the time all of it took
 * @param medianNanos what half of the operations stayed under, 0 = was not measured one by one
 * @param percentile99Nanos what 99 % stayed under
 * @param slowestNanos the slowest
 * @param note what else is to be said
 */
public record Measurement(
    String name,
    long operations,
    long nanos,
    long medianNanos,
    long percentile99Nanos,
    long slowestNanos,
    String note) {

  static Measurement of(String name, long nanos, long[] each, String note) {
    long[] sorted = each.clone();
    Arrays.sort(sorted);
    int count = sorted.length;
    return new Measurement(
        name,
        count,
        nanos,
        count == 0 ? 0 : sorted[count / 2],
        count == 0 ? 0 : sorted[(int) Math.min(count - 1L, count * 99L / 100)],
        count == 0 ? 0 : sorted[count - 1],
        note);
  }

  static Measurement whole(String name, long operations, long nanos, String note) {
    return new Measurement(name, operations, nanos, 0, 0, 0, note);
  }

  /** Returns operations in a second. */
  public double perSecond() {
    return nanos == 0 ? 0 : operations * 1e9 / nanos;
  }

  /** Returns a time as people read it, nothing for 0. */
  public static String text(long nanos) {
    if (nanos == 0) {
      return "";
    } else if (nanos < 1_000_000) {
      return String.format(Locale.ROOT, nanos < 10_000 ? "%.2f us" : "%.0f us", nanos / 1e3);
    }
    return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
  }
}
