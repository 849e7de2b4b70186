package io.larder.engine.internal.memory;

import io.larder.engine.api.BackupException;
import io.larder.engine.api.CancelledException;
import io.larder.engine.api.ClosedException;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.DiskUsage;
import io.larder.engine.api.KeyspaceStatistics;
import io.larder.engine.api.LimitExceededException;
import io.larder.engine.api.OpeningReport;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.manifest.KeyspaceDefinition;
import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.mvcc.Checkpoint;
import io.larder.engine.internal.mvcc.CommitLog;
import io.larder.engine.internal.mvcc.CommitPipeline;
import io.larder.engine.internal.mvcc.CommitTarget;
import io.larder.engine.internal.mvcc.ExpiryClock;
import io.larder.engine.internal.mvcc.PreparedBatch;
import io.larder.engine.internal.mvcc.ReadView;
import io.larder.engine.internal.mvcc.SequenceNumbers;
import io.larder.engine.internal.mvcc.SnapshotRegistry;
import io.larder.engine.internal.mvcc.StorageEngine;
import io.larder.engine.internal.mvcc.SweepTimer;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.Evictor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A database without files: memtables that are rebuilt without their garbage when there is too much of it, and
 * without what is worth least when there is too much of everything. Thread-safe.
 *
 * <p>A memtable never gives bytes back. So the keys are divided into {@link Partition}s, ranges that follow each other,
 * few of them and each a fraction of the memory; a {@link Rebuild} copies what is alive in one of them, on a thread of
 * its own ({@link Upkeep}), while writers go on. It is worth it when half of a partition is garbage (overwritten
 * versions, tombstones, expired entries, dropped keyspaces); an eighth is enough while somebody waits for room or when
 * the {@link SweepTimer} found expired entries, and anything is when nobody writes. A partition that grows too large is
 * rebuilt as several.
 *
 * <p>A partition was chosen over one memtable because a rebuild of everything needs as much memory again, and over
 * partitions by hash because a scan would have to merge them.
 *
 * <p>Locks: {@code rebuilding} before the commit lock. Readers take none.
 */
public final class MemoryEngine implements StorageEngine, CommitTarget {
  /** The keyspaces of the system: nothing of them may be evicted. */
  private static final String SYSTEM_PREFIX = "larder:";

  private static final int REBUILDS_OF_A_PASS_MAX = 1_000;

  /** Nobody who chooses keys knows it, so keys cannot be made to collide. */
  private final long hashSeed;

  private final String name;
  private final long limitBytes;
  private final ExpiryClock clock;
  private final CommitPipeline commits;
  private final MemoryBudget budget;
  private final @Nullable Evictor evictor;
  private final RebuildChoice choice;
  private final ReentrantLock rebuilding = new ReentrantLock();
  private final Upkeep upkeep;
  private final SweepTimer sweepTimer;

  /** The number that entries of the system's keyspaces carry, by that of the handle; under the keyspaces' lock. */
  private final Map<Integer, Integer> systemKeyspaces = new HashMap<>();

  private volatile int[] systemIds = {};

  private final AtomicInteger waiting = new AtomicInteger();

  private volatile MemoryView view;
  private volatile @Nullable SnapshotSource kept;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  /** Set under the commit lock where a rebuild may be worth it, and cleared by the pass that looks. */
  private volatile boolean rebuildWanted;

  private volatile boolean somethingExpires;

  /** How many bytes have to be added in all before a commit asks for the next pass. */
  private volatile long quietUntilBytes;

  /** How much room those who wait need at most. */
  private volatile long wantedBytes;

  private volatile Sweep sweepAsked = Sweep.NONE;
  private long commitsAtLastSweep = -1;

  /** Written with the lock {@code rebuilding}. */
  private volatile long rebuilds;

  private volatile long evictedEntries;
  private volatile long evictedBytes;

  /** How many rebuilds gave bytes back, or made smaller partitions out of a large one. */
  private volatile long stepsForward;

  private volatile long sweeps;

  /** What the timer has found. */
  private enum Sweep {
    NONE,
    BUSY,
    IDLE
  }

