package io.larder.engine.internal.backup;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.LogLoss;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.manifest.LiveTable;
import io.larder.engine.internal.manifest.Manifest;
import io.larder.engine.internal.manifest.ManifestFiles;
import io.larder.engine.internal.manifest.Version;
import io.larder.engine.internal.wal.LogCheck;
import io.larder.engine.internal.wal.LogInspector;
import io.larder.engine.internal.wal.LogInspector.Segment;
import io.larder.engine.internal.wal.LogInspector.State;
import io.larder.engine.internal.wal.LogOptions;
import io.larder.engine.internal.wal.LogStart;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A closed database whose log cannot be read to its end: what is lost with it, and the same database without the part
 * that cannot be read. Used by one thread, which holds the lock of the database.
 */
public final class DamagedLog {
  private static final long LOG_SEGMENT_BYTES = 10L << 20;

  private final FileSystem fileSystem;
  private final Clock clock;
  private final Path database;
  private final Manifest.Content manifest;

  private DamagedLog(FileSystem fileSystem, Clock clock, Path database, Manifest.Content manifest) {
    this.fileSystem = fileSystem;
    this.clock = clock;
    this.database = database;
    this.manifest = manifest;
  }

  /** Says what is lost with a log. */
  public static LogLoss loss(FileSystem fileSystem, Clock clock, Path database) {
    Path absolute = database.toAbsolutePath().normalize();
    KeptDatabases kept = new KeptDatabases(fileSystem, clock, absolute);
    try (FileSystem.Lock held = kept.lock()) {
      LogLoss loss =
          new DamagedLog(fileSystem, clock, absolute, Manifest.read(fileSystem, absolute)).loss();
      requireValid(held, absolute);
      return loss;
    } catch (IOException e) {
      throw failed(absolute, e);
    }
  }

  /**
   * Puts the same database, with the log as far as it can be read, in its place.
   *
   * @return the recovery point that the database as it was has become
   */
  public static Path discard(FileSystem fileSystem, Clock clock, Path database) {
    Path absolute = database.toAbsolutePath().normalize();
    KeptDatabases kept = new KeptDatabases(fileSystem, clock, absolute);
    try (FileSystem.Lock held = kept.lock()) {
      return new DamagedLog(fileSystem, clock, absolute, Manifest.read(fileSystem, absolute))
          .rebuild(held);
    } catch (IOException e) {
      throw failed(absolute, e);
    }
  }

  private static void requireValid(FileSystem.Lock held, Path database) throws IOException {
    if (!held.isValid()) {
      throw new IOException(database + ": was moved or opened meanwhile");
    }
  }

  private static StorageException failed(Path database, IOException e) {
    return new StorageException(database + ": the log could not be read: " + e.getMessage(), e);
  }

  private LogLoss loss() throws IOException {
    Version version = manifest.version();
    long known = Math.max(version.flushedSequence(), version.durableSequence());
    long knownMillis = 0;
    for (Segment each : LogInspector.segments(fileSystem, database)) {
      boolean ours = each.number() >= version.logFloor() && each.state() != State.DAMAGED;
      if (ours && each.state() != State.UNUSED) {
        known = Math.max(known, each.syncedSequence());
        knownMillis = Math.max(knownMillis, each.lastTimeMillis());
      }
    }
    String problem = problem();
    long[] read = {version.flushedSequence(), 0, 0};
    chain()
        .read(
            version.flushedSequence() + 1,
            (frame, changes) -> {
              read[0] = frame.lastSequence();
              read[1]++;
              read[2] = frame.commitTimeMillis();
              return true;
            });
    return new LogLoss(
        database,
        version.flushedSequence(),
        read[0],
        Math.max(known, read[0]),
        read[1],
        read[2],
        knownMillis > read[2] ? knownMillis : 0,
        problem);
  }

  /** Returns what a recovery would say of the log, empty if it would take it as it is. */
  private String problem() {
    Version version = manifest.version();
    try {
      LogCheck.check(
          fileSystem,
          database,
          new LogOptions(manifest.databaseId(), LogOptions.SEGMENT_BYTES_MIN, 0),
          new LogStart(
              version.logFloor(),
              version.flushedSequence(),
              Math.max(version.flushedSequence(), version.durableSequence())),
          (firstSequence, count, commitTimeMillis, changes) -> {});
      return "";
    } catch (CorruptionException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private LogChain chain() throws IOException {
    return LogChain.of(fileSystem, manifest.databaseId(), null, database);
  }

  private Path rebuild(FileSystem.Lock held) throws IOException {
    Version version = manifest.version();
    Path building = ManifestFiles.restoring(database);
    RestoreTarget place = new RestoreTarget(fileSystem, clock, database, building);
    place.begin();
    boolean done = false;
    try {
      for (LiveTable table : version.tables().values()) {
        String name = Inventory.tableName(table.metadata().fileId());
        DirectoryCopy.copyTable(fileSystem, database.resolve(name), building.resolve(name));
      }
      LogChain chain = chain();
      // As after a restore: a history of its own, numbered above everything there ever was.
      long first =
          Math.max(
              Math.max(version.logFloor(), chain.highestNumber()) + 1, clock.currentTimeMillis());
      LogOptions options = new LogOptions(manifest.databaseId(), LOG_SEGMENT_BYTES, 0);
      try (LogCopy log = new LogCopy(fileSystem, clock, building, options, version, first)) {
        chain.read(
            version.flushedSequence() + 1,
            (frame, changes) -> {
              log.add(frame, changes);
              return true;
            });
        log.finish();
        createManifest(log, first, building);
      }
      fileSystem.syncDirectory(building);
      Path kept = place.replace(held, "wal-clear");
      done = true;
      return kept;
    } finally {
      if (!done) {
        place.giveUp();
      }
    }
  }

  /** The keyspaces are those the manifest knows: what the log says of them may have been undone in its lost part. */
  private void createManifest(LogCopy log, long first, Path building) {
    Version version = manifest.version();
    int lastKeyspaceId =
        Integer.compareUnsigned(log.lastKeyspaceId(), version.lastKeyspaceId()) > 0
            ? log.lastKeyspaceId()
            : version.lastKeyspaceId();
    Manifest.create(
            fileSystem,
            building,
            manifest.databaseId(),
            new Version(
                version.keyspaces(),
                version.tables(),
                lastKeyspaceId,
                first,
                version.flushedSequence(),
                log.lastSequence(),
                Math.max(version.highestClockMillis(), log.lastTimeMillis()),
                version.nextFileId()))
        .close();
  }
}
