package io.larder.engine.api;

import org.jspecify.annotations.Nullable;

/**
 * What opening a database found and did. Immutable.
 *
 * @param orderly whether the database had been closed in order, or is new or in memory
 * @param replayedBatches how many batches were read from the log
 * @param replayedEntries how many changes those had
 * @param tornTail where the log ended in a write that a crash cut short, which was never acknowledged; or empty
 * @param damage the damage for which a backup was restored, or empty
 * @param restored what was restored, or null if nothing had to be
 */
public record OpeningReport(
    boolean orderly,
    long replayedBatches,
    long replayedEntries,
    String tornTail,
    String damage,
    @Nullable RestoreReport restored) {

  /** Returns the report of an opening that found nothing to do. */
  public static OpeningReport nothingToDo() {
    return new OpeningReport(true, 0, 0, "", "", null);
  }

  /** Returns this report with what was restored before the opening. */
  public OpeningReport after(String foundDamage, RestoreReport report) {
    return new OpeningReport(
        orderly, replayedBatches, replayedEntries, tornTail, foundDamage, report);
  }
}
