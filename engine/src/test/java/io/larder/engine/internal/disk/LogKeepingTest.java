package io.larder.engine.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.internal.database.EmbeddedDatabase;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.io.SystemClock;
import io.larder.engine.internal.wal.LogArchive;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
    Path directory = temporary.resolve("database");
    DatabaseOptions parsed = DatabaseOptions.of(options);
    return new EmbeddedDatabase(
        new DatabaseLocation.Directory(directory),
        parsed,
        DiskOpener.open(
            LocalFileSystem.instance(),
            SystemClock.instance(),
            directory,
            parsed,
            "test",
            42,
            archive),
        SystemClock.instance());
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
