package io.larder.engine.internal.memory;

import io.larder.engine.api.CancelledException;
import io.larder.engine.api.ClosedException;
import io.larder.engine.api.DiskUsage;
import io.larder.engine.api.KeyspaceStatistics;
import io.larder.engine.api.LimitExceededException;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.manifest.KeyspaceDefinition;
import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.merge.CompactionCursor;
import io.larder.engine.internal.mvcc.CommitLog;
import io.larder.engine.internal.mvcc.CommitPipeline;
import io.larder.engine.internal.mvcc.CommitTarget;
import io.larder.engine.internal.mvcc.ExpiryClock;
import io.larder.engine.internal.mvcc.PreparedBatch;
import io.larder.engine.internal.mvcc.SequenceNumbers;
import io.larder.engine.internal.mvcc.SnapshotRegistry;
import io.larder.engine.internal.mvcc.StorageEngine;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A database without files: one memtable, rebuilt without its garbage when there is too much of it. Thread-safe.
 *
 * <p>A memtable never gives bytes back. So overwritten versions, tombstones, expired entries and dropped
 * keyspaces are counted, and when they make up half of the memory, the writer that finds it so builds a fresh
 * memtable out of what is alive, while other writers go on into another one:
 *
 * <ol>
 *   <li>under the commit lock a new memtable takes over the changes;
 *   <li>without a lock what all older ones hold is merged into the fresh one, which nobody sees yet;
 *   <li>this repeats with what was written meanwhile until little is left;
 *   <li>under the commit lock the little is added, and the fresh one takes the place of all.
 * </ol>
 *
 * <p>A rebuild that fails on the way loses nothing: the view keeps the memtables it has by then, and the next
 * rebuild begins with all of them.
 *
 * <p>Locks: {@code rebuilding} before the commit lock. Readers take none.
 */
public final class MemoryEngine implements StorageEngine, CommitTarget {
  private static final long LEAST_GARBAGE_BYTES = 1 << 20;
  private static final int ROUNDS_MAX = 5;
  private static final int LAST_ROUND_ENTRIES = 1_000;

  /** Bytes an entry takes beside its key and value, for judging whether there is room. */
  private static final long OVERHEAD_BYTES = 64;

  /** Nobody who chooses keys knows it, so keys cannot be made to collide. */
  private final long hashSeed;

  private final String name;
  private final long limitBytes;
  private final ExpiryClock clock;
  private final CommitPipeline commits;
  private final ReentrantLock rebuilding = new ReentrantLock();

  private volatile MemoryView view;
  private volatile @Nullable SnapshotSource kept;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;
  private volatile long rebuilds;

  /** Garbage that the memtable itself does not count; written under the commit lock. */
  private volatile long deletedBytes;

  private volatile long abandonedBytes;
  private volatile ExpiringBytes expiring = new ExpiringBytes();

  /** Garbage that the last rebuild had to keep for snapshots. */
  private volatile long keptGarbageBytes;

  /** How much garbage there has to be for a commit to try again what failed; 0 if nothing did. */
  private volatile long retryGarbageBytes;

  /**
   * Creates an empty engine.
   *
   * @param name for messages
   * @param hashSeed a number that whoever chooses keys does not know
   */
  public MemoryEngine(String name, long limitBytes, long hashSeed, ExpiryClock clock) {
    this.hashSeed = hashSeed;
    this.view = new MemoryView(newMemtable());
    this.name = name;
    this.limitBytes = limitBytes;
    this.clock = clock;
    this.commits = new CommitPipeline(new SequenceNumbers(0), CommitLog.none(), this);
  }

  private Memtable newMemtable() {
    return new Memtable(hashSeed);
  }

  @Override
  public List<KeyspaceDefinition> recoveredKeyspaces() {
    return List.of();
  }

  @Override
  public int lastKeyspaceId() {
    return 0;
  }

  @Override
  public ExpiryClock expiryClock() {
    return clock;
  }

  @Override
  public void start(SnapshotSource source) {
    kept = source;
  }

  @Override
  public CommitPipeline commits() {
    return commits;
  }

