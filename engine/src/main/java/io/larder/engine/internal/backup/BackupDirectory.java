package io.larder.engine.internal.backup;

import io.larder.engine.api.BackupException;
import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.io.AtomicFile;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.LockHeldException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory of backups: one directory or archive file for each. Stateless, so that any number of programs may look at
 * it; who adds or removes backups holds its lock.
 *
 * <pre>
 *  LOCK            held by who changes something
 *  NAME/           a backup: INVENTORY, tables, the end of the log as segments
 *  NAME.backup     a backup in one file: the inventory, then the files in its order
 *  NAME.partial    a backup being made; left over by a crash, the next one deletes it
 * </pre>
 */
public final class BackupDirectory {
  private static final System.Logger LOG = LazyLogger.of(BackupDirectory.class);

  private final FileSystem fileSystem;
  private final Path path;

  /** Creates a view on a directory, which need not exist. */
  public BackupDirectory(FileSystem fileSystem, Path path) {
    this.fileSystem = fileSystem;
    this.path = path;
  }

  FileSystem fileSystem() {
    return fileSystem;
  }

  Path path() {
    return path;
  }

  /** Takes the right to add and remove backups. */
  FileSystem.Lock lock(String owner) throws IOException {
    try {
      return fileSystem.lock(path.resolve(Names.LOCK), owner);
    } catch (LockHeldException e) {
      throw new BackupException(
          path
              + ": another backup is being made or removed"
              + (e.owner().isEmpty() ? "" : " by " + e.owner().strip())
              + ", expected nobody to hold "
              + path.resolve(Names.LOCK),
          e);
    }
  }

  /** Returns every backup that can be read, oldest state first; what cannot is logged and left out. */
  public List<BackupInfo> list() {
    return stored().stream().map(StoredBackup::info).toList();
  }

  List<StoredBackup> stored() {
    List<StoredBackup> found = new ArrayList<>();
    try {
      if (!fileSystem.exists(path)) {
        return found;
      }
      for (String name : fileSystem.list(path)) {
        Optional<StoredBackup> backup = tryOpen(name);
        backup.ifPresent(found::add);
      }
    } catch (IOException e) {
      throw new StorageException(path + ": could not be listed: " + e.getMessage(), e);
    }
    found.sort(
        Comparator.comparing((StoredBackup each) -> each.inventory().stateMillis())
            .thenComparing(each -> each.inventory().sequence())
            .thenComparing(each -> each.inventory().createdMillis())
            .thenComparing(StoredBackup::name));
    return found;
  }

