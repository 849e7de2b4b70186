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
  private static final long WASTE_BYTES_MIN = 1 << 20;

  /** The last run written in which each key has one version and none is a tombstone; 0 = none. */
  private long exactRunOrder;

  /** Waste that the last merge knew of and could not remove; more has to come before the next try. */
  private long keptWasteBytes;

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
    SnapshotRegistry.Kept keep = engine.kept();
    List<TableHandle> tables;
    try (EntryCursor source = memtable.cursor();
        EntryCursor kept = onlyKept(source, keep, bottom)) {
      tables = write(kept, memtable.lastSequence());
    }
    noteExactness(memtable.lastSequence(), keep, bottom);
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

  /** Returns all runs, newest first, or none if merging them would change nothing. */
  List<SortedRun> worthMerging() {
    SortedRun[] runs = engine.view().tables().runs();
    return runs.length == 1 && isExact(runs[0]) ? List.of() : Arrays.asList(runs);
  }

  /** Whether a run holds one version of each key, no tombstone, nothing expired and no dropped keyspace. */
  private boolean isExact(SortedRun run) {
    SnapshotRegistry.Kept kept = engine.kept();
    long now = engine.expiryClock().expiredUntilMillis();
    return run.order() == exactRunOrder
        && run.tables().stream()
            .allMatch(
                table ->
                    table.metadata().deleteCount() == 0
                        && table.metadata().minExpiryMillis() > now
                        && table.table().keyspaces().stream()
                            .allMatch(each -> kept.keyspaceIsLive().test(each.keyspaceId())));
  }

  /** Returns the runs that should be merged now; empty if all is well. */
  List<SortedRun> pick() {
    SortedRun[] runs = engine.view().tables().runs();
    List<SortedRun> picked = CompactionPicker.pick(runs);
    if (!picked.isEmpty()) {
      return picked;
    }
    long bytes = 0;
    for (SortedRun run : runs) {
      bytes += run.bytes();
    }
    long wasted = wastedBytes(engine.kept());
    boolean worthwhile =
        wasted - keptWasteBytes >= WASTE_BYTES_MIN && wasted > bytes / 4
            || wasted == bytes && wasted > keptWasteBytes;
    return worthwhile ? Arrays.asList(runs) : List.of();
  }

  /** Returns the bytes of keyspaces that need not be kept and of tables in which everything has expired. */
  private long wastedBytes(SnapshotRegistry.Kept kept) {
    long now = engine.expiryClock().expiredUntilMillis();
    long wasted = 0;
    for (SortedRun run : engine.view().tables().runs()) {
      for (TableHandle table : run.tables()) {
        boolean nothingLives =
            table.table().keyspaces().stream()
                .noneMatch(each -> kept.keyspaceIsLive().test(each.keyspaceId()));
        if (nothingLives || table.metadata().maxExpiryMillis() <= now) {
          wasted += table.metadata().sizeBytes();
          continue;
        }
        for (KeyspaceProperties keyspace : table.table().keyspaces()) {
          boolean live = kept.keyspaceIsLive().test(keyspace.keyspaceId());
          wasted += live ? 0 : keyspace.bytes();
        }
      }
    }
    return wasted;
  }

  /**
   * Merges neighbouring runs into one.
   *
   * @param pulse runs after each slice; what it throws ends the merge, and the runs stay as they are
   */
  void merge(List<SortedRun> inputs, MergePulse pulse) {
    long totalBytes = inputs.stream().mapToLong(SortedRun::bytes).sum();
    SortedRun[] runs = engine.view().tables().runs();
    boolean bottom = inputs.get(inputs.size() - 1) == runs[runs.length - 1];
    List<EntryCursor> sources = new ArrayList<>();
    inputs.forEach(run -> sources.add(run.cursor(false)));
    SnapshotRegistry.Kept keep = engine.kept();
    List<TableHandle> tables;
    try (EntryCursor source = MergingCursor.of(sources, false);
        CompactionCursor kept = onlyKept(source, keep, bottom)) {
      kept.setPulse(
          MergePulse.SLICE_BYTES, () -> pulse.sliceDone(source.bytesPassed(), totalBytes));
      tables = write(kept, inputs.get(0).order());
    }
    noteExactness(inputs.get(0).order(), keep, bottom);
    VersionEdit edit =
        new VersionEdit()
            .highestClockMillis(engine.expiryClock().millis())
            .nextFileId(files.nextFileId());
    for (SortedRun run : inputs) {
      run.tables().forEach(table -> edit.removeTable(table.metadata().fileId()));
    }
    list(tables, edit);
    engine.installMerged(inputs, runsOf(tables));
    merges.incrementAndGet();
    keptWasteBytes = wastedBytes(keep);
  }

  private CompactionCursor onlyKept(
      EntryCursor source, SnapshotRegistry.Kept keep, boolean bottom) {
    return new CompactionCursor(
        source,
        keep.sequences(),
        bottom,
        engine.expiryClock().expiredUntilMillis(),
        keep.keyspaceIsLive());
  }

  /** Remembers a run in which only the newest state was kept, with nothing below it. */
  private void noteExactness(long runOrder, SnapshotRegistry.Kept keep, boolean bottom) {
    if (bottom && keep.sequences().length == 1) {
      exactRunOrder = runOrder;
    } else if (exactRunOrder == runOrder) {
      exactRunOrder = 0;
    }
  }

  private List<TableHandle> write(EntryCursor entries, long runOrder) {
    try (RunWriter writer = new RunWriter(files, runOrder)) {
      while (entries.next()) {
        writer.add(entries);
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