  @Override
  public void saveKeyspaces(
      List<KeyspaceDefinition> changed, List<Integer> droppedHandleIds, int lastId) {
    // nothing outlives the process
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // under the commit lock, volatile for readers
  public void abandoned(int dataId) {
    commits.exclusively(
        () -> {
          MemoryView current = view;
          long entries = Math.max(1, current.entries());
          abandonedBytes += current.bytes() / entries * current.keys(dataId);
        });
    commits.tidy();
  }

  @Override
  public int enter() {
    if (closed) {
      throw closedException();
    }
    return 0;
  }

  @Override
  public void exit(int ticket) {
    // views are kept by the garbage collector
  }

  @Override
  public MemoryView view() {
    MemoryView current = view;
    if (closed) {
      throw closedException(); // in this order, since closing sets the mark before it empties the
      // view
    }
    return current;
  }

  @Override
  public PinnedView pin() {
    return view();
  }

  @Override
  public void flush() {
    // there is nowhere to write to
  }

  @Override
  public void compact(ProgressListener progress) {
    long bytes = view.bytes();
    if (!progress.onProgress("merge", 0, bytes)) {
      throw new CancelledException("The merge was cancelled before it began");
    }
    rebuilding.lock();
    try {
      rebuild();
    } finally {
      rebuilding.unlock();
    }
    progress.onProgress("merge", bytes, bytes);
  }

  @Override
  public void makeRoom(PreparedBatch batch) {
    if (hasRoom(batch)) {
      return;
    }
    // a rebuild costs as much as all entries do, so it has to bring more than the batch needs
    if (garbageBytes() - keptGarbageBytes >= Math.max(neededBytes(batch), limitBytes / 64)) {
      rebuildForRoom(batch);
    }
    if (!hasRoom(batch)) {
      throw new LimitExceededException(
          "The in-memory database '"
              + name
              + "' holds "
              + view.bytes()
              + " bytes and a batch of "
              + neededBytes(batch)
              + " more would exceed memory.limit of "
              + limitBytes
              + " bytes; nothing of the batch was written");
    }
  }

  private void rebuildForRoom(PreparedBatch batch) {
    rebuilding.lock();
    try {
      if (!hasRoom(batch)) { // or else the rebuild we waited for was enough
        rebuild();
      }
    } finally {
      rebuilding.unlock();
    }
  }

  /** Deletes may use a little more than the limit, so that a full database can be emptied. */
  @Override
  public boolean hasRoom(PreparedBatch batch) {
    long limit = limitBytes;
    if (deletesOnly(batch)) {
      limit += limitBytes / 16;
    }
    return view.bytes() + neededBytes(batch) <= limit;
  }

  private static boolean deletesOnly(PreparedBatch batch) {
    for (int index = 0; index < batch.size(); index++) {
      if (batch.value(index) != null) {
        return false;
      }
    }
    return true;
  }

  private static long neededBytes(PreparedBatch batch) {
    return batch.bytes() + batch.size() * OVERHEAD_BYTES;
  }

  @Override
  public void requireWritable() {
    if (closed) {
      throw closedException();
    }
    Throwable cause = failure;
    if (cause != null) {
      throw new WritesStoppedException(
          "Writes to the in-memory database '" + name + "' have stopped after " + cause, cause);
    }
  }

  private ClosedException closedException() {
    return new ClosedException("The in-memory database '" + name + "' is closed");
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // under the commit lock, volatile for readers
  public void apply(PreparedBatch batch, long firstSequence) {
    batch.addTo(view.active(), firstSequence);
    ExpiringBytes counted = expiring;
    long now = 0;
    for (int index = 0; index < batch.size(); index++) {
      byte @Nullable [] value = batch.value(index);
      long bytes = OVERHEAD_BYTES + batch.key(index).length + (value == null ? 0 : value.length);
      if (value == null) {
        deletedBytes += bytes;
      } else if (batch.expiresAtMillis(index) != 0) {
        now = now == 0 ? clock.expiredUntilMillis() : now;
        counted.add(batch.expiresAtMillis(index), bytes, now);
      }
    }
    if (!counted.isEmpty()) {
      counted.advanceTo(clock.expiredUntilMillis());
    }
  }

  @Override
  public void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  @Override
  public void committed() {
    long garbage = garbageBytes() - keptGarbageBytes;
    if (garbage < LEAST_GARBAGE_BYTES
        || garbage < view.bytes() / 2
        || garbageBytes() < retryGarbageBytes) {
      return;
    }
    if (rebuilding.tryLock()) {
      try {
        rebuild();
      } finally {
        rebuilding.unlock();
      }
    }
  }

  private long garbageBytes() {
    MemoryView current = view;
    return Math.min(
        current.bytes(),
        current.shadowedBytes() + deletedBytes + abandonedBytes + expiring.expiredBytes());
  }

  /** Requires: the lock {@code rebuilding}. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one rebuild at a time, volatile for readers
  private void rebuild() {
    SnapshotSource source = kept;
    if (source == null || failure != null) {
      return;
    }
    // until it succeeds; each failure may leave one more memtable, so there must not be one per
    // commit
    retryGarbageBytes = garbageBytes() + LEAST_GARBAGE_BYTES;
    Rebuild rebuild = new Rebuild(source);
    rebuild.mergeAll();
    for (int round = 1; round < ROUNDS_MAX; round++) {
      if (view.active().count() <= LAST_ROUND_ENTRIES) {
        break;
      }
      rebuild.mergeWhatWasWritten();
    }
    commits.exclusively(rebuild::finish);
    retryGarbageBytes = 0;
    rebuilds++;
  }

  /** One rebuild; the fields are used by the rebuilding thread only. */
  private final class Rebuild {
    private final SnapshotSource source;
    private final Memtable fresh = newMemtable();
    private final ExpiringBytes freshExpiring = new ExpiringBytes();
    private final VersionsOfKey versions = new VersionsOfKey();

    Rebuild(SnapshotSource source) {
      this.source = source;
    }

    /** The first round: everything, which is more than one memtable if a rebuild before failed. */
    void mergeAll() {
      MemoryView[] old = new MemoryView[1];
      commits.exclusively(
          () -> {
            requireWritable();
            MemoryView current = view;
            if (current.active().isEmpty() && current.hasOlder()) {
              current = current.withoutActive();
            }
            old[0] = current;
            view = current.withActive(newMemtable());
          });
      merge(old[0]);
    }

    /** A later round: what was written while the one before ran. */
    void mergeWhatWasWritten() {
      MemoryView[] written = new MemoryView[1];
      commits.exclusively(
          () -> {
            requireWritable();
            MemoryView current = view;
            written[0] = new MemoryView(current.active());
            view = current.withActive(newMemtable());
          });
      merge(written[0]);
    }

    private void merge(MemoryView full) {
      // all of it must be visible before it is judged which versions nobody can see
      commits.sync();
      SnapshotRegistry.Kept keep = source.kept();
      // a tombstone is the bottom's to drop only while nothing older is in the fresh memtable
      boolean bottom = fresh.isEmpty();
      long now = clock.expiredUntilMillis();
      try (EntryCursor alive =
          new CompactionCursor(
              full.cursor(false), keep.sequences(), bottom, now, keep.keyspaceIsLive())) {
        addAll(alive);
      }
    }

    /** Requires: the commit lock. */
    void finish() {
      requireWritable();
      try (EntryCursor rest = view.active().cursor()) {
        addAll(rest);
      }
      view = new MemoryView(fresh);
      keptGarbageBytes = fresh.shadowedBytes();
      deletedBytes = 0;
      abandonedBytes = 0;
      expiring = freshExpiring;
    }

    private void addAll(EntryCursor cursor) {
      long now = clock.expiredUntilMillis();
      while (cursor.next()) {
        if (!versions.takes(cursor)) {
          versions.moveTo(fresh);
        }
        versions.add(cursor);
        if (cursor.expiresAtMillis() != 0 && !cursor.isDelete()) {
          long bytes = OVERHEAD_BYTES + cursor.keyLength() + cursor.valueLength();
          freshExpiring.add(cursor.expiresAtMillis(), bytes, now);
        }
      }
      versions.moveTo(fresh);
    }
  }

  @Override
  public Map<String, Long> statistics() {
    MemoryView current = view;
    return Map.of(
        "memtable.bytes", current.bytes(),
        "memtable.entries", current.entries(),
        "memtable.garbage.bytes", garbageBytes(),
        "memtable.rebuilds", rebuilds,
        "commits", commits.commits());
  }

  @Override
  public Map<DiskUsage.Kind, DiskUsage.Files> files() {
    return Map.of();
  }

  @Override
  public Map<Integer, KeyspaceStatistics> tableContents() {
    return Map.of();
  }

  @Override
  public KeyspaceStatistics statistics(int keyspaceId) {
    MemoryView current = view;
    long keys = current.keys(keyspaceId);
    long entries = Math.max(1, current.entries());
    return new KeyspaceStatistics(keys, (long) ((double) current.bytes() / entries * keys));
  }

  @Override
  public void close() {
    commits.exclusively(
        () -> {
          closed = true;
          view = new MemoryView(newMemtable());
        });
  }
}
