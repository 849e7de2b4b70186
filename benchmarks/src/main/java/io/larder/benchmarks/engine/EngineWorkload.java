package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Step;
import io.larder.benchmarks.harness.Unit;
import java.util.ArrayList;
import java.util.List;

/** What every engine does, in the order of a round. The names are part of the result files. */
enum EngineWorkload {
  FILL_SINGLE("fill, random order, one put a commit, no sync", Unit.OPERATIONS_PER_SECOND),
  FILL_BATCHED("fill, random order, 1,000 puts a commit, no sync", Unit.OPERATIONS_PER_SECOND),
  SETTLE("settle after fill (flush, compact)", Unit.MILLISECONDS),
  SIZE_ON_DISK("size on disk after load", Unit.MEBIBYTES),
  GET_HIT("random get, hit", Unit.OPERATIONS_PER_SECOND),
  GET_HIT_TWO_THREADS("random get, hit, 2 threads", Unit.OPERATIONS_PER_SECOND),
  GET_MISS("random get, miss", Unit.OPERATIONS_PER_SECOND),
  SCAN("full scan, entries", Unit.OPERATIONS_PER_SECOND),
  RANGE_100("seek + range of 100, ranges", Unit.OPERATIONS_PER_SECOND),
  READ_BESIDE_WRITER("reader beside a writer: random get", Unit.OPERATIONS_PER_SECOND),
  WRITE_BESIDE_READER("writer beside a reader: overwrite, no sync", Unit.OPERATIONS_PER_SECOND),
  OVERWRITE("overwrite all, random order, 1,000 puts a commit", Unit.OPERATIONS_PER_SECOND),
  SETTLE_OVERWRITTEN("settle after overwriting", Unit.MILLISECONDS),
  SIZE_OVERWRITTEN("size on disk after overwriting all", Unit.MEBIBYTES),
  REOPEN_WARM("close, then open + first get, warm JVM", Unit.MILLISECONDS),
  HEAP("heap in use with the store open", Unit.MEBIBYTES),
  RESIDENT("resident memory without mapped files", Unit.MEBIBYTES),
  COMMIT_1("synced commits, 1 thread", Unit.OPERATIONS_PER_SECOND),
  COMMIT_4("synced commits, 4 threads", Unit.OPERATIONS_PER_SECOND),
  COMMIT_16("synced commits, 16 threads", Unit.OPERATIONS_PER_SECOND),
  /** Prepares {@link #REOPEN_AFTER_KILL}; no row of its own. */
  FILL_BEFORE_KILL("", Unit.MILLISECONDS),
  REOPEN_AFTER_KILL("open + first get after SIGKILL, all verified", Unit.MILLISECONDS);

  private final String label;
  private final Unit unit;

  EngineWorkload(String label, Unit unit) {
    this.label = label;
    this.unit = unit;
  }

  /** Whether there is nothing to do until a fill succeeded. */
  boolean needsLoad() {
    return switch (this) {
      case FILL_SINGLE, FILL_BATCHED, COMMIT_1, COMMIT_4, COMMIT_16 -> false;
      case FILL_BEFORE_KILL, REOPEN_AFTER_KILL -> false;
      default -> true;
    };
  }

  private boolean needsFiles() {
    return switch (this) {
      case SETTLE,
          SIZE_ON_DISK,
          SETTLE_OVERWRITTEN,
          SIZE_OVERWRITTEN,
          REOPEN_WARM,
          COMMIT_1,
          COMMIT_4,
          COMMIT_16 ->
          true;
      case FILL_BEFORE_KILL, REOPEN_AFTER_KILL -> true;
      default -> false;
    };
  }

  static List<Step> steps(boolean inMemory) {
    List<Step> steps = new ArrayList<>();
    for (EngineWorkload workload : values()) {
      if (inMemory && workload.needsFiles()) {
        continue;
      }
      if (workload == REOPEN_AFTER_KILL) {
        steps.add(
            Step.afterKill(
                FILL_BEFORE_KILL.name(), workload.name(), workload.label, workload.unit));
      } else if (workload != FILL_BEFORE_KILL) {
        steps.add(Step.warm(workload.name(), workload.label, workload.unit));
      }
    }
    return steps;
  }
}
