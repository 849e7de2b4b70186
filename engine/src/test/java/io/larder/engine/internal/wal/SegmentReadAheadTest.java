package io.larder.engine.internal.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.LarderException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.internal.codec.BatchEncoder;
import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall.Operation;
import io.larder.engine.internal.io.LossModel;
import io.larder.engine.internal.io.SystemClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Recovery of a log that is large enough for several segments to be read at once. */
@Timeout(120)
class SegmentReadAheadTest {
  private static final Path DIRECTORY = Path.of("/disk");
  private static final int BATCHES = 500;

  @Test
  void recover_manySegments_findsEveryBatchInOrder() throws IOException {
    assertThat(recovered(log())).isEqualTo(BATCHES);
  }

  @Test
  void recover_aReadFails_isAnErrorOrEverything() throws IOException {
    InMemoryFileSystem disk = log();
    int reads = countReads(disk);
    assertThat(reads).isGreaterThan(20);
    int refused = 0;
    for (Fault fault : List.of(Fault.IO_ERROR, Fault.END_OF_FILE, Fault.SHORT)) {
      for (int at = 0; at < reads; at++) {
        InMemoryFileSystem copy = disk.afterCrash(LossModel.PROCESS_KILLED, 0);
        AtomicInteger seen = new AtomicInteger();
        int failing = at;
        copy.setHook(
            call ->
                call.operation() == Operation.READ && seen.getAndIncrement() == failing
                    ? fault
                    : Fault.NONE);
        try {
          assertThat(recovered(copy)).isEqualTo(BATCHES);
        } catch (LarderException e) {
          refused++;
        }
        copy.requireNoLeaks();
      }
    }
    assertThat(refused).isGreaterThanOrEqualTo(reads);
  }

  /** Memory was as large as segments are, several times. */
  @Test
  void recover_segmentsLargerThanTheWindow_findsEveryBatch() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    disk.createDirectories(DIRECTORY);
    LogOptions options = new LogOptions(3, 3L * SegmentReader.WINDOW_BYTES, 0);
    int[] sizes = {3 << 20, 700_001, SegmentReader.WINDOW_BYTES + 1, 5, 7 << 20, 4 << 20, 1 << 20};
    WriteAheadLog killed =
        WriteAheadLog.create(disk, SystemClock.instance(), DIRECTORY, options, 0);
    for (int i = 1; i <= 2 * sizes.length; i++) {
      byte[] value = new byte[sizes[i % sizes.length]];
      Arrays.fill(value, (byte) i);
      killed.append(new BatchEncoder().put(1, new byte[] {1}, value, 0).finish(), i, 0);
      killed.await(i, SyncMode.NONE);
    }
    assertThat(killed.currentSegment()).isLessThan(5);
    killed.abandon();
    AtomicInteger reads = new AtomicInteger();
    disk.setHook(
        call -> {
          assertThat(call.operation() == Operation.READ ? call.lengthBytes() : 0)
              .isLessThan(1 << 20);
          reads.incrementAndGet();
          return Fault.NONE;
        });
    List<Integer> found = new ArrayList<>();
    try (WriteAheadLog log =
        WriteAheadLog.recover(
            disk,
            SystemClock.instance(),
            DIRECTORY,
            options,
            new LogStart(1, 0, 0),
            (first, count, time, changes) -> {
              assertThat(changes.next()).isTrue();
              byte[] value = changes.value();
              assertThat(value)
                  .hasSize(sizes[(int) first % sizes.length])
                  .containsOnly((int) first);
              found.add((int) first);
            })) {
      assertThat(log.recovery().lastSequence()).isEqualTo(2L * sizes.length);
    }
    assertThat(found).hasSize(2 * sizes.length);
    assertThat(reads).hasPositiveValue();
  }

  private static int countReads(InMemoryFileSystem disk) {
    InMemoryFileSystem copy = disk.afterCrash(LossModel.PROCESS_KILLED, 0);
    AtomicInteger seen = new AtomicInteger();
    copy.setHook(
        call -> {
          seen.addAndGet(call.operation() == Operation.READ ? 1 : 0);
          return Fault.NONE;
        });
    recovered(copy);
    return seen.get();
  }

  private static LogOptions options() {
    return new LogOptions(3, 512 << 10, 0);
  }

  private static InMemoryFileSystem log() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    disk.createDirectories(DIRECTORY);
    try (WriteAheadLog log =
        WriteAheadLog.create(disk, SystemClock.instance(), DIRECTORY, options(), 0)) {
      for (int i = 1; i <= BATCHES; i++) {
        log.append(new BatchEncoder().put(1, new byte[] {1}, new byte[8_000], 0).finish(), i, 0);
        log.await(i, SyncMode.NONE);
      }
      assertThat(log.currentSegment()).isGreaterThan(6);
    }
    return disk;
  }

  private static long recovered(InMemoryFileSystem disk) {
    long[] last = new long[1];
    try (WriteAheadLog log =
        WriteAheadLog.recover(
            disk,
            SystemClock.instance(),
            DIRECTORY,
            options(),
            new LogStart(1, 0, 0),
            (first, count, time, changes) -> {
              assertThat(first).isEqualTo(last[0] + 1);
              assertThat(changes.next()).isTrue();
              assertThat(changes.valueLength()).isEqualTo(8_000);
              last[0] = first;
            })) {
      assertThat(log.recovery().lastSequence()).isEqualTo(last[0]);
    }
    return last[0];
  }
}
