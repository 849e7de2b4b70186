package io.larder.engine.internal.backup;

import io.larder.engine.api.BackupException;
import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.RestoreOptions;
import io.larder.engine.api.RestorePoint;
import io.larder.engine.api.RestoreReport;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.codec.BatchReader;
import io.larder.engine.internal.manifest.Manifest;
import io.larder.engine.internal.manifest.Version;
import io.larder.engine.internal.wal.LogInspector;
import io.larder.engine.internal.wal.LogInspector.FrameDescription;
import io.larder.engine.internal.wal.LogOptions;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a database of a backup, and of as much of the log behind it as is asked for. One use, one thread.
 *
 * <p>The backup is verified first. Then the database is built in {@code TARGET.restoring}, synced, and gets its name by
 * one rename: the target is a whole database or what it was before. A database that is replaced is moved away before
 * that, and is kept as a recovery point.
 */
public final class Restorer {
  private static final long LOG_SEGMENT_BYTES = 10L << 20;

  private final BackupDirectory backups;
  private final FileSystem fileSystem;
  private final Clock clock;
  private final RestoreOptions options;
  private final Progress progress;
  private final FileCopy copy;
  private final Path target;
  private boolean pointReached;

  private Restorer(
      BackupDirectory backups, Clock clock, RestoreOptions options, ProgressListener listener) {
    this.backups = backups;
    this.fileSystem = backups.fileSystem();
    this.clock = clock;
    this.options = options;
    this.progress = new Progress(listener, "The restore of " + options.target());
    this.copy = new FileCopy(fileSystem, progress);
    this.target = options.target().toAbsolutePath().normalize();
  }

  /** Restores a backup. */
  public static RestoreReport restore(
      BackupDirectory backups, Clock clock, RestoreOptions options, ProgressListener listener) {
    try {
      return new Restorer(backups, clock, options, listener).restore();
    } catch (IOException e) {
      throw new StorageException(
          options.target() + ": could not be restored: " + e.getMessage(), e);
    }
  }

  private RestoreReport restore() throws IOException {
    RestoreTarget place = new RestoreTarget(fileSystem, clock, target);
    place.requireFree(options.replacing());
    StoredBackup backup = options.backup().isEmpty() ? newest() : backups.require(options.backup());
    requireCovered(backup);
    backup.verify(progress);
    Inventory inventory = backup.inventory();
    LogChain chain =
        LogChain.of(fileSystem, inventory.databaseId(), options.logArchive(), options.liveLog());
    Path building = place.begin();
    boolean done = false;
    try {
      copyTables(backup, building);
      Built built = buildLog(backup, chain, building);
      createManifest(inventory, built, building);
      fileSystem.syncDirectory(building);
      @Nullable Path recoveryPoint = place.finish(options.replacing());
      done = true;
      return new RestoreReport(
          backup.info(),
          target,
          built.lastSequence,
          Instant.ofEpochMilli(
              built.replayed == 0 ? inventory.stateMillis() : built.lastTimeMillis),
          inventory.version().tables().size(),
          inventory.bytes(),
          built.replayed,
          built.logEnded,
          recoveryPoint);
    } finally {
      if (!done) {
        place.giveUp();
      }
    }
  }

  /** Returns the newest backup whose state is not after the point asked for. */
  private StoredBackup newest() {
    List<StoredBackup> all = backups.stored();
    if (all.isEmpty()) {
      throw new BackupException(backups.path() + ": found no backup, expected at least one");
    }
    if (all.stream().map(each -> each.inventory().databaseId()).distinct().count() > 1) {
      throw new BackupException(
          backups.path()
              + ": found backups of several databases, expected the name of the one to restore,"
              + " of "
              + all.stream().map(StoredBackup::name).toList());
    }
    List<StoredBackup> before = all.stream().filter(this::isNotAfterPoint).toList();
    if (before.isEmpty()) {
      requireCovered(all.get(0));
    }
    return before.get(before.size() - 1);
  }

  private boolean isNotAfterPoint(StoredBackup backup) {
    RestorePoint point = options.point();
    if (point instanceof RestorePoint.Sequence sequence) {
      return backup.inventory().sequence() <= sequence.sequence();
    }
    if (point instanceof RestorePoint.Time time) {
      return backup.inventory().stateMillis() <= time.time().toEpochMilli();
    }
    return true;
  }

  private void requireCovered(StoredBackup backup) {
    if (!isNotAfterPoint(backup)) {
      throw new BackupException(
          backup.path()
              + ": found a backup of "
              + Instant.ofEpochMilli(backup.inventory().stateMillis())
              + ", sequence number "
              + backup.inventory().sequence()
              + ", expected one from before "
              + options.point());
    }
  }

