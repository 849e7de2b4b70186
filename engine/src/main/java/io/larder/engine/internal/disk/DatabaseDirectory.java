package io.larder.engine.internal.disk;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.DatabaseLockedException;
import io.larder.engine.api.DiskUsage;
import io.larder.engine.api.NotADatabaseException;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.manifest.Manifest;
import io.larder.engine.internal.manifest.ManifestFiles;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.LockHeldException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The directory of a database: what belongs to it, whether it is one, and who holds it. Used by one thread, while
 * the database is opened; files that are not Larder's are never touched.
 *
 * <pre>
 *  LOCK                       held by the one process that has the database open; says who that is
 *  CURRENT                    which manifest is in use; its appearance makes the directory a database
 *  CREATING                   exists while a database is being created
 *  nnnnnnnnnnnnnnnn.manifest  manifests, tables, log segments, by number in 16 hexadecimal digits
 *  nnnnnnnnnnnnnnnn.table
 *  nnnnnnnnnnnnnnnn.wal
 * </pre>
 */
final class DatabaseDirectory {
  private static final String LOCK = "LOCK";
  private static final String CREATING = "CREATING";
  private static final String TABLE_SUFFIX = ".table";
  private static final Set<String> OWN_SUFFIXES = Set.of(".manifest", ".wal", ".spare", ".new");

  private final FileSystem fileSystem;
  private final Path path;

  DatabaseDirectory(FileSystem fileSystem, Path path) {
    this.fileSystem = fileSystem;
    this.path = path;
  }

  Path path() {
    return path;
  }

  static Path tablePath(Path directory, long fileId) {
    return directory.resolve(String.format(Locale.ROOT, "%016x%s", fileId, TABLE_SUFFIX));
  }

  /** Makes sure that there is a directory which may be or become a database; touches no file in it. */
  void prepare(boolean create) throws IOException {
    Path restored = ManifestFiles.restoring(path.toAbsolutePath().normalize());
    if (!Manifest.exists(fileSystem, path) && Manifest.exists(fileSystem, restored)) {
      throw new CorruptionException(
          path
              + ": found no database, but "
              + restored
              + ", where a restore was cut short before its last step, or a repair in place; expected it to"
              + " be run again, the last recovery point to be gone back to, or that directory to be"
              + " deleted");
    }
    if (!fileSystem.exists(path)) {
      if (!create) {
        throw missing();
      }
      fileSystem.createDirectories(path);
      return;
    }
    if (!fileSystem.isDirectory(path)) {
      throw new NotADatabaseException(path + ": found a file, expected a directory");
    }
    if (!Manifest.exists(fileSystem, path)) {
      requireCreatable(create);
    }
  }

  private NotADatabaseException missing() {
    return new NotADatabaseException(
        path + ": found no database, and the option create=false says not to create one");
  }

  private void requireCreatable(boolean create) throws IOException {
    List<String> names = fileSystem.list(path);
    boolean creating = names.contains(CREATING);
    List<String> foreign = names.stream().filter(name -> !isOwn(name)).toList();
    if (!foreign.isEmpty()) {
      throw new NotADatabaseException(
          path
              + ": found no database but other files ("
              + String.join(", ", foreign.subList(0, Math.min(3, foreign.size())))
              + (foreign.size() > 3 ? ", ..." : "")
              + "), expected an empty directory or a database");
    }
    List<String> data = names.stream().filter(name -> !name.equals(LOCK)).toList();
    if (!data.isEmpty() && !creating) {
      throw new CorruptionException(
          path
              + ": found files of a database ("
              + data.get(0)
              + ") but no "
              + ManifestFiles.CURRENT
              + ", which says what they are");
    }
    if (creating && !isOfCreation(data)) {
      throw new CorruptionException(
          path
              + ": found no "
              + ManifestFiles.CURRENT
              + " but "
              + CREATING
              + ", as while a database is created, yet also what no creation makes");
    }
    if (!create) {
      throw missing();
    }
  }

