package io.larder.engine;

import io.larder.engine.api.LogLoss;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.RepairReport;
import io.larder.engine.api.VerifyReport;
import io.larder.engine.internal.backup.DamagedLog;
import io.larder.engine.internal.integrity.Verifier;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.io.SystemClock;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.nio.file.Path;

/**
 * Whether a closed database is sound, and a new database of what can be saved of one that is not. Thread-safe. An open
 * database verifies itself: {@link io.larder.engine.api.Database#verify}; its files can be verified beside it.
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
   * Looks for damage in the files as they are now, without asking whether somebody has the database open, and changes
   * nothing. What is written meanwhile may be left out.
   *
   * @param full whether every page, record and batch is read, or only manifest, headers and footers
   * @throws io.larder.engine.api.NotADatabaseException if there is no database
   */
  public VerifyReport verifyBeside(boolean full, ProgressListener progress) {
    return Verifier.beside(fileSystem, database, full, progress);
  }

  /**
   * Says how much of the log can be read, and what would be lost without the rest. Changes nothing.
   *
   * @throws io.larder.engine.api.CorruptionException if the manifest is damaged: then a repair is needed
   * @throws io.larder.engine.api.DatabaseLockedException if somebody has the database open
   */
  public LogLoss logLoss() {
    return DamagedLog.loss(fileSystem, clock, database);
  }

  /**
   * Gives up what of the log cannot be read, so that the database opens again. The database as it was becomes a recovery
   * point.
   *
   * @return that recovery point
   * @throws io.larder.engine.api.CorruptionException if the manifest is damaged: then a repair is needed
   * @throws io.larder.engine.api.DatabaseLockedException if somebody has the database open
   */
  public Path discardUnreadableLog() {
    return DamagedLog.discard(fileSystem, clock, database);
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
    return Salvager.into(fileSystem, clock, database, target, progress);
  }

  /**
   * Writes every entry that can be read into a new database, which then takes the place of the damaged one. That becomes
   * a recovery point, so that nothing of it is lost; see {@link RecoveryPoints}.
   *
   * @throws io.larder.engine.api.DatabaseLockedException if somebody has the damaged database open
   */
  public RepairReport repairInPlace(ProgressListener progress) {
    return Salvager.inPlace(fileSystem, clock, database, progress);
  }
}
