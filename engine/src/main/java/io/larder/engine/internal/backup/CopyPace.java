package io.larder.engine.internal.backup;

import io.larder.engine.internal.mvcc.Checkpoint;
import io.larder.engine.spi.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Rests between the pieces of a backup while others write, so that they keep most of the machine. Used by one thread.
 *
 * <p>A backup that copies as fast as it can takes a processor, and its syncs keep those of the log waiting: writers that
 * sync each commit went on at 39 % of their rate, others at 70 %. How much it takes depends on the disk, the processors and
 * what the writers do, so it is measured: how many batches are committed while it copies, and how many while it rests. It
 * rests for as long as leaves them the {@link #KEPT_SHARE} of what they would do without it, but no longer than {@link
 * #REST_MAX} times the copying. Where nobody writes it never rests.
 */
final class CopyPace {
  /** What writers keep of their rate. */
  private static final double KEPT_SHARE = 0.88;

  /** How long it rests for each unit of time that it copies: before anything is known, at least, and at most. */
  private static final double REST_FIRST = 1.5;

  private static final double REST_MIN = 0.1;
  private static final double REST_MAX = 4;

  private static final long REST_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(250);

  private final Clock clock;
  private final LongSupplier batchesWritten;
  private final LongConsumer rest;
  private final Rate copying = new Rate();
  private final Rate resting = new Rate();
  private long nanos;
  private long batches;

  /** How many batches were committed in how much time, of which the last counts most. */
  private static final class Rate {
    private static final double MEMORY = 0.9;
    private double batches;
    private double nanos;

    void add(long moreBatches, long moreNanos) {
      batches = batches * MEMORY + moreBatches;
      nanos = nanos * MEMORY + moreNanos;
    }

    double perNano() {
      return nanos == 0 ? 0 : batches / nanos;
    }
  }

  /**
   * Creates a pace that knows of nobody.
   *
   * @param batchesWritten how many batches were committed so far
   * @param rest rests for a time in nanoseconds
   */
  CopyPace(Clock clock, LongSupplier batchesWritten, LongConsumer rest) {
    this.clock = clock;
    this.batchesWritten = batchesWritten;
    this.rest = rest;
    this.nanos = clock.nanoTime();
    this.batches = batchesWritten.getAsLong();
  }

  /** Returns the pace of a backup of an open database. */
  static CopyPace beside(Checkpoint checkpoint) {
    return new CopyPace(
        checkpoint.clock(),
        checkpoint::batchesWritten,
        nanos -> LockSupport.parkNanos(checkpoint, nanos));
  }

  /** Hears that a piece is done, and rests if others write. */
  void pieceDone() {
    long copied = note(copying);
    if (copied > 0 && copying.batches + resting.batches >= 1) {
      rest.accept((long) Math.min((double) REST_NANOS_MAX, copied * restShare()));
      note(resting);
    }
  }

  private double restShare() {
    if (resting.perNano() == 0) {
      return REST_FIRST;
    }
    double left = copying.perNano() / resting.perNano();
    return Math.max(REST_MIN, Math.min(REST_MAX, (KEPT_SHARE - left) / (1 - KEPT_SHARE)));
  }

  /** Counts what was committed since the last time, and returns how long ago that was. */
  private long note(Rate rate) {
    long since = clock.nanoTime() - nanos;
    long written = batchesWritten.getAsLong() - batches;
    rate.add(written, since);
    nanos += since;
    batches += written;
    return since;
  }
}
