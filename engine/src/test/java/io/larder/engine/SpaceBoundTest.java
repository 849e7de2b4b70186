package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.Snapshot;
import io.larder.engine.internal.io.LocalFileSystem;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How much space the tables take beyond what is alive in them, and how many of them a read has to look at, while entries
 * are overwritten, deleted and expire, and keyspaces are dropped. The clock is the test's: no time passes unless it says
 * so, yet the database looks for garbage again and again by itself.
 */
@Timeout(180)
final class SpaceBoundTest {
  private static final int KEYS = 20_000;
  private static final int VALUE_BYTES = 100;
  private static final long RUNS_HARD = 20;
  private static final DatabaseOptions OPTIONS =
      DatabaseOptions.defaults()
          .with(EngineOptions.SYNC, "none")
          .with(EngineOptions.MEMTABLE_SIZE, "256KB")
          .with(EngineOptions.TTL_SWEEP, "50ms")
          .with(EngineOptions.WAL_SEGMENT, "256KB");

  @TempDir Path temporary;
  private final ManualClock clock = new ManualClock();
  private final Random random = new Random(5);
  private long mostRuns;

  private Database open() {
    return Databases.open(
        new DatabaseLocation.Directory(temporary.resolve("churn")),
        OPTIONS,
        LocalFileSystem.instance(),
        clock);
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(8).putLong(number * 0x9E3779B97F4A7C15L).array();
  }

  private byte[] value() {
    byte[] value = new byte[VALUE_BYTES];
    random.nextBytes(value);
    return value;
  }

  private void fill(Keyspace keyspace, long expiresAtMillis) {
    for (int number = 0; number < KEYS; number++) {
      keyspace.put(key(number), value(), expiresAtMillis);
    }
  }

  private static long figure(Database database, String name) {
    return database.statistics().get(name);
  }

  private void watchRuns(Database database) {
    mostRuns = Math.max(mostRuns, figure(database, "table.runs"));
  }

  /** Waits until nothing is left to do, and returns how many percent of what is alive the tables take. */
  private long settledPercent(Database database, String story) {
    database.flush();
    Awaitility.await()
        .during(Duration.ofMillis(1_500))
        .atMost(Duration.ofSeconds(60))
        .until(() -> figure(database, "table.bytes"), before -> before == tablesBefore(database));
    long settled = figure(database, "table.bytes");
    long runs = figure(database, "table.runs");
    database.compact();
    long alive = figure(database, "table.bytes");
    long percent = settled * 100 / Math.max(1, alive);
    System.out.printf(
        "%s: %,d bytes settled, %,d alive, %d %%; %d runs settled, %d at most; written %d %%%n",
        story,
        settled,
        alive,
        percent,
        runs,
        mostRuns,
        figure(database, "amplification.write.percent"));
    return percent;
  }

  private long lastBytes;

  private long tablesBefore(Database database) {
    long before = lastBytes;
    lastBytes = figure(database, "table.bytes");
    return before == 0 ? -1 : before;
  }

  @Test
  void overwrites_atRandom_settleBelow130Percent() {
    try (Database database = open()) {
      Keyspace numbers = database.createKeyspace("numbers");
      fill(numbers, 0);
      for (int change = 0; change < 5 * KEYS; change++) {
        numbers.put(key(random.nextInt(KEYS)), value());
        if (change % 500 == 0) {
          watchRuns(database);
        }
      }
      assertThat(settledPercent(database, "overwrites")).isLessThanOrEqualTo(130);
      assertThat(mostRuns).isBetween(1L, RUNS_HARD);
      // log, flush and merges together
      assertThat(figure(database, "amplification.write.percent")).isLessThan(1_200);
    }
  }

