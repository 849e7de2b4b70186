package io.larder.engine.internal.memory;

import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.mvcc.PreparedBatch;

/**
 * What the entries of an in-memory database take, and what they may. Changed under the commit lock; read by any thread.
 *
 * <p>Where entries are evicted, the copy that a rebuild makes counts too: a sixteenth of the memory, or as much as the
 * largest partition takes, is kept for it, and what is written to a partition that is being copied counts twice, since it is going to be copied as well. Where
 * nothing may be evicted, a sixteenth is kept for deletes, so that a full database can be emptied, and the copy
 * comes on top while it lasts: it is no larger than the partition and half of what one may have, since writers that outrun
 * it wait for its end.
 */
final class MemoryBudget {
  private static final int SHARES = 16;
  private static final long GARBAGE_BYTES_LEAST = 1 << 16;
  private static final long GARBAGE_BYTES_MOST = 1 << 20;

  /** The most a change can take beside its key and value. */
  private static final long CHANGE_OVERHEAD_BYTES = Memtable.bytesMax(0, 0, 1) + Long.BYTES - 1;

  private final long limitBytes;
  private final boolean evicting;
  private volatile long usedBytes;
  private volatile long copyBytes;
  private volatile boolean copying;

  /** How much a running copy may come to before writers wait for it, where nothing is evicted. */
  private volatile long copyBytesMax = Long.MAX_VALUE;

  /** The sum of the two where entries are evicted: who reads one after the other may see them of different moments. */
  private volatile long reservedBytes;

  /** What the largest partition takes. */
  private volatile long largestBytes;

  /** All bytes ever added, for judging how much happened meanwhile. */
  private volatile long addedBytes;

  MemoryBudget(long limitBytes, boolean evicting) {
    this.limitBytes = limitBytes;
    this.evicting = evicting;
  }

  private long reserveBytes() {
    return limitBytes / SHARES;
  }

  private long copyReserveBytes() {
    return Math.max(reserveBytes(), largestBytes);
  }

  /** Returns how large a partition may become before it is split. */
  long partitionBytesMax() {
    return evicting ? limitBytes / SHARES : limitBytes / (SHARES / 2);
  }

  /** Returns how large the parts are that a partition is split into. */
  long pieceBytes() {
    return partitionBytesMax() / 4;
  }

  /** Returns the least garbage that is worth a rebuild while nobody is pressed for room. */
  long garbageBytesLeast() {
    return Math.min(GARBAGE_BYTES_MOST, Math.max(GARBAGE_BYTES_LEAST, limitBytes / 64));
  }

  static long neededBytes(PreparedBatch batch) {
    return batch.bytes() + batch.size() * CHANGE_OVERHEAD_BYTES;
  }

  boolean hasRoom(PreparedBatch batch) {
    long needed = neededBytes(batch);
    if (evicting) {
      long reserved = Math.max(copyBytes, copyReserveBytes());
      return usedBytes + reserved + (copying ? 2 * needed : needed) <= limitBytes;
    }
    return hasRoomForEntries(batch) && copyBytes + needed <= copyBytesMax;
  }

  /** Returns whether a batch fits as soon as no copy runs. */
  boolean hasRoomForEntries(PreparedBatch batch) {
    long needed = neededBytes(batch);
    if (evicting) {
      return hasRoom(batch);
    }
    return usedBytes + needed <= limitBytes - reserveBytes()
        || usedBytes + needed <= limitBytes && deletesOnly(batch);
  }

  /** Returns whether a batch would not fit into an empty database. */
  boolean neverFits(PreparedBatch batch) {
    return 2 * neededBytes(batch) > limitBytes - 2 * reserveBytes();
  }

  private static boolean deletesOnly(PreparedBatch batch) {
    for (int index = 0; index < batch.size(); index++) {
      if (batch.value(index) != null) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether so much is used that it is time to evict, with room for so many bytes. */
  boolean isHigh(long wantedBytes) {
    return evicting && usedBytes + wantedBytes > limitBytes - reserveBytes() - copyReserveBytes();
  }

  /** Hears how large a partition is by now. */
  void grown(long partitionBytes) {
    if (partitionBytes > largestBytes) {
      largestBytes = partitionBytes;
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // under the commit lock
  void add(long bytes, long bytesToCopy) {
    usedBytes += bytes;
    addedBytes += bytes;
    if (bytesToCopy != 0) {
      copyBytes += bytesToCopy;
    }
    if (evicting) {
      reservedBytes = usedBytes + copyBytes;
    }
  }

  /**
   * Starts a copy of so many bytes and returns how many it may take. Where nothing is evicted it comes on top of the limit
   * and takes what it needs; writers into what is copied may add half a partition, then they wait for its end.
   */
  long beginCopy(long bytes) {
    copying = true;
    if (!evicting) {
      copyBytes = bytes;
      copyBytesMax = bytes + partitionBytesMax() / 2;
      return Long.MAX_VALUE;
    }
    copyBytes = Math.max(0, Math.min(bytes, limitBytes - usedBytes));
    reservedBytes = usedBytes + copyBytes;
    return copyBytes;
  }

  /** Ends a copy, after which so many bytes are used, and so many by the largest partition. */
  void endCopy(long bytes, long largest) {
    largestBytes = largest;
    copying = false;
    copyBytes = 0;
    copyBytesMax = Long.MAX_VALUE;
    usedBytes = bytes;
    reservedBytes = bytes;
  }

  long usedBytes() {
    return usedBytes;
  }

  long addedBytes() {
    return addedBytes;
  }

  /** Returns what is held against the limit: the entries and, where entries are evicted, what a running copy may take. */
  long reservedBytes() {
    return evicting ? reservedBytes : usedBytes;
  }
}
