package io.larder.engine.api;

/**
 * What happened between two statistics of one open database: differences, and rates by the time that passed. Immutable
 * and thread-safe.
 *
 * @param earlier the first
 * @param later the second
 */
public record StatisticsChange(DatabaseStatistics earlier, DatabaseStatistics later) {
  private static final double MILLIS_OF_SECOND = 1_000;

  /** Checks that the two are in order. */
  public StatisticsChange {
    if (later.uptimeMillis() < earlier.uptimeMillis()) {
      throw new IllegalArgumentException(
          "found an uptime of "
              + later.uptimeMillis()
              + " ms after one of "
              + earlier.uptimeMillis()
              + " ms, expected two statistics of one open database, the earlier one first");
    }
  }

  /** Returns the time between the two. */
  public long millis() {
    return later.uptimeMillis() - earlier.uptimeMillis();
  }

  /** Returns how much a figure grew; negative if it shrank. */
  public long of(String name) {
    return later.get(name) - earlier.get(name);
  }

  /** Returns how much a figure grew in a second; 0 if no time has passed. */
  public double perSecond(String name) {
    return DatabaseStatistics.ratio(of(name) * MILLIS_OF_SECOND, (double) millis());
  }

  /** Returns commits in a second. */
  public double commitsPerSecond() {
    return perSecond("commits");
  }

  /** Returns bytes of log in a second. */
  public double logBytesPerSecond() {
    return perSecond("wal.bytes");
  }

  /** Returns syncs of the log in a second. */
  public double syncsPerSecond() {
    return perSecond("wal.syncs");
  }

  /** Returns bytes that flushes and merges wrote in a second. */
  public double maintenanceBytesPerSecond() {
    return perSecond("maintenance.bytes");
  }

  /** Returns how many batches shared a sync. */
  public double batchesPerSync() {
    return DatabaseStatistics.ratio((double) of("wal.batches"), (double) of("wal.syncs"));
  }

  /** Returns how long a sync took on average. */
  public double syncMicrosMean() {
    return DatabaseStatistics.ratio((double) of("wal.sync.total.micros"), (double) of("wal.syncs"));
  }

  /** Returns which share of the time writers were held up, 1 = one writer all the time. */
  public double stalledShare() {
    return DatabaseStatistics.ratio((double) of("stall.micros"), millis() * MILLIS_OF_SECOND);
  }

  /** Returns how many bytes went to the disk for each byte of log; 0 if nothing was written. */
  public double writeAmplification() {
    return DatabaseStatistics.ratio(
        (double) of("wal.bytes") + of("maintenance.bytes"), (double) of("wal.bytes"));
  }
}
