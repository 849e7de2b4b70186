package io.larder.engine.internal.disk;

import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.mvcc.ExpiryClock;
import io.larder.engine.internal.wal.LogRecovery;
import io.larder.engine.internal.wal.WriteAheadLog;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a disk engine is made of, as recovery put it together. Immutable; the engine owns all of it.
 *
 * @param directory the database's directory
 * @param options how it was opened
 * @param databaseId the id in all its files
 * @param lock the lock that keeps other processes out
 * @param manifest the manifest
 * @param log the log, open for appends
 * @param files the table files
 * @param gate what short readers pass
 * @param clock the time by which expiry is judged
 * @param time the time by which work is paced
 * @param health whether writes are accepted
 * @param keeper what looks after the log: syncs it every so often, prepares segments
 * @param archiver what hands segments of the log to the archive, or null
 * @param recoveryMillis how long the opening took
 */
record DiskParts(
    Path directory,
    DatabaseOptions options,
    long databaseId,
    FileSystem.Lock lock,
    GuardedManifest manifest,
    WriteAheadLog log,
    TableFiles files,
    ReaderGate gate,
    ExpiryClock clock,
    Clock time,
    Health health,
    LogKeeper keeper,
    @Nullable LogArchiver archiver,
    long recoveryMillis)
    implements AutoCloseable {
  /** Returns an empty memtable whose hash nobody who chooses keys knows. */
  Memtable newMemtable() {
    return new Memtable(databaseId);
  }

  Map<String, Long> logStatistics() {
    LogRecovery recovery = log.recovery();
    Map<String, Long> values = new HashMap<>(log.statistics().figures());
    values.put("recovery.entries", recovery.entries());
    values.put("recovery.batches", recovery.batches());
    values.put("recovery.bytes", recovery.bytes());
    values.put("recovery.millis", recoveryMillis);
    values.put("wal.segment.first", log.firstSegment());
    values.put("wal.segment.current", log.currentSegment());
    values.put("wal.segments.kept", (long) log.sizes().keptSegments());
    values.put("wal.needed.bytes", log.sizes().neededBytes());
    values.put("wal.kept.bytes", log.sizes().keptBytes());
    return values;
  }

  /** Releases the manifest and the lock; log and tables are the engine's to close. */
  @Override
  @SuppressWarnings(
      "Finally") // the lock is released, or said to be held, whatever becomes of the manifest
  public void close() {
    try (lock) {
      manifest.close();
    } catch (IOException e) {
      throw new StorageException(directory + ": the lock could not be released: " + e, e);
    }
  }
}
