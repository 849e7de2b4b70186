package io.larder.engine.internal.mvcc;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The keys changed lately, recorded while serializable transactions are open, so that these can tell at their commit
 * whether anybody changed what they read. Thread-safe as noted at each method.
 *
 * <p>Changes have consecutive sequence numbers, so a chunk of them needs no more than the number before its first.
 * Validating walks the changes since a snapshot, whose number does not depend on how large a range was read, and
 * walks most of them before it takes the commit lock.
 *
 * <ol>
 *   <li>All changes after the first chunk's {@code before} up to the last one committed are recorded.
 *   <li>Recording starts under the commit lock and stops there, when {@value #IDLE_CHANGES} changes came while
 *       nobody was open; the pause keeps a thread that runs one transaction after another from starting it
 *       anew each time.
 *   <li>Memory is bounded: the oldest chunks go, and who would need them is told so and has to assume the worst.
 * </ol>
 *
 * <p>While it does not record, a commit pays for one look at a field.
 */
public final class RecentWrites {
  /** How many changes are kept at most, but for what a chunk holds. */
  static final int CHANGES_MAX = 1 << 16;

  /** How many bytes of keys are kept at most, but for what a chunk holds. */
  static final long KEY_BYTES_MAX = 8L << 20;

  private static final int CHUNK_CHANGES = 256;
  private static final int IDLE_CHANGES = 1_024;

  /** Hears of recorded changes. */
  @FunctionalInterface
  public interface Visitor {
    /** Hears of one change; may throw to end the walk. */
    void visit(int keyspaceId, byte[] key, long sequence);
  }

  /** Consecutive changes. Written under the commit lock; what lies below {@code count} never changes. */
  private static final class Chunk {
    final long before;
    final int[] keyspaceIds = new int[CHUNK_CHANGES];
    final byte[][] keys = new byte[CHUNK_CHANGES][];
    long keyBytes;
    volatile int count;
    volatile @Nullable Chunk next;

    Chunk(long before) {
      this.before = before;
    }
  }

  private final ReentrantLock commitLock;
  private final SequenceNumbers sequences;
  private final AtomicInteger open = new AtomicInteger();

  /** The oldest chunk, null while nothing is recorded; written under the commit lock. */
  private volatile @Nullable Chunk first;

  // guarded by the commit lock
  private @Nullable Chunk last;
  private long changes;
  private long keyBytes;
  private int idleChanges;

  RecentWrites(ReentrantLock commitLock, SequenceNumbers sequences) {
    this.commitLock = commitLock;
    this.sequences = sequences;
  }

  /**
   * Begins to record for one more transaction, until {@link #close}; any thread, no lock held.
   *
   * @return the number that the transaction's snapshot must not lie below
   */
  public long open() {
    open.incrementAndGet();
    // In this order: whoever stops recording looks at the count after taking the chunks away.
    Chunk present = first;
    if (present != null) {
      return present.before;
    }
    commitLock.lock();
    try {
      if (last == null) {
        startAfter(sequences.last());
      }
      Chunk started = first;
      return started == null ? sequences.last() : started.before;
    } finally {
      commitLock.unlock();
    }
  }

  /** Ends what {@link #open} began; any thread. */
  public void close() {
    open.decrementAndGet();
  }

  /** Returns whether changes are recorded now; any thread. */
  public boolean isRecording() {
    return first != null;
  }

  /** Returns how many changes are kept; an estimate for whoever does not hold the commit lock. */
  public long size() {
    long size = 0;
    for (Chunk chunk = first; chunk != null; chunk = chunk.next) {
      size += chunk.count;
    }
    return size;
  }

  /**
   * Visits the changes after a sequence number in their order; any thread with a transaction open. Under the commit
   * lock it reaches every commit before, otherwise whichever it meets.
   *
   * @return the last number visited, or -1 if changes after {@code sequence} are not recorded any more
   */
  public long visitAfter(long sequence, Visitor visitor) {
    Chunk chunk = first;
    if (chunk == null || chunk.before > sequence) {
      return -1;
    }
    long reached = sequence;
    for (; chunk != null; chunk = chunk.next) {
      int count = chunk.count;
      for (int index = (int) Math.max(0, Math.min(count, reached - chunk.before));
          index < count;
          index++) {
        reached = chunk.before + 1 + index;
        visitor.visit(chunk.keyspaceIds[index], chunk.keys[index], reached);
      }
    }
    return reached;
  }

  /** Records a batch, if anybody is interested. Requires: the commit lock. */
  void record(PreparedBatch batch, long firstSequence) {
    if (last != null) {
      recordNow(batch, firstSequence);
    }
  }

  private void recordNow(PreparedBatch batch, long firstSequence) {
    long lastSequence = firstSequence + batch.size() - 1;
    if (open.get() == 0) {
      idleChanges += batch.size();
      if (idleChanges > IDLE_CHANGES && stop()) {
        return;
      }
    } else {
      idleChanges = 0;
    }
    if (batch.size() >= CHANGES_MAX) {
      startAfter(lastSequence); // too many to keep: who needs them has to assume the worst
      return;
    }
    for (int index = 0; index < batch.size(); index++) {
      add(batch.keyspaceId(index), batch.key(index).clone(), firstSequence + index);
    }
    Chunk oldest = first;
    while (oldest != null
        && oldest != last
        && (changes > CHANGES_MAX || keyBytes > KEY_BYTES_MAX || open.get() == 0)) {
      changes -= oldest.count;
      keyBytes -= oldest.keyBytes;
      oldest = oldest.next;
      first = oldest;
    }
  }

  private void add(int keyspaceId, byte[] key, long sequence) {
    Chunk chunk = last;
    if (chunk == null || chunk.count == CHUNK_CHANGES) {
      Chunk added = new Chunk(sequence - 1);
      if (chunk == null) {
        first = added;
      } else {
        chunk.next = added;
      }
      last = added;
      chunk = added;
    }
    int index = chunk.count;
    chunk.keyspaceIds[index] = keyspaceId;
    chunk.keys[index] = key;
    chunk.keyBytes += key.length;
    chunk.count = index + 1;
    changes++;
    keyBytes += key.length;
  }

  /** Returns whether recording has stopped; it has not if somebody came at this very moment. */
  private boolean stop() {
    Chunk kept = first;
    first = null;
    if (open.get() != 0) {
      first = kept;
      idleChanges = 0;
      return false;
    }
    last = null;
    return true;
  }

  private void startAfter(long sequence) {
    Chunk started = new Chunk(sequence);
    last = started;
    changes = 0;
    keyBytes = 0;
    idleChanges = 0;
    first = started;
  }
}
