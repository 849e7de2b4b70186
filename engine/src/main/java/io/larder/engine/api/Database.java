package io.larder.engine.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An open database: keyspaces, atomic batches, snapshots, transactions. Thread-safe. Obtained from {@code
 * io.larder.engine.Databases}; every successful open is closed once by its opener, and the last close of a
 * shared database closes its files.
 *
 * <p>After {@link #close} every call throws {@link ClosedException}. After a failed write or sync every
 * write throws {@link WritesStoppedException} naming the failure; reads go on.
 */
public interface Database extends AutoCloseable {

  /** Returns the options it was opened with. */
  DatabaseOptions options();

  /** Returns what opening the database found and did. */
  OpeningReport opening();

  /** Returns where the database lives. */
  DatabaseLocation location();

  /** Returns an existing keyspace, if there is one of that name. */
  Optional<Keyspace> findKeyspace(String name);

  /**
   * Returns an existing keyspace.
   *
   * @throws NoSuchKeyspaceException if there is none of that name
   */
  Keyspace keyspace(String name);

  /**
   * Creates a keyspace, durably before it returns. A name has 1 to 255 UTF-8 bytes and no control characters.
   *
   * @throws KeyspaceExistsException if the name is taken
   */
  Keyspace createKeyspace(String name);

  /** Returns the keyspace of that name, creating it if there is none. */
  Keyspace openKeyspace(String name);

  /** Drops a keyspace and everything in it, durably before it returns. */
  void dropKeyspace(String name);

  /** Removes every entry of a keyspace at once, at a cost that does not depend on their number. */
  void clearKeyspace(String name);

  /** Renames a keyspace. */
  void renameKeyspace(String name, String newName);

  /** Returns the names of all keyspaces, sorted. */
  List<String> keyspaceNames();

  /** Returns a reader of the newest committed state; each of its calls sees the newest state anew. */
  Reader latest();

  /** Commits a batch with the database's sync mode. */
  void write(WriteBatch batch);

  /** Commits a batch with a sync mode of its own. */
  void write(WriteBatch batch, SyncMode sync);

  /** Takes a snapshot of the newest committed state. */
  Snapshot snapshot();

  /** Begins a transaction on the newest committed state, with snapshot isolation. */
  Transaction begin();

  /** Begins a transaction on the newest committed state. */
  Transaction begin(IsolationLevel isolation);

  /**
   * Returns what tells whether a key may have changed since it was read. The first call makes it, and every commit
   * from then on keeps it, at a cost of some nanoseconds a key; all callers share it.
   *
   * @param stripesMin how many keys are to be told apart about; takes 8 bytes each, and has an effect in the first
   *     call only
   */
  ChangeStamps changeStamps(int stripesMin);

  /** Makes everything committed so far durable, whatever the sync mode. */
  void sync();

  /** Writes the memtable into a sorted table, and returns when that is durable. */
  void flush();

  /**
   * Hands the log up to the last commit before the call to the archive that the option {@code wal.archive} names, and
   * returns when the archive has all of it. Without the call the newest segment follows when it is full.
   *
   * @return how many segments the archive got meanwhile
   * @throws BackupException if the database has no archive
   * @throws StorageException if the archive refuses; it gets the log later then
   */
  long archiveLog();

  /** Merges the sorted tables, and returns when done; drops what is deleted, shadowed or expired. */
  default void compact() {
    compact(ProgressListener.none());
  }

  /**
   * Writes the memtable out and merges the sorted tables, as {@link #compact()} does, and says how far it is.
   *
   * @throws CancelledException if the listener asked for the end; what was written meanwhile is deleted
   */
  void compact(ProgressListener progress);

  /** Returns counters and sizes. */
  DatabaseStatistics statistics();

  /**
   * Makes a backup of everything committed so far, while readers and writers go on. A crash, a failure or a
   * cancellation leaves no backup at all.
   *
   * @param directory where backups are kept; created if missing
   * @throws BackupException if the database is in memory, or the name is taken
   * @throws CorruptionException if a table is not what was written; then nothing is backed up
   */
  BackupInfo backup(Path directory, BackupOptions options, ProgressListener progress);

  /**
   * Looks for damage while readers and writers go on; changes nothing.
   *
   * @param full whether every page and record is read, or only manifest, headers and footers
   * @throws BackupException if the database is in memory, where there is nothing to verify
   */
  VerifyReport verify(boolean full, ProgressListener progress);

  /** Returns what the database takes on disk; empty for one in memory. */
  DiskUsage diskUsage();

  /** Returns the time by which expiry is judged, in milliseconds since the epoch; never runs backwards. */
  long expiryTimeMillis();

  /**
   * Returns another handle of the same opener, closed on its own; the opener has closed the database when all of them are
   * closed.
   */
  Database another();

  /**
   * Has something done before anybody else opens the database inside the JVM: for who keeps back entries that have to be
   * in the database as soon as others could look for them. The thread that opens it does it, before it gets its
   * handle, and every later opener again until the preparation is closed. What it throws reaches that opener, who gets
   * no handle then. It may use this database, and may wait.
   *
   * @return what ends it; null if the database has, or had, several openers
   */
  @Nullable Preparation beforeSharing(Runnable preparation);

  /** What is done before a database is shared; ends when it is closed. */
  interface Preparation extends AutoCloseable {
    @Override
    void close();
  }

  /** Gives up this handle; the last handle flushes what it must and releases files, lock and threads. */
  @Override
  void close();
}
