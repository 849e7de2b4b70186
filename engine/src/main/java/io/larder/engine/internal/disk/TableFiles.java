package io.larder.engine.internal.disk;

import io.larder.engine.api.DiskUsage;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.internal.manifest.LiveTable;
import io.larder.engine.internal.table.SortedTable;
import io.larder.engine.internal.table.TableIdentity;
import io.larder.engine.internal.table.TableOptions;
import io.larder.engine.internal.table.TableWriter;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers, creates, opens, closes and deletes the table files of one database. Thread-safe.
 *
 * <p>A table that nobody holds any more waits in a queue until {@link #closeUnused}, which waits for the readers
 * inside and then unmaps it; the file of an obsolete one is deleted. After the database has closed the thread of
 * the last cursor does so.
 */
final class TableFiles {
  private static final System.Logger LOG = LazyLogger.of(TableFiles.class);

  private final FileSystem fileSystem;
  private final Path directory;
  private final long databaseId;
  private final long tableBytes;
  private final AtomicLong nextFileId;
  private final ReaderGate gate;
  private final Queue<TableHandle> unused = new ConcurrentLinkedQueue<>();
  private volatile Runnable whenUnused = () -> {};

  TableFiles(
      FileSystem fileSystem,
      Path directory,
      long databaseId,
      long tableBytes,
      long nextFileId,
      ReaderGate gate) {
    this.fileSystem = fileSystem;
    this.directory = directory;
    this.databaseId = databaseId;
    this.tableBytes = tableBytes;
    this.nextFileId = new AtomicLong(nextFileId);
    this.gate = gate;
  }

  FileSystem fileSystem() {
    return fileSystem;
  }

  /** Returns the size from which on a table ends with the key it is at. */
  long tableBytes() {
    return tableBytes;
  }

  /** Sets what is told that a table waits to be closed. */
  void setWhenUnused(Runnable action) {
    whenUnused = action;
  }

  /** Returns the number the next file will get. */
  long nextFileId() {
    return nextFileId.get();
  }

  /** Opens a table that the manifest lists. */
  TableHandle open(LiveTable live) {
    long fileId = live.metadata().fileId();
    SortedTable table =
        SortedTable.open(
            fileSystem,
            DatabaseDirectory.tablePath(directory, fileId),
            new TableIdentity(databaseId, fileId),
            live.metadata());
    return new TableHandle(table, live, this::addUnused);
  }

  /** Starts a new table file. */
  TableWriter create() {
    long fileId = nextFileId.getAndIncrement();
    return TableWriter.create(
        fileSystem,
        DatabaseDirectory.tablePath(directory, fileId),
        new TableIdentity(databaseId, fileId),
        TableOptions.defaults());
  }

  /** Returns the files of the directory by kind; those that vanish meanwhile are left out. */
  Map<DiskUsage.Kind, DiskUsage.Files> usage() {
    Map<DiskUsage.Kind, DiskUsage.Files> usage = new EnumMap<>(DiskUsage.Kind.class);
    try {
      for (String name : fileSystem.list(directory)) {
        try {
          DiskUsage.Files file =
              new DiskUsage.Files(1, fileSystem.sizeBytes(directory.resolve(name)));
          usage.merge(
              DatabaseDirectory.kind(name),
              file,
              (one, other) ->
                  new DiskUsage.Files(one.count() + other.count(), one.bytes() + other.bytes()));
        } catch (NoSuchFileException e) {
          LOG.log(System.Logger.Level.TRACE, "A file went after it was listed", e);
        }
      }
    } catch (IOException e) {
      throw new StorageException(directory + ": could not be listed: " + e.getMessage(), e);
    }
    return usage;
  }

  private void addUnused(TableHandle table) {
    unused.add(table);
    whenUnused.run();
  }

  boolean hasUnused() {
    return !unused.isEmpty();
  }

  /** Closes the tables nobody holds; must not be called by a reader. */
  void closeUnused() {
    List<TableHandle> tables = takeUnused();
    if (!tables.isEmpty()) {
      gate.awaitReaders();
      close(tables);
    }
  }

  /**
   * Closes the tables nobody holds, after the database has closed. If a reader is inside it may be the calling thread, which
   * would wait for itself, so another one waits. Requires: nobody enters for long any more.
   */
  void closeUnusedAfterClose() {
    if (gate.isEntered()) {
      Thread waiting = new Thread(this::closeUnused, "larder-unmap " + directory);
      waiting.setDaemon(true);
      waiting.start();
    } else {
      close(takeUnused());
    }
  }

  private List<TableHandle> takeUnused() {
    List<TableHandle> tables = new ArrayList<>();
    for (TableHandle table = unused.poll(); table != null; table = unused.poll()) {
      tables.add(table);
    }
    return tables;
  }

  private void close(List<TableHandle> tables) {
    Throwable first = null;
    for (TableHandle table : tables) {
      try {
        table.table().close();
      } catch (RuntimeException | Error e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
      if (table.isObsolete()) {
        delete(table.table().path());
      }
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** Deletes a file that nothing lists; if that fails, the next opening does it. */
  private void delete(Path file) {
    try {
      fileSystem.delete(file);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "The obsolete table " + file + " stays for now", e);
    }
  }
}
