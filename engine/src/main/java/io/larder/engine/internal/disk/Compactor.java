package io.larder.engine.internal.disk;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.manifest.LiveTable;
import io.larder.engine.internal.manifest.VersionEdit;
import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.merge.CompactionCursor;
import io.larder.engine.internal.merge.MergingCursor;
import io.larder.engine.internal.mvcc.SnapshotRegistry;
import io.larder.engine.internal.table.KeyspaceProperties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes memtables out and merges runs. Used by one thread at a time: the maintenance thread, or the one that closes
 * the engine after it.
 *
 * <p>The order that makes it safe: tables written and synced, then listed in the manifest, then shown to readers;
 * and backwards, unlisted in the manifest, then hidden from readers, then deleted. When the manifest fails, nobody
 * knows which of both it lists, so nothing is deleted.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes the counters, any may read them
final class Compactor {
  private static final int SLICE_ENTRIES = 1024;
  private static final long WASTE_BYTES_MIN = 1 << 20;

  private final DiskEngine engine;
  private final TableFiles files;
  private final GuardedManifest manifest;
  private final AtomicLong flushes = new AtomicLong();
  private final AtomicLong merges = new AtomicLong();
  private final AtomicLong bytesWritten = new AtomicLong();

  Compactor(DiskEngine engine, TableFiles files, GuardedManifest manifest) {
    this.engine = engine;
    this.files = files;
    this.manifest = manifest;
  }

  long flushes() {
    return flushes.get();
  }

  long merges() {
    return merges.get();
  }

  long bytesWritten() {
    return bytesWritten.get();
  }

  /** Writes the oldest frozen memtable into a run of its own; returns false if there is none. */
  boolean flushOldest() {
    FrozenMemtable frozen = engine.oldestFrozen();
    if (frozen == null) {
      return false;
    }
    // everything in it must be visible before it is judged which versions nobody can see
    engine.commits().sync();
    Memtable memtable = frozen.memtable();
    boolean bottom = engine.view().tables().runs().length == 0;
    List<TableHandle> tables;
    try (EntryCursor source = memtable.cursor();
        EntryCursor kept = onlyKept(source, bottom)) {
      tables = write(kept, memtable.lastSequence(), () -> {});
    }
    VersionEdit edit =
        new VersionEdit()
            .flushedSequence(memtable.lastSequence())
            .durableSequence(memtable.lastSequence())
            .logFloor(frozen.logFloor())
            .highestClockMillis(engine.expiryClock().millis())
            .nextFileId(files.nextFileId());
    list(tables, edit);
    engine.installFlushed(frozen, runsOf(tables));
    flushes.incrementAndGet();
    return true;
  }

  /** Returns all runs, newest first. */
  List<SortedRun> allRuns() {
    return Arrays.asList(engine.view().tables().runs());
  }

  /** Returns the runs that should be merged now; empty if all is well. */
  List<SortedRun> pick() {
    SortedRun[] runs = engine.view().tables().runs();
    List<SortedRun> picked = CompactionPicker.pick(runs);
    return picked.isEmpty() && isWasteful(runs) ? Arrays.asList(runs) : picked;
  }

  /** Whether dropped keyspaces and expired tables make up a quarter of the bytes. */
  private boolean isWasteful(SortedRun[] runs) {
    SnapshotRegistry.Kept kept = engine.kept();
    long now = engine.expiryClock().expiredUntilMillis();
    long wasted = 0;
    long all = 0;
    for (SortedRun run : runs) {
      for (TableHandle table : run.tables()) {
        all += table.metadata().sizeBytes();
        wasted += table.metadata().maxExpiryMillis() <= now ? table.metadata().sizeBytes() : 0;
        for (KeyspaceProperties keyspace : table.table().keyspaces()) {
          boolean live = kept.keyspaceIsLive().test(keyspace.keyspaceId());
          wasted += live ? 0 : keyspace.bytes();
        }
      }
    }
    return wasted >= WASTE_BYTES_MIN && wasted > all / 4;
  }

  /**
   * Merges neighbouring runs into one.
   *
   * @param betweenSlices runs every so many entries; what it throws ends the merge, and the runs stay as they are
   */
  void merge(List<SortedRun> inputs, Runnable betweenSlices) {
    SortedRun[] runs = engine.view().tables().runs();
    boolean bottom = inputs.get(inputs.size() - 1) == runs[runs.length - 1];
    List<EntryCursor> sources = new ArrayList<>();
    inputs.forEach(run -> sources.add(run.cursor(false)));
    List<TableHandle> tables;
    try (EntryCursor source = MergingCursor.of(sources, false);
        EntryCursor kept = onlyKept(source, bottom)) {
      tables = write(kept, inputs.get(0).order(), betweenSlices);
    }
    VersionEdit edit = new VersionEdit().nextFileId(files.nextFileId());
    for (SortedRun run : inputs) {
      run.tables().forEach(table -> edit.removeTable(table.metadata().fileId()));
    }
    list(tables, edit);
    engine.installMerged(inputs, runsOf(tables));
    merges.incrementAndGet();
  }

  private CompactionCursor onlyKept(EntryCursor source, boolean bottom) {
    SnapshotRegistry.Kept kept = engine.kept();
    return new CompactionCursor(
        source,
        kept.sequences(),
        bottom,
        engine.expiryClock().expiredUntilMillis(),
        kept.keyspaceIsLive());
  }

  private List<TableHandle> write(EntryCursor entries, long runOrder, Runnable betweenSlices) {
    try (RunWriter writer = new RunWriter(files, runOrder)) {
      int count = 0;
      while (entries.next()) {
        writer.add(entries);
        if (++count % SLICE_ENTRIES == 0) {
          betweenSlices.run();
        }
      }
      List<TableHandle> tables = writer.finish();
      for (TableHandle table : tables) {
        bytesWritten.addAndGet(table.metadata().sizeBytes());
      }
      return tables;
    }
  }

  /** Makes an edit durable that adds tables; if that fails they are closed, but kept: it may be durable all the same. */
  private void list(List<TableHandle> tables, VersionEdit edit) {
    try {
      tables.forEach(table -> edit.addTable(table.live()));
      manifest.edit(edit);
    } catch (Throwable e) {
      for (TableHandle table : tables) {
        table.retain();
        table.release();
      }
      throw e;
    }
  }

  private static List<SortedRun> runsOf(List<TableHandle> tables) {
    if (tables.isEmpty()) {
      return List.of();
    }
    LiveTable first = tables.get(0).live();
    return List.of(new SortedRun(first.runOrder(), tables));
  }
}
