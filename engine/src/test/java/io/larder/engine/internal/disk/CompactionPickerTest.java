package io.larder.engine.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.internal.disk.CompactionPicker.Shape;
import io.larder.engine.internal.disk.CompactionPicker.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CompactionPickerTest {
  private static Shape[] runs(long... bytes) {
    Shape[] runs = new Shape[bytes.length];
    for (int index = 0; index < runs.length; index++) {
      runs[index] = new Shape(bytes[index], bytes[index], 0);
    }
    return runs;
  }

  @Test
  void pick_fourOfASize_areMerged_andTheLargeOneIsLeft() {
    assertThat(CompactionPicker.pick(runs(10, 10, 11, 9, 1_000), false)).isEqualTo(new Span(0, 4));
    assertThat(CompactionPicker.pick(runs(10, 10, 11, 1_000), false)).isEqualTo(Span.NONE);
  }

  @Test
  void pick_moreThan30PercentAbove_mergesAll_twoRunsOnlyOnceSettled() {
    assertThat(CompactionPicker.pick(runs(200, 110, 1_000), false)).isEqualTo(new Span(0, 3));
    assertThat(CompactionPicker.pick(runs(200, 90, 1_000), false)).isEqualTo(Span.NONE);
    assertThat(CompactionPicker.pick(runs(310, 1_000), false)).isEqualTo(Span.NONE);
    assertThat(CompactionPicker.pick(runs(310, 1_000), true)).isEqualTo(new Span(0, 2));
    assertThat(CompactionPicker.pick(runs(300, 1_000), true)).isEqualTo(Span.NONE);
  }

  @Test
  void pick_tombstones_countForWhatTheyHide() {
    Shape oldest = new Shape(100_000, 1_000, 0);
    Shape deletes = new Shape(4_000, 200, 200);
    assertThat(CompactionPicker.amplificationPercent(new Shape[] {deletes, oldest})).isEqualTo(130);
    Shape more = new Shape(8_000, 400, 400);
    assertThat(CompactionPicker.pick(new Shape[] {more, oldest}, true)).isEqualTo(new Span(0, 2));
  }

  @Test
  void pickNewer_neverTouchesTheRunsOfALargerMerge() {
    Shape[] runs = runs(10, 10, 10, 10, 10, 5_000);
    assertThat(CompactionPicker.pickNewer(runs, 3)).isEqualTo(Span.NONE);
    assertThat(CompactionPicker.pickNewer(runs, 4)).isEqualTo(new Span(0, 4));
  }

  /** Runs come one by one, each merge is done at once; all numbers in memtables. */
  @Test
  void pick_underLoad_keepsRunsFewAndRewritesEachEntryAFewTimes() {
    List<Shape> runs = new ArrayList<>();
    long written = 0;
    int most = 0;
    int flushes = 1_000;
    for (int flush = 0; flush < flushes; flush++) {
      runs.add(0, new Shape(100, 100, 0));
      written += 100;
      Span span = CompactionPicker.pick(runs.toArray(Shape[]::new), false);
      while (!span.isEmpty()) {
        List<Shape> merged = runs.subList(span.start(), span.end());
        long bytes = merged.stream().mapToLong(Shape::bytes).sum();
        written += bytes;
        merged.clear();
        runs.add(span.start(), new Shape(bytes, bytes, 0));
        span = CompactionPicker.pick(runs.toArray(Shape[]::new), false);
      }
      most = Math.max(most, runs.size());
    }
    System.out.printf(
        "picker: %d flushes of new keys, at most %d runs, each byte written %.1f times%n",
        flushes, most, written / 100.0 / flushes);
    assertThat(most).isLessThanOrEqualTo(CompactionPicker.RUNS_MAX);
    assertThat(written / 100.0 / flushes).isLessThan(9);
  }
}
