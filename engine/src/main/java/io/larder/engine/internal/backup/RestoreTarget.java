package io.larder.engine.internal.backup;

import io.larder.engine.api.BackupException;
import io.larder.engine.api.DatabaseLockedException;
import io.larder.engine.internal.io.AtomicFile;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.internal.manifest.ManifestFiles;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.LockHeldException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a restored database goes: built beside the target, under its name by one rename. Used by one thread.
 *
 * <p>Only an empty or missing directory is a target, or a database that may be replaced and that nobody has open; it is
 * moved to its recovery points.
 */
public final class RestoreTarget {
  static final String STAGED_SUFFIX = ".staged";
  private static final System.Logger LOG = LazyLogger.of(RestoreTarget.class);
  private static final String LOCK = "LOCK";

  private final FileSystem fileSystem;
  private final Clock clock;
  private final Path target;
  private final Path parent;
  private final Path building;

  /** Creates the view on a target, which is absolute, for a restore. */
  RestoreTarget(FileSystem fileSystem, Clock clock, Path target) {
    this(fileSystem, clock, target, ManifestFiles.restoring(target));
  }

  /**
   * Creates the view on a target, which is absolute.
   *
   * @param building where the database is built, beside the target
   */
  public RestoreTarget(FileSystem fileSystem, Clock clock, Path target, Path building) {
    this.fileSystem = fileSystem;
    this.clock = clock;
    this.target = target;
    Path above = target.getParent();
    if (above == null) {
      throw new BackupException(target + ": is no directory a database can be restored to");
    }
    this.parent = above;
    this.building = building;
  }

  /** Checks that the target may be written, before anything is. */
  public void requireFree(boolean replacing) throws IOException {
    if (!fileSystem.exists(target)) {
      return;
    }
    if (!fileSystem.isDirectory(target)) {
      throw new BackupException(target + ": found a file, expected an empty or missing directory");
    }
    List<String> names = fileSystem.list(target);
    if (names.isEmpty()) {
      return;
    }
    if (!replacing) {
      throw new BackupException(
          target
              + ": found "
              + names.size()
              + " files ("
              + names.get(0)
              + "...), expected an empty or missing directory, or to be told to replace what is there");
    }
    boolean database =
        names.stream()
            .anyMatch(
                name ->
                    name.equals(ManifestFiles.CURRENT)
                        || ManifestFiles.isManifest(name)
                        || BackupFile.isValidName(name));
    if (!database) {
      throw new BackupException(
          target
              + ": found files that are no database ("
              + names.get(0)
              + "...), which is not replaced");
    }
    lock().close(); // nobody has it open
  }

  private FileSystem.Lock lock() throws IOException {
    try {
      return fileSystem.lock(target.resolve(LOCK), "a restore");
    } catch (LockHeldException e) {
      throw new DatabaseLockedException(
          "The database "
              + target
              + " is open"
              + (e.owner().isEmpty() ? "" : ", held by " + e.owner().strip())
              + "; expected nobody to use what is replaced",
          e);
    }
  }

  /** Returns an empty directory in which the database is built. */
  public Path begin() throws IOException {
    fileSystem.createDirectories(parent);
    deleteBuilding();
    fileSystem.createDirectories(building);
    return building;
  }

  /**
   * Gives what was built, and is durable, the name of the target.
   *
   * @return where what was there is kept, or null if nothing was
   */
  public @Nullable Path finish(boolean replacing) throws IOException {
    if (fileSystem.exists(target)) {
      if (!fileSystem.list(target).isEmpty()) {
        requireFree(replacing);
        try (FileSystem.Lock held = lock()) {
          return replace(held, "restore");
        }
      }
      fileSystem.delete(target);
    }
    fileSystem.rename(building, target);
    fileSystem.syncDirectory(parent);
    return null;
  }

  /**
   * Puts what was built, and is durable, in the place of the database that is the target.
   *
   * @param held the lock of that database
   * @param reason what was done, one word
   * @return where that is kept
   */
  public Path replace(FileSystem.Lock held, String reason) throws IOException {
    if (!held.isValid()) {
      throw new BackupException(target + ": was moved or deleted meanwhile");
    }
    Path kept = new KeptDatabases(fileSystem, clock, target).moveAway(reason);
    fileSystem.rename(building, target);
    fileSystem.syncDirectory(parent);
    return kept;
  }

  /** Removes what was built; failing that, the next restore does. */
  public void giveUp() {
    try {
      deleteBuilding();
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "What is left of a failed restore in " + building + " stays until the next one",
          e);
    }
  }

  private void deleteBuilding() throws IOException {
    if (!fileSystem.exists(building)) {
      return;
    }
    List<String> names = fileSystem.list(building);
    // CURRENT first: what is left is no database then
    if (names.contains(ManifestFiles.CURRENT)) {
      fileSystem.delete(building.resolve(ManifestFiles.CURRENT));
      fileSystem.syncDirectory(building);
    }
    for (String name : names) {
      boolean own =
          BackupFile.isValidName(name)
              || ManifestFiles.isManifest(name)
              || name.endsWith(STAGED_SUFFIX)
              || name.endsWith(BackupFile.SPARE_SUFFIX)
              || name.equals(LOCK)
              || name.equals("CREATING")
              || name.equals(ManifestFiles.CURRENT + AtomicFile.TEMPORARY_SUFFIX);
      if (own) {
        fileSystem.delete(building.resolve(name));
      }
    }
    fileSystem.delete(building);
  }
}
