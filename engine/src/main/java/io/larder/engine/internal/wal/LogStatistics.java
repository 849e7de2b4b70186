package io.larder.engine.internal.wal;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counters of a log since it was opened. Thread-safe: the leader counts, anybody reads.
 *
 * <p>Sync latencies fall into buckets by powers of two: bucket n counts those under 2^n microseconds and
 * not under 2^(n-1).
 */
public final class LogStatistics {
  private static final int BUCKETS = 32;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong batches = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong syncs = new AtomicLong();
  private final AtomicLong syncNanos = new AtomicLong();
  private final AtomicLong syncNanosMax = new AtomicLong();
  private final AtomicLong segmentsCreated = new AtomicLong();
  private final AtomicLongArray latencies = new AtomicLongArray(BUCKETS);

  LogStatistics() {}

  void countBatch(long frameBytes) {
    batches.lazySet(batches.get() + 1);
    bytes.lazySet(bytes.get() + frameBytes);
  }

  void countWrite() {
    writes.incrementAndGet();
  }

  void countSegment() {
    segmentsCreated.incrementAndGet();
  }

  void countSync(long nanos) {
    syncs.incrementAndGet();
    syncNanos.addAndGet(nanos);
    syncNanosMax.accumulateAndGet(nanos, Math::max);
    latencies.incrementAndGet(bucket(nanos / 1_000));
  }

  private static int bucket(long micros) {
    return Math.min(BUCKETS - 1, Long.SIZE - Long.numberOfLeadingZeros(micros));
  }

  /** Returns how many bytes of frames were appended. */
  public long bytes() {
    return bytes.get();
  }

  /** Returns how many batches were appended. */
  public long batches() {
    return batches.get();
  }

  /** Returns how many syncs succeeded. */
  public long syncs() {
    return syncs.get();
  }

  /** Returns the latency that the given share (0 to 1) of syncs stayed under, in microseconds. */
  public long syncMicrosPercentile(double share) {
    long wanted = (long) Math.ceil(share * syncs.get());
    long seen = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      seen += latencies.get(bucket);
      if (seen >= wanted) {
        return seen == 0 ? 0 : 1L << bucket;
      }
    }
    return 1L << (BUCKETS - 1);
  }

  /** Returns every figure by its dotted name, units last. */
  public Map<String, Long> figures() {
    Map<String, Long> figures = new TreeMap<>();
    figures.put("wal.bytes", bytes.get());
    figures.put("wal.batches", batches.get());
    figures.put("wal.writes", writes.get());
    figures.put("wal.syncs", syncs.get());
    figures.put("wal.segments.created", segmentsCreated.get());
    figures.put("wal.sync.total.micros", syncNanos.get() / 1_000);
    figures.put("wal.sync.max.micros", syncNanosMax.get() / 1_000);
    figures.put("wal.sync.p50.micros", syncMicrosPercentile(0.5));
    figures.put("wal.sync.p99.micros", syncMicrosPercentile(0.99));
    return figures;
  }
}
