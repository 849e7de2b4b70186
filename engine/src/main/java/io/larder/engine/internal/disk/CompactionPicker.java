package io.larder.engine.internal.disk;

import java.util.Arrays;
import java.util.List;

/**
 * Decides which runs to merge: neighbours of similar size, so that each entry is rewritten a number of times that
 * grows with the logarithm of the data, and a read touches few runs. Stateless.
 *
 * <ol>
 *   <li>Starting at each run from the newest on, neighbours are added while the next is at most half as large again
 *       as those before it together; four or more are merged.
 *   <li>If what is above the oldest run has more than 30 % of its size, at least two runs of it, everything is
 *       merged: that bounds the space that shadowed versions take.
 *   <li>More than eight runs are merged whatever their sizes, save the oldest.
 * </ol>
 */
final class CompactionPicker {
  private static final int WIDTH_MIN = 4;
  private static final int RUNS_MAX = 8;

  private CompactionPicker() {}

  /** Returns neighbouring runs to merge; empty if there is nothing to do. The array is newest first. */
  static List<SortedRun> pick(SortedRun[] runs) {
    for (int start = 0; start + WIDTH_MIN <= runs.length; start++) {
      int end = endOfSimilar(runs, start);
      if (end - start >= WIDTH_MIN) {
        return Arrays.asList(runs).subList(start, end);
      }
    }
    if (runs.length > 2) {
      long oldest = runs[runs.length - 1].bytes();
      long above = bytes(runs, 0, runs.length - 1);
      if (above * 10 > oldest * 3) {
        return Arrays.asList(runs);
      }
    }
    return runs.length > RUNS_MAX ? Arrays.asList(runs).subList(0, runs.length - 1) : List.of();
  }

  private static int endOfSimilar(SortedRun[] runs, int start) {
    long together = runs[start].bytes();
    int end = start + 1;
    while (end < runs.length && runs[end].bytes() <= together + together / 2) {
      together += runs[end].bytes();
      end++;
    }
    return end;
  }

  private static long bytes(SortedRun[] runs, int start, int end) {
    long bytes = 0;
    for (int index = start; index < end; index++) {
      bytes += runs[index].bytes();
    }
    return bytes;
  }
}
