package io.larder.engine;

import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.RestoreOptions;
import io.larder.engine.api.RestoreReport;
import io.larder.engine.internal.backup.BackupDirectory;
import io.larder.engine.internal.backup.Restorer;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.io.SystemClock;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The backups in a directory: what there is, whether it is good, and databases made of it. Thread-safe; needs no open
 * database. Backups are made by {@link io.larder.engine.api.Database#backup}.
 */
public final class Backups {
  private final BackupDirectory directory;
  private final Clock clock;

  private Backups(FileSystem fileSystem, Clock clock, Path path) {
    this.directory = new BackupDirectory(fileSystem, path);
    this.clock = clock;
  }

  /** Returns the backups in a directory, which need not exist. */
  public static Backups in(Path directory) {
    return in(directory, LocalFileSystem.instance(), SystemClock.instance());
  }

  /** Returns the backups in a directory, through a file system and clock of the caller's. */
  public static Backups in(Path directory, FileSystem fileSystem, Clock clock) {
    return new Backups(fileSystem, clock, directory);
  }

  /** Returns all backups, oldest state first; those whose inventory cannot be read are logged and left out. */
  public List<BackupInfo> list() {
    return directory.list();
  }

  /**
   * Reads every byte of a backup and compares it with the inventory.
   *
   * @throws io.larder.engine.api.BackupException if there is no backup of that name
   * @throws io.larder.engine.api.CorruptionException naming the file that is not what was written
   */
  public BackupInfo verify(String name, ProgressListener progress) {
    return directory.verify(name, progress);
  }

  /**
   * Removes backups of a database by number and age, and returns them.
   *
   * @param keepNewest how many of the newest stay, whatever their age; at least 1
   * @param olderThan of the others, those with a state from before this time go; null for all others
   */
  public List<BackupInfo> prune(long databaseId, int keepNewest, @Nullable Instant olderThan) {
    return directory.prune(databaseId, keepNewest, olderThan);
  }

  /**
   * Makes a database of a backup, after verifying it, and of as much of the log as is asked for. The target is a whole
   * database afterwards, or what it was before.
   *
   * @throws io.larder.engine.api.BackupException if the target is not empty, or the moment is not covered
   * @throws io.larder.engine.api.CorruptionException if the backup is damaged
   * @throws io.larder.engine.api.DatabaseLockedException if somebody has the database open that is to be replaced
   */
  public RestoreReport restore(RestoreOptions options, ProgressListener progress) {
    return Restorer.restore(directory, clock, options, progress);
  }
}
