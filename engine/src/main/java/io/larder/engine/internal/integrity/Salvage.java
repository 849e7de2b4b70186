package io.larder.engine.internal.integrity;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.Finding;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.NotADatabaseException;
import io.larder.engine.api.RepairReport.Loss;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.codec.BatchReader;
import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.manifest.KeyspaceDefinition;
import io.larder.engine.internal.manifest.KeyspaceRecord;
import io.larder.engine.internal.manifest.LiveTable;
import io.larder.engine.internal.manifest.Manifest;
import io.larder.engine.internal.manifest.Version;
import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.merge.MergingCursor;
import io.larder.engine.internal.table.SalvageCursor;
import io.larder.engine.internal.table.SortedTable;
import io.larder.engine.internal.table.TableIdentity;
import io.larder.engine.internal.table.TableMetadata;
import io.larder.engine.internal.wal.LogInspector;
import io.larder.engine.internal.wal.LogInspector.FrameDescription;
import io.larder.engine.internal.wal.LogInspector.Segment;
import io.larder.engine.internal.wal.LogInspector.State;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can still be read of a damaged database, as one walk over all versions. One use, one thread; changes
 * nothing. Holds the lock of the database until closed.
 *
 * <p>With a readable manifest these are the tables it lists and the log behind them. Without one they are all tables and
 * segments there are; what was merged or dropped long ago may then come back, and keyspaces whose names are lost are
 * called {@code keyspace-NUMBER}.
 */
public final class Salvage implements AutoCloseable {
  private static final String TABLE_SUFFIX = ".table";
  private static final List<String> OWN_SUFFIXES = List.of(TABLE_SUFFIX, ".wal", ".manifest");

  private final FileSystem fileSystem;
  private final Path directory;
  private final FileSystem.Lock lock;
  private final @Nullable Version version;
  private final Map<Integer, KeyspaceDefinition> keyspaces = new TreeMap<>();
  private final Map<Integer, String> namesByDataId = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<Loss> losses = new ArrayList<>();
  private final List<SortedTable> tables = new ArrayList<>();
  private final List<SalvageCursor> tableCursors = new ArrayList<>();
  private final Memtable memtable = new Memtable();
  private long databaseId;
  private long lastLogged;

  private Salvage(FileSystem fileSystem, Path directory, FileSystem.Lock lock) {
    this.fileSystem = fileSystem;
    this.directory = directory;
    this.lock = lock;
    this.version = readManifest();
  }

  /** Opens what can be opened of a closed database. */
  public static Salvage open(FileSystem fileSystem, Path directory) {
    try {
      requireFiles(fileSystem, directory);
      FileSystem.Lock lock = Verifier.lock(fileSystem, directory);
      Salvage salvage = null;
      try {
        salvage = new Salvage(fileSystem, directory, lock);
        salvage.openTables();
        salvage.readLog();
        salvage.nameKeyspaces();
        return salvage;
      } catch (Throwable e) {
        if (salvage == null) {
          lock.close();
        } else {
          salvage.close();
        }
        throw e;
      }
    } catch (IOException e) {
      throw new StorageException(directory + ": could not be read: " + e.getMessage(), e);
    }
  }

  /** What is no database, not even a damaged one, is not touched. */
  private static void requireFiles(FileSystem fileSystem, Path directory) throws IOException {
    boolean any =
        fileSystem.exists(directory)
            && fileSystem.isDirectory(directory)
            && fileSystem.list(directory).stream()
                .anyMatch(name -> OWN_SUFFIXES.stream().anyMatch(name::endsWith));
    if (!any) {
      throw new NotADatabaseException(
          directory + ": found no file of a database, expected manifest, tables or log");
    }
  }

  private @Nullable Version readManifest() {
    try {
      Manifest.Content manifest = Manifest.read(fileSystem, directory);
      databaseId = manifest.databaseId();
      keyspaces.putAll(manifest.version().keyspaces());
      return manifest.version();
    } catch (LarderException e) {
      findings.add(Verifier.finding(directory, e));
      return null;
    }
  }

