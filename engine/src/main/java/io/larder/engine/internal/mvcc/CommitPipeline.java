package io.larder.engine.internal.mvcc;

import io.larder.engine.api.ChangeStamps;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.io.LazyLogger;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes every commit through the same steps, so that there is one order of all changes. Thread-safe.
 *
 * <ol>
 *   <li>Without a lock: wait for room, encode and checksum.
 *   <li>Under the commit lock: check (conflicts, dropped keyspaces), take sequence numbers, append to the log's
 *       buffer, add to the memtable. No I/O wait and no user code happens here beyond the log's own buffering.
 *   <li>Without a lock: wait until the log is synced that far, if the commit asks for it. The log's leader
 *       syncs for everyone.
 *   <li>Publish: readers now see the batch.
 *   <li>Tidy up, if the storage engine finds something to do. The commit is done by then, whatever comes of it.
 * </ol>
 *
 * <p>Why publishing may simply raise one number: whoever waited for its own place in the log has waited for all
 * before it, and all before it are in the memtable. A commit that asks for no sync still waits for those before
 * it that did, so that nobody sees what an unacknowledged synced commit wrote.
 *
 * <p>If anything fails after the sequence numbers are taken, writes stop for good: half a batch may be in the
 * memtable, and it stays invisible only as long as nothing later is published.
 */
