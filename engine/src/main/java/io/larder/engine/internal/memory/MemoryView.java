package io.larder.engine.internal.memory;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.Lookup;
import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.merge.ChainedCursor;
import io.larder.engine.internal.mvcc.ReadView;
import io.larder.engine.internal.mvcc.StorageEngine.PinnedView;
import io.larder.engine.spi.Evictor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of all keys, in their order. Immutable as a list and thread-safe; memory lives as long as somebody
 * looks. There is always at least one, and the first one begins below every key.
 */
final class MemoryView implements ReadView, PinnedView, ChainedCursor.Chain {
  private final Partition[] partitions;
  private final @Nullable Evictor evictor;

  /** Creates a view; the evictor, if there is one, is told of reads. */
  MemoryView(Partition[] partitions, @Nullable Evictor evictor) {
    this.partitions = partitions;
    this.evictor = evictor;
  }

  @Override
  public int size() {
    return partitions.length;
  }

  @Override
  public EntryCursor open(int index, boolean descending) {
    return partitions[index].cursor(descending);
  }

  @Override
  public int seekIndex(int keyspaceId, byte[] key, boolean descending) {
    return indexOf(keyspaceId, key);
  }

  Partition partition(int index) {
    return partitions[index];
  }

  List<Partition> partitions() {
    return List.of(partitions);
  }

  /** Returns a view with other partitions in the place of those between two indexes. */
  MemoryView with(int from, int to, List<Partition> others) {
    Partition[] changed = new Partition[partitions.length - (to - from) + others.size()];
    System.arraycopy(partitions, 0, changed, 0, from);
    for (int index = 0; index < others.size(); index++) {
      changed[from + index] = others.get(index);
    }
    System.arraycopy(partitions, to, changed, from + others.size(), partitions.length - to);
    return new MemoryView(changed, evictor);
  }

  /** Returns a view without an empty partition: a neighbour takes over its range. Requires: there is another one. */
  MemoryView without(int index) {
    Partition empty = partitions[index];
    MemoryView rest = with(index, index + 1, List.of());
    return index == 0
        ? rest.with(0, 1, List.of(partitions[1].from(empty)))
        : rest.with(
            index - 1, index, List.of(partitions[index - 1].withEvicted(empty.evictedSequence)));
  }

  /** Returns the index of the partition that a key belongs to: the last that begins at or below it. */
  int indexOf(int keyspaceId, byte[] key) {
    int low = 1;
    int high = partitions.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (partitions[middle].compareFirstKey(keyspaceId, key) >= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  Partition partitionOf(int keyspaceId, byte[] key) {
    return partitions[partitions.length == 1 ? 0 : indexOf(keyspaceId, key)];
  }

  long bytes() {
    long bytes = 0;
    for (Partition partition : partitions) {
      bytes += partition.bytes();
    }
    return bytes;
  }

  long largestBytes() {
    long bytes = 0;
    for (Partition partition : partitions) {
      bytes = Math.max(bytes, partition.bytes());
    }
    return bytes;
  }

  long garbageBytes() {
    long bytes = 0;
    for (Partition partition : partitions) {
      bytes += Math.min(partition.garbageBytes(), partition.bytes());
    }
    return bytes;
  }

  long entries() {
    long entries = 0;
    for (Partition partition : partitions) {
      entries += partition.entries();
    }
    return entries;
  }

  long keys(int keyspaceId) {
    long keys = 0;
    for (Partition partition : partitions) {
      keys += partition.keys(keyspaceId);
    }
    return keys;
  }

  @Override
  public boolean find(int keyspaceId, byte[] key, long maxSequence, Lookup result) {
    Memtable[] memtables = partitionOf(keyspaceId, key).memtables;
    long hash = memtables[0].hash(keyspaceId, key, 0, key.length);
    for (Memtable memtable : memtables) {
      if (memtable.get(hash, keyspaceId, key, maxSequence, result)) {
        if (evictor != null) {
          evictor.read(keyspaceId, hash);
        }
        return true;
      }
    }
    return false;
  }

  @Override
  public int warm(int keyspaceId, List<byte[]> keys, int from, int to) {
    int count = to - from;
    Memtable[] memtables = new Memtable[count];
    long[] hashes = new long[count];
    for (int index = 0; index < count; index++) {
      byte[] key = keys.get(from + index);
      Memtable[] ofPartition = partitionOf(keyspaceId, key).memtables;
      memtables[index] =
          ofPartition[ofPartition.length - 1]; // the others are small and for a while
      hashes[index] = memtables[index].hash(keyspaceId, key, 0, key.length);
    }
    return Memtable.warm(memtables, hashes, new int[count], count);
  }

  @Override
  public long newestSequence(int keyspaceId, byte[] key, long bound) {
    Partition partition = partitionOf(keyspaceId, key);
    for (Memtable memtable : partition.memtables) {
      long sequence = memtable.newestSequence(keyspaceId, key);
      if (sequence != 0) {
        return sequence;
      }
    }
    // what was evicted may have been newer than the bound: rather a conflict too many than a lost
    // one
    return partition.evictedSequence;
  }

  @Override
  public EntryCursor cursor(boolean descending) {
    return partitions.length == 1
        ? partitions[0].cursor(descending)
        : new ChainedCursor(this, descending);
  }

  @Override
  public ReadView view() {
    return this;
  }

  @Override
  public void close() {
    // memory is given back by the garbage collector once the last reader has left
  }
}
