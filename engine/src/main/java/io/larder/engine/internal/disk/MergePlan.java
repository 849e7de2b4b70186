package io.larder.engine.internal.disk;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.merge.MergingCursor;
import io.larder.engine.internal.table.TableMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A merge to do: neighbouring runs become one. Tables that need not be rewritten are carried over, tables in which
 * nothing is alive go unread. Immutable.
 *
 * @param runs the runs that the result replaces, newest first
 * @param sources what of them is read, newest first
 * @param removed the tables that go: those read and those that are dropped unread
 * @param carried the tables that stay, all of the oldest run
 * @param bottom whether nothing older lies below
 */
record MergePlan(
    List<SortedRun> runs,
    List<SortedRun> sources,
    List<TableHandle> removed,
    List<TableHandle> carried,
    boolean bottom) {
  /** Returns whether there is nothing to do. */
  boolean isIdle() {
    return runs.size() <= 1 && removed.isEmpty();
  }

  /** Returns whether it rewrites tables of one run, for the garbage in them alone. */
  boolean isSweep() {
    return runs.size() == 1;
  }

  /** Returns the place of the result among the runs. */
  long order() {
    return runs.get(runs.size() - 1).order();
  }

  /** Returns how many bytes are read. */
  long bytes() {
    return sources.stream().mapToLong(SortedRun::bytes).sum();
  }

  EntryCursor cursor() {
    List<EntryCursor> cursors = new ArrayList<>();
    sources.forEach(run -> cursors.add(run.cursor(false)));
    return MergingCursor.of(cursors, false);
  }

  /**
   * Plans a merge of neighbouring runs.
   *
   * @param carriedBytesMin a smaller table is merged with newer runs rather than carried over, or there would be
   *     ever more of them
   * @param isDead whether nothing in a table is alive; asked only where that lets it go unread
   * @param isClean whether a table of the oldest run has too little garbage to be rewritten for that
   */
  static MergePlan of(
      List<SortedRun> runs,
      boolean bottom,
      long carriedBytesMin,
      Predicate<TableHandle> isDead,
      Predicate<TableHandle> isClean) {
    SortedRun oldest = runs.get(runs.size() - 1);
    List<SortedRun> newer = runs.subList(0, runs.size() - 1);
    List<TableHandle> read = new ArrayList<>();
    List<TableHandle> carried = new ArrayList<>();
    List<TableHandle> removed = new ArrayList<>();
    for (TableHandle table : oldest.tables()) {
      if (bottom && isDead.test(table)) {
        removed.add(table);
      } else if (isClean.test(table) && isApart(table, newer, carriedBytesMin)) {
        carried.add(table);
      } else {
        read.add(table);
        removed.add(table);
      }
    }
    List<SortedRun> sources = new ArrayList<>(newer);
    newer.forEach(run -> removed.addAll(run.tables()));
    if (!read.isEmpty()) {
      sources.add(new SortedRun(oldest.order(), read));
    }
    return new MergePlan(runs, sources, removed, carried, bottom);
  }

  /** Returns whether no newer run has keys in a table's range, and the table is large enough to stay by itself. */
  private static boolean isApart(TableHandle table, List<SortedRun> newer, long carriedBytesMin) {
    TableMetadata metadata = table.metadata();
    return newer.isEmpty()
        || metadata.sizeBytes() >= carriedBytesMin
            && newer.stream().noneMatch(run -> run.overlaps(metadata));
  }
}
