package io.larder.engine.internal.mvcc;

import io.larder.engine.api.Durations;
import io.larder.engine.api.SnapshotTooOldException;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.spi.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots alive, so that merging keeps the versions and keyspaces they can still see. Thread-safe.
 *
 * <p>A snapshot is registered and a merge asks what is alive under the same lock, so a merge that does not know
 * of a snapshot has begun before it, and all it drops is invisible to that snapshot.
 *
 * <p>A snapshot older than the age limit is let go by whoever notices first: its own next read, or a merge that asks
 * what to keep. It is marked before that merge begins, so a reader that finds no mark after its read had a view
 * from which nothing it needed was missing.
 *
 * @param <K> what a snapshot keeps of the keyspaces of its time
 */
public final class SnapshotRegistry<K extends SnapshotRegistry.LiveKeyspaces> {
  private static final System.Logger LOG = LazyLogger.of(SnapshotRegistry.class);

  /** The keyspaces of one point in time; immutable. */
  public interface LiveKeyspaces {
    /** Returns the numbers that entries of keyspaces alive carry. */
    Set<Integer> dataIds();
  }

  /** One registered snapshot; links are guarded by the registry's lock. */
  public static final class Registration<K> {
    private final long sequence;
    private final K keyspaces;
    private final long acquiredNanos;
    private @Nullable Registration<K> older;
    private @Nullable Registration<K> newer;
    private boolean registered = true;
    private volatile boolean letGo;

    Registration(long sequence, K keyspaces, long acquiredNanos) {
      this.sequence = sequence;
      this.keyspaces = keyspaces;
      this.acquiredNanos = acquiredNanos;
    }

    /** Returns the last change it sees. */
    public long sequence() {
      return sequence;
    }

    /** Returns the keyspaces it sees. */
    public K keyspaces() {
      return keyspaces;
    }
  }

  /**
   * What a merge must keep.
   *
   * @param sequences the sequence numbers somebody may read at, ascending
   * @param keyspaceIsLive whether somebody may read a keyspace
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier; compared by nobody
  public record Kept(long[] sequences, IntPredicate keyspaceIsLive) {}

  private final OpenCursors cursors = new OpenCursors();
  private final ReentrantLock lock = new ReentrantLock();
  private final SequenceNumbers sequences;
  private final Supplier<K> currentKeyspaces;
  private final Clock clock;
  private final Duration ageLimit;
  private final long ageLimitNanos;

  // guarded by the lock
  private @Nullable Registration<K> oldest;
  private @Nullable Registration<K> newest;
  private int size;
  private long tooOld;

  /** Creates an empty registry; an age limit of zero is none. */
  public SnapshotRegistry(
      SequenceNumbers sequences, Supplier<K> currentKeyspaces, Clock clock, Duration ageLimit) {
    this.sequences = sequences;
    this.currentKeyspaces = currentKeyspaces;
    this.clock = clock;
    this.ageLimit = ageLimit;
    this.ageLimitNanos = ageLimit.isZero() ? Long.MAX_VALUE : ageLimit.toNanos();
  }

