package io.larder.engine.internal.backup;

import io.larder.engine.api.BackupException;
import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.BackupOptions;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.io.AtomicFile;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.internal.manifest.LiveTable;
import io.larder.engine.internal.mvcc.Checkpoint;
import io.larder.engine.internal.table.TableMetadata;
import io.larder.engine.internal.wal.LogOptions;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import io.larder.engine.spi.StorageFile.SyncScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one backup of a checkpoint. One use, one thread.
 *
 * <p>Everything goes into {@code NAME.partial}, is synced, and gets its name last: a crash leaves a whole backup or none.
 */
public final class BackupWriter {
  private static final System.Logger LOG = LazyLogger.of(BackupWriter.class);
  private static final long LOG_SEGMENT_BYTES = 4L << 20;

  private final Checkpoint checkpoint;
  private final FileSystem fileSystem;
  private final BackupDirectory directory;
  private final BackupOptions options;
  private final Progress progress;
  private final CopyPace pace;
  private final FileCopy copy;
  private final long createdMillis;
  private @Nullable StoredBackup base;
  private boolean linkable = true;

  private BackupWriter(
      Checkpoint checkpoint, Path directory, BackupOptions options, ProgressListener listener) {
    this.checkpoint = checkpoint;
    this.fileSystem = checkpoint.fileSystem();
    this.directory = new BackupDirectory(fileSystem, directory);
    this.options = options;
    this.progress = new Progress(listener, "The backup of " + checkpoint.directory());
    this.pace = CopyPace.beside(checkpoint);
    this.copy = new FileCopy(fileSystem, progress, pace::pieceDone);
    this.createdMillis = checkpoint.clock().currentTimeMillis();
  }

  /** Writes a backup; the caller closes the checkpoint. */
  public static BackupInfo write(
      Checkpoint checkpoint, Path directory, BackupOptions options, ProgressListener listener) {
    try {
      return new BackupWriter(checkpoint, directory, options, listener).write();
    } catch (IOException e) {
      throw new StorageException(
          directory + ": the backup could not be written: " + e.getMessage(), e);
    }
  }

  private BackupInfo write() throws IOException {
    requireOutside();
    fileSystem.createDirectories(directory.path());
    try (FileSystem.Lock held = directory.lock("a backup of " + checkpoint.directory())) {
      directory.deletePartials();
      String name = options.name().isEmpty() ? newName() : Names.requireValid(options.name());
      requireFree(name);
      Path partial = directory.path().resolve(name + Names.PARTIAL_SUFFIX);
      fileSystem.createDirectories(partial);
      base = options.incremental() ? findBase() : null;
      Inventory inventory;
      boolean done = false;
      try {
        inventory = options.singleFile() ? stageArchive(partial) : fill(partial);
        requireHeld(held);
        if (!options.singleFile()) {
          fileSystem.rename(partial, directory.path().resolve(name));
          fileSystem.syncDirectory(directory.path());
        } else {
          finishArchive(partial, name, inventory);
        }
        done = true;
      } finally {
        if (!done) {
          deletePartialsQuietly();
        }
      }
      return StoredBackup.open(fileSystem, directory.path(), name).info();
    }
  }

  private void requireHeld(FileSystem.Lock held) {
    if (!held.isValid()) {
      throw new BackupException(
          directory.path() + ": found the lock file gone, expected to hold it to the end");
    }
  }

