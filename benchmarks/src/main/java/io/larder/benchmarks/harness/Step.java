package io.larder.benchmarks.harness;

import org.jspecify.annotations.Nullable;

/**
 * One row of a report: a workload every contestant of a group runs in turn.
 *
 * @param workload the name the group's session knows it by
 * @param label what a reader sees
 * @param unit the unit of the value
 * @param process which process runs it
 * @param preparation the workload run before a kill, only for {@link ProcessKind#AFTER_KILL}
 */
public record Step(
    String workload, String label, Unit unit, ProcessKind process, @Nullable String preparation) {

  /** Where a step runs. */
  public enum ProcessKind {
    /** In the contestant's long-lived process, warmed by a round that is not counted. */
    WARM,
    /** In a process of its own, started for this reading. */
    FRESH,
    /** In a fresh process, after another one that ran the preparation was killed with SIGKILL. */
    AFTER_KILL
  }

  /** A step in the contestant's warm process. */
  public static Step warm(String workload, String label, Unit unit) {
    return new Step(workload, label, unit, ProcessKind.WARM, null);
  }

  /** A step in a process started for it. */
  public static Step fresh(String workload, String label, Unit unit) {
    return new Step(workload, label, unit, ProcessKind.FRESH, null);
  }

  /** A step in a fresh process after a process that ran {@code preparation} was killed. */
  public static Step afterKill(String preparation, String workload, String label, Unit unit) {
    return new Step(workload, label, unit, ProcessKind.AFTER_KILL, preparation);
  }
}
