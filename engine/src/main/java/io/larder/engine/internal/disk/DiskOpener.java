package io.larder.engine.internal.disk;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.StorageException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.internal.codec.BatchReader;
import io.larder.engine.internal.manifest.LiveTable;
import io.larder.engine.internal.manifest.Manifest;
import io.larder.engine.internal.manifest.Version;
import io.larder.engine.internal.manifest.VersionEdit;
import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.memtable.MemtableLoader;
import io.larder.engine.internal.mvcc.ExpiryClock;
import io.larder.engine.internal.wal.LogArchive;
import io.larder.engine.internal.wal.LogOptions;
import io.larder.engine.internal.wal.LogStart;
import io.larder.engine.internal.wal.WriteAheadLog;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Creates or recovers a database on disk. One use, one thread; when it fails, whatever it had taken (lock, files,
 * mappings) is released.
 *
 * <p>Recovery: lock; manifest; the tables it lists; then the log from the floor the manifest names, into a memtable.
 * Its cost is that of the log, not of the data. Creation: a marker, the log, the manifest, and last the file that
 * makes the directory a database; a creation cut short is begun anew.
 */
public final class DiskOpener {
  /** A flush frees a memtable's worth of segments at once, which the next memtable will need again. */
  private static final int SPARE_SEGMENTS_MAX = 12;

  private final FileSystem fileSystem;
  private final Clock clock;
  private final DatabaseOptions options;
  private final @Nullable LongFunction<LogArchive> archive;
  private final DatabaseDirectory directory;
  private final Path path;
  private final ExpiryClock expiryClock;
  private final Deque<AutoCloseable> taken = new ArrayDeque<>();

  private DiskOpener(
      FileSystem fileSystem,
      Clock clock,
      Path path,
      DatabaseOptions options,
      @Nullable LongFunction<LogArchive> archive) {
    this.archive = archive;
    this.fileSystem = fileSystem;
    this.clock = clock;
    this.path = path;
    this.options = options;
    this.directory = new DatabaseDirectory(fileSystem, path);
    this.expiryClock = new ExpiryClock(clock, options.expiring());
  }

  /**
   * Opens a database.
   *
   * @param owner what others are told about who holds it
   * @param newDatabaseId the id for a database that has to be created
   */
  public static DiskEngine open(
      FileSystem fileSystem,
      Clock clock,
      Path path,
      DatabaseOptions options,
      String owner,
      long newDatabaseId) {
    return open(fileSystem, clock, path, options, owner, newDatabaseId, null);
  }

  /**
   * Opens a database whose log segments go to an archive before they are reused or deleted.
   *
   * @param owner what others are told about who holds it
   * @param newDatabaseId the id for a database that has to be created
   * @param archive makes, for the database's id, what gets the segments; or null for none
   */
  public static DiskEngine open(
      FileSystem fileSystem,
      Clock clock,
      Path path,
      DatabaseOptions options,
      String owner,
      long newDatabaseId,
      @Nullable LongFunction<LogArchive> archive) {
    DiskOpener opener = new DiskOpener(fileSystem, clock, path, options, archive);
    try {
      return opener.open(owner, newDatabaseId);
    } catch (IOException e) {
      opener.releaseAll(e);
      throw new StorageException(path + ": could not be opened: " + e, e);
    } catch (Throwable e) {
      opener.releaseAll(e);
      throw e;
    }
  }

  private void releaseAll(Throwable reason) {
    while (!taken.isEmpty()) {
      try {
        taken.pop().close();
      } catch (Exception e) {
        reason.addSuppressed(e);
      }
    }
  }

  private <T extends AutoCloseable> T take(T resource) {
    taken.push(resource);
    return resource;
  }