  private void copyTables(StoredBackup backup, Path building) throws IOException {
    List<BackupFile> tables =
        backup.inventory().files().stream().filter(BackupFile::isTable).toList();
    progress.begin("copy", tables.stream().mapToLong(BackupFile::sizeBytes).sum());
    for (BackupFile file : tables) {
      copy.copy(backup.holder(file), backup.offset(file), file, building.resolve(file.name()));
    }
  }

  /** What a log was built to. */
  private static final class Built {
    final LogCopy log;
    final long firstNumber;
    long lastSequence;
    long lastTimeMillis;
    long replayed;
    boolean logEnded;

    Built(LogCopy log, long firstNumber) {
      this.log = log;
      this.firstNumber = firstNumber;
    }
  }

  private Built buildLog(StoredBackup backup, LogChain chain, Path building) throws IOException {
    Inventory inventory = backup.inventory();
    LogOptions logOptions = new LogOptions(inventory.databaseId(), LOG_SEGMENT_BYTES, 0);
    List<Path> staged = stageLog(backup, building);
    long firstNumber = firstNumber(inventory, chain);
    try (LogCopy log =
        new LogCopy(fileSystem, clock, building, logOptions, inventory.version(), firstNumber)) {
      Built built = new Built(log, firstNumber);
      for (Path segment : staged) {
        LogInspector.frames(
            fileSystem,
            segment,
            (frame, changes) -> {
              log.add(frame, changes);
              return true;
            });
        if (backup.isSingleFile()) {
          fileSystem.delete(segment);
        }
      }
      if (log.lastSequence() != inventory.sequence()) {
        throw new CorruptionException(
            backup.path()
                + ": found a log up to sequence number "
                + log.lastSequence()
                + ", expected "
                + inventory.sequence());
      }
      replay(chain, built);
      log.finish();
      built.lastSequence = log.lastSequence();
      built.lastTimeMillis = log.lastTimeMillis();
      return built;
    }
  }

  /**
   * Returns a number above all that the log of this database ever had, also of segments in an archive that nobody told
   * us of: they count up from 1, and no log begins a segment every millisecond.
   */
  private long firstNumber(Inventory inventory, LogChain chain) {
    long known = Math.max(inventory.version().logFloor(), chain.highestNumber());
    return Math.max(known + 1, clock.currentTimeMillis());
  }

  /** Returns the log of the backup as files of their own; those of an archive go into the new directory. */
  private List<Path> stageLog(StoredBackup backup, Path building) throws IOException {
    List<Path> staged = new ArrayList<>();
    for (BackupFile file : backup.logFiles()) {
      Path holder = backup.holder(file);
      if (backup.isSingleFile()) {
        holder = building.resolve(file.name() + RestoreTarget.STAGED_SUFFIX);
        copy.copy(backup.holder(file), backup.offset(file), file, holder);
      }
      staged.add(holder);
    }
    return staged;
  }

  private void replay(LogChain chain, Built built) throws IOException {
    if (options.point() instanceof RestorePoint.OfBackup) {
      return;
    }
    chain.read(built.log.lastSequence() + 1, (frame, changes) -> take(frame, changes, built));
    boolean atPoint =
        options.point() instanceof RestorePoint.Sequence sequence
            && sequence.sequence() == built.log.lastSequence();
    built.logEnded = !pointReached && !atPoint && !(options.point() instanceof RestorePoint.Latest);
    if (built.logEnded && options.point() instanceof RestorePoint.Sequence sequence) {
      throw new BackupException(
          "The log can be read to sequence number "
              + built.log.lastSequence()
              + (chain.problem().isEmpty() ? "" : " (" + chain.problem() + ")")
              + ", expected it to reach "
              + sequence.sequence());
    }
  }

  private boolean take(FrameDescription frame, BatchReader changes, Built built) {
    if (isAfterPoint(frame)) {
      pointReached = true;
      return false;
    }
    built.log.add(frame, changes);
    built.replayed++;
    return true;
  }

  private boolean isAfterPoint(FrameDescription frame) {
    RestorePoint point = options.point();
    if (point instanceof RestorePoint.Sequence sequence) {
      return frame.lastSequence() > sequence.sequence();
    }
    return point instanceof RestorePoint.Time time
        && frame.commitTimeMillis() > time.time().toEpochMilli();
  }

  private void createManifest(Inventory inventory, Built built, Path building) {
    Version version = inventory.version();
    Version restored =
        new Version(
            built.log.keyspaces(),
            version.tables(),
            built.log.lastKeyspaceId(),
            built.firstNumber,
            version.flushedSequence(),
            built.lastSequence,
            Math.max(version.highestClockMillis(), built.lastTimeMillis),
            version.nextFileId());
    Manifest.create(fileSystem, building, inventory.databaseId(), restored).close();
  }
}
