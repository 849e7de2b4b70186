package io.larder.engine.internal.disk;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.DiskFullException;
import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.manifest.VersionEdit;
import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.merge.CompactionCursor;
import io.larder.engine.internal.mvcc.SnapshotRegistry;
import io.larder.engine.internal.table.KeyspaceProperties;
import io.larder.engine.internal.table.TableMetadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes memtables out and merges runs. Used by one thread at a time: the maintenance thread, or the one that closes
 * the engine after it. A merge may begin and end inside a larger one of older runs.
 *
 * <p>The order that makes it safe: tables written and synced, then listed in the manifest, then shown to readers;
 * and backwards, unlisted in the manifest, then hidden from readers, then deleted. When the manifest fails, nobody
 * knows which of both it lists, so nothing is deleted.
 */
final class Compactor {
  /** A table is rewritten for its garbage alone when that is more than one of so many parts of it. */
  private static final int GARBAGE_PARTS = 4;

  private final DiskEngine engine;
  private final TableFiles files;
  private final GuardedManifest manifest;
  private final AtomicLong flushes = new AtomicLong();
  private final AtomicLong flushedBytes = new AtomicLong();
  private final AtomicLong merges = new AtomicLong();
  private final AtomicLong mergedBytesIn = new AtomicLong();
  private final AtomicLong mergedBytesOut = new AtomicLong();
  private final AtomicLong sweeps = new AtomicLong();
  private final AtomicLong sweptBytes = new AtomicLong();

  Compactor(DiskEngine engine, TableFiles files, GuardedManifest manifest) {
    this.engine = engine;
    this.files = files;
    this.manifest = manifest;
  }

  long bytesWritten() {
    return flushedBytes.get() + mergedBytesOut.get();
  }

  void addStatistics(Map<String, Long> values) {
    values.put("flushes", flushes.get());
    values.put("flush.bytes", flushedBytes.get());
    values.put("merges", merges.get());
    values.put("merge.bytes.in", mergedBytesIn.get());
    values.put("merge.bytes.out", mergedBytesOut.get());
    values.put("maintenance.bytes", bytesWritten());
    values.put("sweep.merges", sweeps.get());
    values.put("sweep.bytes", sweptBytes.get());
  }

  /**
   * Writes the oldest frozen memtable into a run of its own; returns its bytes, 0 if there is none.
   *
   * @param pulse runs after each slice
   */
  long flushOldest(MergePulse pulse) {
    FrozenMemtable frozen = engine.oldestFrozen();
    if (frozen == null) {
      return 0;
    }
    // everything in it must be visible before it is judged which versions nobody can see
    engine.commits().sync();
    Memtable memtable = frozen.memtable();
    boolean bottom = engine.view().tables().runs().length == 0;
    long[] passed = new long[1];
    List<TableHandle> tables;
    try (EntryCursor source = memtable.cursor();
        CompactionCursor kept = onlyKept(source, engine.kept(), bottom)) {
      kept.setPulse(
          MergePulse.SLICE_BYTES,
          () -> pulse.sliceDone(passed[0] += MergePulse.SLICE_BYTES, memtable.bytes()));
      tables = write(kept, memtable.lastSequence(), List.of());
    }
    VersionEdit edit =
        new VersionEdit()
            .flushedSequence(memtable.lastSequence())
            .durableSequence(memtable.lastSequence())
            .logFloor(frozen.logFloor())
            .highestClockMillis(engine.expiryClock().millis())
            .nextFileId(files.nextFileId());
    list(tables, edit);
    engine.installFlushed(frozen, runsOf(memtable.lastSequence(), tables));
    flushes.incrementAndGet();
    flushedBytes.addAndGet(bytes(tables));
    return Math.max(1, memtable.bytes());
  }

  private static long bytes(List<TableHandle> tables) {
    return tables.stream().mapToLong(table -> table.metadata().sizeBytes()).sum();
  }

  /** Returns the merge that leaves one run without any garbage, or null if there is nothing to do. */
  @Nullable MergePlan planAll() {
    SortedRun[] runs = engine.view().tables().runs();
    if (runs.length == 0) {
      return null;
    }
    Judge judge = new Judge();
    MergePlan plan =
        MergePlan.of(Arrays.asList(runs), true, carriedBytesMin(), judge::isDead, judge::isExact);
    return plan.isIdle() ? null : plan;
  }

  /**
   * Returns the merge that is to be done now, or null if all is well.
   *
   * @param settled whether nothing was written for a while
   */
  @Nullable MergePlan plan(boolean settled) {
    SortedRun[] runs = engine.view().tables().runs();
    MergePlan picked = plan(runs, CompactionPicker.pick(shapes(runs), settled));
    return picked == null ? planSweep(runs) : picked;
  }

  /** Returns a merge of runs newer than those of another plan that is under way, or null if all is well. */
  @Nullable MergePlan planNewer(MergePlan underWay) {
    SortedRun[] runs = engine.view().tables().runs();
    int newest = Arrays.asList(runs).indexOf(underWay.runs().get(0));
    MergePlan plan = plan(runs, CompactionPicker.pickNewer(shapes(runs), newest));
    return plan == null || plan.bytes() * 2 > underWay.bytes() ? null : plan;
  }

  private @Nullable MergePlan plan(SortedRun[] runs, CompactionPicker.Span span) {
    if (span.isEmpty()) {
      return null;
    }
    boolean bottom = span.end() == runs.length;
    Judge judge = new Judge();
    return MergePlan.of(
        Arrays.asList(runs).subList(span.start(), span.end()),
        bottom,
        carriedBytesMin(),
        judge::isDead,
        table -> !judge.isWasteful(table, bottom));
  }