  private DiskEngine open(String owner, long newDatabaseId) throws IOException {
    long startNanos = clock.nanoTime();
    directory.prepare(options.create());
    FileSystem.Lock lock = take(directory.lock(owner));
    boolean existing = Manifest.exists(fileSystem, path);
    WriteAheadLog created = existing ? null : createLog(newDatabaseId);
    Manifest manifest =
        take(
            created == null
                ? Manifest.open(fileSystem, path, options.recoveryAutomatic())
                : createManifest(newDatabaseId, created));
    requireWhole(manifest.tornTail());
    Version version = manifest.version();
    expiryClock.advanceTo(version.highestClockMillis());

    ReaderGate gate = new ReaderGate();
    long databaseId = manifest.databaseId();
    TableFiles files =
        new TableFiles(
            fileSystem, path, databaseId, options.tableBytes(), version.nextFileId(), gate);
    TableSet tables = openTables(files, version);
    Memtable memtable = new Memtable(databaseId);
    WriteAheadLog log = created;
    if (log == null) {
      MemtableLoader loader = new MemtableLoader(memtable);
      log = recoverLog(databaseId, version, loader);
      loader.finish();
    }
    expiryClock.advanceTo(log.recovery().lastCommitTimeMillis());
    expiryClock.advanceTo(log.recovery().endedAtMillis());
    manifest.requireNotOlder(log.recovery().closingNumber());
    directory.deleteLeftovers(manifest.number(), version.tables().keySet());

    Health health = new Health(path);
    DiskParts parts =
        new DiskParts(
            path,
            options,
            databaseId,
            lock,
            new GuardedManifest(manifest, health, lock),
            log,
            files,
            gate,
            expiryClock,
            clock,
            health,
            new LogKeeper(options.syncInterval(), path.toString()),
            archive == null ? null : new LogArchiver(path.toString()),
            (clock.nanoTime() - startNanos) / 1_000_000);
    long lastSequence = Math.max(version.flushedSequence(), log.recovery().lastSequence());
    return new DiskEngine(parts, new DiskView(new Memtable[] {memtable}, tables), lastSequence);
  }

  private WriteAheadLog createLog(long databaseId) throws IOException {
    directory.beginCreation();
    WriteAheadLog log = WriteAheadLog.create(fileSystem, clock, path, logOptions(databaseId), 0);
    take(log::abandon);
    return log;
  }

  /** Makes the directory a database, whose log exists already. */
  private Manifest createManifest(long databaseId, WriteAheadLog log) {
    return Manifest.create(
        fileSystem,
        path,
        databaseId,
        Version.empty().apply(new VersionEdit().logFloor(log.firstSegment())));
  }

  private void requireWhole(String tornTail) {
    if (!tornTail.isEmpty() && !options.recoveryAutomatic()) {
      throw new CorruptionException(
          tornTail
              + "; a write was cut short there, and recovery=auto would cut off what is left of"
              + " it, but recovery=manual was asked for");
    }
  }

  private LogOptions logOptions(long databaseId) {
    long memtableSegments = options.memtableBytes() / options.logSegmentBytes() + 1;
    return new LogOptions(
        databaseId,
        options.logSegmentBytes(),
        (int) Math.min(SPARE_SEGMENTS_MAX, memtableSegments),
        !options.recoveryAutomatic(),
        options.syncMode() != SyncMode.ALWAYS,
        archive == null ? null : archive.apply(databaseId));
  }

  private TableSet openTables(TableFiles files, Version version) {
    List<TableHandle> handles = new ArrayList<>();
    for (LiveTable live : version.tables().values()) {
      TableHandle handle = files.open(live);
      take(handle.table());
      handles.add(handle);
    }
    return TableSet.of(handles);
  }

  private WriteAheadLog recoverLog(long databaseId, Version version, MemtableLoader loader) {
    WriteAheadLog log =
        WriteAheadLog.recover(
            fileSystem,
            clock,
            path,
            logOptions(databaseId),
            new LogStart(
                version.logFloor(),
                version.flushedSequence(),
                Math.max(version.flushedSequence(), version.durableSequence())),
            (firstSequence, count, commitTimeMillis, changes) -> replay(changes, version, loader));
    take(log::abandon);
    return log;
  }

  private static void replay(BatchReader changes, Version version, MemtableLoader loader) {
    while (changes.next()) {
      if (Integer.compareUnsigned(changes.keyspaceId(), version.lastKeyspaceId()) > 0) {
        throw new CorruptionException(
            "The log holds a change of the keyspace "
                + Integer.toUnsignedString(changes.keyspaceId())
                + " with sequence number "
                + changes.sequence()
                + ", but the manifest knows keyspaces up to "
                + version.lastKeyspaceId()
                + " only, so it lacks an edit");
      }
      loader.add(
          changes.keyspaceId(),
          changes.array(),
          changes.keyOffset(),
          changes.keyLength(),
          changes.sequence(),
          changes.isDelete() ? null : changes.array(),
          changes.valueOffset(),
          changes.valueLength(),
          changes.expiresAtMillis());
    }
  }
}
