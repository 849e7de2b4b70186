package io.larder.engine;

import io.larder.engine.api.CancelledException;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.RepairReport;
import io.larder.engine.api.StorageException;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.backup.RestoreTarget;
import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.integrity.Salvage;
import io.larder.engine.internal.manifest.ManifestFiles;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes what can be read of a damaged database into a new one, which appears as a whole. One use, one thread; the
 * damaged one stays as it is.
 */
final class Salvager {
  private static final int BATCH_ENTRIES = 1_000;
  private static final long BATCH_BYTES = 4L << 20;
  private static final DatabaseOptions ROOMY =
      DatabaseOptions.of(
          Map.of(
              EngineOptions.SYNC.name(), "none",
              EngineOptions.KEY_LIMIT.name(), "32KB",
              EngineOptions.VALUE_LIMIT.name(), "512MB",
              EngineOptions.BATCH_LIMIT.name(), "1GB",
              EngineOptions.MEMORY_LIMIT.name(), "4GB"));

  private final FileSystem fileSystem;
  private final Clock clock;
  private final Path source;
  private final Path target;
  private final boolean inPlace;
  private final ProgressListener listener;
  private final Map<Integer, Keyspace> keyspaces = new HashMap<>();
  private WriteBatch batch = new WriteBatch();
  private int batchEntries;
  private long batchBytes;
  private long entries;
  private long bytes;
  private long expired;
  private long doubtful;

  private Salvager(
      FileSystem fileSystem,
      Clock clock,
      Path source,
      Path target,
      boolean inPlace,
      ProgressListener listener) {
    this.fileSystem = fileSystem;
    this.clock = clock;
    this.source = source;
    this.target = target;
    this.inPlace = inPlace;
    this.listener = listener;
  }

  /** Makes a new database in a missing or empty directory. */
  static RepairReport into(
      FileSystem fileSystem, Clock clock, Path source, Path target, ProgressListener listener) {
    Path absolute = target.toAbsolutePath().normalize();
    Path building = absolute.resolveSibling(absolute.getFileName() + ".repairing");
    return new Salvager(fileSystem, clock, source, absolute, false, listener).repair(building);
  }

  /** Makes a new database and puts it in the place of the damaged one, which becomes a recovery point. */
  static RepairReport inPlace(
      FileSystem fileSystem, Clock clock, Path source, ProgressListener listener) {
    Path absolute = source.toAbsolutePath().normalize();
    return new Salvager(fileSystem, clock, absolute, absolute, true, listener)
        .repair(ManifestFiles.restoring(absolute));
  }

  private RepairReport repair(Path building) {
    RestoreTarget place = new RestoreTarget(fileSystem, clock, target, building);
    try {
      if (!inPlace) {
        place.requireFree(false);
      }
      try (Salvage salvage = Salvage.open(fileSystem, source)) {
        place.begin();
        boolean done = false;
        try {
          int count = write(salvage, building);
          Path kept = inPlace ? place.replace(salvage.lock(), "repair") : place.finish(false);
          done = true;
          return new RepairReport(
              source,
              target,
              count,
              entries,
              bytes,
              expired,
              doubtful,
              salvage.losses(),
              salvage.findings(),
              kept);
        } finally {
          if (!done) {
            place.giveUp();
          }
        }
      }
    } catch (IOException e) {
      throw new StorageException(source + ": could not be repaired: " + e.getMessage(), e);
    }
  }

  private int write(Salvage salvage, Path building) {
    try (Database database =
        Databases.open(new DatabaseLocation.Directory(building), ROOMY, fileSystem, clock)) {
      salvage.keyspaceNames().forEach(database::openKeyspace);
      long total = salvage.bytes();
      try (EntryCursor versions = salvage.versions()) {
        copyNewest(salvage, versions, database, total);
      }
      flush(database);
      database.flush();
      return database.keyspaceNames().size();
    }
  }

  private void copyNewest(
      Salvage salvage, EntryCursor versions, Database database, long totalBytes) {
    int lastKeyspaceId = 0;
    byte[] lastKey = null;
    while (versions.next()) {
      byte[] key = versions.key();
      boolean older = versions.keyspaceId() == lastKeyspaceId && Arrays.equals(key, lastKey);
      lastKeyspaceId = versions.keyspaceId();
      lastKey = key;
      if (!older && !versions.isDelete()) {
        Keyspace keyspace = keyspace(salvage, database, lastKeyspaceId);
        if (keyspace != null) {
          copy(salvage, versions, keyspace, key);
        }
      }
      if (batchEntries >= BATCH_ENTRIES || batchBytes >= BATCH_BYTES) {
        flush(database);
        if (!listener.onProgress("salvage", Math.min(bytes, totalBytes), totalBytes)) {
          throw new CancelledException(
              "The repair of " + source + " was cancelled after " + entries + " entries");
        }
      }
    }
  }

  private void copy(Salvage salvage, EntryCursor version, Keyspace keyspace, byte[] key) {
    long expiry = version.expiresAtMillis();
    if (expiry != 0 && expiry <= clock.currentTimeMillis()) {
      expired++;
      return;
    }
    if (salvage.isDoubtful(version.keyspaceId(), key, version.sequence())) {
      doubtful++;
    }
    byte[] value = version.value();
    batch.put(keyspace, key, value, expiry);
    batchEntries++;
    batchBytes += key.length + value.length;
    entries++;
    bytes += key.length + value.length;
  }

  private @Nullable Keyspace keyspace(Salvage salvage, Database database, int dataId) {
    Keyspace known = keyspaces.get(dataId);
    if (known != null) {
      return known;
    }
    String name = salvage.nameOf(dataId);
    if (name == null || dataId == 0) {
      return null;
    }
    Keyspace opened = database.openKeyspace(name);
    keyspaces.put(dataId, opened);
    return opened;
  }

  private void flush(Database database) {
    database.write(batch);
    batch = new WriteBatch();
    batchEntries = 0;
    batchBytes = 0;
  }
}
