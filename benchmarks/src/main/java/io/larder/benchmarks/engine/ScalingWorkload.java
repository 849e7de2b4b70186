package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Step;
import io.larder.benchmarks.harness.Unit;
import java.util.Arrays;
import java.util.List;

/** What is measured at every size. The names are part of the result files. */
enum ScalingWorkload {
  /** Runs everything on a small store, for the JIT compiler; no row of its own. */
  WARM_UP("", Unit.MILLISECONDS),
  FILL("fill", Unit.OPERATIONS_PER_SECOND),
  /** Flushes and compacts; no row of its own. */
  SETTLE("", Unit.MILLISECONDS),
  SIZE("size", Unit.MEBIBYTES),
  HIT("hit", Unit.OPERATIONS_PER_SECOND),
  MISS("miss", Unit.OPERATIONS_PER_SECOND),
  SCAN("scan, entries", Unit.OPERATIONS_PER_SECOND),
  RANGE("range of 100", Unit.OPERATIONS_PER_SECOND);

  private static final String AT = "@";

  private final String label;
  private final Unit unit;

  ScalingWorkload(String label, Unit unit) {
    this.label = label;
    this.unit = unit;
  }

  /** All steps of a cell, with those that only prepare. */
  static List<Step> steps(ScalingCell cell) {
    return Arrays.stream(values()).map(workload -> workload.step(cell)).toList();
  }

  /** The steps of a cell that are rows. */
  static List<Step> rows(ScalingCell cell) {
    return Arrays.stream(values())
        .filter(workload -> !workload.label.isEmpty())
        .map(workload -> workload.step(cell))
        .toList();
  }

  Step step(ScalingCell cell) {
    Step step = Step.warm(name() + AT + cell.id(), cell.label() + ", " + label, unit);
    return this == WARM_UP ? step.once() : step;
  }

  static ScalingWorkload of(String stepName) {
    return valueOf(stepName.substring(0, stepName.indexOf(AT)));
  }
}
