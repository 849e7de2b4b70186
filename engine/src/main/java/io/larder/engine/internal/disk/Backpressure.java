package io.larder.engine.internal.disk;

import io.larder.engine.spi.Clock;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What stands between writers and the work they leave behind: first small delays that grow with the debt, at last a
 * wait for room. Thread-safe.
 *
 * <p>Debt is what has to be done before writing can go on for ever: memtables that are not in tables, runs that no
 * merge has gathered, bytes in newer runs that repeat what older ones hold, log that the archive waits for. Each has a soft limit where delays begin
 * and a hard one; the pressure is that of the worst.
 */
final class Backpressure {
  /** So many full memtables wait to be written out before a writer waits. */
  static final int FROZEN_MAX = 2;

  /** So much of a memtable should be free still when the flush before it is done. */
  private static final double SPARE_SHARE = 0.05;

  private static final int RUNS_SOFT = CompactionPicker.RUNS_MAX + 1;
  private static final int RUNS_HARD = 20;

  /** Newer runs may hold so many times the bytes of the oldest. */
  private static final double NEWER_SOFT = 0.75;

  private static final double NEWER_HARD = 2;

  /** Below so many memtables of bytes their share does not matter. */
  private static final int NEWER_MEMTABLES_MIN = 16;

  /** The log slows writers from this share of its size on. */
  private static final double LOG_SOFT = 0.75;

  /**
   * What waits at one moment.
   *
   * @param activeBytes the memtable that takes changes
   * @param frozenCount memtables that wait to be written out
   * @param flushedShare how much of the oldest of them is done, 0 to 1
   * @param runs how many runs a read may have to look at
   * @param newerBytes the bytes of all runs but the oldest
   * @param oldestBytes the bytes of the oldest
   * @param logShare the size of the log as a share of the one at which writers wait
   */
  record Debt(
      long activeBytes,
      int frozenCount,
      double flushedShare,
      int runs,
      long newerBytes,
      long oldestBytes,
      double logShare) {}

  private final Supplier<Debt> debt;
  private final BooleanSupplier mergesPutOff;
  private final Consumer<BooleanSupplier> await;
  private final Clock clock;
  private final long memtableBytes;
  private final WriteThrottle throttle;
  private final LongAdder stops = new LongAdder();

  /**
   * Creates what watches a debt.
   *
   * @param mergesPutOff whether merges fail at present, so that nobody should wait for them
   * @param requireOpen throws when nobody should wait any more
   * @param await waits until a condition holds that the maintenance thread brings about
   */
  Backpressure(
      Clock clock,
      long memtableBytes,
      Supplier<Debt> debt,
      BooleanSupplier mergesPutOff,
      Runnable requireOpen,
      Consumer<BooleanSupplier> await) {
    this.clock = clock;
    this.memtableBytes = memtableBytes;
    this.debt = debt;
    this.mergesPutOff = mergesPutOff;
    this.await = await;
    this.throttle =
        new WriteThrottle(
            clock::nanoTime,
            nanos -> {
              requireOpen.run();
              LockSupport.parkNanos(this, nanos);
            },
            this::pressure);
  }

  /** Lets a commit of some bytes pass, now or when its turn has come. */
  void admit(long bytes) {
    throttle.delay(bytes);
    if (!hasRoom()) {
      stops.increment();
      long start = clock.nanoTime();
      await.accept(this::hasRoom);
      throttle.note(clock.nanoTime() - start);
    }
  }

  /** Returns whether nothing keeps a commit waiting. */
  boolean hasRoom() {
    Debt present = debt.get();
    return present.logShare < 1
        && (present.activeBytes < memtableBytes || present.frozenCount < FROZEN_MAX)
        && (present.runs < RUNS_HARD || mergesPutOff.getAsBoolean());
  }

  /** Returns 0 without debt, up to 1 where there is no room any more. */
  double pressure() {
    return pressure(debt.get(), memtableBytes, mergesPutOff.getAsBoolean());
  }

  static double pressure(Debt debt, long memtableBytes, boolean mergesPutOff) {
    double pressure = 0;
    if (debt.frozenCount >= FROZEN_MAX) {
      // with this price the room left is filled just when the flush under way makes new room
      double rest = 1 - debt.flushedShare;
      double room = 1 - SPARE_SHARE - (double) debt.activeBytes / memtableBytes;
      pressure = room <= 0 ? 1 : rest / (rest + room);
    }
    if (debt.logShare > LOG_SOFT) {
      pressure = Math.max(pressure, share(debt.logShare, LOG_SOFT, 1));
    }
    if (mergesPutOff) {
      return pressure;
    }
    if (debt.runs > RUNS_SOFT) {
      pressure = Math.max(pressure, share(debt.runs, RUNS_SOFT, RUNS_HARD));
    }
    if (debt.newerBytes > NEWER_MEMTABLES_MIN * memtableBytes) {
      double newer = (double) debt.newerBytes / Math.max(1, debt.oldestBytes);
      pressure = Math.max(pressure, Math.min(0.9, share(newer, NEWER_SOFT, NEWER_HARD)));
    }
    return pressure;
  }

  private static double share(double value, double soft, double hard) {
    return Math.max(0, Math.min(1, (value - soft) / (hard - soft)));
  }

  /** Learns how long a flush took. */
  void flushed(long bytes, long nanos) {
    throttle.observe(bytes, nanos);
  }

  void addStatistics(Map<String, Long> values) {
    values.put("stall.count", throttle.delays());
    values.put("stall.stops", stops.sum());
    values.put("stall.micros", throttle.delayedNanos() / 1_000);
    values.put("stall.longest.micros", throttle.longestNanos() / 1_000);
    values.put("stall.pressure.percent", Math.round(pressure() * 100));
  }
}