  /** Returns whether the files are such as a creation cut short leaves, which may be deleted. */
  private boolean isOfCreation(List<String> names) throws IOException {
    return fileSystem.sizeBytes(path.resolve(CREATING)) == 0
        && names.stream().noneMatch(DatabaseDirectory::isTable);
  }

  private static boolean isOwn(String name) {
    int dot = name.lastIndexOf('.');
    return name.equals(LOCK)
        || name.equals(CREATING)
        || isTable(name)
        || (dot >= 0 && OWN_SUFFIXES.contains(name.substring(dot)));
  }

  /** Returns what a file is for, by its name. */
  static DiskUsage.Kind kind(String name) {
    if (isTable(name)) {
      return DiskUsage.Kind.TABLE;
    }
    if (name.endsWith(".wal")) {
      return DiskUsage.Kind.LOG;
    }
    if (name.endsWith(".spare")) {
      return DiskUsage.Kind.LOG_SPARE;
    }
    if (ManifestFiles.isManifest(name) || name.equals(ManifestFiles.CURRENT)) {
      return DiskUsage.Kind.MANIFEST;
    }
    return isOwn(name) ? DiskUsage.Kind.OTHER : DiskUsage.Kind.FOREIGN;
  }

  private static boolean isTable(String name) {
    return name.length() == 16 + TABLE_SUFFIX.length() && name.endsWith(TABLE_SUFFIX);
  }

  /** Takes the lock that keeps other processes out. */
  FileSystem.Lock lock(String owner) throws IOException {
    try {
      return fileSystem.lock(path.resolve(LOCK), owner);
    } catch (LockHeldException e) {
      throw new DatabaseLockedException(
          "The database "
              + path
              + " is open already"
              + (e.owner().isEmpty() ? "" : ", held by " + e.owner().strip())
              + "; expected nobody to hold "
              + path.resolve(LOCK),
          e);
    }
  }

  /** Begins a creation: whatever one that was cut short left behind goes. */
  void beginCreation() throws IOException {
    requireCreatable(true);
    syncParent();
    Path creating = path.resolve(CREATING);
    if (!fileSystem.exists(creating)) {
      fileSystem.open(creating, OpenMode.CREATE_NEW).close();
    }
    fileSystem.syncDirectory(path);
    for (String name : fileSystem.list(path)) {
      if (!name.equals(LOCK) && !name.equals(CREATING)) {
        fileSystem.delete(path.resolve(name));
      }
    }
  }

  /** Makes the directory's own name durable: whoever made it may have been killed before doing so. */
  private void syncParent() throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      return;
    }
    try {
      fileSystem.syncDirectory(parent);
    } catch (AccessDeniedException e) {
      // a parent we may not read, so it was there before us and its names are its owner's care
    }
  }

  /** Removes what no version lists: manifests not in use, tables of merges that a crash cut short. */
  void deleteLeftovers(long manifestNumber, Set<Long> liveTables) throws IOException {
    String manifest = ManifestFiles.path(path, manifestNumber).getFileName().toString();
    for (String name : fileSystem.list(path)) {
      boolean leftover =
          name.equals(CREATING)
              || name.equals(ManifestFiles.CURRENT + ".new")
              || (ManifestFiles.isManifest(name) && !name.equals(manifest))
              || (isTable(name) && !isLive(name, liveTables));
      if (leftover) {
        fileSystem.delete(path.resolve(name));
      }
    }
  }

  private static boolean isLive(String name, Set<Long> liveTables) {
    try {
      return liveTables.contains(Long.parseUnsignedLong(name, 0, 16, 16));
    } catch (NumberFormatException e) {
      return true; // not one of our names, so not ours to delete
    }
  }

  static StorageException failed(Path path, String what, IOException cause) {
    return new StorageException(path + ": " + what + ": " + cause.getMessage(), cause);
  }
}