  private long carriedBytesMin() {
    return files.tableBytes() / 8;
  }

  static CompactionPicker.Shape[] shapes(SortedRun[] runs) {
    return Arrays.stream(runs).map(SortedRun::shape).toArray(CompactionPicker.Shape[]::new);
  }

  /** Returns a rewrite of the tables of one run that have become garbage by time or by dropped keyspaces. */
  private @Nullable MergePlan planSweep(SortedRun[] runs) {
    Judge judge = new Judge();
    for (int index = runs.length - 1; index >= 0; index--) {
      boolean bottom = index == runs.length - 1;
      List<SortedRun> run = List.of(runs[index]);
      MergePlan plan =
          MergePlan.of(
              run,
              bottom,
              carriedBytesMin(),
              judge::isDead,
              table -> !judge.isWasteful(table, bottom));
      if (!plan.removed().isEmpty()) {
        return plan;
      }
    }
    return null;
  }

  /**
   * Does a merge and returns how many bytes of files it freed.
   *
   * @param pulse runs after each slice; what it throws ends the merge, and the runs stay as they are
   */
  long merge(MergePlan plan, MergePulse pulse) {
    long totalBytes = plan.bytes();
    List<TableHandle> tables = List.of();
    if (!plan.sources().isEmpty()) {
      try (EntryCursor source = plan.cursor();
          CompactionCursor kept = onlyKept(source, engine.kept(), plan.bottom())) {
        kept.setPulse(
            MergePulse.SLICE_BYTES, () -> pulse.sliceDone(source.bytesPassed(), totalBytes));
        tables = write(kept, plan.order(), plan.carried());
      }
    }
    List<TableHandle> result = new ArrayList<>(plan.carried());
    result.addAll(tables);
    List<SortedRun> merged = disjoint(plan.order(), result, tables);
    VersionEdit edit =
        new VersionEdit()
            .highestClockMillis(engine.expiryClock().millis())
            .nextFileId(files.nextFileId());
    plan.removed().forEach(table -> edit.removeTable(table.metadata().fileId()));
    list(tables, edit);
    engine.installMerged(plan, merged);
    merges.incrementAndGet();
    mergedBytesIn.addAndGet(totalBytes);
    mergedBytesOut.addAndGet(bytes(tables));
    long freed = bytes(plan.removed()) - bytes(tables);
    if (plan.isSweep()) {
      sweeps.incrementAndGet();
      sweptBytes.addAndGet(freed);
    }
    return freed;
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

  private List<TableHandle> write(EntryCursor entries, long runOrder, List<TableHandle> carried) {
    try (RunWriter writer = new RunWriter(files, runOrder, carried)) {
      while (entries.next()) {
        writer.add(entries);
      }
      return writer.finish();
    }
  }

  /** Makes an edit durable that adds tables; if that fails they are closed, but kept: it may be durable all the same. */
  private void list(List<TableHandle> tables, VersionEdit edit) {
    try {
      tables.forEach(table -> edit.addTable(table.live()));
      manifest.edit(edit);
    } catch (DiskFullException e) {
      RunWriter.discard(tables); // it is not, and a merge that is tried again makes others
      throw e;
    } catch (Throwable e) {
      for (TableHandle table : tables) {
        table.retain();
        table.release();
      }
      throw e;
    }
  }

  /** Makes a run before anything of it is durable: tables that overlap must never be listed. */
  private static List<SortedRun> disjoint(
      long order, List<TableHandle> tables, List<TableHandle> added) {
    try {
      return runsOf(order, tables);
    } catch (CorruptionException e) {
      RunWriter.discard(added);
      throw e;
    }
  }

  private static List<SortedRun> runsOf(long order, List<TableHandle> tables) {
    return tables.isEmpty() ? List.of() : List.of(new SortedRun(order, tables));
  }

  /** What is garbage at the moment it was made. */
  private final class Judge {
    private final SnapshotRegistry.Kept kept = engine.kept();
    private final long nowMillis = engine.expiryClock().expiredUntilMillis();

    private boolean isLive(KeyspaceProperties keyspace) {
      return kept.keyspaceIsLive().test(keyspace.keyspaceId());
    }

    /** Whether nobody can read anything in a table; if so, it hides nothing below it only at the bottom. */
    boolean isDead(TableHandle table) {
      return table.metadata().maxExpiryMillis() <= nowMillis
          || table.table().keyspaces().stream().noneMatch(this::isLive);
    }

    /** Whether a table at the bottom has one version of each key, no tombstone, nothing expired or dropped. */
    boolean isExact(TableHandle table) {
      TableMetadata metadata = table.metadata();
      return metadata.deleteCount() == 0
          && metadata.entryCount() == table.table().keyCount()
          && metadata.minExpiryMillis() > nowMillis
          && table.table().keyspaces().stream().allMatch(this::isLive);
    }

    /** Whether enough of a table is garbage that rewriting it alone would remove. */
    boolean isWasteful(TableHandle table, boolean bottom) {
      long sizeBytes = table.metadata().sizeBytes();
      long wasted = table.table().expiredBytes(nowMillis);
      for (KeyspaceProperties keyspace : table.table().keyspaces()) {
        wasted += isLive(keyspace) ? 0 : keyspace.bytes();
      }
      if (bottom && kept.sequences().length == 1) {
        TableMetadata metadata = table.metadata();
        long hidden = metadata.entryCount() - table.table().keyCount() + metadata.deleteCount();
        wasted += (long) ((double) sizeBytes / metadata.entryCount() * hidden);
      }
      return wasted * GARBAGE_PARTS > sizeBytes;
    }
  }
}
