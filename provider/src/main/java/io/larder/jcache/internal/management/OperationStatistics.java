package io.larder.jcache.internal.management;

import java.util.concurrent.atomic.LongAdder;
import javax.cache.management.CacheStatisticsMXBean;

/**
 * The counters of one cache. Thread-safe; counts nothing while switched off. Times are averages in
 * microseconds, percentages run from 0 to 100.
 */
public final class OperationStatistics implements CacheStatisticsMXBean {
  private static final float NANOS_PER_MICRO = 1_000F;

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final LongAdder removals = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder getNanos = new LongAdder();
  private final LongAdder putNanos = new LongAdder();
  private final LongAdder removeNanos = new LongAdder();
  private volatile boolean enabled;

  /** Creates counters at zero. */
  public OperationStatistics(boolean enabled) {
    this.enabled = enabled;
  }

  /** Switches counting on or off. */
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /** Returns the moment an operation begins, for the calls that take it; 0 while switched off. */
  public long start() {
    return enabled ? System.nanoTime() : 0;
  }

  /** Counts lookups that found something and some that did not. */
  public void lookups(long hitCount, long missCount) {
    if (enabled) {
      hits.add(hitCount);
      misses.add(missCount);
    }
  }

  /** Counts one lookup. */
  public void lookup(boolean hit) {
    if (enabled) {
      (hit ? hits : misses).increment();
    }
  }

  /** Counts entries put. */
  public void puts(long count) {
    if (enabled) {
      puts.add(count);
    }
  }

  /** Counts entries removed. */
  public void removals(long count) {
    if (enabled) {
      removals.add(count);
    }
  }

  /** Counts an entry evicted. */
  public void evicted() {
    if (enabled) {
      evictions.increment();
    }
  }

  /** Adds the time since the start to that of lookups. */
  public void getEnded(long start) {
    ended(getNanos, start);
  }

  /** Adds the time since the start to that of puts. */
  public void putEnded(long start) {
    ended(putNanos, start);
  }

  /** Adds the time since the start to that of removals. */
  public void removeEnded(long start) {
    ended(removeNanos, start);
  }

  private void ended(LongAdder nanos, long start) {
    if (start != 0 && enabled) {
      nanos.add(System.nanoTime() - start);
    }
  }

  @Override
  public void clear() {
    for (LongAdder counter :
        new LongAdder[] {
          hits, misses, puts, removals, evictions, getNanos, putNanos, removeNanos
        }) {
      counter.reset();
    }
  }

  @Override
  public long getCacheHits() {
    return hits.sum();
  }

  @Override
  public float getCacheHitPercentage() {
    return percentage(getCacheHits(), getCacheGets());
  }

  @Override
  public long getCacheMisses() {
    return misses.sum();
  }

  @Override
  public float getCacheMissPercentage() {
    return percentage(getCacheMisses(), getCacheGets());
  }

  @Override
  public long getCacheGets() {
    return getCacheHits() + getCacheMisses();
  }

  @Override
  public long getCachePuts() {
    return puts.sum();
  }

  @Override
  public long getCacheRemovals() {
    return removals.sum();
  }

  @Override
  public long getCacheEvictions() {
    return evictions.sum();
  }

  @Override
  public float getAverageGetTime() {
    return averageMicros(getNanos, getCacheGets());
  }

  @Override
  public float getAveragePutTime() {
    return averageMicros(putNanos, getCachePuts());
  }

  @Override
  public float getAverageRemoveTime() {
    return averageMicros(removeNanos, getCacheRemovals());
  }

  private static float percentage(long part, long whole) {
    return whole == 0 ? 0 : part * 100F / whole;
  }

  private static float averageMicros(LongAdder nanos, long count) {
    return count == 0 ? 0 : nanos.sum() / NANOS_PER_MICRO / count;
  }
}
