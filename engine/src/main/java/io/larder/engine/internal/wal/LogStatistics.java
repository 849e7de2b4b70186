package io.larder.engine.internal.wal;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counters of a log since it was opened. Thread-safe: appenders and the leader count, anybody reads.
 *
 * <p>Sync latencies fall into buckets that grow by an eighth to a sixteenth: eight for each power of two of
 * microseconds. So a percentile is at most an eighth too high.
 */
public final class LogStatistics {
  private static final int STEPS_BITS = 3;
  private static final int STEPS = 1 << STEPS_BITS;
  private static final int BUCKETS = 32 * STEPS;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong batches = new AtomicLong();
  private final AtomicLong records = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong syncs = new AtomicLong();
  private final AtomicLong syncNanos = new AtomicLong();
  private final AtomicLong syncNanosMax = new AtomicLong();
  private final AtomicLong segmentsCreated = new AtomicLong();
  private final AtomicLong segmentsLate = new AtomicLong();
  private final AtomicLong segmentsArchived = new AtomicLong();
  private final AtomicLong archiveFailures = new AtomicLong();
  private final AtomicLongArray latencies = new AtomicLongArray(BUCKETS);

  LogStatistics() {}

  /** Counts a batch. Under the append lock: one writer needs no locked instruction. */
  void countBatch(long frameBytes, int changes) {
    batches.setRelease(batches.getPlain() + 1);
    records.setRelease(records.getPlain() + changes);
    bytes.setRelease(bytes.getPlain() + frameBytes);
  }

  void countWrite() {
    writes.incrementAndGet();
  }

  void countSegment() {
    segmentsCreated.incrementAndGet();
  }

  void countLateSegment() {
    segmentsLate.incrementAndGet();
  }

  void countArchived() {
    segmentsArchived.incrementAndGet();
  }

  void countArchiveFailure() {
    archiveFailures.incrementAndGet();
  }

  void countSync(long nanos) {
    syncs.incrementAndGet();
    syncNanos.addAndGet(nanos);
    syncNanosMax.accumulateAndGet(nanos, Math::max);
    latencies.incrementAndGet(bucket(nanos / 1_000));
  }

  private static int bucket(long micros) {
    if (micros < STEPS) {
      return (int) Math.max(0, micros);
    }
    int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(micros);
    int step = (int) (micros >>> (power - STEPS_BITS)) - STEPS;
    return Math.min(BUCKETS - 1, (power - STEPS_BITS + 1) * STEPS + step);
  }

  /** Returns the first microsecond above a bucket. */
  private static long end(int bucket) {
    if (bucket < STEPS) {
      return bucket + 1L;
    }
    int shift = bucket / STEPS - 1;
    return (long) (STEPS + bucket % STEPS + 1) << shift;
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

  /** Returns how many segments the archive took. */
  public long segmentsArchived() {
    return segmentsArchived.get();
  }

  /** Returns how many segments had to be made while a commit waited for them. */
  public long segmentsLate() {
    return segmentsLate.get();
  }

  /** Returns the latency that the given share (0 to 1) of syncs stayed under, in microseconds. */
  public long syncMicrosPercentile(double share) {
    long wanted = (long) Math.ceil(share * syncs.get());
    long seen = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      seen += latencies.get(bucket);
      if (seen >= wanted) {
        return seen == 0 ? 0 : end(bucket);
      }
    }
    return end(BUCKETS - 1);
  }

  /** Returns every figure by its dotted name, units last. */
  public Map<String, Long> figures() {
    Map<String, Long> figures = new TreeMap<>();
    figures.put("wal.bytes", bytes.get());
    figures.put("wal.batches", batches.get());
    figures.put("wal.records", records.get());
    figures.put("wal.writes", writes.get());
    figures.put("wal.syncs", syncs.get());
    figures.put("wal.segments.created", segmentsCreated.get());
    figures.put("wal.segments.late", segmentsLate.get());
    figures.put("wal.segments.archived", segmentsArchived.get());
    figures.put("wal.archive.failures", archiveFailures.get());
    figures.put("wal.sync.total.micros", syncNanos.get() / 1_000);
    figures.put("wal.sync.max.micros", syncNanosMax.get() / 1_000);
    figures.put("wal.sync.p50.micros", syncMicrosPercentile(0.5));
    figures.put("wal.sync.p90.micros", syncMicrosPercentile(0.9));
    figures.put("wal.sync.p99.micros", syncMicrosPercentile(0.99));
    figures.put("wal.sync.p999.micros", syncMicrosPercentile(0.999));
    return figures;
  }
}
