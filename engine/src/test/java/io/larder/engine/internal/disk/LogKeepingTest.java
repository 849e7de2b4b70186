package io.larder.engine.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.internal.database.EmbeddedDatabase;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.io.SystemClock;
import io.larder.engine.internal.mvcc.Checkpoint;
import io.larder.engine.internal.wal.LogArchive;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the threads beside the log do: interval syncs, segments ahead, the archive, and the limit of the log. */
@Timeout(120)
class LogKeepingTest {
  @TempDir Path temporary;

  @Test
  void intervalSync_syncsSoonAfterACommit_withoutBeingAsked() throws IOException {
    try (EmbeddedDatabase owner = open(Map.of("sync", "interval", "sync.interval", "20ms"), null);
        Database database = owner.newHandle(() -> {})) {
      Keyspace keyspace = database.createKeyspace("a");
      long before = figure(database, "wal.syncs");
      for (int round = 0; round < 3; round++) {
        keyspace.put(key(round), key(round));
        long seen = before;
        Awaitility.await().until(() -> figure(database, "wal.syncs") > seen);
        before = figure(database, "wal.syncs");
      }
    }
  }

  @Test
  void segments_areMadeAhead_whileCommitsGoOn() throws IOException {
    try (EmbeddedDatabase owner = open(Map.of("sync", "none", "wal.segment", "64KB"), null);
        Database database = owner.newHandle(() -> {})) {
      Keyspace keyspace = database.createKeyspace("a");
      byte[] value = new byte[2_000];
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 10; i++) {
          keyspace.put(key(i), value); // then a quarter of the segment is full
        }
        // one for each number after the first, and the next one
        Awaitility.await()
            .until(
                () ->
                    figure(database, "wal.segments.created")
                        >= figure(database, "wal.segment.current"));
        long current = figure(database, "wal.segment.current");
        while (figure(database, "wal.segment.current") == current) {
          keyspace.put(key(1), value);
        }
      }
      assertThat(figure(database, "wal.segments.late")).isZero();
    }
  }

  @Test
  void logLimit_flushesTheMemtable() throws IOException {
    Map<String, String> options =
        Map.of("sync", "none", "wal.segment", "64KB", "wal.limit", "256KB");
    try (EmbeddedDatabase owner = open(options, null);
        Database database = owner.newHandle(() -> {})) {
      Keyspace keyspace = database.createKeyspace("a");
      for (int i = 0; i < 2_000; i++) {
        keyspace.put(key(i), new byte[1_000]);
        assertThat(figure(database, "wal.kept.bytes")).isLessThan(530_000);
      }
      assertThat(figure(database, "flushes")).isGreaterThan(2);
    }
  }

  @Test
  void batchesLargerThanTheLogLimit_byManyThreads_neverStopWriting() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (EmbeddedDatabase owner =
            open(Map.of("sync", "none", "wal.segment", "128KB", "wal.limit", "128KB"), null);
        Database database = owner.newHandle(() -> {})) {
      Keyspace keyspace = database.createKeyspace("a");
      List<Future<?>> writers = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        int first = thread * 100;
        writers.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < 25; i++) {
                    keyspace.put(key(first + i), new byte[300_000]);
                  }
                }));
      }
      for (Future<?> writer : writers) {
        writer.get(60, TimeUnit.SECONDS);
      }
      Awaitility.await().until(() -> figure(database, "wal.needed.bytes") <= 8 * 310_000);
      // one flush for each would make a table, and wait for the disk, 100 times
      assertThat(figure(database, "flushes")).isBetween(4L, 50L);
      for (int i = 0; i < 2_000; i++) {
        keyspace.put(key(i), new byte[1_000]);
      }
      Awaitility.await().until(() -> figure(database, "wal.needed.bytes") <= 128 << 10);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void allowance_isThatOfTheOptions_untilBatchesAreLarge_andIsSoAgain() {
    LogAllowance allowance = new LogAllowance(1_000_000);
    assertThat(allowance.bytes()).isEqualTo(1_000_000);
    allowance.committed(125_000);
    assertThat(allowance.bytes()).isEqualTo(1_000_000);
    allowance.committed(3_000_000);
    assertThat(allowance.bytes()).isEqualTo(24_000_000);
    allowance.committed(1_000_000);
    assertThat(allowance.bytes()).isBetween(23_000_000L, 24_000_000L);
    for (int batch = 0; batch < 250; batch++) {
      allowance.committed(10);
    }
    assertThat(allowance.bytes()).isEqualTo(1_000_000);
  }

  @Test
  void logOfACrash_farLargerThanTheLimit_isOpenedAndMadeShorter() throws IOException {
    Path crashed = temporary.resolve("crashed");
    Files.createDirectory(crashed);
    try (EmbeddedDatabase owner = open(Map.of("sync", "none"), null);
        Database database = owner.newHandle(() -> {})) {
      Keyspace keyspace = database.createKeyspace("a");
      for (int i = 0; i < 2_000; i++) {
        keyspace.put(key(i), new byte[1_000]);
      }
      try (Stream<Path> files = Files.list(temporary.resolve("database"))) {
        for (Path file : (Iterable<Path>) files::iterator) {
          Files.copy(file, crashed.resolve(file.getFileName()));
        }
      }
    }
    Map<String, String> options =
        Map.of("sync", "none", "wal.segment", "512KB", "wal.limit", "512KB");
    try (EmbeddedDatabase owner = open(crashed, options, null);
        Database database = owner.newHandle(() -> {})) {
      Keyspace keyspace = database.openKeyspace("a");
      assertThat(keyspace.get(key(1_999))).hasSize(1_000);
      keyspace.put(key(1), key(1));
      Awaitility.await().until(() -> figure(database, "wal.kept.bytes") < 512 << 10);
    }
  }

  @Test
  void heldLog_neitherStopsWritersNorGrowsWithThem_andGoesWhenItIsLetGo() throws Exception {
    DatabaseOptions options =
        DatabaseOptions.of(Map.of("sync", "none", "wal.segment", "256KB", "wal.limit", "256KB"));
    DiskEngine engine = openEngine(temporary.resolve("database"), options, null);
    try (EmbeddedDatabase owner = owner(temporary.resolve("database"), options, engine);
        Database database = owner.newHandle(() -> {})) {
      Keyspace keyspace = database.createKeyspace("a");
      for (int i = 0; i < 150; i++) {
        keyspace.put(key(i), new byte[1_000]);
      }
      try (Checkpoint held = engine.checkpoint()) {
        for (int i = 0; i < 2_000; i++) {
          keyspace.put(key(i), new byte[1_000]);
        }
        assertThat(figure(database, "flushes")).isLessThan(20);
        // what the checkpoint reads, and what a recovery would: not all that was written meanwhile
        Awaitility.await().until(() -> figure(database, "wal.kept.bytes") < 768 << 10);
        long[] seen = new long[1];
        held.readLog(
            (frame, changes) -> {
              seen[0] = frame.lastSequence();
              return true;
            });
        assertThat(seen[0]).isEqualTo(held.sequence());
      }
      Awaitility.await().until(() -> figure(database, "wal.kept.bytes") < 512 << 10);
    }
  }

  @Test
  void archive_thatRefuses_letsWritersWaitAtTwiceTheLimit_andGoOnWhenItTakesAgain()
      throws Exception {
    Archive archive = new Archive();
    archive.refusing = true;
    Map<String, String> options =
        Map.of("sync", "none", "wal.segment", "64KB", "wal.limit", "256KB");
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try (EmbeddedDatabase owner = open(options, archive);
        Database database = owner.newHandle(() -> {})) {
      Keyspace keyspace = database.createKeyspace("a");
      Future<?> work =
          pool.submit(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  keyspace.put(key(i), new byte[1_000]);
                }
              });
      Awaitility.await().until(() -> figure(database, "wal.kept.bytes") >= 512 << 10);
      long stopped = figure(database, "sequence.visible");
      Awaitility.await().until(() -> figure(database, "wal.archive.failures") > 1);
      assertThat(figure(database, "sequence.visible")).isLessThan(stopped + 5);
      assertThat(work.isDone()).isFalse();
      assertThat(keyspace.get(key(1))).as("reads go on").isNotNull();
      archive.refusing = false;
      work.get(60, TimeUnit.SECONDS);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> figure(database, "wal.kept.bytes") < 256 << 10);
    } finally {
      pool.shutdownNow();
    }
    long next = 1;
    for (Map.Entry<Long, Long> each : archive.ranges.entrySet()) {
      assertThat(each.getKey()).isEqualTo(next);
      next = each.getValue() + 1;
    }
    assertThat(next).isGreaterThan(500);
  }

  @Test
  void close_whileTheArchiveWaits_ends() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    Semaphore goOn = new Semaphore(0);
    LogArchive archive =
        (number, segment, firstSequence, lastSequence) -> {
          entered.countDown();
          goOn.acquireUninterruptibly(); // uses up the wake-up that closing gives
        };
    EmbeddedDatabase owner = open(Map.of("sync", "none", "wal.segment", "64KB"), archive);
    Thread closer = new Thread(owner::close);
    try (Database database = owner.newHandle(() -> {})) {
      Keyspace keyspace = database.createKeyspace("a");
      for (int i = 0; i < 100; i++) {
        keyspace.put(key(i), new byte[1_000]);
      }
      entered.await();
    }
    closer.start();
    Awaitility.await().until(() -> closer.getState() == Thread.State.WAITING);
    goOn.release(1_000);
    closer.join(TimeUnit.SECONDS.toMillis(30));
    assertThat(closer.isAlive()).as("closing goes on").isFalse();
  }

  /** Keeps the first and last sequence number of what it gets. */
  private static final class Archive implements LogArchive {
    final ConcurrentSkipListMap<Long, Long> ranges = new ConcurrentSkipListMap<>();
    volatile boolean refusing;

    @Override
    public void archive(long number, Path segment, long firstSequence, long lastSequence)
        throws IOException {
      if (refusing) {
        throw new IOException("the archive is full");
      }
      assertThat(ranges.put(firstSequence, lastSequence)).isNull();
    }
  }

  private EmbeddedDatabase open(Map<String, String> options, LogArchive archive) {
    return open(temporary.resolve("database"), options, archive);
  }

  private static EmbeddedDatabase open(
      Path directory, Map<String, String> options, LogArchive archive) {
    DatabaseOptions parsed = DatabaseOptions.of(options);
    return owner(directory, parsed, openEngine(directory, parsed, archive));
  }

  private static EmbeddedDatabase owner(
      Path directory, DatabaseOptions options, DiskEngine engine) {
    return new EmbeddedDatabase(
        new DatabaseLocation.Directory(directory), options, engine, SystemClock.instance());
  }

  private static DiskEngine openEngine(
      Path directory, DatabaseOptions options, LogArchive archive) {
    return DiskOpener.open(
        LocalFileSystem.instance(),
        SystemClock.instance(),
        directory,
        options,
        "test",
        42,
        databaseId -> archive);
  }

  private static long figure(Database database, String name) {
    Long value = database.statistics().values().get(name);
    assertThat(value).as(name).isNotNull();
    return value;
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }
}
