package io.larder.engine.internal.memory;

import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.spi.Evictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what is worth least, by a sample of all keys. Used by one thread.
 *
 * <p>The sample tells below which worth a quarter of all memory lies; the partition with the largest share of that, or
 * of garbage, is rebuilt without it, which costs least a byte that is won. Then the next one, by a new sample.
 */
final class Eviction {
  private static final int SAMPLES = 2_048;
  private static final int SAMPLES_LEAST = 16;
  private static final double EVICTED_SHARE = 0.25;

  private final Evictor evictor;
  private final IntPredicate isEvictable;
  private long random = 0x9E3779B97F4A7C15L;

  Eviction(Evictor evictor, IntPredicate isEvictable) {
    this.evictor = evictor;
    this.isEvictable = isEvictable;
  }

  /** Which keys leave: those worth less than a bound, and at the bound those of a low hash. */
  final class Victims {
    private final long worth;
    private final int tie;

    Victims(long worth, int tie) {
      this.worth = worth;
      this.tie = tie;
    }

    boolean contains(int keyspaceId, long hash) {
      if (!isEvictable.test(keyspaceId)) {
        return false;
      }
      long found = evictor.worth(keyspaceId, hash);
      return found < worth || found == worth && tie(hash) <= tie;
    }
  }

  /**
   * What to rebuild, and what to leave out.
   *
   * @param partition the index of the partition
   * @param victims what leaves it
   */
  record Choice(int partition, Victims victims) {}

  private record Sample(int partition, boolean evictable, long worth, int tie, double bytes) {}

  private static int tie(long hash) {
    return (int) (hash ^ hash >>> 29);
  }

  /** Returns where evicting wins most, or null if there is nothing that may be evicted. */
  @Nullable Choice choose(MemoryView view) {
    Sample[] samples = samples(view);
    Arrays.sort(
        samples,
        (left, right) ->
            left.worth != right.worth
                ? Long.compare(left.worth, right.worth)
                : Integer.compare(left.tie, right.tie));
    double wanted = EVICTED_SHARE * Arrays.stream(samples).mapToDouble(Sample::bytes).sum();
    double[] won = new double[view.size()];
    Sample last = null;
    for (Sample sample : samples) {
      if (wanted <= 0) {
        break;
      }
      if (sample.evictable) {
        wanted -= sample.bytes;
        won[sample.partition] += sample.bytes;
        last = sample;
      }
    }
    if (last == null) {
      return null;
    }
    return new Choice(best(view, won), new Victims(last.worth, last.tie));
  }

  private static int best(MemoryView view, double[] won) {
    int best = 0;
    double bestShare = -1;
    for (int index = 0; index < won.length; index++) {
      Partition partition = view.partition(index);
      double share = (won[index] + partition.garbageBytes()) / Math.max(1, partition.bytes());
      if (share > bestShare) {
        best = index;
        bestShare = share;
      }
    }
    return best;
  }

  private Sample[] samples(MemoryView view) {
    int each = Math.max(SAMPLES_LEAST, SAMPLES / view.size());
    List<Sample> samples = new ArrayList<>(each * view.size());
    for (int index = 0; index < view.size(); index++) {
      for (Memtable memtable : view.partition(index).memtables) {
        sample(index, memtable, each, samples);
      }
    }
    return samples.toArray(Sample[]::new);
  }

  private void sample(int partition, Memtable memtable, int each, List<Sample> samples) {
    long keys = memtable.keyCount();
    if (keys == 0) {
      return;
    }
    // each sample stands for an equal share of the memtable's keys, with its own size
    double represented = (double) keys / each;
    for (int index = 0; index < each; index++) {
      random ^= random << 13;
      random ^= random >>> 7;
      random ^= random << 17;
      int keyNumber = (int) Long.remainderUnsigned(random, keys);
      memtable.visitKey(
          keyNumber,
          (keyspaceId, hash, sizeBytes) ->
              samples.add(
                  new Sample(
                      partition,
                      isEvictable.test(keyspaceId),
                      evictor.worth(keyspaceId, hash),
                      tie(hash),
                      sizeBytes * represented)));
    }
  }
}
