package io.larder.engine.internal.mvcc;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * The snapshots alive, so that merging keeps the versions and keyspaces they can still see. Thread-safe.
 *
 * <p>A snapshot is registered and a merge asks what is alive under the same lock, so a merge that does not know
 * of a snapshot has begun before it, and all it drops is invisible to that snapshot.
 *
 * @param <K> what a snapshot keeps of the keyspaces of its time
 */
public final class SnapshotRegistry<K extends SnapshotRegistry.LiveKeyspaces> {
  /** The keyspaces of one point in time; immutable. */
  public interface LiveKeyspaces {
    /** Returns the numbers that entries of keyspaces alive carry. */
    Set<Integer> dataIds();
  }

  /**
   * One registered snapshot.
   *
   * @param sequence the last change it sees
   * @param keyspaces the keyspaces it sees
   */
  public record Registration<K>(long sequence, K keyspaces) {}

  /**
   * What a merge must keep.
   *
   * @param sequences the sequence numbers somebody may read at, ascending
   * @param keyspaceIsLive whether somebody may read a keyspace
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier; compared by nobody
  public record Kept(long[] sequences, IntPredicate keyspaceIsLive) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Registration<K>, Integer> registrations = new HashMap<>();
  private final SequenceNumbers sequences;
  private final Supplier<K> currentKeyspaces;

  /** Creates an empty registry. */
  public SnapshotRegistry(SequenceNumbers sequences, Supplier<K> currentKeyspaces) {
    this.sequences = sequences;
    this.currentKeyspaces = currentKeyspaces;
  }

  /** Registers a snapshot of the newest visible state; to be given back to {@link #release}. */
  public Registration<K> acquire() {
    lock.lock();
    try {
      K keyspaces;
      long sequence;
      do {
        keyspaces = currentKeyspaces.get();
        sequence = sequences.visible();
      } while (keyspaces != currentKeyspaces.get());
      Registration<K> registration = new Registration<>(sequence, keyspaces);
      registrations.merge(registration, 1, Integer::sum);
      return registration;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets a snapshot. */
  public void release(Registration<K> registration) {
    lock.lock();
    try {
      registrations.computeIfPresent(
          registration, (key, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    } finally {
      lock.unlock();
    }
  }

  /** Returns what a merge that begins now must keep; the newest visible state is always among it. */
  public Kept kept() {
    lock.lock();
    try {
      Set<Long> kept = new HashSet<>();
      Set<Integer> dataIds = new HashSet<>(currentKeyspaces.get().dataIds());
      for (Registration<K> registration : registrations.keySet()) {
        kept.add(registration.sequence());
        dataIds.addAll(registration.keyspaces().dataIds());
      }
      kept.add(sequences.visible());
      long[] ascending = kept.stream().mapToLong(Long::longValue).toArray();
      Arrays.sort(ascending);
      return new Kept(ascending, dataIds::contains);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of snapshots alive. */
  public int size() {
    lock.lock();
    try {
      return registrations.values().stream().mapToInt(Integer::intValue).sum();
    } finally {
      lock.unlock();
    }
  }
}