  private void deletePartialsQuietly() {
    try {
      directory.deletePartials();
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "What is left of a failed backup in " + directory.path() + " stays until the next one",
          e);
    }
  }

  /** A backup among the database's own files would be taken for something else. */
  private void requireOutside() {
    Path own = checkpoint.directory().toAbsolutePath().normalize();
    if (directory.path().toAbsolutePath().normalize().startsWith(own)) {
      throw new BackupException(
          directory.path() + ": is inside the database " + own + ", expected a place outside it");
    }
  }

  private String newName() throws IOException {
    String name = Names.ofTime(createdMillis);
    String free = name;
    for (int i = 2; isTaken(free); i++) {
      free = name + "-" + i;
    }
    return free;
  }

  private boolean isTaken(String name) throws IOException {
    return fileSystem.exists(directory.path().resolve(name))
        || fileSystem.exists(directory.path().resolve(name + Names.ARCHIVE_SUFFIX));
  }

  private void requireFree(String name) throws IOException {
    if (isTaken(name)) {
      throw new BackupException(
          directory.path() + ": found a backup '" + name + "' already, expected a new name");
    }
  }

  /** Returns the newest backup of the same database whose files can be linked to or left where they are. */
  private @Nullable StoredBackup findBase() {
    List<StoredBackup> candidates =
        directory.stored().stream()
            .filter(
                each ->
                    (options.singleFile() || !each.isSingleFile())
                        && each.inventory().databaseId() == checkpoint.databaseId())
            .toList();
    return candidates.isEmpty() ? null : candidates.get(candidates.size() - 1);
  }

  private Inventory fill(Path partial) throws IOException {
    List<BackupFile> log = writeLog(partial); // first, so that it can go
    progress.begin("copy", tableBytes());
    List<BackupFile> files = new ArrayList<>();
    Map<String, BackupFile> known = known();
    for (LiveTable live : checkpoint.version().tables().values()) {
      files.add(addTable(live.metadata(), known, partial));
    }
    files.addAll(log);
    Inventory inventory = inventory(files);
    AtomicFile.write(fileSystem, partial.resolve(Names.INVENTORY), inventory.encode());
    fileSystem.syncDirectory(partial);
    return inventory;
  }

  /** Returns the files of the base by name. */
  private Map<String, BackupFile> known() {
    Map<String, BackupFile> known = new HashMap<>();
    if (base != null) {
      base.inventory().files().forEach(each -> known.put(each.name(), each));
    }
    return known;
  }

  private static boolean isSame(@Nullable BackupFile earlier, TableMetadata table) {
    return earlier != null
        && earlier.sizeBytes() == table.sizeBytes()
        && earlier.checksum() == table.checksum();
  }

  private long tableBytes() {
    return checkpoint.version().tables().values().stream()
        .mapToLong(each -> each.metadata().sizeBytes())
        .sum();
  }

  private Inventory inventory(List<BackupFile> files) {
    return new Inventory(
        checkpoint.databaseId(),
        checkpoint.sequence(),
        createdMillis,
        checkpoint.timeMillis(),
        base == null ? "" : base.name(),
        checkpoint.version(),
        files);
  }

  private BackupFile addTable(TableMetadata table, Map<String, BackupFile> known, Path partial)
      throws IOException {
    String name = Inventory.tableName(table.fileId());
    BackupFile earlier = known.get(name);
    StoredBackup from = base;
    if (from != null
        && isSame(earlier, table)
        && tryLink(from.path().resolve(name), partial.resolve(name))) {
      progress.add(table.sizeBytes());
      return new BackupFile(name, table.sizeBytes(), table.checksum(), true);
    }
    Path source = checkpoint.tablePath(table.fileId());
    if (options.linking() && tryLink(source, partial.resolve(name))) {
      progress.add(table.sizeBytes());
      return new BackupFile(name, table.sizeBytes(), table.checksum(), true);
    }
    BackupFile copied = new BackupFile(name, table.sizeBytes(), table.checksum(), false);
    copy.copy(source, 0, copied, partial.resolve(name));
    return copied;
  }

  /** Links a file; after the first failure nothing more is tried, and files are copied instead. */
  private boolean tryLink(Path existing, Path link) throws IOException {
    if (!linkable) {
      return false;
    }
    try {
      fileSystem.link(existing, link);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      if (fileSystem.exists(link)) {
        fileSystem.delete(link);
      }
      linkable = false;
      LOG.log(
          System.Logger.Level.DEBUG,
          "Tables are copied, since " + existing + " cannot be linked to " + link,
          e);
      return false;
    }
  }

  /** Writes the end of the log, what is not in tables, as segments of their own. */
  private List<BackupFile> writeLog(Path partial) throws IOException {
    if (checkpoint.sequence() == checkpoint.version().flushedSequence()) {
      checkpoint.readLog((frame, changes) -> false);
      return List.of();
    }
    LogOptions logOptions = new LogOptions(checkpoint.databaseId(), LOG_SEGMENT_BYTES, 0);
    try (LogCopy log =
        new LogCopy(fileSystem, checkpoint.clock(), partial, logOptions, checkpoint.version(), 1)) {
      checkpoint.readLog(
          (frame, changes) -> {
            if (log.add(frame, changes)) {
              pace.pieceDone();
            }
            return true;
          });
      log.finish();
    }
    List<BackupFile> files = new ArrayList<>();
    for (String name : fileSystem.list(partial)) {
      if (name.endsWith(BackupFile.LOG_SUFFIX)) {
        Path segment = partial.resolve(name);
        long size = fileSystem.sizeBytes(segment);
        progress.begin("log", size);
        files.add(new BackupFile(name, size, copy.checksum(segment, 0, size), false));
      }
    }
    return files;
  }

  /** Puts what an archive needs and the database does not have as a file, the end of the log, into a directory. */
  private Inventory stageArchive(Path partial) throws IOException {
    List<BackupFile> files = new ArrayList<>();
    Map<String, BackupFile> known = known();
    StoredBackup from = base;
    for (LiveTable live : checkpoint.version().tables().values()) {
      TableMetadata table = live.metadata();
      String name = Inventory.tableName(table.fileId());
      BackupFile file = new BackupFile(name, table.sizeBytes(), table.checksum(), false);
      BackupFile earlier = known.get(name);
      if (from == null || earlier == null || !isSame(earlier, table)) {
        files.add(file);
      } else {
        files.add(file.heldBy(earlier.isOwn() ? from.name() : earlier.heldBy()));
      }
    }
    files.addAll(writeLog(partial));
    return inventory(files);
  }

  private void finishArchive(Path partial, String name, Inventory inventory) throws IOException {
    Path unfinished = partial.resolve(Names.INVENTORY); // a name that left-overs may have
    progress.begin("copy", inventory.ownBytes());
    try (StorageFile archive = fileSystem.open(unfinished, OpenMode.CREATE_NEW)) {
      ByteBuffer head = inventory.encode();
      long position = head.remaining();
      archive.write(0, head);
      for (BackupFile file : inventory.files().stream().filter(BackupFile::isOwn).toList()) {
        Path source =
            file.isTable()
                ? checkpoint.tablePath(fileId(file.name()))
                : partial.resolve(file.name());
        copy.copy(source, file, archive, position);
        position += file.sizeBytes();
      }
      archive.sync(SyncScope.FULL);
    }
    fileSystem.rename(unfinished, directory.path().resolve(name + Names.ARCHIVE_SUFFIX));
    fileSystem.syncDirectory(directory.path());
    deletePartialsQuietly();
  }

  private static long fileId(String name) {
    return Long.parseUnsignedLong(name, 0, 16, 16);
  }
}
