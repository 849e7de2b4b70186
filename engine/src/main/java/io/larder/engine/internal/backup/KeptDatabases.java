package io.larder.engine.internal.backup;

import io.larder.engine.api.BackupException;
import io.larder.engine.api.DatabaseLockedException;
import io.larder.engine.api.RecoveryPoint;
import io.larder.engine.api.StorageException;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.LockHeldException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Databases as they were before something risky, in {@code NAME.recovery-points} beside the database, one directory
 * each. Stateless; used while nobody has the database open.
 */
public final class KeptDatabases {
  private static final String SUFFIX = ".recovery-points";
  private static final String LOCK = "LOCK";

  private final FileSystem fileSystem;
  private final Clock clock;
  private final Path database;
  private final Path directory;

  /** Creates a view on the recovery points of a database, which need not exist. */
  public KeptDatabases(FileSystem fileSystem, Clock clock, Path database) {
    this.fileSystem = fileSystem;
    this.clock = clock;
    this.database = database.toAbsolutePath().normalize();
    this.directory = this.database.resolveSibling(this.database.getFileName() + SUFFIX);
  }

  /** Returns the recovery points, oldest first. */
  public List<RecoveryPoint> list() {
    List<RecoveryPoint> points = new ArrayList<>();
    try {
      if (!fileSystem.exists(directory)) {
        return points;
      }
      for (String name : fileSystem.list(directory)) {
        Instant time = timeOf(name);
        if (time != null && fileSystem.isDirectory(directory.resolve(name))) {
          points.add(point(name, time));
        }
      }
    } catch (IOException e) {
      throw failed("could not be listed", e);
    }
    return points;
  }

  private RecoveryPoint point(String name, Instant time) throws IOException {
    Path path = directory.resolve(name);
    long bytes = 0;
    for (String file : fileSystem.list(path)) {
      bytes +=
          fileSystem.isDirectory(path.resolve(file)) ? 0 : fileSystem.sizeBytes(path.resolve(file));
    }
    String reason = name.substring(name.indexOf('-') + 1);
    return new RecoveryPoint(name, path, time, reason, bytes);
  }

  private static @Nullable Instant timeOf(String name) {
    int end = name.indexOf('-');
    return end < 0 || !Names.isValid(name) ? null : Names.timeOf(name.substring(0, end));
  }

  /** Moves the database, which nobody has open, to a new recovery point and returns that. */
  Path moveAway(String reason) throws IOException {
    Path point = newPoint(reason);
    fileSystem.rename(database, point);
    fileSystem.syncDirectory(directory);
    syncParent();
    return point;
  }

  private Path newPoint(String reason) throws IOException {
    fileSystem.createDirectories(directory);
    String time = Names.ofTime(clock.currentTimeMillis());
    Path point = directory.resolve(time + "-" + reason);
    for (int i = 2; fileSystem.exists(point); i++) {
      point = directory.resolve(time + "-" + reason + "-" + i);
    }
    return point;
  }

  private void syncParent() throws IOException {
    Path parent = database.getParent();
    if (parent != null) {
      fileSystem.syncDirectory(parent);
    }
  }

  /**
   * Keeps a copy of a closed database; its tables are linked where that can be done.
   *
   * @param reason what is about to be done, one word
   * @throws DatabaseLockedException if somebody has it open
   */
  public RecoveryPoint create(String reason) {
    Names.requireValid(reason);
    try (FileSystem.Lock held = lock()) {
      Path point = newPoint(reason.toLowerCase(Locale.ROOT));
      Path partial = point.resolveSibling(point.getFileName() + Names.PARTIAL_SUFFIX);
      fileSystem.createDirectories(partial);
      DirectoryCopy.copy(fileSystem, database, partial);
      fileSystem.syncDirectory(partial);
      if (!held.isValid()) {
        throw new BackupException(database + ": was moved or deleted meanwhile");
      }
      fileSystem.rename(partial, point);
      fileSystem.syncDirectory(directory);
      String name = String.valueOf(point.getFileName());
      return point(name, Objects.requireNonNull(timeOf(name)));
    } catch (IOException e) {
      throw failed("could not be copied to a recovery point", e);
    }
  }

  /**
   * Puts a recovery point in the place of the database, which becomes a recovery point itself.
   *
   * @throws BackupException if there is no such point
   * @throws DatabaseLockedException if somebody has the database open
   */
  public void goBackTo(String name) {
    Path point = require(name);
    try {
      if (fileSystem.exists(database)) {
        try (FileSystem.Lock held = lock()) {
          if (!held.isValid()) {
            throw new BackupException(database + ": was moved or deleted meanwhile");
          }
          moveAway("return");
        }
      }
      fileSystem.rename(point, database);
      syncParent();
      fileSystem.syncDirectory(directory);
    } catch (IOException e) {
      throw failed("could not be put in place of the database", e);
    }
  }

  private Path require(String name) {
    List<String> names = list().stream().map(RecoveryPoint::name).toList();
    if (!names.contains(name)) {
      throw new BackupException(
          directory
              + ": found no recovery point '"
              + name.replaceAll("[^\\x20-\\x7e]", "?")
              + "', expected one of "
              + names);
    }
    return directory.resolve(name);
  }

  /** Deletes the oldest recovery points beyond a number and returns them. */
  public List<RecoveryPoint> prune(int keepNewest) {
    if (keepNewest < 0) {
      throw new BackupException("found " + keepNewest + " points to keep, expected 0 or more");
    }
    List<RecoveryPoint> all = list();
    List<RecoveryPoint> removed = all.subList(0, Math.max(0, all.size() - keepNewest));
    try {
      for (RecoveryPoint each : removed) {
        DirectoryCopy.delete(fileSystem, each.path());
      }
      if (!removed.isEmpty()) {
        fileSystem.syncDirectory(directory);
      }
    } catch (IOException e) {
      throw failed("could not be pruned", e);
    }
    return List.copyOf(removed);
  }

  /** Takes the lock of the database. */
  FileSystem.Lock lock() throws IOException {
    try {
      return fileSystem.lock(database.resolve(LOCK), "an exchange with its recovery points");
    } catch (LockHeldException e) {
      throw new DatabaseLockedException(
          "The database "
              + database
              + " is open"
              + (e.owner().isEmpty() ? "" : ", held by " + e.owner().strip())
              + "; expected nobody to use it",
          e);
    }
  }

  private StorageException failed(String what, IOException e) {
    return new StorageException(directory + ": " + what + ": " + e.getMessage(), e);
  }
}