  /** Registers a snapshot of the newest visible state; to be given back to {@link #release}. */
  public Registration<K> acquire() {
    long nowNanos = clock.nanoTime();
    lock.lock();
    try {
      K keyspaces;
      long sequence;
      do {
        keyspaces = currentKeyspaces.get();
        sequence = sequences.visible();
      } while (keyspaces != currentKeyspaces.get());
      Registration<K> registration = new Registration<>(sequence, keyspaces, nowNanos);
      registration.older = newest;
      if (newest == null) {
        oldest = registration;
      } else {
        newest.newer = registration;
      }
      newest = registration;
      size++;
      return registration;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a snapshot; does nothing the second time. */
  public void release(Registration<K> registration) {
    lock.lock();
    try {
      unlink(registration);
    } finally {
      lock.unlock();
    }
  }

  /** Requires: the lock. */
  private void unlink(Registration<K> registration) {
    if (!registration.registered) {
      return;
    }
    registration.registered = false;
    Registration<K> older = registration.older;
    Registration<K> newer = registration.newer;
    if (older == null) {
      oldest = newer;
    } else {
      older.newer = newer;
    }
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
    registration.older = null;
    registration.newer = null;
    size--;
  }

  /**
   * Lets a snapshot go if it is too old by now.
   *
   * @param what for messages: a snapshot, a transaction, a cursor
   * @throws SnapshotTooOldException if it is too old, or was when somebody else looked
   */
  public void requireYoung(Registration<K> registration, String what) {
    requireKept(registration, what);
    if (isTooOld(registration.acquiredNanos)) {
      lock.lock();
      try {
        letGo(registration);
      } finally {
        lock.unlock();
      }
      throw tooOld(registration.acquiredNanos, what);
    }
  }

  /**
   * Throws if a snapshot was let go because it was too old; to be asked after reading through it.
   *
   * @throws SnapshotTooOldException if it was
   */
  public void requireKept(Registration<K> registration, String what) {
    if (registration.letGo) {
      throw tooOld(registration.acquiredNanos, what);
    }
  }

  /**
   * Throws if something that began at a time of {@link #nanoTime} is too old.
   *
   * @throws SnapshotTooOldException if it is
   */
  public void requireYoung(long sinceNanos, String what) {
    if (isTooOld(sinceNanos)) {
      throw tooOld(sinceNanos, what);
    }
  }

  /** Returns what to throw when something is used that began at a time of {@link #nanoTime} and has been let go. */
  public SnapshotTooOldException letGoSince(long sinceNanos, String what) {
    return tooOld(sinceNanos, what);
  }

  /** Returns the time by which age is judged. */
  public long nanoTime() {
    return clock.nanoTime();
  }

  /** Returns the cursors that are open, which are let go like snapshots. */
  public OpenCursors cursors() {
    return cursors;
  }

  private boolean isTooOld(long sinceNanos) {
    return ageLimitNanos != Long.MAX_VALUE && clock.nanoTime() - sinceNanos > ageLimitNanos;
  }

  private SnapshotTooOldException tooOld(long sinceNanos, String what) {
    long ageMillis = (clock.nanoTime() - sinceNanos) / 1_000_000;
    return new SnapshotTooOldException(
        "The "
            + what
            + " is "
            + Durations.format(Duration.ofMillis(ageMillis))
            + " old, which is more than snapshot.age="
            + Durations.format(ageLimit)
            + " allows; what it held has been released. Begin a new one, or set snapshot.age"
            + " higher (0 = no limit)");
  }

  /** Requires: the lock. */
  private void letGo(Registration<K> registration) {
    if (registration.registered) {
      registration.letGo = true;
      tooOld++;
      unlink(registration);
    }
  }

  /** Returns what a merge that begins now must keep; the newest visible state is always among it. */
  public Kept kept() {
    letGoTooOld();
    lock.lock();
    try {
      Set<Long> kept = new HashSet<>();
      Set<Integer> dataIds = new HashSet<>(currentKeyspaces.get().dataIds());
      K seen = null;
      for (Registration<K> each = oldest; each != null; each = each.newer) {
        kept.add(each.sequence);
        if (each.keyspaces != seen) {
          seen = each.keyspaces;
          dataIds.addAll(seen.dataIds());
        }
      }
      kept.add(sequences.visible());
      long[] ascending = kept.stream().mapToLong(Long::longValue).toArray();
      Arrays.sort(ascending);
      return new Kept(ascending, dataIds::contains);
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of snapshots that nobody may read through any more. */
  private void letGoTooOld() {
    int count = 0;
    lock.lock();
    try {
      for (Registration<K> each = oldest;
          each != null && isTooOld(each.acquiredNanos);
          each = oldest) {
        letGo(each);
        count++;
      }
    } finally {
      lock.unlock();
    }
    count += letGoCursors();
    if (count > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} snapshots, transactions or cursors were left open for longer than snapshot.age={1};"
              + " what they held is released",
          count,
          Durations.format(ageLimit));
    }
  }

  private int letGoCursors() {
    if (ageLimitNanos == Long.MAX_VALUE) {
      return 0;
    }
    int count = cursors.letGoOlderThan(ageLimitNanos, clock.nanoTime());
    if (count > 0) {
      lock.lock();
      try {
        tooOld += count;
      } finally {
        lock.unlock();
      }
    }
    return count;
  }

  /** Returns the number of snapshots alive. */
  public int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** Returns figures by their dotted names. */
  public Map<String, Long> statistics() {
    lock.lock();
    try {
      Registration<K> first = oldest;
      long ageMillis = first == null ? 0 : (clock.nanoTime() - first.acquiredNanos) / 1_000_000;
      return Map.of(
          "snapshots",
          (long) size,
          "snapshot.oldest.millis",
          Math.max(0, ageMillis),
          "snapshot.expired",
          tooOld);
    } finally {
      lock.unlock();
    }
  }
}
