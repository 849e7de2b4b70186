package io.larder.engine;

import io.larder.engine.api.RecoveryPoint;
import io.larder.engine.internal.backup.KeptDatabases;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.io.SystemClock;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.nio.file.Path;
import java.util.List;

/**
 * The recovery points of a database: how it was before something risky was done to it, kept beside it in {@code
 * NAME.recovery-points}. Thread-safe; changes need the database closed.
 */
public final class RecoveryPoints {
  private final KeptDatabases kept;

  private RecoveryPoints(KeptDatabases kept) {
    this.kept = kept;
  }

  /** Returns the recovery points of the database in a directory, which need not exist. */
  public static RecoveryPoints of(Path database) {
    return of(database, LocalFileSystem.instance(), SystemClock.instance());
  }

  /** Returns the recovery points of a database, through a file system and clock of the caller's. */
  public static RecoveryPoints of(Path database, FileSystem fileSystem, Clock clock) {
    return new RecoveryPoints(new KeptDatabases(fileSystem, clock, database));
  }

  /** Returns the recovery points, oldest first. */
  public List<RecoveryPoint> list() {
    return kept.list();
  }

  /**
   * Keeps a copy of the closed database as it is, damaged or not.
   *
   * @param reason what is about to be done, one word
   * @throws io.larder.engine.api.DatabaseLockedException if somebody has it open
   */
  public RecoveryPoint create(String reason) {
    return kept.create(reason);
  }

  /**
   * Puts a recovery point in the place of the database, which becomes a recovery point itself.
   *
   * @throws io.larder.engine.api.BackupException if there is no such point
   * @throws io.larder.engine.api.DatabaseLockedException if somebody has the database open
   */
  public void goBackTo(String name) {
    kept.goBackTo(name);
  }

  /** Deletes the oldest recovery points beyond a number and returns them. */
  public List<RecoveryPoint> prune(int keepNewest) {
    return kept.prune(keepNewest);
  }
}
