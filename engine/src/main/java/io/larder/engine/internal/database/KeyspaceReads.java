package io.larder.engine.internal.database;

import io.larder.engine.internal.codec.KeyHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a serializable transaction has read of one keyspace. Used by one thread.
 *
 * <p>Memory is bounded: {@value #KEYS_MAX} hashes and {@value #STRETCHES_MAX} stretches, above which it stands for
 * the whole keyspace.
 */
final class KeyspaceReads {
  static final int KEYS_MAX = 1 << 18;
  static final int STRETCHES_MAX = 1 << 14;

  /** Consecutive keys from {@code low}, inclusive, to {@code high}, exclusive; null = no bound. */
  static final class Stretch {
    byte @Nullable [] low;
    byte @Nullable [] high;
  }

  private static final Comparator<byte @Nullable []> LOWS =
      Comparator.nullsFirst(Arrays::compareUnsigned);
  private static final Comparator<byte @Nullable []> HIGHS =
      Comparator.nullsLast(Arrays::compareUnsigned);

  private final StoredKeyspace keyspace;
  private final int dataId;
  private final long hashSeed;
  private final LongSet hashes = new LongSet();
  private List<Stretch> stretches = new ArrayList<>();
  private boolean everything;

  KeyspaceReads(StoredKeyspace keyspace, int dataId, long hashSeed) {
    this.keyspace = keyspace;
    this.dataId = dataId;
    this.hashSeed = hashSeed;
  }

  StoredKeyspace keyspace() {
    return keyspace;
  }

  int dataId() {
    return dataId;
  }

  void addKey(byte[] key) {
    if (!everything && hashes.add(hash(key)) && hashes.size() > KEYS_MAX) {
      readEverything();
    }
  }

  /** Adds a stretch that its cursor goes on to extend. */
  void addStretch(Stretch stretch) {
    if (everything) {
      return;
    }
    stretches.add(stretch);
    if (stretches.size() > STRETCHES_MAX) {
      readEverything();
    }
  }

  private void readEverything() {
    everything = true;
    hashes.clear();
    stretches = List.of();
  }

  private long hash(byte[] key) {
    return KeyHash.hash(hashSeed, dataId, key);
  }

  /** Puts the stretches in order, none touching another, so that {@link #howRead} finds its way; no more are added. */
  void prepare() {
    List<Stretch> sorted = new ArrayList<>(stretches);
    sorted.sort(Comparator.comparing(stretch -> stretch.low, LOWS));
    List<Stretch> joined = new ArrayList<>();
    Stretch last = null;
    for (Stretch stretch : sorted) {
      if (last != null && (last.high == null || LOWS.compare(stretch.low, last.high) <= 0)) {
        if (HIGHS.compare(stretch.high, last.high) > 0) {
          last.high = stretch.high;
        }
      } else {
        last = new Stretch();
        last.low = stretch.low;
        last.high = stretch.high;
        joined.add(last);
      }
    }
    stretches = joined;
  }

  /** Returns in words how a key was read, or null if it was not. Requires: {@link #prepare}. */
  @Nullable String howRead(byte[] key) {
    if (everything) {
      return "of which the transaction read more than can be kept apart";
    }
    if (!hashes.isEmpty() && hashes.contains(hash(key))) {
      return "which the transaction read";
    }
    Stretch stretch = stretches.isEmpty() ? null : lastFromAtOrBelow(key);
    if (stretch == null || stretch.high != null && Arrays.compareUnsigned(key, stretch.high) >= 0) {
      return null;
    }
    return "which is in the range the transaction walked from "
        + Keys.bound(stretch.low, "the start")
        + " to "
        + Keys.bound(stretch.high, "the end");
  }

  private @Nullable Stretch lastFromAtOrBelow(byte[] key) {
    int low = 0;
    int high = stretches.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (LOWS.compare(stretches.get(middle).low, key) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? null : stretches.get(low - 1);
  }
}
