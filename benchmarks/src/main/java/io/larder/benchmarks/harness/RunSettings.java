package io.larder.benchmarks.harness;

import java.util.List;

/**
 * The sizes of a run. Immutable; handed to worker processes as arguments.
 *
 * @param entries entries loaded before reads
 * @param valueBytes size of an engine value
 * @param rounds counted rounds, after one that is not counted
 * @param workloadMillis how long one timed workload runs
 * @param killEntries entries acknowledged before a process is killed
 * @param fillMillisMax a load that may be cut ends after this time
 */
public record RunSettings(
    long entries,
    int valueBytes,
    int rounds,
    long workloadMillis,
    long killEntries,
    long fillMillisMax) {

  private static final long NO_LIMIT_MILLIS = 24L * 60 * 60 * 1_000;

  /** Checks every number at once. */
  public RunSettings {
    if (entries < 1 || valueBytes < 16 || rounds < 1 || workloadMillis < 1 || killEntries < 1) {
      throw new IllegalArgumentException(
          ("entries, rounds, workloadMillis and killEntries must be at least 1 and valueBytes at"
                  + " least 16, found entries=%d valueBytes=%d rounds=%d workloadMillis=%d"
                  + " killEntries=%d")
              .formatted(entries, valueBytes, rounds, workloadMillis, killEntries));
    }
  }

  /** Settings where no load is cut. */
  public RunSettings(
      long entries, int valueBytes, int rounds, long workloadMillis, long killEntries) {
    this(entries, valueBytes, rounds, workloadMillis, killEntries, NO_LIMIT_MILLIS);
  }

  /** The same with another number of entries. */
  public RunSettings withEntries(long otherEntries) {
    return new RunSettings(
        otherEntries, valueBytes, rounds, workloadMillis, killEntries, fillMillisMax);
  }

  /** How long each timed workload runs before it is measured: time for the JIT compiler. */
  public long warmUpMillis() {
    return Math.min(2_000, 3 * workloadMillis);
  }

  /** The arguments that {@link #fromArguments} reads back. */
  public List<String> toArguments() {
    return List.of(
        Long.toString(entries),
        Integer.toString(valueBytes),
        Integer.toString(rounds),
        Long.toString(workloadMillis),
        Long.toString(killEntries),
        Long.toString(fillMillisMax));
  }

  /** Reads what {@link #toArguments} wrote. */
  public static RunSettings fromArguments(List<String> arguments) {
    return new RunSettings(
        Long.parseLong(arguments.get(0)),
        Integer.parseInt(arguments.get(1)),
        Integer.parseInt(arguments.get(2)),
        Long.parseLong(arguments.get(3)),
        Long.parseLong(arguments.get(4)),
        Long.parseLong(arguments.get(5)));
  }
}
