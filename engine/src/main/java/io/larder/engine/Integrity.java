package io.larder.engine;

import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.RepairReport;
import io.larder.engine.api.VerifyReport;
import io.larder.engine.internal.integrity.Verifier;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.io.SystemClock;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.nio.file.Path;

/**
 * Whether a closed database is sound, and a new database of what can be saved of one that is not. Thread-safe. An open
 * database verifies itself: {@link io.larder.engine.api.Database#verify}.
 */
public final class Integrity {
  private final FileSystem fileSystem;
  private final Clock clock;
  private final Path database;

  private Integrity(FileSystem fileSystem, Clock clock, Path database) {
    this.fileSystem = fileSystem;
    this.clock = clock;
    this.database = database;
  }

  /** Returns the integrity of the database in a directory. */
  public static Integrity of(Path database) {
    return of(database, LocalFileSystem.instance(), SystemClock.instance());
  }

  /** Returns the integrity of a database, through a file system and clock of the caller's. */
  public static Integrity of(Path database, FileSystem fileSystem, Clock clock) {
    return new Integrity(fileSystem, clock, database);
  }

  /**
   * Looks for damage and changes nothing.
   *
   * @param full whether every page, record and batch is read, or only manifest, headers and footers
   * @throws io.larder.engine.api.NotADatabaseException if there is no database
   * @throws io.larder.engine.api.DatabaseLockedException if somebody has it open
   */
  public VerifyReport verify(boolean full, ProgressListener progress) {
    return Verifier.offline(fileSystem, database, full, progress);
  }

  /**
   * Writes every entry that can be read into a new database and tells what is lost. The damaged one stays as it is, the
   * new one appears as a whole.
   *
   * @param target a missing or empty directory
   * @throws io.larder.engine.api.BackupException if the target is not empty
   * @throws io.larder.engine.api.DatabaseLockedException if somebody has the damaged database open
   */
  public RepairReport repair(Path target, ProgressListener progress) {
    return new Salvager(fileSystem, clock, database, target, progress).repair();
  }
}
