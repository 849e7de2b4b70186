package io.larder.engine;

import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.OpeningReport;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.RestoreOptions;
import io.larder.engine.api.RestorePoint;
import io.larder.engine.api.RestoreReport;
import io.larder.engine.internal.backup.BackupDirectory;
import io.larder.engine.internal.backup.BackupTimer;
import io.larder.engine.internal.backup.LogArchiveDirectory;
import io.larder.engine.internal.backup.Restorer;
import io.larder.engine.internal.database.EmbeddedDatabase;
import io.larder.engine.internal.disk.DiskEngine;
import io.larder.engine.internal.disk.DiskOpener;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.internal.wal.LogArchive;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens one database in a directory with all that its options ask for: archived log, scheduled backups, and the way back
 * to a backup where it is damaged. One use, one thread.
 */
final class DatabasesOnDisk {
  private static final System.Logger LOG = LazyLogger.of(DatabasesOnDisk.class);

  private final DatabaseLocation.Directory location;
  private final DatabaseOptions options;
  private final FileSystem fileSystem;
  private final Clock clock;
  private final LongSupplier uniqueNumbers;

  DatabasesOnDisk(
      DatabaseLocation.Directory location,
      DatabaseOptions options,
      FileSystem fileSystem,
      Clock clock,
      LongSupplier uniqueNumbers) {
    this.location = location;
    this.options = options;
    this.fileSystem = fileSystem;
    this.clock = clock;
    this.uniqueNumbers = uniqueNumbers;
  }

  EmbeddedDatabase open() {
    requireOutside("wal.archive", options.logArchive());
    requireOutside("backup.dir", options.backupDirectory());
    OpeningReport report = null;
    DiskEngine engine;
    try {
      engine = openEngine();
    } catch (LarderException e) {
      if (!options.recoveryFromBackup() || !isDamage(e)) {
        throw e;
      }
      RestoreReport restored = restore(e);
      engine = openEngine();
      report = engine.opening().after(String.valueOf(e.getMessage()), restored);
    }
    try {
      return new EmbeddedDatabase(
          location,
          options,
          engine,
          clock,
          report == null ? engine.opening() : report,
          timer(engine));
    } catch (Throwable e) {
      engine.close();
      throw e;
    }
  }

  /** Whether a database is there and is not what was written; a missing file is damage as well. */
  private static boolean isDamage(LarderException failure) {
    return failure instanceof CorruptionException
        || failure.getCause() instanceof NoSuchFileException;
  }

  private DiskEngine openEngine() {
    return DiskOpener.open(
        fileSystem,
        clock,
        location.path(),
        options,
        LockOwner.describe(clock),
        uniqueNumbers.getAsLong(),
        archive());
  }

  private @Nullable LongFunction<LogArchive> archive() {
    String directory = options.logArchive();
    return directory.isEmpty()
        ? null
        : databaseId -> {
          LogArchiveDirectory kept =
              new LogArchiveDirectory(fileSystem, Path.of(directory), databaseId);
          kept.claimFor(location.path());
          return kept;
        };
  }

  private @Nullable BackupTimer timer(DiskEngine engine) {
    String directory = options.backupDirectory();
    return directory.isEmpty()
        ? null
        : new BackupTimer(
            engine::checkpoint,
            clock,
            location.path().toString(),
            Path.of(directory),
            options.backupInterval(),
            options.backupRetention());
  }

  private void requireOutside(String option, String directory) {
    Path own = location.path().toAbsolutePath().normalize();
    if (!directory.isEmpty() && Path.of(directory).toAbsolutePath().normalize().startsWith(own)) {
      throw new InvalidOptionException(
          "Invalid option: "
              + option
              + " is '"
              + directory
              + "', which is inside the database "
              + own
              + ", expected a place outside it");
    }
  }

  /** Restores the newest backup that is good, with as much of the log as can be read. */
  private RestoreReport restore(LarderException damage) {
    LOG.log(
        System.Logger.Level.ERROR,
        "The database " + location + " is damaged; with recovery=backup a backup is restored",
        damage);
    BackupDirectory backups = new BackupDirectory(fileSystem, Path.of(options.backupDirectory()));
    List<BackupInfo> candidates = backups.list();
    RestoreOptions wanted =
        RestoreOptions.to(location.path())
            .withPoint(RestorePoint.latest())
            .withLogArchive(options.logArchive().isEmpty() ? null : Path.of(options.logArchive()))
            .withLiveLog(location.path())
            .withReplacing(true);
    for (int i = candidates.size() - 1; i >= 0; i--) {
      String name = candidates.get(i).name();
      try {
        RestoreReport report =
            Restorer.restore(backups, clock, wanted.withBackup(name), ProgressListener.none());
        LOG.log(
            System.Logger.Level.WARNING,
            "The database {0} was restored from the backup {1} and {2} batches of the log, to the state of"
                + " {3}, sequence number {4}; the damaged one is kept in {5}",
            location,
            report.backup().path(),
            report.replayedBatches(),
            report.stateAt(),
            report.sequence(),
            report.recoveryPoint());
        return report;
      } catch (LarderException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "The backup " + name + " cannot be restored; trying older",
            e);
        damage.addSuppressed(e);
      }
    }
    throw new CorruptionException(
        damage.getMessage()
            + "; none of the "
            + candidates.size()
            + " backups in "
            + options.backupDirectory()
            + " can take its place",
        damage);
  }
}
