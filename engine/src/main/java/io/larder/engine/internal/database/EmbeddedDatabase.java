package io.larder.engine.internal.database;

import io.larder.engine.api.ChangeStamps;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.DatabaseStatistics;
import io.larder.engine.api.DiskUsage;
import io.larder.engine.api.KeyspaceStatistics;
import io.larder.engine.api.LimitExceededException;
import io.larder.engine.api.OpeningReport;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.backup.BackupTimer;
import io.larder.engine.internal.mvcc.CommitGuard;
import io.larder.engine.internal.mvcc.ExpiryClock;
import io.larder.engine.internal.mvcc.KeyLocks;
import io.larder.engine.internal.mvcc.PreparedBatch;
import io.larder.engine.internal.mvcc.SequenceNumbers;
import io.larder.engine.internal.mvcc.SnapshotRegistry;
import io.larder.engine.internal.mvcc.StorageEngine;
import io.larder.engine.spi.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One open database, shared by all its handles. Thread-safe; owns the storage engine and closes it.
 *
 * <p>It prepares commits (limits, keyspaces resolved to numbers) and hands out readers; the order of commits and
 * what is visible is the pipeline's.
 */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final int SPINS_BEFORE_SYNC = 500;

  private final DatabaseLocation location;
  private final DatabaseOptions options;
  private final StorageEngine engine;
  private final KeyspaceCatalog catalog;
  private final SnapshotRegistry<Keyspaces> snapshots;
  private final KeyLocks keyLocks;
  private final PointReader points;
  private final Sharing sharing = new Sharing();
  private final long hashSeed;
  private final long openedNanos;
  private final OpeningReport opening;
  private final @Nullable BackupTimer backups;

  /** Creates the database over an engine and starts the engine. */
  public EmbeddedDatabase(
      DatabaseLocation location, DatabaseOptions options, StorageEngine engine, Clock clock) {
    this(location, options, engine, clock, engine.opening(), null);
  }

  /**
   * Creates the database over a recovered engine and starts the engine.
   *
   * @param opening what was found and done
   * @param backups makes backups while the database is open, or null; started and closed by the database
   */
  public EmbeddedDatabase(
      DatabaseLocation location,
      DatabaseOptions options,
      StorageEngine engine,
      Clock clock,
      OpeningReport opening,
      @Nullable BackupTimer backups) {
    this.opening = opening;
    this.backups = backups;
    this.location = location;
    this.options = options;
    this.keyLocks = new KeyLocks(options.lockTimeout().toMillis());
    this.engine = engine;
    this.catalog = new KeyspaceCatalog(engine);
    this.snapshots =
        new SnapshotRegistry<>(
            engine.commits().sequences(), catalog::current, clock, options.snapshotAge());
    this.points = new PointReader(engine);
    this.hashSeed = clock.nanoTime() * 0x9E3779B97F4A7C15L;
    this.openedNanos = engine.expiryClock().nanoTime();
    engine.start(snapshots::kept);
    if (backups != null) {
      backups.start();
    }
  }

  OpeningReport opening() {
    return opening;
  }

  /**
   * Creates the first handle of one more opener; {@code onClose} runs once, when it and all made of it are closed. Whoever
   * gives it to an opener calls {@link #prepareSharing} before.
   */
  public Database newHandle(Runnable onClose) {
    sharing.opened();
    return new HandleGroup(this, onClose).first();
  }

  /** Does what others want to be done before one more opener has a handle; may wait for them. */
  public void prepareSharing() {
    sharing.prepare();
  }

  Sharing sharing() {
    return sharing;
  }

  /** Returns the options the database is open with. */
  public DatabaseOptions options() {
    return options;
  }

  DatabaseLocation location() {
    return location;
  }

  StorageEngine engine() {
    return engine;
  }

  KeyspaceCatalog catalog() {
    return catalog;
  }

  SnapshotRegistry<Keyspaces> snapshots() {
    return snapshots;
  }

  KeyLocks keyLocks() {
    return keyLocks;
  }

  PointReader points() {
    return points;
  }

  /** Returns a number that whoever chooses keys does not know. */
  long hashSeed() {
    return hashSeed;
  }

  ExpiryClock clock() {
    return engine.expiryClock();
  }

  ChangeStamps changeStamps(int stripesMin) {
    return engine.commits().changeStamps(stripesMin);
  }

  /** Waits until a commit on its way is visible, or writes have stopped, so that it never will be. */
  void awaitVisible(long sequence) {
    SequenceNumbers sequences = engine.commits().sequences();
    for (int spin = 0; sequences.visible() < sequence; spin++) {
      if (spin < SPINS_BEFORE_SYNC) {
        Thread.onSpinWait();
      } else {
        try {
          engine.commits().sync();
        } catch (WritesStoppedException e) {
          return;
        }
      }
    }
  }

  /** Commits one change. */
  void write(StoredKeyspace keyspace, byte[] key, byte @Nullable [] value, long expiresAtMillis) {
    requireWithinLimits(key, value, expiresAtMillis);
    while (true) {
      Keyspaces keyspaces = catalog.current();
      PreparedBatch batch = new PreparedBatch(1);
      batch.add(keyspace.requireDataId(), key, value, expiresAtMillis);
      if (engine.commits().commit(batch, options.syncMode(), keyspaces)) {
        keyspace.state().tellChanged(key, value, expiresAtMillis);
        return;
      }
    }
  }

  /**
   * Commits a batch; its keyspaces may be of any handle of this database. The guard runs under the commit lock and
   * throws if the batch may not be committed.
   */
  void write(List<WriteBatch.Change> changes, SyncMode sync, @Nullable Runnable guard) {
    if (changes.isEmpty()) {
      return;
    }
    for (WriteBatch.Change change : changes) {
      requireWithinLimits(change.key(), change.value(), change.expiresAtMillis());
    }
    while (true) {
      Keyspaces keyspaces = catalog.current();
      PreparedBatch batch = new PreparedBatch(changes.size());
      for (WriteBatch.Change change : changes) {
        StoredKeyspace keyspace = StoredKeyspace.of(this, change.keyspace());
        batch.add(keyspace.requireDataId(), change.key(), change.value(), change.expiresAtMillis());
      }
      requireWithinBatchLimit(batch.bytes());
      if (engine.commits().commit(batch, sync, guarded(keyspaces, guard))) {
        for (WriteBatch.Change change : changes) {
          StoredKeyspace.of(this, change.keyspace())
              .state()
              .tellChanged(change.key(), change.value(), change.expiresAtMillis());
        }
        return;
      }
    }
  }

  private static CommitGuard guarded(Keyspaces keyspaces, @Nullable Runnable guard) {
    if (guard == null) {
      return keyspaces;
    }
    return () -> {
      if (!keyspaces.passes()) {
        return false;
      }
      guard.run();
      return true;
    };
  }

  void requireWithinLimits(byte[] key, byte @Nullable [] value, long expiresAtMillis) {
    if (key.length == 0) {
      throw new LimitExceededException("A key of 0 bytes was given, expected at least 1");
    }
    if (key.length > options.keyLimitBytes()) {
      throw new LimitExceededException(
          "A key of "
              + key.length
              + " bytes exceeds key.limit of "
              + options.keyLimitBytes()
              + " bytes");
    }
    if (value != null && value.length > options.valueLimitBytes()) {
      throw new LimitExceededException(
          "A value of "
              + value.length
              + " bytes exceeds value.limit of "
              + options.valueLimitBytes()
              + " bytes");
    }
    if (expiresAtMillis < 0) {
      throw new LimitExceededException(
          "An expiry of "
              + expiresAtMillis
              + " was given, expected 0 for never or milliseconds since the epoch");
    }
  }

  void requireWithinBatchLimit(long bytes) {
    if (bytes > options.batchLimitBytes()) {
      throw new LimitExceededException(
          "A batch of "
              + bytes
              + " bytes exceeds batch.limit of "
              + options.batchLimitBytes()
              + " bytes; nothing of it was written");
    }
  }

  /** Returns every figure of the database and its storage engine. */
  DatabaseStatistics statistics() {
    Map<String, Long> values = new HashMap<>(engine.statistics());
    values.put("keyspaces", (long) catalog.current().size());
    values.putAll(snapshots.statistics());
    values.put("transaction.recorded", engine.commits().recentWrites().size());
    values.put("sequence.visible", engine.commits().sequences().visible());
    values.put("uptime.millis", (clock().nanoTime() - openedNanos) / 1_000_000);
    return new DatabaseStatistics(values);
  }

  /** Returns what the database takes on disk. */
  DiskUsage diskUsage() {
    Map<Integer, KeyspaceStatistics> contents = new HashMap<>(engine.tableContents());
    List<DiskUsage.KeyspaceBytes> keyspaces = new ArrayList<>();
    Keyspaces current = catalog.current();
    for (String name : current.names()) {
      KeyspaceState state = current.find(name);
      Integer dataId = state == null ? null : current.dataId(state);
      KeyspaceStatistics found = dataId == null ? null : contents.remove(dataId);
      keyspaces.add(
          new DiskUsage.KeyspaceBytes(
              name,
              found == null ? 0 : found.bytesEstimated(),
              found == null ? 0 : found.entriesEstimated()));
    }
    long abandoned = contents.values().stream().mapToLong(KeyspaceStatistics::bytesEstimated).sum();
    return new DiskUsage(engine.files(), keyspaces, abandoned);
  }

  /** Closes the storage engine; called after the last handle was closed. */
  @Override
  public void close() {
    if (backups != null) {
      backups.close();
    }
    engine.close();
  }
}
