package io.larder.engine.internal.integrity;

import io.larder.engine.api.CancelledException;
import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.DatabaseLockedException;
import io.larder.engine.api.Finding;
import io.larder.engine.api.FormatVersionException;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.NotADatabaseException;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.StorageException;
import io.larder.engine.api.VerifyReport;
import io.larder.engine.internal.manifest.LiveTable;
import io.larder.engine.internal.manifest.Manifest;
import io.larder.engine.internal.manifest.Version;
import io.larder.engine.internal.mvcc.Checkpoint;
import io.larder.engine.internal.table.SortedTable;
import io.larder.engine.internal.table.TableIdentity;
import io.larder.engine.internal.wal.LogCheck;
import io.larder.engine.internal.wal.LogOptions;
import io.larder.engine.internal.wal.LogRecovery;
import io.larder.engine.internal.wal.LogStart;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.LockHeldException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Looks for damage and changes nothing. One use, one thread.
 *
 * <p>Quick: manifest, and header, footer, page checksums and properties of each table. Full: in addition every page and
 * record of each table, its indexes against its data, and the log as a recovery would read it.
 */
public final class Verifier {
  private static final String LOCK = "LOCK";
  private static final long ANY_SEGMENT_BYTES = LogOptions.SEGMENT_BYTES_MIN;

  /** How often files that somebody writes meanwhile are looked at before a finding counts. */
  private static final int LOOKS = 5;

  private final FileSystem fileSystem;
  private final Path directory;
  private final boolean full;
  private final ProgressListener listener;
  private final List<Finding> findings = new ArrayList<>();

  /** Tables that were found sound; a table never changes. */
  private final Set<Long> sound = new HashSet<>();

  private int tables;
  private long tableBytes;
  private long entries;
  private long doneBytes;
  private int logSegments;
  private long logBatches;
  private long lastSequence;
  private String tornTail = "";

  private Verifier(FileSystem fileSystem, Path directory, boolean full, ProgressListener listener) {
    this.fileSystem = fileSystem;
    this.directory = directory;
    this.full = full;
    this.listener = listener;
  }

  /**
   * Verifies a database that nobody has open.
   *
   * @throws NotADatabaseException if there is none
   * @throws DatabaseLockedException if somebody has it open
   */
  public static VerifyReport offline(
      FileSystem fileSystem, Path directory, boolean full, ProgressListener listener) {
    try {
      if (!fileSystem.exists(directory) || !Manifest.exists(fileSystem, directory)) {
        throw new NotADatabaseException(directory + ": found no database to verify");
      }
      try (FileSystem.Lock held = lock(fileSystem, directory)) {
        Verifier verifier = new Verifier(fileSystem, directory, full, listener);
        verifier.verifyClosed();
        if (!held.isValid()) {
          throw new StorageException(
              directory + ": was moved or opened while it was verified",
              new IOException("lock lost"));
        }
        return verifier.report();
      }
    } catch (IOException e) {
      throw new StorageException(directory + ": could not be verified: " + e.getMessage(), e);
    }
  }

  /**
   * Verifies a database that another process may have open, as its files are now. What is not right is looked at again
   * with the manifest read anew: a file that went because of a merge, or a log that grew between two reads, is no
   * finding.
   *
   * @throws NotADatabaseException if there is none
   */
  public static VerifyReport beside(
      FileSystem fileSystem, Path directory, boolean full, ProgressListener listener) {
    try {
      if (!fileSystem.exists(directory) || !Manifest.exists(fileSystem, directory)) {
        throw new NotADatabaseException(directory + ": found no database to verify");
      }
      Verifier verifier = new Verifier(fileSystem, directory, full, listener);
      for (int look = 1; look == 1 || look <= LOOKS && !verifier.findings.isEmpty(); look++) {
        verifier.forget();
        verifier.verifyClosed();
      }
      verifier.tornTail = ""; // somebody may be writing there
      return verifier.report();
    } catch (IOException e) {
      throw new StorageException(directory + ": could not be verified: " + e.getMessage(), e);
    }
  }

  /** Makes ready for another look; only which tables are sound is remembered. */
  private void forget() {
    findings.clear();
    tables = 0;
    tableBytes = 0;
    entries = 0;
    doneBytes = 0;
    logSegments = 0;
    logBatches = 0;
    tornTail = "";
  }

  /** Takes the lock of a closed database. */
  static FileSystem.Lock lock(FileSystem fileSystem, Path directory) throws IOException {
    try {
      return fileSystem.lock(directory.resolve(LOCK), "a verification or repair");
    } catch (LockHeldException e) {
      throw new DatabaseLockedException(
          "The database "
              + directory
              + " is open"
              + (e.owner().isEmpty() ? "" : ", held by " + e.owner().strip())
              + "; it can be verified by the program that has it open, or after that has closed it",
          e);
    }
  }

  /** Verifies the files of a checkpoint while the database is in use. */
  public static VerifyReport online(
      Checkpoint checkpoint, boolean full, ProgressListener listener) {
    Verifier verifier =
        new Verifier(checkpoint.fileSystem(), checkpoint.directory(), full, listener);
    verifier.verifyOpen(checkpoint);
    return verifier.report();
  }