  /**
   * Creates an empty engine.
   *
   * @param name for messages and threads
   * @param hashSeed a number that whoever chooses keys does not know
   * @param supplied says what leaves a full database that evicts; null for what was not used for longest
   */
  public MemoryEngine(
      String name,
      DatabaseOptions options,
      long hashSeed,
      Clock clock,
      @Nullable Evictor supplied) {
    this.hashSeed = hashSeed;
    this.name = name;
    this.limitBytes = options.memoryLimitBytes();
    this.clock = new ExpiryClock(clock, options.expiring());
    this.commits = new CommitPipeline(new SequenceNumbers(0), CommitLog.none(), this);
    boolean evicting = options.evicting();
    long forEntries = limitBytes;
    if (!evicting) {
      evictor = null;
    } else if (supplied != null) {
      evictor = supplied;
    } else {
      RecentUse recentUse = new RecentUse(limitBytes);
      forEntries -= recentUse.sizeBytes();
      evictor = recentUse;
    }
    this.budget = new MemoryBudget(forEntries, evicting);
    Eviction eviction = evictor == null ? null : new Eviction(evictor, this::isEvictable);
    this.choice = new RebuildChoice(budget, eviction);
    this.view = emptyView(evictor);
    this.upkeep = new Upkeep(name, this::pass);
    this.sweepTimer = new SweepTimer(name, clock, options.sweepInterval(), this::sweep);
  }

  private MemoryView emptyView(@Nullable Evictor told) {
    return new MemoryView(new Partition[] {Partition.ofEverything(newMemtable())}, told);
  }

  Memtable newMemtable() {
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

  /** Returns what a rebuild that begins now must keep. */
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
    // nothing outlives the process
    for (KeyspaceDefinition keyspace : changed) {
      if (keyspace.name().startsWith(SYSTEM_PREFIX)) {
        systemKeyspaces.put(keyspace.handleId(), keyspace.dataId());
      } else {
        systemKeyspaces.remove(keyspace.handleId());
      }
    }
    droppedHandleIds.forEach(systemKeyspaces::remove);
    systemIds = systemKeyspaces.values().stream().mapToInt(Integer::intValue).toArray();
  }

  boolean isEvictable(int keyspaceId) {
    for (int id : systemIds) {
      if (id == keyspaceId) {
        return false;
      }
    }
    return evictor != null;
  }

  @Override
  public void abandoned(int dataId) {
    upkeep.signal();
  }

  @Override
  public int enter() {
    requireOpen();
    return 0;
  }

  @Override
  public void exit(int ticket) {
    // views are kept by the garbage collector
  }

  @Override
  public MemoryView view() {
    MemoryView current = view;
    requireOpen(); // in this order, since closing sets the mark before it empties the view
    return current;
  }

