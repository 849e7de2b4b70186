package io.larder.benchmarks.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One size of the scaling table. Immutable.
 *
 * @param entries how many entries
 * @param valueBytes the size of every value
 */
record ScalingCell(long entries, int valueBytes) {

  private static final double BASE_WEIGHT = 4;
  private static final double WEIGHT_A_BYTE = 1e-8;
  private static final double WEIGHT_AN_ENTRY = 2e-6;
  private static final double SAME = 1.5;

  /**
   * All combinations, with fewer entries where they would hold more than {@code bytesMax}; a cell
   * that would then be much like the one before it is left out.
   */
  static List<ScalingCell> cells(List<Long> entryCounts, List<Integer> valueSizes, long bytesMax) {
    List<ScalingCell> cells = new ArrayList<>();
    for (int valueBytes : valueSizes) {
      long entriesMax = Math.max(1, bytesMax / (Records.KEY_BYTES + valueBytes));
      long last = 0;
      for (long entries : entryCounts.stream().sorted().toList()) {
        long bounded = Math.min(entries, entriesMax);
        if (bounded >= last * SAME) {
          cells.add(new ScalingCell(bounded, valueBytes));
          last = bounded;
        }
      }
    }
    return cells;
  }

  DataShape shape() {
    return new DataShape(entries, valueBytes);
  }

  /** How long it takes beside others, roughly. */
  double weight() {
    return BASE_WEIGHT + WEIGHT_A_BYTE * shape().bytes() + WEIGHT_AN_ENTRY * entries;
  }

  /** As in file names. */
  String id() {
    return entries + "x" + valueBytes;
  }

  String label() {
    return count(entries) + " x " + size(valueBytes);
  }

  static String count(long entries) {
    return entries >= 100_000
        ? String.format(Locale.ROOT, "%.1f M", entries / 1e6)
        : String.format(Locale.ROOT, "%.1f k", entries / 1e3);
  }

  private static String size(int bytes) {
    if (bytes >= 1 << 20) {
      return (bytes >> 20) + " MB";
    }
    return bytes >= 1 << 10 ? (bytes >> 10) + " KB" : bytes + " B";
  }
}