public final class CommitPipeline {
  private static final int STRIPES_MAX = 1 << 20;
  private static final long TURN_NANOS = 100_000;
  private static final System.Logger LOG = LazyLogger.of(CommitPipeline.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final SequenceNumbers sequences;
  private final Steps<?> steps;
  private final RecentWrites recentWrites;
  private final LongAdder commits = new LongAdder();

  /** Made when somebody asks for them; written under the commit lock. */
  private volatile @Nullable StripedStamps stamps;

  /** Creates a pipeline over a log and a storage engine. */
  public CommitPipeline(SequenceNumbers sequences, CommitLog<?> log, CommitTarget target) {
    this.sequences = sequences;
    this.recentWrites = new RecentWrites(lock, sequences);
    this.steps = new Steps<>(log, target);
  }

  /**
   * Commits a batch and returns whether the guard let it pass; if not, nothing of it happened.
   *
   * @param sync how safe the batch is before this returns
   */
  public boolean commit(PreparedBatch batch, SyncMode sync, CommitGuard guard) {
    boolean passed = steps.commit(batch, sync, guard);
    if (passed) {
      commits.increment();
    }
    return passed;
  }

  /** Runs an action that no commit may overlap, such as switching memtables or keyspaces. */
  public void exclusively(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs an action that no commit may overlap and after which any key may read otherwise, such as dropping a
   * keyspace.
   */
  public void changingEverything(Runnable action) {
    lock.lock();
    try {
      changeEverything(action);
    } finally {
      lock.unlock();
    }
    letTheWaitingGoFirst();
  }

  /** Changes the stamps around an action. Requires: the lock. */
  private void changeEverything(Runnable action) {
    StripedStamps present = stamps;
    if (present != null) {
      present.beginAll();
    }
    try {
      action.run();
    } finally {
      if (present != null) {
        present.endAll();
      }
    }
  }

  /** The lock is not fair: whoever stops everybody again and again would keep a commit out for minutes. */
  private void letTheWaitingGoFirst() {
    if (lock.hasQueuedThreads()) {
      LockSupport.parkNanos(this, TURN_NANOS);
    }
  }

  /** Returns the change stamps if anybody has asked for them, otherwise null. */
  public @Nullable StripedStamps changeStampsIfAny() {
    return stamps;
  }

  /**
   * Runs an action that no commit may overlap and after which keys of some stripes may read otherwise.
   *
   * @param known the stamps the stripes are of; if there are others by now, any key may read otherwise
   */
  public void changing(@Nullable StripedStamps known, int[] stripes, int count, Runnable action) {
    if (known != null) {
      known.begin(stripes, count);
    }
    try {
      lock.lock();
      try {
        if (known == stamps) { // under the lock, or the first stamps could be made in between
          action.run();
        } else {
          changeEverything(action);
        }
      } finally {
        lock.unlock();
      }
    } finally {
      if (known != null) {
        known.end(stripes, count);
      }
    }
  }

  /**
   * Returns the change stamps of all keys, making them at the first call.
   *
   * @param stripesMin how many stripes they should have; of no effect later
   */
  public ChangeStamps changeStamps(int stripesMin) {
    StripedStamps made = null;
    lock.lock();
    try {
      if (stamps == null) {
        int stripes = Integer.highestOneBit(Math.max(1, Math.min(stripesMin, STRIPES_MAX)) * 2 - 1);
        made = new StripedStamps(stripes);
        made.beginAll();
        stamps = made;
      }
    } finally {
      lock.unlock();
    }
    if (made != null) {
      try {
        steps
            .sync(); // commits that began without stamps must be visible before any stamp is stable
        made.endAll();
      } catch (WritesStoppedException e) {
        LOG.log(System.Logger.Level.DEBUG, "No stamp will be stable, since writes have stopped", e);
      }
    }
    return Objects.requireNonNull(stamps);
  }

  /**
   * Lets the storage engine tidy up after a change. Never throws: the change is done, and whoever made it must not
   * be told that it failed. What is left undone is tried again after later changes; a failure that stops writes
   * is the storage engine's to remember.
   */
  public void tidy() {
    steps.tidy();
  }

  /** Waits until everything committed so far is on stable storage, then makes it visible. */
  public void sync() {
    steps.sync();
  }

  /** Returns the order of changes. */
  public SequenceNumbers sequences() {
    return sequences;
  }

  /** Returns the keys changed lately, for those who validate what they read. */
  public RecentWrites recentWrites() {
    return recentWrites;
  }

  /** Returns the number of commits so far. */
  public long commits() {
    return commits.sum();
  }

  /** The steps, bound to the log's type of encoded batch. */
  private final class Steps<R> {
    private final CommitLog<R> log;
    private final CommitTarget target;

    /** The last number somebody waits to see synced; guarded by the commit lock. */
    private long lastDurable;

    Steps(CommitLog<R> log, CommitTarget target) {
      this.log = log;
      this.target = target;
    }

    boolean commit(PreparedBatch batch, SyncMode sync, CommitGuard guard) {
      R encoded = log.encode(batch);
      long durable;
      long last;
      StripedStamps changed;
      try {
        lockWithRoom(batch);
      } catch (Throwable e) {
        log.recycle(encoded);
        throw e;
      }
      try {
        target.requireWritable();
        log.requireRoom(encoded, batch);
        if (!guard.passes()) {
          return false;
        }
        long first = sequences.reserve(batch.size());
        last = first + batch.size() - 1;
        changed = stamps;
        if (changed != null) {
          changed.begin(batch);
        }
        append(batch, encoded, first);
        if (sync == SyncMode.ALWAYS) {
          lastDurable = last;
        }
        durable = lastDurable;
      } finally {
        lock.unlock();
        log.recycle(encoded);
      }
      if (durable != 0) {
        log.await(durable, SyncMode.ALWAYS);
      }
      if (durable != last) {
        log.await(last, sync);
      }
      sequences.publish(last);
      if (changed != null) {
        changed.end(batch);
      }
      tidy();
      return true;
    }

    /** Takes the commit lock at a moment when there is room for the batch. */
    @SuppressWarnings("LockNotBeforeTry") // the caller releases it, in a finally block
    private void lockWithRoom(PreparedBatch batch) {
      while (true) {
        target.makeRoom(batch);
        boolean room = false;
        lock.lock();
        try {
          room = target.hasRoom(batch);
        } finally {
          if (!room) {
            lock.unlock();
          }
        }
        if (room) {
          return;
        }
      }
    }

    void tidy() {
      try {
        target.committed();
      } catch (Throwable e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "Tidying up after a commit failed; the commit itself is done",
            e);
      }
    }

    private void append(PreparedBatch batch, R encoded, long firstSequence) {
      try {
        log.append(encoded, firstSequence);
        target.apply(batch, firstSequence);
        recentWrites.record(batch, firstSequence);
      } catch (Throwable e) {
        target.fail(e);
        throw e;
      }
    }

    void sync() {
      long last;
      lock.lock();
      try {
        target.requireWritable();
        last = sequences.last();
        lastDurable = last;
      } finally {
        lock.unlock();
      }
      log.await(last, SyncMode.ALWAYS);
      sequences.publish(last);
    }
  }
}