  private void openTables() throws IOException {
    if (version == null) {
      for (String name : fileSystem.list(directory)) {
        if (name.length() == 16 + TABLE_SUFFIX.length() && name.endsWith(TABLE_SUFFIX)) {
          openUnlisted(directory.resolve(name), null);
        }
      }
      return;
    }
    for (LiveTable live : version.tables().values()) {
      long fileId = live.metadata().fileId();
      Path file = directory.resolve(HexFormat.of().toHexDigits(fileId) + TABLE_SUFFIX);
      try {
        take(
            SortedTable.open(
                fileSystem, file, new TableIdentity(databaseId, fileId), live.metadata()));
      } catch (LarderException e) {
        findings.add(Verifier.finding(file, e));
        openUnlisted(file, live.metadata());
      }
    }
  }

  private void openUnlisted(Path file, @Nullable TableMetadata listed) {
    try {
      SortedTable table = SortedTable.openUnlisted(fileSystem, file);
      if (listed != null && !isOf(table.metadata(), listed)) {
        table.close();
        throw new CorruptionException(file + ": found another table under this name");
      }
      take(table);
    } catch (LarderException e) {
      String problem = String.valueOf(e.getMessage());
      if (listed == null) {
        findings.add(Verifier.finding(file, e));
        losses.add(new Loss("", null, null, file, problem));
      } else if (listed.firstKeyspaceId() == listed.lastKeyspaceId()) {
        String name = nameOf(listed.firstKeyspaceId());
        if (name != null) {
          losses.add(new Loss(name, listed.firstKey(), listed.lastKey(), file, problem));
        }
      } else {
        losses.add(new Loss("", null, null, file, problem));
      }
    }
  }

  /** A table in the place of another one says nothing of what that one held. */
  private static boolean isOf(TableMetadata found, TableMetadata listed) {
    return found.fileId() == listed.fileId()
        && found.entryCount() == listed.entryCount()
        && found.minSequence() == listed.minSequence()
        && found.maxSequence() == listed.maxSequence();
  }

  private void take(SortedTable table) {
    tables.add(table);
  }

  private void readLog() throws IOException {
    lastLogged = version == null ? 0 : version.flushedSequence();
    long floor = version == null ? 0 : version.logFloor();
    List<Segment> segments =
        LogInspector.segments(fileSystem, directory).stream()
            .filter(each -> each.number() >= floor)
            .toList();
    long durable = version == null ? 0 : version.durableSequence();
    for (Segment segment : segments) {
      if (segment.state() == State.DAMAGED) {
        findings.add(new Finding(segment.path(), segment.problem()));
        losses.add(new Loss("", null, null, segment.path(), segment.problem()));
      } else if (segment.state() != State.UNUSED) {
        durable = Math.max(durable, segment.syncedSequence());
        readSegment(segment);
      }
    }
    if (durable > lastLogged) {
      lose(
          directory,
          "the log can be read to sequence number " + lastLogged + ", and reached " + durable);
    }
  }

  private void lose(Path file, String problem) {
    findings.add(new Finding(file, problem));
    losses.add(new Loss("", null, null, file, problem));
  }

  private void readSegment(Segment segment) throws IOException {
    boolean gap = version != null || lastLogged > 0;
    if (gap && segment.firstSequence() > lastLogged + 1) {
      lose(
          segment.path(),
          "the log lacks the changes from sequence number "
              + (lastLogged + 1)
              + " to "
              + (segment.firstSequence() - 1));
    }
    LogInspector.frames(fileSystem, segment.path(), this::addFrame);
  }

