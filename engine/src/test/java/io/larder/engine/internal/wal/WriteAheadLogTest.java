package io.larder.engine.internal.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.codec.BatchEncoder;
import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.io.LossModel;
import io.larder.engine.internal.io.SystemClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WriteAheadLogTest {
  private static final long DATABASE = 42;
  @TempDir Path directory;

  @Test
  void appended_afterCleanClose_isRecovered_andGoesToANewSegment() {
    try (WriteAheadLog log = create(64 << 10)) {
      commit(log, 1, SyncMode.ALWAYS, "a", "b");
      commit(log, 3, SyncMode.NONE, "c");
    }
    try (WriteAheadLog log = recoverExpecting("1:a", "2:b", "3:c")) {
      assertThat(log.recovery().cleanShutdown()).isTrue();
      assertThat(log.currentSegment()).isEqualTo(1);
      commit(log, 4, SyncMode.ALWAYS, "d");
      assertThat(log.currentSegment()).isEqualTo(2);
    }
    recoverExpecting("1:a", "2:b", "3:c", "4:d").close();
  }

  @Test
  void close_leavesNoRoomBehindTheEnd_andAnOpeningWithoutCommitsWritesNothing() throws IOException {
    try (WriteAheadLog log = create(64 << 10)) {
      commit(log, 1, SyncMode.ALWAYS, "a");
    }
    byte[] closed = Files.readAllBytes(directory.resolve(names().get(0)));
    assertThat(closed.length).isBetween(4096 + 40, 4096 + 100);
    recoverExpecting("1:a").close();
    assertThat(names()).hasSize(1);
    assertThat(Files.readAllBytes(directory.resolve(names().get(0)))).isEqualTo(closed);
  }

  /** A crash may undo the cut, since it is not synced, or a part of it. */
  @Test
  void close_whoseCutWasUndone_isCleanAllTheSame() throws IOException {
    try (WriteAheadLog log = create(64 << 10)) {
      commit(log, 1, SyncMode.ALWAYS, "a");
    }
    Path segment = directory.resolve(names().get(0));
    byte[] cut = Files.readAllBytes(segment);
    for (int size : new int[] {cut.length + 1, 32 << 10, 64 << 10}) {
      Files.write(segment, Arrays.copyOf(cut, size));
      try (WriteAheadLog log = recoverExpecting("1:a")) {
        assertThat(log.recovery().cleanShutdown()).isTrue();
      }
      assertThat(segment).hasSize(cut.length);
    }
    Files.write(segment, Arrays.copyOf(cut, cut.length - 1));
    assertThatThrownBy(() -> recoverExpecting("1:a"))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("end mark");
    Files.write(segment, Arrays.copyOf(cut, (64 << 10) + 1));
    assertThatThrownBy(() -> recoverExpecting("1:a")).isInstanceOf(CorruptionException.class);
  }

  /** An end mark that was read from memory alone must not be the reason to cut what would say that it is missing. */
  @Test
  void close_afterACloseThatWasKilledBeforeItsSync_survivesALossOfPower() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    disk.createDirectories(directory);
    AtomicReference<InMemoryFileSystem> killed = new AtomicReference<>();
    AtomicBoolean closing = new AtomicBoolean();
    disk.setHook(
        call -> {
          if (closing.get() && call.operation() == IoCall.Operation.SYNC && killed.get() == null) {
            killed.set(disk.afterCrash(LossModel.PROCESS_KILLED, 0));
          }
          return Fault.NONE;
        });
    WriteAheadLog log =
        WriteAheadLog.create(disk, SystemClock.instance(), directory, options(64 << 10), 0);
    commit(log, 1, SyncMode.ALWAYS, "a");
    closing.set(true);
    log.close();

    for (int seed = 0; seed < 50; seed++) {
      InMemoryFileSystem kept = killed.get().afterCrash(LossModel.PROCESS_KILLED, seed);
      recover(kept).close();
      recover(kept.afterCrash(LossModel.RANDOM, seed)).close();
    }
  }

  @Test
  void await_ofALogThatWasAbandoned_acknowledgesNothing() {
    WriteAheadLog log = create(64 << 10);
    commit(log, 1, SyncMode.NONE, "a");
    log.abandon();

    assertThatThrownBy(() -> log.await(1, SyncMode.ALWAYS))
        .isInstanceOf(WritesStoppedException.class);
    assertThat(log.syncedSequence()).isZero();
  }

  private WriteAheadLog recover(InMemoryFileSystem disk) {
    return WriteAheadLog.recover(
        disk,
        SystemClock.instance(),
        directory,
        options(64 << 10),
        new LogStart(1, 0, 0),
        (first, count, time, changes) -> {
          while (changes.next()) {
            assertThat(changes.sequence()).isEqualTo(1);
          }
        });
  }

  @Test
  void recover_segmentCutWithoutAnOrderlyClose_isCorruption() throws IOException {
    WriteAheadLog killed = create(64 << 10);
    commit(killed, 1, SyncMode.ALWAYS, "a");
    killed.abandon();
    Path segment = directory.resolve(names().get(0));
    Files.write(segment, Arrays.copyOf(Files.readAllBytes(segment), 8192));
    assertThatThrownBy(() -> recoverExpecting("1:a")).isInstanceOf(CorruptionException.class);
  }

  @Test
  void giveSpaceBack_afterEverythingWentToTables_leavesOneSmallSegment_andTheLogGoesOn()
      throws IOException {
    try (WriteAheadLog log = create(2 << 20)) {
      for (int i = 1; i <= 12; i++) {
        commit(log, i, SyncMode.NONE, "x".repeat(400_000));
        log.prepareAhead();
      }
      log.deleteSegmentsBelow(log.rotate());
      assertThat(bytesOnDisk()).isGreaterThan(4 << 20);
      log.giveSpaceBack();
      assertThat(bytesOnDisk()).isLessThanOrEqualTo(WriteAheadLog.FIRST_SEGMENT_BYTES_MAX);
      long before = log.currentSegment();
      log.giveSpaceBack();
      commit(log, 13, SyncMode.ALWAYS, "a");
      assertThat(log.currentSegment()).isEqualTo(before);
      log.giveSpaceBack();
      commit(log, 14, SyncMode.NONE, "b");
    }
    List<String> found = new ArrayList<>();
    try (WriteAheadLog log = recover(2 << 20, new LogStart(currentNumber(), 12, 12), found)) {
      assertThat(log.recovery().cleanShutdown()).isTrue();
    }
    assertThat(found).containsExactly("13:a", "14:b");
  }

  @Test
  void giveSpaceBack_whileTheNextSegmentIsReady_makesItAnewWhenItIsNeeded() throws IOException {
    List<String> expected = new ArrayList<>();
    try (WriteAheadLog log = create(LogOptions.SEGMENT_BYTES_MIN)) {
      for (int i = 1; i <= 200; i++) {
        commit(log, i, SyncMode.NONE, "value " + i);
        expected.add(i + ":value " + i);
        log.prepareAhead();
        if (i % 3 == 0) {
          log.giveSpaceBack();
        }
      }
    }
    recoverExpecting(LogOptions.SEGMENT_BYTES_MIN, expected.toArray(String[]::new)).close();
  }

  /** The file stayed, and kept a full disk full. */
  @Test
  void prepareAhead_onAFullDisk_leavesNoFile() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    disk.createDirectories(directory);
    WriteAheadLog log =
        WriteAheadLog.create(disk, SystemClock.instance(), directory, options(64 << 10), 0);
    commit(log, 1, SyncMode.NONE, "x".repeat(20_000));
    disk.setHook(
        call -> call.operation() == IoCall.Operation.PREALLOCATE ? Fault.NO_SPACE : Fault.NONE);
    log.prepareAhead();
    assertThat(disk.list(directory)).hasSize(1);
    assertThatThrownBy(() -> commit(log, 2, SyncMode.NONE, "x".repeat(50_000)))
        .isInstanceOf(WritesStoppedException.class);
    assertThat(disk.list(directory)).hasSize(1);
    log.abandon();
  }

  /** The space was taken from under a batch that had been told there was room for it. */
  @Test
  void giveSpaceBack_betweenARequirementAndItsAppend_leavesTheRoom() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    disk.createDirectories(directory);
    WriteAheadLog log =
        WriteAheadLog.create(disk, SystemClock.instance(), directory, options(4 << 20), 0);
    commit(log, 1, SyncMode.NONE, "x".repeat(400_000));
    log.prepareAhead();
    log.rotate();
    assertThat(log.fits(2_500_000)).isTrue();
    log.giveSpaceBack();
    disk.setHook(
        call -> call.operation() == IoCall.Operation.PREALLOCATE ? Fault.NO_SPACE : Fault.NONE);
    commit(log, 2, SyncMode.NONE, "x".repeat(2_400_000));
    log.close();
  }

  @Test
  void keepReserve_afterTheClose_makesNoFile() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    disk.createDirectories(directory);
    WriteAheadLog log =
        WriteAheadLog.create(disk, SystemClock.instance(), directory, options(64 << 10), 0);
    log.close();
    List<String> before = disk.list(directory);
    log.keepReserve();
    assertThat(disk.list(directory)).isEqualTo(before);
  }

  private long bytesOnDisk() throws IOException {
    long sum = 0;
    for (String name : names()) {
      sum += Files.size(directory.resolve(name));
    }
    return sum;
  }

  private long currentNumber() throws IOException {
    return Long.parseLong(names().get(0).substring(0, 16), 16);
  }

  @Test
  void appended_afterTheProcessEnded_isRecoveredIntoANewSegment() {
    WriteAheadLog killed = create(64 << 10);
    commit(killed, 1, SyncMode.NONE, "a");
    killed.abandon();

    try (WriteAheadLog log = recoverExpecting("1:a")) {
      assertThat(log.recovery().cleanShutdown()).isFalse();
      assertThat(log.currentSegment()).isEqualTo(2);
      commit(log, 2, SyncMode.ALWAYS, "b");
    }
    recoverExpecting("1:a", "2:b").close();
  }

  @Test
  void segments_fillingUp_areRolledAndReadInOrder() {
    List<String> expected = new ArrayList<>();
    try (WriteAheadLog log = create(LogOptions.SEGMENT_BYTES_MIN)) {
      for (int i = 1; i <= 500; i++) {
        commit(log, i, i % 7 == 0 ? SyncMode.ALWAYS : SyncMode.NONE, "value " + i);
        expected.add(i + ":value " + i);
      }
      assertThat(log.currentSegment()).isGreaterThan(5);
    }
    recoverExpecting(LogOptions.SEGMENT_BYTES_MIN, expected.toArray(String[]::new)).close();
  }

  @Test
  void append_batchLargerThanASegment_getsALargerSegment() {
    String large = "x".repeat(100_000);
    try (WriteAheadLog log = create(LogOptions.SEGMENT_BYTES_MIN)) {
      commit(log, 1, SyncMode.ALWAYS, large);
      commit(log, 2, SyncMode.ALWAYS, "b");
    }
    recoverExpecting(LogOptions.SEGMENT_BYTES_MIN, "1:" + large, "2:b").close();
  }

  @Test
  void deleteSegmentsBelow_recyclesFiles_andRecoveryStartsThere() throws IOException {
    long floor;
    try (WriteAheadLog log = create(LogOptions.SEGMENT_BYTES_MIN)) {
      for (int i = 1; i <= 300; i++) {
        commit(log, i, SyncMode.NONE, "value " + i);
      }
      floor = log.rotate();
      assertThat(log.rotate()).isEqualTo(floor);
      log.deleteSegmentsBelow(floor);
      assertThat(names()).filteredOn(each -> each.endsWith(".wal")).hasSize(1);
      assertThat(names()).filteredOn(each -> each.endsWith(".spare")).hasSize(2);
      for (int i = 301; i <= 500; i++) {
        commit(log, i, SyncMode.NONE, "value " + i);
      }
      assertThat(names()).noneMatch(each -> each.endsWith(".spare"));
    }
    List<String> found = new ArrayList<>();
    WriteAheadLog log = recover(LogOptions.SEGMENT_BYTES_MIN, new LogStart(floor, 300, 300), found);
    log.close();
    assertThat(found).hasSize(200).startsWith("301:value 301").endsWith("500:value 500");
  }

  @Test
  void recover_firstSegmentMissing_isCorruption() {
    try (WriteAheadLog log = create(64 << 10)) {
      commit(log, 1, SyncMode.ALWAYS, "a");
    }
    assertThatThrownBy(() -> recover(64 << 10, new LogStart(2, 0, 0), new ArrayList<>()))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("segment 2 is missing");
  }

  @Test
  void recover_endingBeforeWhatTheManifestKnows_isCorruption() {
    try (WriteAheadLog log = create(64 << 10)) {
      commit(log, 1, SyncMode.ALWAYS, "a");
    }
    assertThatThrownBy(() -> recover(64 << 10, new LogStart(1, 0, 2), new ArrayList<>()))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("the manifest");
  }

  @Test
  void append_sequenceNumberNotDue_isRefused() {
    try (WriteAheadLog log = create(64 << 10)) {
      assertThatThrownBy(() -> log.append(batch("a"), 2, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected some from 1");
      assertThatThrownBy(() -> log.await(1, SyncMode.ALWAYS))
          .isInstanceOf(IllegalArgumentException.class);
      commit(log, 1, SyncMode.ALWAYS, "a");
    }
  }

  @Test
  void commits_ofManyThreads_areAllRecoveredInSequenceOrder() throws Exception {
    int threads = 8;
    int each = 200;
    ReentrantLock commitLock = new ReentrantLock();
    long[] next = {1};
    CountDownLatch begin = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (WriteAheadLog log = create(16 << 10)) {
      List<Future<?>> work = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        SyncMode mode = t % 2 == 0 ? SyncMode.ALWAYS : SyncMode.NONE;
        work.add(
            pool.submit(
                () -> {
                  begin.await();
                  for (int i = 0; i < each; i++) {
                    long sequence;
                    commitLock.lock();
                    try {
                      sequence = next[0]++;
                      log.append(batch("value " + sequence), sequence, 0);
                    } finally {
                      commitLock.unlock();
                    }
                    if (i % 10 == 0) {
                      Thread.currentThread().interrupt();
                    }
                    log.await(sequence, mode);
                    long reached =
                        mode == SyncMode.ALWAYS ? log.syncedSequence() : log.writtenSequence();
                    assertThat(reached).isGreaterThanOrEqualTo(sequence);
                    Thread.interrupted();
                  }
                  return null;
                }));
      }
      begin.countDown();
      for (Future<?> one : work) {
        one.get();
      }
      assertThat(log.statistics().syncs()).isLessThan((long) threads * each);
    } finally {
      pool.shutdownNow();
    }
    List<String> found = new ArrayList<>();
    recover(16 << 10, new LogStart(1, 0, 0), found).close();
    assertThat(found).hasSize(threads * each);
    assertThat(found.get(found.size() - 1)).isEqualTo("1600:value 1600");
  }

  @Test
  void segments_deletedWhileThreadsCommit_disturbNobody() throws Exception {
    int threads = 4;
    int each = 300;
    ReentrantLock commitLock = new ReentrantLock();
    long[] next = {1};
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (WriteAheadLog log = create(LogOptions.SEGMENT_BYTES_MIN)) {
      List<Future<?>> work = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        work.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < each; i++) {
                    long sequence;
                    commitLock.lock();
                    try {
                      sequence = next[0]++;
                      log.append(batch("value " + sequence), sequence, 0);
                    } finally {
                      commitLock.unlock();
                    }
                    log.await(sequence, i % 5 == 0 ? SyncMode.ALWAYS : SyncMode.NONE);
                  }
                }));
      }
      while (!work.stream().allMatch(Future::isDone)) {
        log.deleteSegmentsBelow(log.currentSegment());
      }
      for (Future<?> one : work) {
        one.get();
      }
      assertThat(log.failure()).isNull();
      assertThat(log.syncedSequence()).isLessThanOrEqualTo(log.writtenSequence());
      log.sync();
      assertThat(log.syncedSequence()).isEqualTo((long) threads * each);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void prepareAhead_makesTheNextSegment_whichCommitsThenOnlyTake() throws IOException {
    List<String> expected = new ArrayList<>();
    AtomicInteger asked = new AtomicInteger();
    try (WriteAheadLog log = create(LogOptions.SEGMENT_BYTES_MIN)) {
      log.setWorkArrived(asked::incrementAndGet);
      log.prepareAhead();
      assertThat(names()).hasSize(1);
      for (int i = 1; i <= 500; i++) {
        int before = asked.get();
        commit(log, i, SyncMode.NONE, "value " + i);
        expected.add(i + ":value " + i);
        if (asked.get() > before) {
          log.prepareAhead();
        }
      }
      assertThat(log.currentSegment()).isGreaterThan(5);
      assertThat(log.statistics().segmentsLate()).isZero();
    }
    assertThat(names()).noneMatch(each -> each.endsWith(".spare"));
    recoverExpecting(LogOptions.SEGMENT_BYTES_MIN, expected.toArray(String[]::new)).close();
  }

  @Test
  void prepareAhead_thenABatchThatDoesNotFit_getsALargerSegment() {
    String large = "x".repeat(100_000);
    try (WriteAheadLog log = create(LogOptions.SEGMENT_BYTES_MIN)) {
      commit(log, 1, SyncMode.NONE, "x".repeat(2_000));
      log.prepareAhead();
      commit(log, 2, SyncMode.NONE, large);
    }
    recoverExpecting(LogOptions.SEGMENT_BYTES_MIN, "1:" + "x".repeat(2_000), "2:" + large).close();
  }

  @Test
  void prepareAhead_beforeAKill_leavesNothingBehind() throws IOException {
    WriteAheadLog killed = create(LogOptions.SEGMENT_BYTES_MIN);
    commit(killed, 1, SyncMode.NONE, "x".repeat(2_000));
    killed.prepareAhead();
    assertThat(names()).hasSize(2);
    killed.abandon();
    recoverExpecting(LogOptions.SEGMENT_BYTES_MIN, "1:" + "x".repeat(2_000)).close();
    assertThat(names()).hasSize(2); // the first one, and the one that recovery went on in
  }

  @Test
  void bytes_neededAndKept_shrinkWhenSegmentsGo() {
    try (WriteAheadLog log = create(LogOptions.SEGMENT_BYTES_MIN)) {
      for (int i = 1; i <= 300; i++) {
        commit(log, i, SyncMode.NONE, "value " + i);
      }
      assertThat(log.sizes().neededBytes()).isEqualTo(log.statistics().bytes());
      assertThat(log.sizes().keptBytes()).isEqualTo(log.sizes().neededBytes());
      assertThat(log.sizes().keptSegments()).isGreaterThan(3);
      log.deleteSegmentsBelow(log.rotate());
      assertThat(log.sizes().neededBytes()).isZero();
      assertThat(log.sizes().keptBytes()).isZero();
      commit(log, 301, SyncMode.NONE, "a");
      assertThat(log.sizes().neededBytes()).isBetween(40L, 200L);
    }
  }

  private WriteAheadLog create(long segmentBytes) {
    return WriteAheadLog.create(
        LocalFileSystem.instance(), SystemClock.instance(), directory, options(segmentBytes), 0);
  }

  private WriteAheadLog recoverExpecting(String... expected) {
    return recoverExpecting(64 << 10, expected);
  }

  private WriteAheadLog recoverExpecting(long segmentBytes, String... expected) {
    List<String> found = new ArrayList<>();
    WriteAheadLog log = recover(segmentBytes, new LogStart(1, 0, 0), found);
    assertThat(found).containsExactly(expected);
    return log;
  }

  private WriteAheadLog recover(long segmentBytes, LogStart start, List<String> found) {
    return WriteAheadLog.recover(
        LocalFileSystem.instance(),
        SystemClock.instance(),
        directory,
        options(segmentBytes),
        start,
        (first, count, time, changes) -> {
          while (changes.next()) {
            byte[] value = changes.value();
            found.add(
                changes.sequence()
                    + ":"
                    + new String(value == null ? new byte[0] : value, StandardCharsets.UTF_8));
          }
        });
  }

  /** Whether the log is written through mapped memory. */
  boolean mapped() {
    return false;
  }

  private LogOptions options(long segmentBytes) {
    return new LogOptions(DATABASE, segmentBytes, 2).withMapped(mapped());
  }

  private static void commit(WriteAheadLog log, long first, SyncMode mode, String... values) {
    log.append(batch(values), first, 1_000);
    log.await(first + values.length - 1, mode);
  }

  private static BatchEncoder batch(String... values) {
    BatchEncoder batch = new BatchEncoder();
    for (String value : values) {
      batch.put(
          1, "key".getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8), 0);
    }
    return batch.finish();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }
}
