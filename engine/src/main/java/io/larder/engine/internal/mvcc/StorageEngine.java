package io.larder.engine.internal.mvcc;

import io.larder.engine.api.DiskUsage;
import io.larder.engine.api.KeyspaceStatistics;
import io.larder.engine.api.OpeningReport;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.internal.manifest.KeyspaceDefinition;
import java.util.List;
import java.util.Map;

/**
 * What keeps the entries of a database: on disk or in memory. Thread-safe; owned by the database, which closes
 * it after the last call has returned or failed.
 */
public interface StorageEngine extends AutoCloseable {
  /** Returns the keyspaces found when the engine was opened. */
  List<KeyspaceDefinition> recoveredKeyspaces();

  /** Returns the highest number any keyspace ever had. */
  int lastKeyspaceId();

  /** Returns the time by which expiry is judged. */
  ExpiryClock expiryClock();

  /**
   * Starts taking commits and merging.
   *
   * @param kept tells what merging must keep
   */
  void start(SnapshotSource kept);

  /** Returns the pipeline through which everything is committed. */
  CommitPipeline commits();

  /**
   * Keeps a change of the keyspaces durably: sets the definitions given, forgets those dropped.
   *
   * @param lastId the highest number any keyspace ever had
   */
  void saveKeyspaces(List<KeyspaceDefinition> changed, List<Integer> droppedHandleIds, int lastId);

  /** Hears that the entries of a number are of no use any more, except to older snapshots. */
  void abandoned(int dataId);

  /**
   * Enters the engine for a short read, until {@link #exit}; what {@link #view} returns stays usable meanwhile.
   *
   * @throws io.larder.engine.api.ClosedException if the engine is closed
   */
  int enter();

  /** Leaves the engine. */
  void exit(int ticket);

  /** Returns the newest view; only between {@link #enter} and {@link #exit}. */
  ReadView view();

  /** Returns whether a view is the newest still; any thread, entered or not. */
  boolean isNewest(ReadView view);

  /** Returns the newest view for longer use; whoever asked closes it. */
  PinnedView pin();

  /** Writes the memtable out, where there is somewhere to write to. */
  void flush();

  /**
   * Hands all of the log to its archive and returns how many segments that got meanwhile.
   *
   * @throws io.larder.engine.api.BackupException if there is no archive
   */
  long archiveLog();

  /**
   * Merges everything and returns when done.
   *
   * @throws io.larder.engine.api.CancelledException if the listener asked for the end; all is as it was then
   */
  void compact(ProgressListener progress);

  /**
   * Holds on to the newest committed state for a backup; whoever asked closes it.
   *
   * @throws io.larder.engine.api.BackupException if there is nothing on disk
   */
  Checkpoint checkpoint();

  /**
   * Holds on to the newest state as {@link #checkpoint} does, but after writes have stopped, too: it is then the one up
   * to the last change that is known to be durable.
   *
   * @throws io.larder.engine.api.BackupException if there is nothing on disk
   */
  default Checkpoint checkpointForReading() {
    return checkpoint();
  }

  /** Returns what opening it found and did. */
  OpeningReport opening();

  /** Returns counters and sizes by their dotted names. */
  Map<String, Long> statistics();

  /** Returns the files of the database by kind; empty where there are none. */
  Map<DiskUsage.Kind, DiskUsage.Files> files();

  /** Returns what tables hold of each number that entries carry. */
  Map<Integer, KeyspaceStatistics> tableContents();

  /** Returns sizes of one keyspace. */
  KeyspaceStatistics statistics(int keyspaceId);

  @Override
  void close();

  /** A view that stays usable until closed. */
  interface PinnedView extends AutoCloseable {
    /** Returns the view. */
    ReadView view();

    @Override
    void close();
  }

  /** Tells what merging must keep. */
  @FunctionalInterface
  interface SnapshotSource {
    /** Returns what a merge that begins now must keep. */
    SnapshotRegistry.Kept kept();
  }
}