  private boolean addFrame(FrameDescription frame, BatchReader changes) {
    if (frame.firstSequence() <= lastLogged) {
      return true;
    }
    while (changes.next()) {
      if (changes.keyspaceId() == KeyspaceRecord.KEYSPACE_ID) {
        if (version == null) {
          KeyspaceRecord.apply(changes.key(), changes.value(), keyspaces);
        }
        continue;
      }
      memtable.add(
          changes.keyspaceId(),
          changes.key(),
          changes.sequence(),
          changes.value(),
          changes.expiresAtMillis());
    }
    lastLogged = frame.lastSequence();
    return true;
  }

  private void nameKeyspaces() {
    keyspaces.values().forEach(each -> namesByDataId.put(each.dataId(), each.name()));
  }

  /** Returns the lock of the damaged database, which this holds until it is closed. */
  public FileSystem.Lock lock() {
    return lock;
  }

  /** Returns the keyspaces whose names are known. */
  public List<String> keyspaceNames() {
    return keyspaces.values().stream().map(KeyspaceDefinition::name).toList();
  }

  /** Returns the name of a keyspace by the number its entries carry, or null if it was dropped. */
  public @Nullable String nameOf(int dataId) {
    String name = namesByDataId.get(dataId);
    if (name == null && version != null) {
      for (KeyspaceDefinition each : version.keyspaces().values()) {
        if (each.dataId() == dataId) {
          return each.name();
        }
      }
      return null;
    }
    return name == null ? "keyspace-" + Integer.toUnsignedString(dataId) : name;
  }

  /** Returns every version that can be read, in internal order; the versions of one key newest first. */
  public EntryCursor versions() {
    List<EntryCursor> sources = new ArrayList<>();
    sources.add(memtable.cursor());
    for (SortedTable table : tables) {
      SalvageCursor cursor = table.salvage();
      tableCursors.add(cursor);
      sources.add(cursor);
    }
    return MergingCursor.of(sources, false);
  }

  /** Returns whether a newer version of an entry may be among what is lost. */
  public boolean isDoubtful(int keyspaceId, byte[] key, long sequence) {
    for (int i = 0; i < tableCursors.size(); i++) {
      if (tables.get(i).metadata().maxSequence() > sequence) {
        for (SalvageCursor.LostRange lost : tableCursors.get(i).losses()) {
          if (lost.keyspaceId() == keyspaceId && lies(key, lost.after(), lost.before())) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean lies(byte[] key, byte @Nullable [] after, byte @Nullable [] before) {
    return (after == null || Arrays.compareUnsigned(key, after) >= 0)
        && (before == null || Arrays.compareUnsigned(key, before) <= 0);
  }

  /** Returns the size of everything that is walked. */
  public long bytes() {
    return memtable.bytes() + tables.stream().mapToLong(each -> each.metadata().sizeBytes()).sum();
  }

  /** Returns what is wrong, complete after the walk. */
  public List<Finding> findings() {
    List<Finding> all = new ArrayList<>(findings);
    for (int i = 0; i < tableCursors.size(); i++) {
      for (SalvageCursor.LostRange lost : tableCursors.get(i).losses()) {
        all.add(new Finding(tables.get(i).path(), lost.problem()));
      }
    }
    return all;
  }

  /** Returns what is lost, complete after the walk. */
  public List<Loss> losses() {
    List<Loss> all = new ArrayList<>(losses);
    for (int i = 0; i < tableCursors.size(); i++) {
      Path file = tables.get(i).path();
      for (SalvageCursor.LostRange lost : tableCursors.get(i).losses()) {
        String name = nameOf(lost.keyspaceId());
        if (name != null) {
          all.add(new Loss(name, lost.after(), lost.before(), file, lost.problem()));
        }
      }
    }
    return all;
  }

  @Override
  public void close() {
    tables.forEach(SortedTable::close);
    tables.clear();
    try {
      lock.close();
    } catch (IOException e) {
      throw new StorageException(directory + ": the lock could not be released: " + e, e);
    }
  }
}
