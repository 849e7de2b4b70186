package io.larder.engine.internal.memory;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.merge.MergingCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The entries of one range of keys: from its first key on, up to that of the next partition. Immutable as a list of
 * memtables, newest first, of which the first takes changes; memory lives as long as somebody looks.
 */
final class Partition {
  private static final byte[] LOWEST_KEY = {};

  final int keyspaceId;
  final byte[] firstKey;
  final Memtable[] memtables;

  /** Guarded by the commit lock. */
  final ExpiringBytes expiring;

  /** Whether what is added here is going to be copied by the rebuild that runs. */
  final boolean copied;

  /** Garbage that the last rebuild had to keep for snapshots. */
  final long keptGarbageBytes;

  /** The highest sequence number of a version that was evicted from here. */
  final long evictedSequence;

  Partition(
      int keyspaceId,
      byte[] firstKey,
      Memtable[] memtables,
      ExpiringBytes expiring,
      boolean copied,
      long keptGarbageBytes,
      long evictedSequence) {
    this.keyspaceId = keyspaceId;
    this.firstKey = firstKey;
    this.memtables = memtables;
    this.expiring = expiring;
    this.copied = copied;
    this.keptGarbageBytes = keptGarbageBytes;
    this.evictedSequence = evictedSequence;
  }

  /** Returns a partition of all keys there can be. */
  static Partition ofEverything(Memtable memtable) {
    return new Partition(
        0, LOWEST_KEY, new Memtable[] {memtable}, new ExpiringBytes(), false, 0, 0);
  }

  /** Returns one partition for what several neighbours hold. Requires: the commit lock. */
  static Partition joined(List<Partition> neighbours) {
    Partition first = neighbours.get(0);
    List<Memtable> all = new ArrayList<>();
    ExpiringBytes expiring = new ExpiringBytes();
    long kept = 0;
    long evicted = 0;
    for (Partition partition : neighbours) {
      for (Memtable memtable : partition.memtables) {
        if (!memtable.isEmpty()) {
          all.add(memtable);
        }
      }
      expiring.addAll(partition.expiring);
      kept += partition.keptGarbageBytes;
      evicted = Math.max(evicted, partition.evictedSequence);
    }
    if (all.isEmpty()) {
      all.add(first.memtables[0]);
    }
    Memtable[] memtables = all.toArray(Memtable[]::new);
    return new Partition(
        first.keyspaceId, first.firstKey, memtables, expiring, false, kept, evicted);
  }

  /** Returns this partition with one more memtable, which takes changes from now on, to be copied. */
  Partition withActive(Memtable active) {
    Memtable[] more = new Memtable[memtables.length + 1];
    more[0] = active;
    System.arraycopy(memtables, 0, more, 1, memtables.length);
    return new Partition(
        keyspaceId, firstKey, more, expiring, true, keptGarbageBytes, evictedSequence);
  }

  /** Returns a partition of what was written last only. Requires: the commit lock. */
  Partition onlyActive() {
    return new Partition(
        keyspaceId, firstKey, new Memtable[] {active()}, expiring, false, 0, evictedSequence);
  }

  /** Returns this partition from another first key on. */
  Partition from(Partition other) {
    return new Partition(
        other.keyspaceId,
        other.firstKey,
        memtables,
        expiring,
        copied,
        keptGarbageBytes,
        Math.max(evictedSequence, other.evictedSequence));
  }

  boolean isEmpty() {
    return keys() == 0;
  }

  Partition notCopied() {
    return new Partition(
        keyspaceId, firstKey, memtables, expiring, false, keptGarbageBytes, evictedSequence);
  }

  Partition withEvicted(long sequence) {
    return new Partition(
        keyspaceId,
        firstKey,
        memtables,
        expiring,
        copied,
        keptGarbageBytes,
        Math.max(evictedSequence, sequence));
  }

  Memtable active() {
    return memtables[0];
  }

  long bytes() {
    long bytes = 0;
    for (Memtable memtable : memtables) {
      bytes += memtable.bytes();
    }
    return bytes;
  }

  long entries() {
    long entries = 0;
    for (Memtable memtable : memtables) {
      entries += memtable.count();
    }
    return entries;
  }

  long keys() {
    long keys = 0;
    for (Memtable memtable : memtables) {
      keys += memtable.keyCount();
    }
    return keys;
  }

  long keys(int ofKeyspaceId) {
    long keys = 0;
    for (Memtable memtable : memtables) {
      keys += memtable.keyCount(ofKeyspaceId);
    }
    return keys;
  }

  /** Returns an estimate of what overwritten, deleted and expired entries take, beyond what snapshots need. */
  long garbageBytes() {
    long garbage = expiring.expiredBytes() - keptGarbageBytes;
    for (Memtable memtable : memtables) {
      garbage += memtable.garbageBytes();
    }
    return Math.max(0, garbage);
  }

  /** Returns an estimate of what entries of keyspaces take that nobody can read any more. */
  long abandonedBytes(IntPredicate keyspaceIsLive) {
    long abandoned = 0;
    for (Memtable memtable : memtables) {
      for (int id : memtable.keyspaceIds()) {
        if (!keyspaceIsLive.test(id)) {
          double share = (double) memtable.keyCount(id) / Math.max(1, memtable.keyCount());
          abandoned += (long) (share * memtable.bytes());
        }
      }
    }
    return abandoned;
  }

  /** Compares a key with this partition's first one. */
  int compareFirstKey(int otherKeyspaceId, byte[] key) {
    int order = Integer.compareUnsigned(otherKeyspaceId, keyspaceId);
    return order != 0 ? order : Arrays.compareUnsigned(key, firstKey);
  }

  EntryCursor cursor(boolean descending) {
    if (memtables.length == 1) {
      return cursor(memtables[0], descending);
    }
    List<EntryCursor> sources = new ArrayList<>(memtables.length);
    for (Memtable memtable : memtables) {
      sources.add(cursor(memtable, descending));
    }
    return MergingCursor.of(sources, descending);
  }

  private static EntryCursor cursor(Memtable memtable, boolean descending) {
    return descending ? memtable.cursorDescending() : memtable.cursor();
  }
}