  private Optional<StoredBackup> tryOpen(String fileName) throws IOException {
    boolean archive = fileName.endsWith(Names.ARCHIVE_SUFFIX);
    String name =
        archive
            ? fileName.substring(0, fileName.length() - Names.ARCHIVE_SUFFIX.length())
            : fileName;
    if (!Names.isValid(name) || fileSystem.isDirectory(path.resolve(fileName)) == archive) {
      return Optional.empty();
    }
    if (!archive && !fileSystem.exists(path.resolve(fileName).resolve(Names.INVENTORY))) {
      return Optional.empty();
    }
    try {
      return Optional.of(StoredBackup.open(fileSystem, path, name));
    } catch (LarderException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The backup " + path.resolve(fileName) + " cannot be read and is passed over",
          e);
      return Optional.empty();
    }
  }

  /**
   * Returns a backup by name.
   *
   * @throws BackupException if there is none
   * @throws CorruptionException if its inventory is damaged
   */
  StoredBackup require(String name) {
    Names.requireValid(name);
    try {
      boolean present =
          fileSystem.exists(path.resolve(name))
              || fileSystem.exists(path.resolve(name + Names.ARCHIVE_SUFFIX));
      if (!present) {
        throw new BackupException(
            path
                + ": found no backup '"
                + name
                + "', expected one of "
                + stored().stream().map(StoredBackup::name).toList());
      }
      return StoredBackup.open(fileSystem, path, name);
    } catch (IOException e) {
      throw new StorageException(path + ": could not be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads every byte of a backup and compares checksums.
   *
   * @throws CorruptionException naming the file that is not what was written
   */
  public BackupInfo verify(String name, ProgressListener listener) {
    StoredBackup backup = require(name);
    try {
      backup.verify(new Progress(listener, "Verifying the backup " + name));
    } catch (IOException e) {
      throw new StorageException(backup.path() + ": could not be read: " + e.getMessage(), e);
    }
    return backup.info();
  }

  /**
   * Removes backups of one database that nobody needs by their number and age, and returns them.
   *
   * @param keepNewest how many of the newest stay, whatever their age; at least 1
   * @param olderThan backups whose state is from before this time go, if they are not among those; null for all others
   */
  public List<BackupInfo> prune(long databaseId, int keepNewest, @Nullable Instant olderThan) {
    if (keepNewest < 1) {
      throw new BackupException("found " + keepNewest + " backups to keep, expected at least 1");
    }
    List<BackupInfo> removed = new ArrayList<>();
    try {
      if (!fileSystem.exists(path)) {
        return removed;
      }
      try (FileSystem.Lock held = lock("pruning")) {
        List<StoredBackup> all =
            stored().stream().filter(each -> each.inventory().databaseId() == databaseId).toList();
        for (StoredBackup each : unneeded(all, keepNewest, olderThan)) {
          if (held.isValid()) {
            BackupInfo info = each.info();
            delete(each);
            removed.add(info);
          }
        }
      }
    } catch (IOException e) {
      throw new StorageException(path + ": could not be pruned: " + e.getMessage(), e);
    }
    return removed;
  }

  /** Returns those that may go by number and age and hold nothing that one which stays needs, oldest first. */
  private static List<StoredBackup> unneeded(
      List<StoredBackup> all, int keepNewest, @Nullable Instant olderThan) {
    List<StoredBackup> going = new ArrayList<>();
    Set<String> needed = new HashSet<>();
    for (int i = all.size() - 1; i >= 0; i--) {
      StoredBackup each = all.get(i);
      boolean wanted =
          needed.contains(each.name())
              || i >= all.size() - keepNewest
              || (olderThan != null && !each.info().stateAt().isBefore(olderThan));
      if (wanted) {
        needed.addAll(each.inventory().holders());
      } else {
        going.add(0, each);
      }
    }
    return going;
  }

  /** Deletes a backup so that a crash leaves it whole or not at all. */
  private void delete(StoredBackup backup) throws IOException {
    if (backup.isSingleFile()) {
      fileSystem.delete(backup.path());
      fileSystem.syncDirectory(path);
      return;
    }
    Path partial = path.resolve(backup.name() + Names.PARTIAL_SUFFIX);
    fileSystem.rename(backup.path(), partial);
    fileSystem.syncDirectory(path);
    deletePartial(partial);
  }

  /** Deletes what a backup that was cut short left behind; requires the lock. */
  void deletePartials() throws IOException {
    for (String name : fileSystem.list(path)) {
      if (name.endsWith(Names.PARTIAL_SUFFIX)
          && Names.isValid(name.substring(0, name.length() - Names.PARTIAL_SUFFIX.length()))) {
        deletePartial(path.resolve(name));
      }
    }
  }

  private void deletePartial(Path partial) throws IOException {
    if (fileSystem.isDirectory(partial)) {
      for (String name : fileSystem.list(partial)) {
        if (isOwn(name)) {
          fileSystem.delete(partial.resolve(name));
        }
      }
    }
    fileSystem.delete(partial);
  }

  private static boolean isOwn(String name) {
    return BackupFile.isValidName(name)
        || name.equals(Names.INVENTORY)
        || name.equals(Names.INVENTORY + AtomicFile.TEMPORARY_SUFFIX)
        || name.endsWith(BackupFile.SPARE_SUFFIX);
  }
}
