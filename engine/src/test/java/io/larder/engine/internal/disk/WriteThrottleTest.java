package io.larder.engine.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.ClosedException;
import io.larder.engine.internal.disk.Backpressure.Debt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A writer on a simulated disk: time passes only by what the writer does and waits for, and the disk writes memtables
 * out meanwhile, so that every run gives the same numbers.
 */
final class WriteThrottleTest {
  private static final long MEMTABLE_BYTES = 1 << 20;
  private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  /** A disk that writes one frozen memtable at a time, at a rate that the test sets. */
  private static final class Disk {
    private long nowNanos;
    private double bytesPerNano;
    private double active;
    private int frozen;
    private double flushed;
    private long flushStart;
    private long stops;
    private long stoppedNanos;
    private int frozenMost;
    private final WriteThrottle throttle =
        new WriteThrottle(() -> nowNanos, this::pass, this::pressure);

    Disk(double bytesPerSecond) {
      setRate(bytesPerSecond);
    }

    void setRate(double bytesPerSecond) {
      bytesPerNano = bytesPerSecond / TimeUnit.SECONDS.toNanos(1);
    }

    double pressure() {
      return Backpressure.pressure(
          new Debt((long) active, frozen, Math.min(1, flushed / MEMTABLE_BYTES), 3, 0, 0, 0),
          MEMTABLE_BYTES,
          false);
    }

    void pass(long nanos) {
      nowNanos += nanos;
      if (frozen > 0) {
        double before = flushed;
        flushed += nanos * bytesPerNano;
        if (before * 16 < MEMTABLE_BYTES && flushed * 16 >= MEMTABLE_BYTES) {
          throttle.observe((long) flushed, nowNanos - flushStart);
        }
        if (flushed >= MEMTABLE_BYTES) {
          throttle.observe(MEMTABLE_BYTES, nowNanos - flushStart);
          frozen--;
          flushed = 0;
          flushStart = nowNanos;
        }
      }
    }

    void write(int bytes, long nanos) {
      throttle.delay(bytes);
      while (active >= MEMTABLE_BYTES && frozen >= Backpressure.FROZEN_MAX) {
        stops++;
        stoppedNanos += 100_000;
        pass(100_000);
      }
      pass(nanos);
      active += bytes;
      if (active >= MEMTABLE_BYTES && frozen < Backpressure.FROZEN_MAX) {
        if (frozen == 0) {
          flushStart = nowNanos;
        }
        frozen++;
        active = 0;
        frozenMost = Math.max(frozenMost, frozen);
      }
    }
  }

  /** The writer makes 100 MB/s, in entries of 100 bytes. */
  private static long write(Disk disk, long bytes) {
    long start = disk.nowNanos;
    for (long written = 0; written < bytes; written += 100) {
      disk.write(100, 1_000);
    }
    return disk.nowNanos - start;
  }

  @Test
  void delay_writerFasterThanTheDisk_findsItsPaceWithoutEverBeingStopped() {
    for (double rate : new double[] {50e6, 20e6, 5e6, 2e6}) {
      Disk disk = new Disk(rate);
      long bytes = 40 * MEMTABLE_BYTES;
      double seconds = write(disk, bytes) / 1e9;
      double share = bytes / seconds / rate;
      System.out.printf(
          "disk of %.0f MB/s: writer at %.2f of it, %d delays, longest %.1f ms, %d stops%n",
          rate / 1e6,
          share,
          disk.throttle.delays(),
          disk.throttle.longestNanos() / NANOS_PER_MILLI,
          disk.stops);
      assertThat(disk.stops).isZero();
      assertThat(disk.throttle.longestNanos()).isLessThan(TimeUnit.MILLISECONDS.toNanos(12));
      assertThat(share).isBetween(0.85, 1.15);
      assertThat(disk.frozenMost).isEqualTo(Backpressure.FROZEN_MAX);
    }
  }

