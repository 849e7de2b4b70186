package io.larder.engine.internal.disk;

/**
 * Decides which runs to merge: neighbours of similar size, so that each entry is rewritten a number of times that
 * grows with the logarithm of the data, and a read touches few runs. Stateless; runs are given newest first.
 *
 * <ol>
 *   <li>Starting at each run from the newest on, neighbours are added while the next is at most half as large again
 *       as those before it together; four or more are merged.
 *   <li>If the runs take more than 1.3 times what is alive at worst, everything is merged: that bounds the space that
 *       shadowed and deleted entries take. At worst all newer runs repeat or delete entries of the oldest. While
 *       writers are busy this waits for two newer runs, so that small databases are not rewritten at every flush.
 *   <li>More than eight runs are merged whatever their sizes, save the oldest.
 * </ol>
 */
final class CompactionPicker {
  /** Runs above this number are merged whatever their sizes. */
  static final int RUNS_MAX = 8;

  private static final int WIDTH_MIN = 4;
  private static final int AMPLIFICATION_PERCENT_MAX = 130;

  /**
   * What is known of a run.
   *
   * @param bytes the size of its files
   * @param entryCount versions, tombstones included
   * @param deleteCount tombstones
   */
  record Shape(long bytes, long entryCount, long deleteCount) {}

  /** Neighbouring runs from one index up to another; none if both are equal. */
  record Span(int start, int end) {
    static final Span NONE = new Span(0, 0);

    boolean isEmpty() {
      return start == end;
    }
  }

  private CompactionPicker() {}

  /**
   * Returns the runs to merge now.
   *
   * @param settled whether nothing was written for a while
   */
  static Span pick(Shape[] runs, boolean settled) {
    Span similar = pickSimilar(runs, runs.length);
    if (!similar.isEmpty()) {
      return similar;
    }
    int runsMin = settled ? 2 : 3;
    if (runs.length >= runsMin && amplificationPercent(runs) > AMPLIFICATION_PERCENT_MAX) {
      return new Span(0, runs.length);
    }
    return runs.length > RUNS_MAX ? new Span(0, runs.length - 1) : Span.NONE;
  }

  /** Returns those of the newest runs to merge while a larger merge of the older ones is under way. */
  static Span pickNewer(Shape[] runs, int newest) {
    Span similar = pickSimilar(runs, newest);
    return similar.isEmpty() && newest > RUNS_MAX ? new Span(0, newest) : similar;
  }

  private static Span pickSimilar(Shape[] runs, int limit) {
    for (int start = 0; start + WIDTH_MIN <= limit; start++) {
      long together = runs[start].bytes();
      int end = start + 1;
      while (end < limit && runs[end].bytes() <= together + together / 2) {
        together += runs[end].bytes();
        end++;
      }
      if (end - start >= WIDTH_MIN) {
        return new Span(start, end);
      }
    }
    return Span.NONE;
  }

  /** Returns how many percent of what is alive at worst the runs take; 100 is perfect. */
  static long amplificationPercent(Shape[] runs) {
    if (runs.length == 0) {
      return 100;
    }
    Shape oldest = runs[runs.length - 1];
    long total = oldest.bytes();
    long deletes = 0;
    for (int index = 0; index < runs.length - 1; index++) {
      total += runs[index].bytes();
      deletes += runs[index].deleteCount();
    }
    double deleted = (double) oldest.bytes() / Math.max(1, oldest.entryCount()) * deletes;
    double alive = Math.max(1, oldest.bytes() - deleted);
    return (long) Math.min(Long.MAX_VALUE, total * 100.0 / alive);
  }

  /** Returns how many bytes of newer runs are above the share of the oldest that may lie there. */
  static long debtBytes(Shape[] runs) {
    if (runs.length < 2) {
      return 0;
    }
    long newer = 0;
    for (int index = 0; index < runs.length - 1; index++) {
      newer += runs[index].bytes();
    }
    long oldest = runs[runs.length - 1].bytes();
    return Math.max(0, newer - oldest * (AMPLIFICATION_PERCENT_MAX - 100) / 100);
  }
}
