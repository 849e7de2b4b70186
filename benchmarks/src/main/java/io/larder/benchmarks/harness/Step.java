package io.larder.benchmarks.harness;

import org.jspecify.annotations.Nullable;

/**
 * One row of a report: a workload every contestant of a group runs in turn. Immutable.
 *
 * @param workload the name the group's session knows it by
 * @param label what a reader sees
 * @param unit the unit of the value
 * @param process which process runs it
 * @param preparation the workload that goes before, for kinds that have one
 * @param frequency in which rounds it runs
 * @param target the ratio to the best peer below which the report marks a loss
 */
public record Step(
    String workload,
    String label,
    Unit unit,
    ProcessKind process,
    @Nullable String preparation,
    Frequency frequency,
    double target) {

  /** Where a step runs. */
  public enum ProcessKind {
    /** In the contestant's long-lived process, warmed by a round that is not counted. */
    WARM,
    /** In a process of its own, started for this reading. */
    FRESH,
    /** In a fresh process on what another one, since ended in order, left in the first round. */
    AFTER_CLOSE,
    /** In a fresh process, after another one that ran the preparation was killed with SIGKILL. */
    AFTER_KILL,
    /** In none: the reading of the step its preparation names, in another unit. */
    DERIVED
  }

  /** In which rounds a step runs. */
  public enum Frequency {
    /** In every round, and before the first to warm up. */
    EVERY_ROUND,
    /** In the first counted round only: amounts that hardly vary, or long work. */
    ONCE
  }

  private static final double NO_WORSE = 1.0;

  private static Step of(
      String workload, String label, Unit unit, ProcessKind process, @Nullable String preparation) {
    return new Step(workload, label, unit, process, preparation, Frequency.EVERY_ROUND, NO_WORSE);
  }

  /** A step in the contestant's warm process. */
  public static Step warm(String workload, String label, Unit unit) {
    return of(workload, label, unit, ProcessKind.WARM, null);
  }

  /** A step in a process started for it. */
  public static Step fresh(String workload, String label, Unit unit) {
    return of(workload, label, unit, ProcessKind.FRESH, null);
  }

  /** A step in a fresh process on what {@code preparation} left, which runs once. */
  public static Step afterClose(String preparation, String workload, String label, Unit unit) {
    return of(workload, label, unit, ProcessKind.AFTER_CLOSE, preparation);
  }

  /** A step in a fresh process after a process that ran {@code preparation} was killed. */
  public static Step afterKill(String preparation, String workload, String label, Unit unit) {
    return of(workload, label, unit, ProcessKind.AFTER_KILL, preparation);
  }

  /** The latest reading of {@code source}, shown in another unit. */
  public static Step derived(String source, String workload, String label, Unit unit) {
    return of(workload, label, unit, ProcessKind.DERIVED, source);
  }

  /** The same step, run in the first counted round only. */
  public Step once() {
    return new Step(workload, label, unit, process, preparation, Frequency.ONCE, target);
  }

  /** The same step with another ratio below which it is a loss. */
  public Step withTarget(double ratio) {
    return new Step(workload, label, unit, process, preparation, frequency, ratio);
  }

  /** The same step under another name and label. */
  public Step renamed(String otherWorkload, String otherLabel) {
    return new Step(otherWorkload, otherLabel, unit, process, preparation, frequency, target);
  }

  boolean runsIn(int round) {
    return switch (frequency) {
      case EVERY_ROUND -> round > 0 || process == ProcessKind.WARM;
      case ONCE -> round == 1;
    };
  }

  /** Whether a ratio to the best peer misses this step's target. */
  boolean isLoss(double ratio) {
    return ratio < target * 0.995;
  }
}
