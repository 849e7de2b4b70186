package io.larder.engine.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a database is opened: a value for every option of {@link EngineOptions}, and which of them were
 * given. Immutable and thread-safe.
 *
 * <p>The difference between given and left out matters where a database is open already: an option left
 * out takes the open database's value, one that contradicts it is an error.
 */
public final class DatabaseOptions {
  private static final DatabaseOptions DEFAULTS = new DatabaseOptions(Map.of());

  private final Map<String, String> given;
  private final SyncMode syncMode;
  private final Duration syncInterval;
  private final boolean create;
  private final int keyLimitBytes;
  private final int valueLimitBytes;
  private final long batchLimitBytes;
  private final long memoryLimitBytes;
  private final boolean evicting;
  private final boolean expiring;
  private final Duration sweepInterval;
  private final long logSegmentBytes;
  private final long logLimitBytes;
  private final long memtableBytes;
  private final long tableBytes;
  private final long mergeBytesPerSecond;
  private final boolean recoveryAutomatic;
  private final boolean recoveryFromBackup;
  private final boolean persistent;
  private final Duration snapshotAge;
  private final Duration lockTimeout;

  private DatabaseOptions(Map<String, String> given) {
    this.given = Map.copyOf(given);
    this.syncMode = value(EngineOptions.SYNC);
    this.syncInterval = value(EngineOptions.SYNC_INTERVAL);
    this.create = value(EngineOptions.CREATE);
    this.keyLimitBytes = Math.toIntExact(value(EngineOptions.KEY_LIMIT));
    this.valueLimitBytes = Math.toIntExact(value(EngineOptions.VALUE_LIMIT));
    this.batchLimitBytes = value(EngineOptions.BATCH_LIMIT);
    this.memoryLimitBytes = value(EngineOptions.MEMORY_LIMIT);
    this.evicting = value(EngineOptions.MEMORY_FULL).equals("evict");
    this.expiring = value(EngineOptions.TTL);
    this.sweepInterval = value(EngineOptions.TTL_SWEEP);
    this.logSegmentBytes = value(EngineOptions.WAL_SEGMENT);
    this.logLimitBytes = value(EngineOptions.WAL_LIMIT);
    this.memtableBytes = value(EngineOptions.MEMTABLE_SIZE);
    this.tableBytes = value(EngineOptions.TABLE_SIZE);
    this.recoveryAutomatic = !value(EngineOptions.RECOVERY).equals("manual");
    this.recoveryFromBackup = value(EngineOptions.RECOVERY).equals("backup");
    this.mergeBytesPerSecond = value(EngineOptions.MERGE_RATE);
    this.persistent = value(EngineOptions.PERSISTENCE);
    this.snapshotAge = value(EngineOptions.SNAPSHOT_AGE);
    this.lockTimeout = value(EngineOptions.LOCK_TIMEOUT);
  }