  @Override
  public boolean isNewest(ReadView other) {
    return other == view;
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
  public long archiveLog() {
    throw new BackupException(
        "The database " + name + " is in memory and has no log, expected one in a directory");
  }

  @Override
  public void compact(ProgressListener progress) {
    long bytes = budget.usedBytes();
    if (!progress.onProgress("merge", 0, bytes)) {
      throw new CancelledException("The merge was cancelled before it began");
    }
    long done = 0;
    Partition next = view().partition(0);
    while (next != null) {
      done = Math.min(bytes, done + next.bytes());
      next = rebuildAt(next);
      if (!progress.onProgress("merge", done, bytes) && next != null) {
        throw new CancelledException("The merge was cancelled after " + done + " bytes");
      }
    }
  }

  /** Rebuilds the partition a partition's first key belongs to, and returns the one after it, if there is one. */
  private @Nullable Partition rebuildAt(Partition partition) {
    rebuilding.lock();
    try {
      int index = view().indexOf(partition.keyspaceId, partition.firstKey);
      int following = index + rebuild(index, index + 1, null);
      MemoryView current = view();
      return following < current.size() ? current.partition(following) : null;
    } finally {
      rebuilding.unlock();
    }
  }

  @Override
  public void makeRoom(PreparedBatch batch) {
    if (budget.hasRoom(batch)) {
      return;
    }
    requireWritable();
    if (budget.neverFits(batch) && evictor != null) {
      throw noRoom(batch);
    }
    waiting.incrementAndGet();
    try {
      wantedBytes = Math.max(wantedBytes, MemoryBudget.neededBytes(batch));
      while (!budget.hasRoom(batch)) {
        long stepsBefore = stepsForward;
        upkeep.awaitPass();
        if (stepsForward == stepsBefore && !budget.hasRoomForEntries(batch)) {
          throw noRoom(batch);
        }
      }
    } finally {
      if (waiting.decrementAndGet() == 0) {
        wantedBytes = 0;
      }
    }
  }

  @Override
  public boolean hasRoom(PreparedBatch batch) {
    return budget.hasRoom(batch);
  }

  private LimitExceededException noRoom(PreparedBatch batch) {
    return new LimitExceededException(
        "The in-memory database '"
            + name
            + "' holds "
            + budget.usedBytes()
            + " bytes and a batch of "
            + MemoryBudget.neededBytes(batch)
            + " more would exceed memory.limit of "
            + limitBytes
            + " bytes; nothing of the batch was written");
  }

  @Override
  public void requireWritable() {
    requireOpen();
    Throwable cause = failure;
    if (cause != null) {
      throw new WritesStoppedException(
          "Writes to the in-memory database '" + name + "' have stopped after " + cause, cause);
    }
  }

  void requireOpen() {
    if (closed) {
      throw new ClosedException("The in-memory database '" + name + "' is closed");
    }
  }

  @Override
  public void apply(PreparedBatch batch, long firstSequence) {
    MemoryView current = view;
    long added = 0;
    long toCopy = 0;
    boolean wanted = false;
    for (int index = 0; index < batch.size(); index++) {
      int keyspaceId = batch.keyspaceId(index);
      byte[] key = batch.key(index);
      byte @Nullable [] value = batch.value(index);
      long expiresAtMillis = batch.expiresAtMillis(index);
      Partition partition = current.partitionOf(keyspaceId, key);
      Memtable memtable = partition.active();
      long before = memtable.bytes();
      memtable.add(keyspaceId, key, firstSequence + index, value, expiresAtMillis);
      long bytes = memtable.bytes() - before;
      added += bytes;
      if (partition.copied) {
        toCopy += bytes;
      } else {
        wanted |= choice.isWorthALook(partition, memtable);
        budget.grown(partition.bytes());
      }
      if (expiresAtMillis != 0 && value != null) {
        partition.expiring.add(expiresAtMillis, bytes, clock.lastMillis());
        if (!somethingExpires) {
          somethingExpires = true;
        }
      }
      if (evictor != null) {
        evictor.written(keyspaceId, memtable.hash(keyspaceId, key, 0, key.length), (int) bytes);
      }
    }
    budget.add(added, toCopy);
    if (wanted && !rebuildWanted) {
      rebuildWanted = true;
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
    if ((rebuildWanted || budget.isHigh(0)) && budget.addedBytes() >= quietUntilBytes) {
      upkeep.signal();
    }
    if (somethingExpires) {
      sweepTimer.start();
    }
  }

  /** Looks for expired entries; on the timer's thread. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // by the timer's thread only
  private void sweep() {
    sweeps++;
    long committed = commits.commits();
    Sweep found = committed == commitsAtLastSweep ? Sweep.IDLE : Sweep.BUSY;
    commitsAtLastSweep = committed;
    if (countExpired()) {
      sweepAsked = found;
      upkeep.signal();
    }
  }

  /** Counts what has expired by now, and returns whether there is any. */
  private boolean countExpired() {
    long now = clock.expiredUntilMillis();
    boolean[] found = new boolean[1];
    commits.exclusively(
        () -> {
          for (Partition partition : view.partitions()) {
            partition.expiring.advanceTo(now);
            found[0] |= partition.expiring.expiredBytes() > 0;
          }
        });
    return found[0];
  }

  /** Rebuilds what is worth it; on the thread for that. */
  private void pass() {
    rebuilding.lock();
    try {
      // whatever comes of this, the next commit must not ask again at once
      quietUntilBytes = budget.addedBytes() + budget.garbageBytesLeast();
      rebuildWanted = false;
      Sweep sweep = sweepAsked;
      sweepAsked = Sweep.NONE;
      RebuildChoice.Effort effort =
          sweep == Sweep.IDLE
              ? RebuildChoice.Effort.ALL
              : waiting.get() > 0 || sweep == Sweep.BUSY
                  ? RebuildChoice.Effort.MORE
                  : RebuildChoice.Effort.USUAL;
      countExpired();
      for (int count = 0; count < REBUILDS_OF_A_PASS_MAX; count++) {
        RebuildChoice.Choice next =
            choice.next(view(), effort, kept().keyspaceIsLive(), wantedBytes);
        if (next == null || failure != null) {
          return;
        }
        long stepsBefore = stepsForward;
        rebuild(next.from(), next.to(), next.victims());
        if (stepsForward == stepsBefore) {
          return;
        }
      }
    } finally {
      rebuilding.unlock();
    }
  }

  /** Requires: the lock {@code rebuilding}. Returns by how many partitions those given were replaced. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one rebuild at a time, volatile for readers
  private int rebuild(int from, int to, Eviction.@Nullable Victims victims) {
    requireWritable();
    Rebuild rebuild = new Rebuild(this, victims);
    int replaced = rebuild.run(from, to);
    rebuilds++;
    evictedEntries += rebuild.evictedEntries();
    evictedBytes += rebuild.evictedBytes();
    if (rebuild.freedBytes() > 0 || replaced > to - from) {
      stepsForward++;
    }
    return replaced;
  }

  // ---- the steps of a rebuild under the commit lock ----

  /** Makes one partition of some, lets a new memtable take its changes, and returns what it held. */
  Partition beginCopy(Rebuild rebuild, int from, int to) {
    Partition[] whole = new Partition[1];
    commits.exclusively(
        () -> {
          requireWritable();
          MemoryView current = view;
          Partition joined = Partition.joined(current.partitions().subList(from, to));
          long bytes = joined.bytes();
          boolean split = bytes > budget.partitionBytesMax();
          long pieceBytes = split ? budget.pieceBytes() : Long.MAX_VALUE;
          rebuild.begin(joined, pieceBytes, budget.beginCopy(bytes));
          view = current.with(from, to, List.of(joined.withActive(newMemtable())));
          whole[0] = joined;
        });
    return whole[0];
  }

  /** Lets a new memtable take the changes of a partition, and returns what it was given since the last time. */
  Partition nextCopy(int index) {
    Partition[] written = new Partition[1];
    commits.exclusively(
        () -> {
          requireWritable();
          Partition current = view.partition(index);
          written[0] = current.onlyActive();
          view = view.with(index, index + 1, List.of(current.withActive(newMemtable())));
        });
    return written[0];
  }

  /** Puts the fresh partitions in the place of the old one, and returns their number. */
  int endCopy(Rebuild rebuild, int index) {
    int[] replaced = new int[1];
    rebuild.exclusively(
        () -> {
          requireWritable();
          List<Partition> fresh = rebuild.end(view.partition(index));
          MemoryView changed = view.with(index, index + 1, fresh);
          boolean vanished = fresh.size() == 1 && fresh.get(0).isEmpty() && changed.size() > 1;
          view = vanished ? changed.without(index) : changed;
          replaced[0] = vanished ? 0 : fresh.size();
          budget.endCopy(view.bytes(), view.largestBytes());
        });
    return replaced[0];
  }

  /** Goes on with what there is after a copy that came to nothing. */
  void abandonCopy(int index) {
    commits.exclusively(
        () -> {
          MemoryView current = view;
          if (!closed && index < current.size() && current.partition(index).copied) {
            view = current.with(index, index + 1, List.of(current.partition(index).notCopied()));
          }
          budget.endCopy(view.bytes(), view.largestBytes());
        });
  }

  @Override
  public Map<String, Long> statistics() {
    MemoryView current = view;
    Map<String, Long> values = new HashMap<>();
    // not the sum over a view that may be an old one, of which only some memtables still grow
    values.put("memtable.bytes", budget.usedBytes());
    values.put("memtable.entries", current.entries());
    values.put("memtable.garbage.bytes", current.garbageBytes());
    values.put("memtable.partitions", (long) current.size());
    values.put("memtable.rebuilds", rebuilds);
    values.put("memtable.reserved.bytes", budget.reservedBytes());
    values.put("eviction.entries", evictedEntries);
    values.put("eviction.bytes", evictedBytes);
    values.put("sweep.count", sweeps);
    values.put("commits", commits.commits());
    return values;
  }

  @Override
  public OpeningReport opening() {
    return OpeningReport.nothingToDo();
  }

  @Override
  public Checkpoint checkpoint() {
    throw new BackupException(
        "The database " + name + " is in memory and has no files, expected one in a directory");
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
          view = emptyView(null);
          budget.endCopy(0, 0);
        });
    sweepTimer.close();
    upkeep.close();
  }
}
