package io.larder.benchmarks.jdbc;

import io.larder.benchmarks.harness.Step;
import io.larder.benchmarks.harness.Unit;
import java.util.ArrayList;
import java.util.List;

/** What every database does, in the order of a round. The names are part of the result files. */
enum SqlWorkload {
  LOAD("load, batches of 1,000 rows a transaction, rows", Unit.OPERATIONS_PER_SECOND),
  SELECT_PREPARED("point select, prepared", Unit.OPERATIONS_PER_SECOND),
  SELECT_LITERAL("point select, fresh literals", Unit.OPERATIONS_PER_SECOND),
  INSERT("insert, prepared, autocommit", Unit.OPERATIONS_PER_SECOND),
  UPDATE("update by key, prepared, autocommit", Unit.OPERATIONS_PER_SECOND),
  DELETE("delete by key, prepared, autocommit", Unit.OPERATIONS_PER_SECOND),
  RANGE_100("range of 100 rows, prepared, ranges", Unit.OPERATIONS_PER_SECOND),
  SCAN_COUNT("count with a filter, no index, rows", Unit.OPERATIONS_PER_SECOND),
  GROUP_BY("group by, count and sum, rows", Unit.OPERATIONS_PER_SECOND),
  INSERT_SYNCED("insert, prepared, each commit synced", Unit.OPERATIONS_PER_SECOND),
  SIZE_ON_DISK("size on disk", Unit.MEBIBYTES),
  FIRST_ROW("JVM start to first row", Unit.MILLISECONDS);

  private final String label;
  private final Unit unit;

  SqlWorkload(String label, Unit unit) {
    this.label = label;
    this.unit = unit;
  }

  /** Whether there is nothing to do until {@link #LOAD} succeeded. */
  boolean needsLoad() {
    return this != LOAD && this != INSERT_SYNCED && this != FIRST_ROW;
  }

  static List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    for (SqlWorkload workload : values()) {
      steps.add(
          workload == FIRST_ROW
              ? Step.fresh(workload.name(), workload.label, workload.unit)
              : Step.warm(workload.name(), workload.label, workload.unit));
    }
    return steps;
  }
}
