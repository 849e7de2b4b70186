package io.larder.engine.internal.memory;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.merge.CompactionCursor;
import io.larder.engine.internal.mvcc.SnapshotRegistry;
import io.larder.engine.internal.mvcc.StripedStamps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rebuild of one partition: its entries without the garbage, in one or more fresh memtables. Used by one thread,
 * which holds the engine's lock {@code rebuilding}.
 *
 * <ol>
 *   <li>under the commit lock a new memtable takes over the partition's changes;
 *   <li>without a lock what the older ones hold is copied into fresh ones, which nobody sees yet;
 *   <li>this repeats with what was written meanwhile until little is left;
 *   <li>under the commit lock the little is added, and the fresh ones take the partition's place.
 * </ol>
 *
 * <p>If it fails on the way, the view keeps the memtables it has by then, and the next rebuild begins with all of them.
 */
final class Rebuild {
  private static final int ROUNDS_MAX = 5;
  private static final int LAST_ROUND_ENTRIES = 1_000;

  /** A fresh partition that grows. */
  private static final class Piece {
    final int keyspaceId;
    final byte[] firstKey;
    final Memtable memtable;
    final ExpiringBytes expiring = new ExpiringBytes();

    Piece(int keyspaceId, byte[] firstKey, Memtable memtable) {
      this.keyspaceId = keyspaceId;
      this.firstKey = firstKey;
      this.memtable = memtable;
    }
  }

  private final MemoryEngine engine;
  private final Eviction.@Nullable Victims victims;
  private final List<Piece> pieces = new ArrayList<>();
  private final VersionsOfKey versions = new VersionsOfKey();
  private int index;
  private int pieceIndex;
  private long pieceBytesMax;

  /** What the copy may take; what goes beyond is evicted where that is allowed. */
  private long copyBytesLeft;

  private long evictedSequence;
  private long evictedEntries;
  private long evictedBytes;
  private long bytesBefore;

  /** The stamps that change with what is evicted. */
  private final @Nullable StripedStamps stamps;

  private int[] evictedStripes = {};
  private int evictedStripeCount;

  Rebuild(MemoryEngine engine, Eviction.@Nullable Victims victims) {
    this.engine = engine;
    this.victims = victims;
    this.stamps = engine.commits().changeStampsIfAny();
  }

  /** Rebuilds the partitions between two indexes as one, and returns by how many they were replaced. */
  int run(int from, int to) {
    index = from;
    boolean done = false;
    try {
      merge(engine.beginCopy(this, from, to), true);
      for (int round = 1; round < ROUNDS_MAX; round++) {
        if (engine.view().partition(index).active().count() <= LAST_ROUND_ENTRIES) {
          break;
        }
        merge(engine.nextCopy(index), false);
      }
      int replaced = engine.endCopy(this, index);
      done = true;
      return replaced;
    } finally {
      if (!done) {
        engine.abandonCopy(index);
      }
    }
  }

  /** Hears what is going to be copied. Requires: the commit lock. */
  void begin(Partition whole, long pieceBytes, long copyBytes) {
    pieces.add(new Piece(whole.keyspaceId, whole.firstKey, engine.newMemtable()));
    evictedSequence = whole.evictedSequence;
    bytesBefore = whole.bytes();
    pieceBytesMax = pieceBytes;
    copyBytesLeft = copyBytes;
  }

  private void merge(Partition full, boolean first) {
    // all of it must be visible before it is judged which versions nobody can see
    engine.commits().sync();
    SnapshotRegistry.Kept keep = engine.kept();
    long now = engine.expiryClock().expiredUntilMillis();
    // a tombstone is the bottom's to drop only while nothing older is in the fresh memtables
    try (EntryCursor alive =
        new CompactionCursor(
            full.cursor(false), keep.sequences(), first, now, keep.keyspaceIsLive())) {
      addAll(alive, first, now);
    }
  }

  private void addAll(EntryCursor cursor, boolean first, long now) {
    pieceIndex = 0;
    while (cursor.next()) {
      if (!versions.takes(cursor)) {
        addKey(first, now);
        engine.requireOpen();
      }
      versions.add(cursor);
    }
    addKey(first, now);
  }

  private void addKey(boolean first, long now) {
    if (versions.isEmpty()) {
      return;
    }
    if (first) {
      addFirst(now);
    } else {
      while (pieceIndex + 1 < pieces.size() && isAtOrAfter(pieces.get(pieceIndex + 1))) {
        pieceIndex++;
      }
      addTo(pieces.get(pieceIndex), now);
    }
    versions.clear();
  }

  private boolean isAtOrAfter(Piece piece) {
    return versions.compareKey(piece.keyspaceId, piece.firstKey) >= 0;
  }

  /** In the first round keys come in order and nothing of them is in the copy yet. */
  private void addFirst(long now) {
    long bytes = versions.bytes();
    Piece piece = pieces.get(pieces.size() - 1);
    if (isVictim(bytes, piece)) {
      evictedSequence = Math.max(evictedSequence, versions.newestSequence());
      evictedEntries++;
      evictedBytes += bytes;
      if (stamps != null) {
        if (evictedStripeCount == evictedStripes.length) {
          evictedStripes = Arrays.copyOf(evictedStripes, Math.max(64, evictedStripeCount << 1));
        }
        evictedStripes[evictedStripeCount++] = versions.stripe(stamps);
      }
      return;
    }
    copyBytesLeft -= bytes;
    if (!piece.memtable.isEmpty() && piece.memtable.bytes() + bytes > pieceBytesMax) {
      piece = new Piece(versions.keyspaceId(), versions.copyKey(), engine.newMemtable());
      pieces.add(piece);
    }
    addTo(piece, now);
  }

  private boolean isVictim(long bytes, Piece piece) {
    if (bytes > copyBytesLeft && engine.isEvictable(versions.keyspaceId())) {
      return true;
    }
    return victims != null
        && victims.contains(versions.keyspaceId(), versions.hash(piece.memtable));
  }

  private void addTo(Piece piece, long now) {
    versions.addTo(piece.memtable, piece.expiring, now);
  }

  /** Runs the last step so that whoever keeps values of his own hears of what was evicted. */
  void exclusively(Runnable lastStep) {
    if (evictedEntries == 0) {
      engine.commits().exclusively(lastStep);
    } else {
      engine.commits().changing(stamps, evictedStripes, evictedStripeCount, lastStep);
    }
  }

  /** Adds the rest and returns what takes the partition's place. Requires: the commit lock. */
  List<Partition> end(Partition old) {
    try (EntryCursor rest = old.active().cursor()) {
      addAll(rest, false, engine.expiryClock().lastMillis());
    }
    List<Partition> fresh = new ArrayList<>();
    for (Piece piece : pieces) {
      fresh.add(
          new Partition(
              piece.keyspaceId,
              piece.firstKey,
              new Memtable[] {piece.memtable},
              piece.expiring,
              false,
              piece.memtable.garbageBytes(),
              evictedSequence));
    }
    return fresh;
  }

  long evictedEntries() {
    return evictedEntries;
  }

  long evictedBytes() {
    return evictedBytes;
  }

  /** Returns how many bytes less there are than before, negative if there are more. */
  long freedBytes() {
    long bytes = 0;
    for (Piece piece : pieces) {
      bytes += piece.memtable.bytes();
    }
    return bytesBefore - bytes;
  }
}