  @Test
  void deletes_ofNearlyEverything_giveTheSpaceBack() {
    try (Database database = open()) {
      Keyspace numbers = database.createKeyspace("numbers");
      fill(numbers, 0);
      database.flush();
      long full = figure(database, "table.bytes");
      for (int number = 0; number < KEYS * 9 / 10; number++) {
        numbers.delete(key(number));
        if (number % 500 == 0) {
          watchRuns(database);
        }
      }
      database.flush();
      // without a call of compact
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> figure(database, "table.bytes") < full / 10 * 2);
      assertThat(settledPercent(database, "deletes")).isLessThanOrEqualTo(130);
      assertThat(mostRuns).isLessThanOrEqualTo(RUNS_HARD);
    }
  }

  @Test
  void expiry_withoutAnyWrite_givesTheSpaceBack() {
    try (Database database = open()) {
      Keyspace sessions = database.createKeyspace("sessions");
      Keyspace kept = database.createKeyspace("kept");
      long now = clock.currentTimeMillis();
      for (int number = 0; number < KEYS; number++) {
        kept.put(key(number), value());
        sessions.put(key(number), value(), now + 60_000 + number * 10L);
      }
      database.flush();
      database.compact();
      long full = figure(database, "table.bytes");
      for (int part = 1; part <= 4; part++) {
        clock.advanceMillis(part == 1 ? 60_000 + KEYS * 10L / 4 : KEYS * 10L / 4);
        // of the half that expires, so many quarters have; a quarter of a table may be garbage
        long alive = full - full / 2 * part / 4;
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> figure(database, "table.bytes") <= alive * 4 / 3 + 4_096);
      }
      assertThat(figure(database, "sweep.merges")).isPositive();
      assertThat(figure(database, "sweep.bytes")).isGreaterThan(full / 4);
      assertThat(kept.get(key(7))).hasSize(VALUE_BYTES);
      assertThat(settledPercent(database, "expiry")).isLessThanOrEqualTo(135);
    }
  }

  @Test
  void expiry_ofEverything_deletesTablesUnread() {
    try (Database database = open()) {
      Keyspace sessions = database.createKeyspace("sessions");
      fill(sessions, clock.currentTimeMillis() + 60_000);
      database.flush();
      database.compact();
      long read = figure(database, "merge.bytes.in");
      clock.advanceMillis(60_001);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> figure(database, "table.files") == 0);
      assertThat(figure(database, "merge.bytes.in")).isEqualTo(read);
      assertThat(sessions.get(key(1))).isNull();
    }
    try (Database again = open()) {
      assertThat(again.keyspace("sessions").get(key(1))).isNull();
    }
  }

  @Test
  void expiry_thatHidesAnOlderVersion_neverShowsItAgain() {
    try (Database database = open()) {
      Keyspace sessions = database.createKeyspace("sessions");
      fill(sessions, 0);
      database.flush();
      database.compact();
      // newer versions that expire, too few to be merged with the old ones for their size
      for (int number = 0; number < KEYS / 20; number++) {
        sessions.put(key(number), value(), clock.currentTimeMillis() + 60_000);
      }
      database.flush();
      assertThat(figure(database, "table.runs")).isEqualTo(2);
      clock.advanceMillis(60_001);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> figure(database, "sweep.merges") > 0);
      for (int number = 0; number < KEYS; number += 13) {
        assertThat(sessions.exists(key(number))).isEqualTo(number >= KEYS / 20);
      }
      database.compact();
      for (int number = 0; number < KEYS; number += 13) {
        assertThat(sessions.exists(key(number))).isEqualTo(number >= KEYS / 20);
      }
    }
  }

  @Test
  void drop_givesTheSpaceBack_onceNoSnapshotReadsIt() {
    try (Database database = open()) {
      Keyspace kept = database.createKeyspace("kept");
      Keyspace dropped = database.createKeyspace("dropped");
      fill(kept, 0);
      fill(dropped, 0);
      database.flush();
      database.compact();
      long full = figure(database, "table.bytes");
      try (Snapshot snapshot = database.snapshot()) {
        database.dropKeyspace("dropped");
        assertThat(snapshot.get(dropped, key(1))).hasSize(VALUE_BYTES);
        Awaitility.await()
            .during(Duration.ofMillis(300))
            .atMost(Duration.ofSeconds(10))
            .until(() -> figure(database, "table.bytes") == full);
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> figure(database, "table.bytes") < full * 6 / 10);
      assertThat(kept.get(key(1))).hasSize(VALUE_BYTES);
    }
  }

  @Test
  void versionsAndTombstonesASnapshotHeld_goWhenItHasGone() {
    try (Database database = open()) {
      Keyspace numbers = database.createKeyspace("numbers");
      fill(numbers, 0);
      long full;
      try (Snapshot snapshot = database.snapshot()) {
        fill(numbers, 0);
        numbers.delete(key(0));
        database.flush();
        database.compact();
        full = figure(database, "table.bytes");
        assertThat(figure(database, "table.entries")).isGreaterThan(2 * KEYS - 1);
        assertThat(snapshot.get(numbers, key(0))).hasSize(VALUE_BYTES);
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> figure(database, "table.bytes") < full * 6 / 10);
      assertThat(figure(database, "table.entries")).isEqualTo(KEYS - 1);
    }
  }

  @Test
  void compact_ofOneRunWithoutGarbage_readsNothing_alsoAfterReopening() {
    try (Database database = open()) {
      fill(database.createKeyspace("numbers"), 0);
      database.flush();
      database.compact();
      long read = figure(database, "merge.bytes.in");
      database.compact();
      assertThat(figure(database, "merge.bytes.in")).isEqualTo(read);
    }
    try (Database again = open()) {
      again.compact();
      assertThat(figure(again, "merge.bytes.in")).isZero();
      try (var cursor = again.keyspace("numbers").cursor(KeyRange.all())) {
        assertThat(cursor.next()).isTrue();
      }
    }
  }
}