  private VerifyReport report() {
    return new VerifyReport(
        directory,
        full,
        tables,
        tableBytes,
        entries,
        logSegments,
        logBatches,
        lastSequence,
        tornTail,
        findings);
  }

  private void verifyClosed() throws IOException {
    Manifest.Content manifest;
    try {
      manifest = Manifest.read(fileSystem, directory);
    } catch (LarderException e) {
      findings.add(finding(directory, e));
      return;
    }
    tornTail = manifest.tornTail();
    verifyTables(manifest.databaseId(), manifest.version());
    verifyClosedLog(manifest.databaseId(), manifest.version());
  }

  private void verifyOpen(Checkpoint checkpoint) {
    verifyOpenLog(checkpoint); // first, so that it can go
    verifyManifestBeside();
    verifyTables(checkpoint.databaseId(), checkpoint.version());
  }

  /** Reads the manifest, which is written meanwhile: one that is right at any look is. */
  private void verifyManifestBeside() {
    for (int look = 1; look <= LOOKS; look++) {
      try {
        Manifest.read(fileSystem, directory);
        return;
      } catch (CorruptionException
          | StorageException
          | NotADatabaseException
          | FormatVersionException e) {
        if (look == LOOKS) {
          findings.add(finding(directory, e));
        }
      }
    }
  }

  private void verifyTables(long databaseId, Version version) {
    long total =
        version.tables().values().stream().mapToLong(each -> each.metadata().sizeBytes()).sum();
    for (LiveTable live : version.tables().values()) {
      tell("tables", 0, total);
      verifyTable(databaseId, live, total);
      tables++;
      tableBytes += live.metadata().sizeBytes();
      doneBytes += live.metadata().sizeBytes();
    }
    tell("tables", 0, total);
  }

  private void verifyTable(long databaseId, LiveTable live, long total) {
    long fileId = live.metadata().fileId();
    Path file = directory.resolve(HexFormat.of().toHexDigits(fileId) + ".table");
    if (sound.contains(fileId)) {
      entries += live.metadata().entryCount();
      return;
    }
    try (SortedTable table =
        SortedTable.open(
            fileSystem, file, new TableIdentity(databaseId, fileId), live.metadata())) {
      if (full) {
        table.verify(position -> tell("tables", position, total));
      }
      entries += live.metadata().entryCount();
      sound.add(fileId);
    } catch (CorruptionException
        | StorageException
        | NotADatabaseException
        | FormatVersionException e) {
      findings.add(finding(file, e));
    }
  }

  private void tell(String phase, long position, long total) {
    long done = doneBytes + position;
    if (!listener.onProgress(phase, done, total)) {
      throw new CancelledException(
          "The verification of " + directory + " was cancelled after " + done + " bytes");
    }
  }

  private void verifyClosedLog(long databaseId, Version version) throws IOException {
    logSegments = segmentsFrom(version.logFloor());
    lastSequence = version.flushedSequence();
    if (!full) {
      String floor = HexFormat.of().toHexDigits(version.logFloor()) + ".wal";
      if (!fileSystem.exists(directory.resolve(floor))) {
        findings.add(new Finding(directory.resolve(floor), "is missing, and is needed"));
      }
      return;
    }
    try {
      LogRecovery found =
          LogCheck.check(
              fileSystem,
              directory,
              new LogOptions(databaseId, ANY_SEGMENT_BYTES, 0),
              new LogStart(
                  version.logFloor(),
                  version.flushedSequence(),
                  Math.max(version.flushedSequence(), version.durableSequence())),
              (firstSequence, count, commitTimeMillis, changes) -> {
                while (changes.next()) {
                  entries += changes.keyspaceId() == 0 ? 0 : 1;
                }
              });
      Manifest.requireNotOlder(directory, version, found.closingNumber());
      logBatches = found.batches();
      lastSequence = found.lastSequence();
      if (tornTail.isEmpty()) {
        tornTail = found.tornTail();
      }
    } catch (CorruptionException
        | StorageException
        | NotADatabaseException
        | FormatVersionException e) {
      findings.add(finding(directory, e));
    }
  }

  private int segmentsFrom(long floor) throws IOException {
    int count = 0;
    for (String name : fileSystem.list(directory)) {
      boolean segment = name.length() == 20 && name.endsWith(".wal");
      count += segment && Long.parseUnsignedLong(name, 0, 16, 16) >= floor ? 1 : 0;
    }
    return count;
  }

  private void verifyOpenLog(Checkpoint checkpoint) {
    lastSequence = checkpoint.version().flushedSequence();
    try {
      checkpoint.readLog(
          (frame, changes) -> {
            if (!full) {
              return false;
            }
            while (changes.next()) {
              entries += changes.keyspaceId() == 0 ? 0 : 1;
            }
            logBatches++;
            lastSequence = frame.lastSequence();
            return true;
          });
      logSegments = segmentsFrom(checkpoint.version().logFloor());
    } catch (CorruptionException
        | StorageException
        | NotADatabaseException
        | FormatVersionException e) {
      findings.add(finding(directory, e));
    } catch (IOException e) {
      findings.add(new Finding(directory, "the log could not be read: " + e.getMessage()));
    }
  }

  static Finding finding(Path file, LarderException problem) {
    return new Finding(file, String.valueOf(problem.getMessage()));
  }
}