  @Test
  void delay_diskThatSuddenlySlowsDown_isFollowedInSmallSteps() {
    Disk disk = new Disk(50e6);
    write(disk, 10 * MEMTABLE_BYTES);
    disk.setRate(10e6);
    double seconds = write(disk, 20 * MEMTABLE_BYTES) / 1e9;
    assertThat(20 * MEMTABLE_BYTES / seconds).isBetween(8e6, 14e6);
    assertThat(disk.throttle.longestNanos()).isLessThan(TimeUnit.MILLISECONDS.toNanos(20));
    assertThat(disk.stoppedNanos).isLessThan(TimeUnit.MILLISECONDS.toNanos(120));
  }

  @Test
  void delay_diskFasterThanTheWriter_costsNothing() {
    Disk disk = new Disk(150e6);
    long nanos = write(disk, 40 * MEMTABLE_BYTES);
    assertThat(disk.throttle.delays()).isZero();
    assertThat(nanos).isEqualTo(40 * MEMTABLE_BYTES / 100 * 1_000 + 1_000);
  }

  @Test
  void delay_largeBatch_waitsForItsOwnSizeOnly() {
    Disk disk = new Disk(10e6);
    write(disk, 20 * MEMTABLE_BYTES);
    long before = disk.nowNanos;
    disk.throttle.delay(1 << 20);
    assertThat(disk.nowNanos - before).isLessThan(TimeUnit.SECONDS.toNanos(4));
  }

  @Test
  void pressure_growsWithEachKindOfDebt_andIsZeroWithoutAny() {
    assertThat(pressure(new Debt(MEMTABLE_BYTES, 1, 0, 9, 0, 0, 0))).isZero();
    assertThat(pressure(new Debt(0, 2, 0, 1, 0, 0, 0))).isBetween(0.5, 0.55);
    assertThat(pressure(new Debt(MEMTABLE_BYTES / 2, 2, 0, 1, 0, 0, 0))).isBetween(0.65, 0.7);
    assertThat(pressure(new Debt(MEMTABLE_BYTES / 2, 2, 0.9, 1, 0, 0, 0))).isBetween(0.1, 0.2);
    assertThat(pressure(new Debt(MEMTABLE_BYTES / 2, 2, 1, 1, 0, 0, 0))).isZero();
    assertThat(pressure(new Debt(MEMTABLE_BYTES, 2, 0.9, 1, 0, 0, 0))).isEqualTo(1);
    assertThat(pressure(new Debt(0, 0, 0, 13, 0, 0, 0))).isBetween(0.3, 0.4);
    assertThat(pressure(new Debt(0, 0, 0, 20, 0, 0, 0))).isEqualTo(1);
    assertThat(pressure(new Debt(0, 0, 0, 1, 0, 0, 0.7))).isZero();
    assertThat(pressure(new Debt(0, 0, 0, 1, 0, 0, 0.875))).isEqualTo(0.5);
    long many = 100 * MEMTABLE_BYTES;
    assertThat(pressure(new Debt(0, 0, 0, 3, many / 2, many, 0))).isZero();
    assertThat(pressure(new Debt(0, 0, 0, 3, many, many, 0))).isBetween(0.1, 0.3);
    assertThat(Backpressure.pressure(new Debt(0, 0, 0, 25, 0, 0, 0), MEMTABLE_BYTES, true))
        .isZero();
  }

  private static double pressure(Debt debt) {
    return Backpressure.pressure(debt, MEMTABLE_BYTES, false);
  }

  @Test
  void delay_ofAHugeBatch_isBounded() {
    long[] now = new long[1];
    WriteThrottle throttle = new WriteThrottle(() -> now[0], nanos -> now[0] += nanos, () -> 0.9);
    throttle.delay(1L << 40);
    assertThat(now[0]).isEqualTo(WriteThrottle.WAIT_NANOS_MAX);
  }

  @Test
  void delay_endsWhenTheNapThrows() {
    WriteThrottle throttle =
        new WriteThrottle(
            () -> 0,
            nanos -> {
              throw new ClosedException("closed meanwhile");
            },
            () -> 0.9);
    assertThatThrownBy(() -> throttle.delay(1L << 40)).isInstanceOf(ClosedException.class);
  }
}
