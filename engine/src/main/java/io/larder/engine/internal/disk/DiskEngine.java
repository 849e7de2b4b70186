package io.larder.engine.internal.disk;

import io.larder.engine.api.BackupException;
import io.larder.engine.api.CancelledException;
import io.larder.engine.api.ClosedException;
import io.larder.engine.api.DiskFullException;
import io.larder.engine.api.DiskUsage;
import io.larder.engine.api.KeyspaceStatistics;
import io.larder.engine.api.LimitExceededException;
import io.larder.engine.api.OpeningReport;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.StorageException;
import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.internal.manifest.KeyspaceDefinition;
import io.larder.engine.internal.manifest.LiveTable;
import io.larder.engine.internal.manifest.Version;
import io.larder.engine.internal.manifest.VersionEdit;
import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.mvcc.Checkpoint;
import io.larder.engine.internal.mvcc.CommitPipeline;
import io.larder.engine.internal.mvcc.CommitTarget;
import io.larder.engine.internal.mvcc.ExpiryClock;
import io.larder.engine.internal.mvcc.PreparedBatch;
import io.larder.engine.internal.mvcc.ReadView;
import io.larder.engine.internal.mvcc.SequenceNumbers;
import io.larder.engine.internal.mvcc.SnapshotRegistry;
import io.larder.engine.internal.mvcc.StorageEngine;
import io.larder.engine.internal.table.KeyspaceProperties;
import io.larder.engine.internal.wal.LogRecovery;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A database on disk: commits go to a log and a memtable, full memtables into tables, tables are merged.
 * Thread-safe.
 *
 * <p>What readers see is one immutable {@link DiskView} in a volatile field, exchanged under the commit lock. Short
 * reads pass a {@link ReaderGate}; cursors hold the table set they walk. Memory stays bounded: at most
 * {@value #FROZEN_MAX} memtables wait to be written out, and then commits wait too.
 *
 * <p>Locks, in this order: the maintenance thread's, the manifest's, the commit lock, the log's own. Readers take
 * none.
 */
public final class DiskEngine implements StorageEngine, CommitTarget {
  private static final System.Logger LOG = LazyLogger.of(DiskEngine.class);
  private static final int FROZEN_MAX = Backpressure.FROZEN_MAX;

  /** Up to three memtables may be in memory, and the heap has other uses. */
  private static final int HEAP_PARTS = 8;

  /** A memtable larger than this is written out at the close, so that the next opening is quick. */
  private static final long REPLAYED_BYTES_MAX = 4L << 20;

  /** Each opening that is written in leaves a segment, which later ones read until a flush. */
  private static final int REPLAYED_SEGMENTS_MAX = 8;

  private final DiskParts parts;
  private final CommitPipeline commits;
  private final KeyspaceChanges keyspaces;
  private final LogFloor logFloor;
  private final Compactor compactor;
  private final Maintenance maintenance;
  private final Backpressure backpressure;
  private final DiskRoom room;
  private final long memtableBytes;
  private final LogAllowance logAllowance;
  private final AtomicBoolean closing = new AtomicBoolean();

  private volatile DiskView view;
  private volatile @Nullable SnapshotSource kept;
  private volatile boolean closed;

  /** Whether commits wait for room: those that belong to the opening do not. */
  private volatile boolean started;

  private volatile int frozenCount;
  private volatile long flushedSequence;

  /** How much of the flush under way is done, 0 to 1. */
  private volatile double flushedShare;

  /** Bytes of keys and values committed; written under the commit lock. */
  private volatile long committedBytes;

  /** Memtables that wait to be written out, oldest first; guarded by the commit lock. */
  private final Deque<FrozenMemtable> frozen = new ArrayDeque<>();

  /** Takes over the parts that recovery put together. */
  DiskEngine(DiskParts parts, DiskView recovered, long lastSequence) {
    this.parts = parts;
    this.view = recovered;
    this.memtableBytes =
        Math.min(
            Math.min(parts.options().memtableBytes(), parts.options().memoryLimitBytes() / 4),
            Runtime.getRuntime().maxMemory() / HEAP_PARTS);
    this.logAllowance = new LogAllowance(parts.options().logLimitBytes());
    this.room = new DiskRoom(parts.directory(), parts.log(), parts.time());
    LogAdapter log =
        new LogAdapter(parts.log(), parts.clock(), parts.keeper(), parts.health(), room);
    this.commits = new CommitPipeline(new SequenceNumbers(lastSequence), log, this);
    this.keyspaces =
        new KeyspaceChanges(
            parts.manifest(), (batch, sync) -> commits.commit(batch, sync, () -> true));
    this.compactor = new Compactor(this, parts.files(), parts.manifest());
    this.maintenance =
        new Maintenance(
            compactor, parts.files(), parts.health(), new Host(), parts.time(), pace(parts));
    this.logFloor = new LogFloor(parts.log(), maintenance::signal);
    this.backpressure =
        new Backpressure(
            parts.time(),
            memtableBytes,
            this::debt,
            maintenance::areMergesPutOff,
            this::requireOpen,
            this::awaitWithRoom);
    this.flushedSequence = parts.manifest().version().flushedSequence();
    parts.keeper().setLog(parts.log());
    LogArchiver archiver = parts.archiver();
    if (archiver != null) {
      archiver.setLog(parts.log(), maintenance::signal);
    }
    parts.log().setWorkArrived(this::logWorkArrived);
    parts.files().setWhenUnused(this::tableUnused);
  }

  private static Maintenance.Pace pace(DiskParts parts) {
    return new Maintenance.Pace(
        parts.options().mergeBytesPerSecond(), parts.options().sweepInterval().toNanos());
  }

  private Backpressure.Debt debt() {
    DiskView present = view;
    return new Backpressure.Debt(
        present.active().bytes(),
        frozenCount,
        flushedShare,
        present.tables().runs().length,
        present.tables().newerBytes(),
        present.tables().oldestBytes(),
        (double) parts.log().sizes().owedBytes() / (2 * logAllowance.bytes()));
  }

  /** What the maintenance thread asks and tells. */
  private final class Host implements Maintenance.Host {
    @Override
    public boolean isMergingUrgent() {
      return frozenCount > 0
          || view.tables().runs().length > CompactionPicker.RUNS_MAX
          || backpressure.pressure() > 0;
    }

    @Override
    public void flushing(double share) {
      flushedShare = Math.min(1, share);
    }

    @Override
    public void freezeIfDue() {
      committed();
    }

    @Override
    public void settleLog() {
      logFloor.settle();
    }

    @Override
    public void flushed(long bytes, long nanos) {
      backpressure.flushed(bytes, nanos);
    }

    @Override
    public boolean hasRoom() {
      return room.beginFlush();
    }

    @Override
    public boolean isOnlyFull(Throwable failure) {
      return room.isFlushOnlyRefused(failure);
    }
  }

  @Override
  public List<KeyspaceDefinition> recoveredKeyspaces() {
    return keyspaces.present();
  }

  @Override
  public int lastKeyspaceId() {
    return keyspaces.lastId();
  }

  @Override
  public ExpiryClock expiryClock() {
    return parts.clock();
  }

  @Override
  public void start(SnapshotSource source) {
    kept = source;
    if (!parts.log().recovery().cleanShutdown()) {
      room.look();
    } // else nothing is written before the first commit
    maintenance.start();
    committed(); // what was recovered may fill memory and log
    if (!parts.log().recovery().cleanShutdown()) {
      keyspaces.logMayDiffer();
    }
    if (!parts.log().isWithoutRoom()) {
      logKeyspacesIfDue();
      committed();
    }
    started = true;
  }

  /** Tells the log which keyspaces there are; reads are possible without, and whoever commits first tries again. */
  private void logKeyspacesIfDue() {
    try {
      keyspaces.logAllIfDue();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "The keyspaces could not be written into the log", e);
    }
  }

  @Override
  public CommitPipeline commits() {
    return commits;
  }

  /** Returns what a merge that begins now must keep. */
  SnapshotRegistry.Kept kept() {
    SnapshotSource source = kept;
    if (source == null) {
      throw new IllegalStateException("the engine was not started");
    }
    return source.kept();
  }

  @Override
  public void saveKeyspaces(
      List<KeyspaceDefinition> changed, List<Integer> droppedHandleIds, int lastId) {
    requireWritable();
    keyspaces.save(changed, droppedHandleIds, lastId);
  }

  @Override
  public void abandoned(int dataId) {
    maintenance.signal();
  }

  @Override
  public int enter() {
    int ticket = parts.gate().enter();
    if (closed) {
      parts.gate().exit(ticket);
      throw closedException();
    }
    return ticket;
  }

  @Override
  public void exit(int ticket) {
    parts.gate().exit(ticket);
  }

  private ClosedException closedException() {
    return new ClosedException("The database " + parts.directory() + " is closed");
  }

  @Override
  public DiskView view() {
    return view;
  }

  @Override
  public boolean isNewest(ReadView other) {
    return other == view;
  }

  @Override
  public PinnedView pin() {
    int ticket = enter();
    try {
      DiskView pinned = view;
      while (!pinned.tables().tryRetain()) {
        if (closed) {
          throw closedException(); // the last set was let go, and the closing thread waits for us
        }
        pinned = view;
      }
      return new PinnedDiskView(pinned);
    } finally {
      exit(ticket);
    }
  }

  @Override
  public void makeRoom(PreparedBatch batch) {
    requireWritable();
    if (batch.bytes() > parts.options().memoryLimitBytes() / 2) {
      throw new LimitExceededException(
          "A batch of "
              + batch.bytes()
              + " bytes exceeds half of memory.limit of "
              + parts.options().memoryLimitBytes()
              + " bytes; nothing of it was written");
    }
    if (started) {
      admit(batch);
    }
  }

  /** Lets a batch pass when there is room for it on the disk and in memory. */
  private void admit(PreparedBatch batch) {
    if (!room.isWelcome(batch)) {
      try {
        admitWithRoom(batch.bytes());
      } catch (DiskFullException e) {
        if (!room.isWelcome(batch)) {
          throw e;
        }
      }
    }
    if (room.isWelcome(batch)
        && view.memtableBytes() + batch.bytes() > parts.options().memoryLimitBytes()) {
      throw room.refusal();
    }
    keyspaces.logAllIfDue();
  }

  private void admitWithRoom(long bytes) {
    room.require();
    if (room.isFlushRefused()) { // no use in slowing down for a flush that finds no room
      awaitWithRoom(backpressure::hasRoom);
    } else {
      backpressure.admit(bytes);
    }
  }

  /** Waits for the maintenance thread; on a full disk what is waited for may never come, so it tries once. */
  private void awaitWithRoom(BooleanSupplier condition) {
    long begun = room.flushesBegun();
    maintenance.await(
        () -> {
          boolean reached = condition.getAsBoolean();
          if (!reached && room.isFlushRefusedSince(begun)) {
            throw room.refusal();
          }
          return reached;
        });
  }

  /** Throws when nobody should wait for room any more. */
  private void requireOpen() {
    if (closing.get()) {
      throw closedException();
    }
    requireWritable();
    if (room.hasLogNone()) {
      throw room.refusal();
    }
  }

  @Override
  public void requireWritable() {
    if (closed) {
      throw closedException();
    }
    parts.health().requireWritable();
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // under the commit lock
  public void apply(PreparedBatch batch, long firstSequence) {
    batch.addTo(view.active(), firstSequence);
    long bytes = batch.bytes();
    committedBytes += bytes;
    logAllowance.committed(bytes);
  }

  @Override
  public void fail(Throwable failure) {
    parts.health().fail(failure);
  }

  @Override
  public void committed() {
    if (view.active().bytes() >= memtableBytes && frozenCount < FROZEN_MAX) {
      freeze(memtableBytes);
    } else if (isLogTooLarge()) {
      freezeIf(this::isLogTooLarge);
    }
  }

  /** Returns whether a new memtable, and a flush of the present one, would make the log shorter. */
  private boolean isLogTooLarge() {
    return frozenCount == 0 && parts.log().sizes().neededBytes() > logAllowance.bytes();
  }

  private void logWorkArrived() {
    parts.keeper().wake();
    LogArchiver archiver = parts.archiver();
    if (archiver != null) {
      archiver.wake();
    }
  }

  /** Starts a new memtable if the active one has at least so many bytes and any entry. */
  private void freeze(long leastBytes) {
    freezeIf(() -> view.active().bytes() >= leastBytes);
  }

  private void freezeIf(BooleanSupplier due) {
    if (room.isFull() && !room.look()) {
      return; // the log needs a segment, and the table would have no room
    }
    commits.exclusively(
        () -> {
          Memtable active = view.active();
          if (active.isEmpty() || !due.getAsBoolean()) {
            return;
          }
          requireWritable();
          long floor;
          try {
            floor = parts.log().rotate();
          } catch (Throwable e) {
            if (parts.log().failure() == null && room.isOnlyFull(e)) {
              return; // it stays in memory and in the log
            }
            fail(e);
            throw e;
          }
          frozen.addLast(new FrozenMemtable(active, floor));
          frozenCount = frozen.size();
          view = view.withActive(parts.newMemtable());
        });
    maintenance.signal();
  }

  /** Returns the memtable that is to be written out next, or null. */
  @Nullable FrozenMemtable oldestFrozen() {
    if (frozenCount == 0) {
      return null;
    }
    FrozenMemtable[] oldest = new FrozenMemtable[1];
    commits.exclusively(() -> oldest[0] = frozen.peekFirst());
    return oldest[0];
  }

  /** Lets readers find a memtable's content in tables, and gives up the log segments it was in. */
  void installFlushed(FrozenMemtable flushed, List<SortedRun> added) {
    TableSet changed = view.tables().replace(List.of(), added);
    TableSet before = view.tables();
    commits.exclusively(
        () -> {
          frozen.removeFirst();
          frozenCount = frozen.size();
          flushedShare = 0;
          view = view.withoutOldestMemtable(changed);
          flushedSequence = flushed.memtable().lastSequence();
        });
    room.flushed();
    before.release();
    logFloor.raise(flushed.logFloor());
  }

  /** Lets readers find merged runs in their place. */
  void installMerged(MergePlan done, List<SortedRun> added) {
    TableSet before = view.tables();
    TableSet changed = before.replace(done.runs(), added);
    done.removed().forEach(TableHandle::markObsolete);
    commits.exclusively(() -> view = view.withTables(changed));
    before.release();
  }

  private void tableUnused() {
    if (closed) {
      parts.files().closeUnusedAfterClose();
    } else {
      maintenance.signal();
    }
  }

  @Override
  public void flush() {
    requireWritable();
    room.require();
    freeze(0);
    long[] target = new long[1];
    commits.exclusively(
        () -> target[0] = frozen.isEmpty() ? 0 : frozen.peekLast().memtable().lastSequence());
    awaitWithRoom(() -> flushedSequence >= target[0]);
  }

  @Override
  public long archiveLog() {
    LogArchiver archiver = parts.archiver();
    if (archiver == null) {
      throw new BackupException(
          parts.directory()
              + ": found no log archive, expected the option wal.archive to name one");
    }
    flush(); // begins a new segment
    try {
      return archiver.archiveAll();
    } catch (IOException e) {
      throw new StorageException(
          parts.directory() + ": the log could not be archived: " + e.getMessage(), e);
    }
  }

  @Override
  public void compact(ProgressListener progress) {
    requireWritable();
    if (!progress.onProgress("flush", 0, view.memtableBytes())) {
      throw new CancelledException(parts.directory() + ": the merge was cancelled before it began");
    }
    try {
      flush();
    } catch (DiskFullException e) {
      LOG.log(System.Logger.Level.DEBUG, "A merge may be what makes the room for a flush", e);
    }
    maintenance.mergeAll(progress);
    try {
      parts.log().giveSpaceBack();
    } catch (StorageException e) {
      LOG.log(System.Logger.Level.WARNING, "The log could not give back disk space", e);
    }
  }

  @Override
  public Map<String, Long> statistics() {
    DiskView present = view;
    long[] tables = new long[3];
    present
        .tables()
        .forEach(
            table -> {
              tables[0]++;
              tables[1] += table.metadata().sizeBytes();
              tables[2] += table.metadata().entryCount();
            });
    Map<String, Long> values = new HashMap<>(parts.logStatistics());
    values.put("table.files", tables[0]);
    values.put("table.bytes", tables[1]);
    values.put("table.entries", tables[2]);
    values.put("table.runs", (long) present.tables().runs().length);
    values.put("memtable.bytes", present.memtableBytes());
    values.put("memtable.waiting", (long) frozenCount);
    compactor.addStatistics(values);
    backpressure.addStatistics(values);
    values.put("merge.rate.bytes", parts.options().mergeBytesPerSecond());
    values.put("merge.failures", maintenance.mergeFailures());
    CompactionPicker.Shape[] shapes = Compactor.shapes(present.tables().runs());
    values.put("merge.debt.bytes", CompactionPicker.debtBytes(shapes));
    values.put("amplification.space.percent", CompactionPicker.amplificationPercent(shapes));
    values.put(
        "amplification.write.percent",
        100 + compactor.bytesWritten() * 100 / Math.max(1, committedBytes));
    values.put("commit.bytes", committedBytes);
    values.put("commits", commits.commits() - keyspaces.committed());
    values.put("writes.stopped", parts.health().failure() == null ? 0L : 1L);
    values.put("disk.full", room.isFull() ? 1L : 0L);
    return values;
  }

  @Override
  public OpeningReport opening() {
    LogRecovery found = parts.log().recovery();
    return new OpeningReport(
        found.cleanShutdown(), found.batches(), found.entries(), found.tornTail(), "", null);
  }

  @Override
  public Checkpoint checkpoint() {
    requireWritable();
    return checkpoint(false);
  }

  @Override
  public Checkpoint checkpointForReading() {
    if (parts.health().failure() == null) {
      try {
        return checkpoint(false);
      } catch (WritesStoppedException e) {
        // they stopped while it was made
      }
    }
    return checkpoint(true);
  }

  private Checkpoint checkpoint(boolean stopped) {
    LogFloor.Hold logHold = logFloor.hold();
    DiskCheckpoint checkpoint = null;
    try {
      checkpoint = keyspaces.whileUnchanged(() -> pinNewest(logHold, stopped));
      if (!stopped) {
        commits.sync(); // all up to its sequence is durable from here on
      }
      return checkpoint;
    } catch (Throwable e) {
      if (checkpoint == null) {
        logHold.close();
      } else {
        checkpoint.close();
      }
      throw e;
    }
  }

  /** Takes hold of the tables, and of the numbers that go with them, at one moment between two commits. */
  private DiskCheckpoint pinNewest(LogFloor.Hold logHold, boolean stopped) {
    DiskCheckpoint[] pinned = new DiskCheckpoint[1];
    Version version = parts.manifest().version(); // its keyspaces cannot change meanwhile
    commits.exclusively(
        () -> {
          DiskView present = view;
          if (closed || !present.tables().tryRetain()) {
            throw closedException();
          }
          Map<Long, LiveTable> tables = new HashMap<>();
          present.tables().forEach(each -> tables.put(each.metadata().fileId(), each.live()));
          long sequence =
              stopped
                  ? Math.max(flushedSequence, parts.log().syncedSequence())
                  : commits.sequences().last();
          long timeMillis = parts.clock().millis();
          logHold.upTo(parts.log().currentSegment());
          pinned[0] =
              new DiskCheckpoint(
                  parts,
                  present.tables(),
                  logHold,
                  new Version(
                      version.keyspaces(),
                      tables,
                      version.lastKeyspaceId(),
                      parts.log().currentSegment(),
                      flushedSequence,
                      sequence,
                      timeMillis,
                      parts.files().nextFileId()),
                  sequence,
                  timeMillis);
        });
    return pinned[0];
  }

  @Override
  public Map<DiskUsage.Kind, DiskUsage.Files> files() {
    return parts.files().usage();
  }

  @Override
  public Map<Integer, KeyspaceStatistics> tableContents() {
    Map<Integer, KeyspaceStatistics> contents = new HashMap<>();
    try (PinnedView pinned = pin()) {
      ((DiskView) pinned.view()).tables().addContents(contents);
    }
    return contents;
  }

  @Override
  public KeyspaceStatistics statistics(int keyspaceId) {
    int ticket = enter();
    try {
      DiskView present = view;
      long[] sums = new long[2];
      for (Memtable memtable : present.memtables()) {
        long keys = memtable.keyCount(keyspaceId);
        sums[0] += keys;
        sums[1] += (long) ((double) memtable.bytes() / Math.max(1, memtable.count()) * keys);
      }
      present
          .tables()
          .forEach(
              table -> {
                for (KeyspaceProperties keyspace : table.table().keyspaces()) {
                  if (keyspace.keyspaceId() == keyspaceId) {
                    sums[0] += keyspace.entryCount();
                    sums[1] += keyspace.bytes();
                  }
                }
              });
      return new KeyspaceStatistics(sums[0], sums[1]);
    } finally {
      exit(ticket);
    }
  }

  /**
   * Closes the database: what is in memory is in the log or in tables afterwards, and files, threads and the lock are
   * released even if that fails.
   */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    ClosingSteps.runAll(
        this::stopAndSave,
        () -> commits.exclusively(() -> closed = true),
        parts.log()::abandon, // does nothing after an orderly close
        () -> view.tables().release(),
        parts.files()::closeUnused,
        parts::close);
  }

  private void stopAndSave() {
    maintenance.close();
    parts.keeper().close();
    LogArchiver archiver = parts.archiver();
    if (archiver != null) {
      archiver.close();
    }
    if (parts.health().failure() == null) {
      saveOrderly();
    }
  }

  private void saveOrderly() {
    logKeyspacesIfDue();
    if (keyspaces.isLogDue()) {
      commits.exclusively(() -> closed = true);
      parts.log().sync(); // it ends without a mark, so that the next opening tells it
      return;
    }
    if (room.isFull()) {
      endLogOnly();
      return;
    }
    if (view.memtableBytes() > REPLAYED_BYTES_MAX
        || parts.log().sizes().neededSegments() > REPLAYED_SEGMENTS_MAX) {
      freeze(0);
    }
    while (compactor.flushOldest((done, total) -> {}) > 0) {
      parts.files().closeUnused();
    }
    commits.exclusively(() -> closed = true);
    parts.log().sync();
    Version version = parts.manifest().version();
    long last = commits.sequences().last();
    long now = expiryClock().millis();
    LogRecovery found = parts.log().recovery();
    boolean changed = !found.cleanShutdown() || found.lastSequence() != last;
    // Higher than any it had before, so that the log tells an older manifest.
    long number = changed ? Math.max(parts.files().nextFileId(), version.nextFileId() + 1) : 0;
    if (changed || last > version.durableSequence() || now > version.highestClockMillis()) {
      VersionEdit edit = new VersionEdit().durableSequence(last).highestClockMillis(now);
      try {
        parts.manifest().edit(edit.nextFileId(number));
      } catch (DiskFullException e) {
        LOG.log(System.Logger.Level.DEBUG, "There is no room for the edit of the close", e);
        endLogOnly();
        return;
      }
    }
    parts.manifest().seal();
    parts.log().closeWith(number);
  }

  /** The log has everything, and ends without asking for room. */
  private void endLogOnly() {
    commits.exclusively(() -> closed = true);
    parts.log().closeKeeping(expiryClock().millis());
  }
}
