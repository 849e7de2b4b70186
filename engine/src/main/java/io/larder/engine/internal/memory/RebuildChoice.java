package io.larder.engine.internal.memory;

import io.larder.engine.internal.memtable.Memtable;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Says which partition a rebuild is worth it for. Used by the thread that rebuilds; {@link #isWorthALook} by any. */
final class RebuildChoice {
  /** How little garbage is enough. */
  enum Effort {
    /** Half of a partition. */
    USUAL,
    /** An eighth. */
    MORE,
    /** Anything. */
    ALL
  }

  /**
   * Partitions to be rebuilt as one.
   *
   * @param from the index of the first
   * @param to the index after the last
   * @param victims what leaves them, null if nothing does
   */
  record Choice(int from, int to, Eviction.@Nullable Victims victims) {}

  private final MemoryBudget budget;
  private final @Nullable Eviction eviction;

  RebuildChoice(MemoryBudget budget, @Nullable Eviction eviction) {
    this.budget = budget;
    this.eviction = eviction;
  }

  /** Returns whether a change has made it likely that a rebuild is worth it. Requires: the commit lock. */
  boolean isWorthALook(Partition partition, Memtable active) {
    long bytes = active.bytes();
    if (bytes > budget.partitionBytesMax() && active.keyCount() > 1) {
      return true;
    }
    long garbage = active.garbageBytes() - partition.keptGarbageBytes;
    return garbage >= budget.garbageBytesLeast() && garbage >= bytes / 2;
  }

  /** Returns what is to be rebuilt now, or null if nothing is worth it. */
  @Nullable Choice next(
      MemoryView view, Effort effort, IntPredicate keyspaceIsLive, long wantedBytes) {
    int best = -1;
    double bestShare = 0;
    for (int index = 0; index < view.size(); index++) {
      Partition partition = view.partition(index);
      long bytes = partition.bytes();
      if (bytes > budget.partitionBytesMax() && partition.keys() > 1) {
        return new Choice(index, index + 1, null);
      }
      long garbage = partition.garbageBytes() + partition.abandonedBytes(keyspaceIsLive);
      double share = (double) garbage / Math.max(1, bytes);
      if (share > bestShare && isWorthIt(garbage, share, effort)) {
        best = index;
        bestShare = share;
      }
    }
    if (best >= 0) {
      return withSmallNeighbours(view, best, null);
    }
    if (eviction != null && budget.isHigh(wantedBytes)) {
      Eviction.Choice evicted = eviction.choose(view);
      return evicted == null
          ? null
          : withSmallNeighbours(view, evicted.partition(), evicted.victims());
    }
    return null;
  }

  private boolean isWorthIt(long garbage, double share, Effort effort) {
    return switch (effort) {
      case USUAL -> share >= 0.5 && garbage >= budget.garbageBytesLeast();
      case MORE -> share >= 0.125 && garbage >= budget.garbageBytesLeast() / 8;
      case ALL -> garbage > 0;
    };
  }

  /** Small partitions are joined when they are rebuilt anyway, so that their number stays bounded. */
  private Choice withSmallNeighbours(
      MemoryView view, int index, Eviction.@Nullable Victims victims) {
    long small = budget.pieceBytes() / 2;
    long bytes = view.partition(index).bytes();
    int from = index;
    int to = index + 1;
    while (from > 0 && bytes + view.partition(from - 1).bytes() <= small) {
      bytes += view.partition(--from).bytes();
    }
    while (to < view.size() && bytes + view.partition(to).bytes() <= small) {
      bytes += view.partition(to++).bytes();
    }
    return new Choice(from, to, victims);
  }
}
