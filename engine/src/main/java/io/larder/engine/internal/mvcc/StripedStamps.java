package io.larder.engine.internal.mvcc;

import io.larder.engine.api.ChangeStamps;
import io.larder.engine.internal.codec.KeyHash;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The change stamps of a database. Thread-safe; the commit pipeline writes them, anybody reads.
 *
 * <p>A stamp is a version above {@value ChangeStamps#CHANGES_BITS} bits that count the changes under way. A commit
 * adds one to the stamp of each of its keys before it touches the memtable, and after it is visible takes
 * the one away and adds a version. So whoever reads the same stable stamp twice knows that in between no
 * commit of a key of the stripe was even half done.
 *
 * <p>The stripe depends on the key's bytes alone, not on the keyspace, whose number in entries changes when it is
 * cleared. What drops or clears whole keyspaces changes all stripes at once, by a stamp of its own that is part of
 * every stripe's: both only grow, so their sum is the same again only if neither has changed.
 */
public final class StripedStamps implements ChangeStamps {
  /** Any number will do: keys made to collide here cost their maker's own hits. */
  private static final long SEED = 0x5851F42D4C957F2DL;

  private final AtomicLongArray stamps;
  private final AtomicLong stampOfAll = new AtomicLong();

  /**
   * Creates stable stamps.
   *
   * @param stripes a power of two
   */
  StripedStamps(int stripes) {
    this.stamps = new AtomicLongArray(stripes);
  }

  @Override
  public int stripeOf(byte[] key) {
    return stripeOf(key, key.length);
  }

  /** Returns the stripe of a key that is the beginning of an array. */
  public int stripeOf(byte[] array, int length) {
    return (int) KeyHash.hash(SEED, 0, array, 0, length) & (stamps.length() - 1);
  }

  @Override
  public long stamp(int stripe) {
    return stamps.get(stripe) + stampOfAll.get();
  }

  /** Marks the stripes of a batch: something changes from now on. */
  void begin(PreparedBatch batch) {
    addForEach(batch, 1);
  }

  /** Ends what {@link #begin} began: the change is visible. */
  void end(PreparedBatch batch) {
    addForEach(batch, VERSION - 1);
  }

  private void addForEach(PreparedBatch batch, long delta) {
    for (int index = 0; index < batch.size(); index++) {
      stamps.getAndAdd(stripeOf(batch.key(index)), delta);
    }
  }

  void begin(int[] stripes, int count) {
    for (int index = 0; index < count; index++) {
      stamps.getAndAdd(stripes[index], 1);
    }
  }

  void end(int[] stripes, int count) {
    for (int index = 0; index < count; index++) {
      stamps.getAndAdd(stripes[index], VERSION - 1);
    }
  }

  void beginAll() {
    stampOfAll.getAndAdd(1);
  }

  void endAll() {
    stampOfAll.getAndAdd(VERSION - 1);
  }
}
