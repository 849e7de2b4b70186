package io.larder.engine.api;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counters and sizes of an open database at one moment, readable without cost for writers. Immutable and thread-safe.
 *
 * <p>Every figure has a dotted name, units last; {@code docs/statistics.md} says what each one counts. The groups are
 * views on the same figures; one that the storage engine does not have is 0. Two statistics of the same open database
 * give rates: {@code later.since(earlier)}.
 *
 * @param values every figure by its name, sorted
 */
public record DatabaseStatistics(Map<String, Long> values) {

  /** Creates an immutable copy. */
  public DatabaseStatistics {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /** Returns a figure, or 0 if there is none of that name. */
  public long get(String name) {
    return values.getOrDefault(name, 0L);
  }

  /** Returns whether there is a figure of that name. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** Returns how many commits were acknowledged since the database was opened. */
  public long commits() {
    return get("commits");
  }

  /** Returns the sequence number up to which readers see changes. */
  public long visibleSequence() {
    return get("sequence.visible");
  }

  /** Returns how long the database has been open. */
  public long uptimeMillis() {
    return get("uptime.millis");
  }

  /** Returns whether a failure has stopped writes. */
  public boolean writesStopped() {
    return get("writes.stopped") != 0;
  }

  /** Returns what is written first: the write-ahead log. */
  public Log log() {
    return new Log(
        get("wal.bytes"),
        get("wal.batches"),
        get("wal.writes"),
        get("wal.syncs"),
        get("wal.segments.created"),
        get("wal.segment.current") - get("wal.segment.first") + (has("wal.segment.first") ? 1 : 0),
        get("wal.sync.p50.micros"),
        get("wal.sync.p99.micros"),
        get("wal.sync.max.micros"),
        get("wal.sync.total.micros"));
  }

  /** Returns what is in memory and not yet in tables. */
  public Memory memory() {
    return new Memory(get("memtable.bytes"), get("memtable.entries"), get("memtable.waiting"));
  }

  /** Returns the sorted tables. */
  public Tables tables() {
    return new Tables(
        get("table.files"), get("table.runs"), get("table.entries"), get("table.bytes"));
  }

  /** Returns what the maintenance thread has done, and what it has left to do. */
  public Upkeep upkeep() {
    return new Upkeep(
        get("flushes"), get("merges"), get("maintenance.bytes"), get("merge.debt.bytes"));
  }

  /** Returns how writers were held up. */
  public Stalls stalls() {
    return new Stalls(get("stall.count"), get("stall.micros"));
  }

  /** Returns what the last opening recovered. */
  public Recovered recovered() {
    return new Recovered(
        get("recovery.batches"),
        get("recovery.entries"),
        get("recovery.bytes"),
        get("recovery.millis"));
  }

  /** Returns the snapshots and transactions that are open. */
  public Snapshots snapshots() {
    return new Snapshots(get("snapshots"), get("snapshot.oldest.millis"));
  }

  /**
   * Returns how many bytes went to the disk for each byte of log since the opening: 1 is the log alone, flushes
   * and merges add to it. 0 while nothing was written.
   */
  public double writeAmplification() {
    return ratio((double) get("wal.bytes") + get("maintenance.bytes"), (double) get("wal.bytes"));
  }

  /**
   * Returns what happened between two statistics of the same open database.
   *
   * @throws IllegalArgumentException if the other one is later, or from before a reopening
   */
  public StatisticsChange since(DatabaseStatistics earlier) {
    return new StatisticsChange(earlier, this);
  }

  static double ratio(double part, double whole) {
    return whole == 0 ? 0 : part / whole;
  }

  /**
   * The write-ahead log since the opening.
   *
   * @param bytes bytes of batches appended, with their frames
   * @param batches batches appended
   * @param writes calls that wrote them; fewer, since threads share them
   * @param syncs syncs done; fewer still
   * @param segmentsCreated files begun
   * @param segments files that are still needed
   * @param syncMicrosMedian what half of the syncs stayed under, rounded up to a power of two
   * @param syncMicrosP99 what 99 % of the syncs stayed under, likewise
   * @param syncMicrosMax the longest sync
   * @param syncMicrosTotal all syncs together
   */
  public record Log(
      long bytes,
      long batches,
      long writes,
      long syncs,
      long segmentsCreated,
      long segments,
      long syncMicrosMedian,
      long syncMicrosP99,
      long syncMicrosMax,
      long syncMicrosTotal) {}

  /**
   * What is in memory and not yet in tables; all of an in-memory database.
   *
   * @param bytes bytes of all memtables, overhead included
   * @param entries versions kept, in memory only
   * @param waiting full memtables that wait to be written out
   */
  public record Memory(long bytes, long entries, long waiting) {}

  /**
   * The sorted tables.
   *
   * @param files table files
   * @param runs sorted runs; a read that finds nothing asks the filter of each
   * @param entries versions in them, shadowed and deleted ones included
   * @param bytes their size
   */
  public record Tables(long files, long runs, long entries, long bytes) {}

  /**
   * What is done behind the commits.
   *
   * @param flushes memtables written into tables
   * @param merges merges of tables
   * @param bytesWritten bytes written by both
   * @param debtBytes bytes that wait to be merged
   */
  public record Upkeep(long flushes, long merges, long bytesWritten, long debtBytes) {}

  /**
   * How writers were held up, because memory or runs were at their limit.
   *
   * @param count how often
   * @param micros how long, all together
   */
  public record Stalls(long count, long micros) {}

  /**
   * What the opening read from the log.
   *
   * @param batches batches
   * @param entries their changes
   * @param bytes their bytes
   * @param millis how long the whole opening took
   */
  public record Recovered(long batches, long entries, long bytes, long millis) {}

  /**
   * What readers hold.
   *
   * @param open snapshots and transactions open
   * @param oldestMillis the age of the oldest one
   */
  public record Snapshots(long open, long oldestMillis) {}
}