  /** Returns the options where nothing is given. */
  public static DatabaseOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Reads the engine's options out of parameters; other names are left to those they belong to.
   *
   * <p>An option that is another name of one ({@link EngineOptions#WRITE_BUFFER}) is given under the one's name.
   *
   * @throws InvalidOptionException listing every bad value, and what does not go together
   */
  public static DatabaseOptions of(Map<String, String> parameters) {
    Map<String, String> given = new LinkedHashMap<>();
    List<String> violations = new ArrayList<>();
    for (Option<?> option : EngineOptions.all()) {
      String text = parameters.get(option.name());
      if (text != null) {
        given.put(option.name(), text);
        String violation = EngineOptions.valueViolation(option, text);
        if (violation != null) {
          violations.add(violation);
        }
      }
    }
    violations.addAll(OptionRules.violations(given));
    EngineOptions.reject(violations);
    String buffer = given.remove(EngineOptions.WRITE_BUFFER.name());
    if (buffer != null) {
      given.put(EngineOptions.MEMTABLE_SIZE.name(), buffer);
    }
    return new DatabaseOptions(given);
  }

  /**
   * Returns these options with one more given.
   *
   * @throws InvalidOptionException if the text is not what the option takes
   */
  public DatabaseOptions with(Option<?> option, String text) {
    Map<String, String> changed = new LinkedHashMap<>(given);
    changed.put(option.name(), text);
    return of(changed);
  }

  /** Returns the texts of the options that were given, by name. */
  public Map<String, String> given() {
    return given;
  }

  /** Returns the value of an option, given or default. */
  public <T> T value(Option<T> option) {
    return option.parse(given.get(option.name()));
  }

  /** Returns when a commit is acknowledged. */
  public SyncMode syncMode() {
    return syncMode;
  }

  /** Returns how often {@link SyncMode#INTERVAL} syncs. */
  public Duration syncInterval() {
    return syncInterval;
  }

  /** Returns whether a missing database is created. */
  public boolean create() {
    return create;
  }

  /** Returns the longest key accepted. */
  public int keyLimitBytes() {
    return keyLimitBytes;
  }

  /** Returns the largest value accepted. */
  public int valueLimitBytes() {
    return valueLimitBytes;
  }

  /** Returns the largest batch accepted, keys and values together. */
  public long batchLimitBytes() {
    return batchLimitBytes;
  }

  /** Returns how much memory entries may take. */
  public long memoryLimitBytes() {
    return memoryLimitBytes;
  }

  /** Returns whether a full in-memory database evicts entries rather than reject writes. */
  public boolean evicting() {
    return evicting;
  }

  /** Returns whether expiry is judged. */
  public boolean expiring() {
    return expiring;
  }

  /** Returns how often expired entries are looked for whose space can be taken back. */
  public Duration sweepInterval() {
    return sweepInterval;
  }

  /** Returns the size of a segment of the write-ahead log. */
  public long logSegmentBytes() {
    return logSegmentBytes;
  }

  /** Returns the size of the write-ahead log that makes a memtable be written into a table. */
  public long logLimitBytes() {
    return logLimitBytes;
  }

  /** Returns the size at which a memtable is written into a table. */
  public long memtableBytes() {
    return memtableBytes;
  }

  /** Returns the size at which a table ends and the next one begins. */
  public long tableBytes() {
    return tableBytes;
  }

  /** Returns how many bytes a second automatic merges read, 0 for no limit. */
  public long mergeBytesPerSecond() {
    return mergeBytesPerSecond;
  }

  /** Returns whether opening cuts an unfinished last write off without asking. */
  public boolean recoveryAutomatic() {
    return recoveryAutomatic;
  }

  /** Returns whether opening a damaged database restores the newest good backup. */
  public boolean recoveryFromBackup() {
    return recoveryFromBackup;
  }

  /** Returns the directory that gets segments of the log, or empty. */
  public String logArchive() {
    return value(EngineOptions.WAL_ARCHIVE);
  }

  /** Returns the directory of scheduled backups, or empty. */
  public String backupDirectory() {
    return value(EngineOptions.BACKUP_DIR);
  }

  /** Returns the time between scheduled backups. */
  public Duration backupInterval() {
    return value(EngineOptions.BACKUP_EVERY);
  }

  /** Returns which scheduled backups stay. */
  public BackupRetention backupRetention() {
    return value(EngineOptions.BACKUP_KEEP);
  }

  /** Returns whether a database in a directory is stored there. */
  public boolean persistent() {
    return persistent;
  }

  /**
   * Checks that these options fit a location.
   *
   * @throws InvalidOptionException listing every violation
   */
  public void requireFit(DatabaseLocation location) {
    EngineOptions.reject(OptionRules.violations(location, given));
  }

  /** Returns how old a snapshot, transaction or cursor may become; zero = no limit. */
  public Duration snapshotAge() {
    return snapshotAge;
  }

  /** Returns how long somebody waits for a key that another thread holds. */
  public Duration lockTimeout() {
    return lockTimeout;
  }

  @Override
  public String toString() {
    return "DatabaseOptions" + given;
  }
}
