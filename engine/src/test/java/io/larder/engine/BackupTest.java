package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.BackupException;
import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.BackupOptions;
import io.larder.engine.api.CancelledException;
import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseLockedException;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.NotADatabaseException;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.RecoveryPoint;
import io.larder.engine.api.RestoreOptions;
import io.larder.engine.api.RestorePoint;
import io.larder.engine.api.RestoreReport;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.io.LocalFileSystem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backups of open databases, and databases made of them. */
final class BackupTest {
  private static final DatabaseOptions SMALL =
      DatabaseOptions.defaults()
          .with(EngineOptions.SYNC, "none")
          .with(EngineOptions.MEMTABLE_SIZE, "256KB")
          .with(EngineOptions.WAL_SEGMENT, "64KB");

  private final ManualClock clock = new ManualClock();
  @TempDir Path temporary;
  private Path shop;
  private Path kept;
  private Backups backups;

  /** The ways to make a backup. */
  enum Way {
    FULL,
    INCREMENTAL,
    LINKED,
    SINGLE_FILE,
    INCREMENTAL_SINGLE_FILE;

    BackupOptions options() {
      BackupOptions full = BackupOptions.full();
      return switch (this) {
        case FULL -> full;
        case INCREMENTAL -> full.withIncremental(true);
        case LINKED -> full.withLinking(true);
        case SINGLE_FILE -> full.withSingleFile(true);
        case INCREMENTAL_SINGLE_FILE -> full.withSingleFile(true).withIncremental(true);
      };
    }
  }

  @BeforeEach
  void paths() {
    shop = temporary.resolve("shop");
    kept = temporary.resolve("kept");
    backups = Backups.in(kept, LocalFileSystem.instance(), clock);
  }

  private Database open(Path directory) {
    return Databases.open(
        new DatabaseLocation.Directory(directory), SMALL, LocalFileSystem.instance(), clock);
  }

  private static byte[] key(int number) {
    return String.format(Locale.ROOT, "key%06d", number).getBytes(StandardCharsets.US_ASCII);
  }

  private static void fill(Database database, String name, int from, int to) {
    Keyspace keyspace = database.openKeyspace(name);
    for (int i = from; i < to; i++) {
      keyspace.put(key(i), (name + i + "x".repeat(80)).getBytes(StandardCharsets.US_ASCII));
    }
  }

  private Map<String, Map<String, String>> contentOf(Path directory) {
    try (Database database = open(directory)) {
      Map<String, Map<String, String>> content = DatabaseContent.of(database);
      database.openKeyspace("after").put(key(1), key(1));
      return content;
    }
  }

  private BackupInfo backUp(Database database, BackupOptions options) {
    clock.advanceMillis(1_000);
    return database.backup(kept, options, ProgressListener.none());
  }

  private RestoreReport restore(RestoreOptions options) {
    return backups.restore(options, ProgressListener.none());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void backup_restoredElsewhere_isTheStateItWasMadeOf(Way way) {
    Map<String, Map<String, String>> expected;
    BackupInfo first;
    BackupInfo second;
    try (Database database = open(shop)) {
      fill(database, "orders", 0, 6_000);
      first = backUp(database, way.options());
      fill(database, "people", 0, 3_000);
      database.keyspace("orders").delete(key(17));
      database.clearKeyspace("people");
      fill(database, "people", 5, 10);
      database.renameKeyspace("people", "persons");
      expected = DatabaseContent.of(database);
      second = backUp(database, way.options());
      fill(database, "orders", 0, 100);
      database.dropKeyspace("persons");
    }
    assertThat(backups.list()).containsExactly(first, second);
    assertThat(backups.verify(second.name(), ProgressListener.none())).isEqualTo(second);
    Path target = temporary.resolve("restored/here");
    RestoreReport report = restore(RestoreOptions.to(target));
    assertThat(report.backup()).isEqualTo(second);
    assertThat(report.sequence()).isEqualTo(second.sequence());
    assertThat(contentOf(target)).isEqualTo(expected);
    Path earlier = temporary.resolve("earlier");
    restore(RestoreOptions.to(earlier).withBackup(first.name()));
    assertThat(contentOf(earlier)).containsOnlyKeys("orders");
    assertThat(contentOf(target)).containsKey("after");
  }

  @Test
  void incremental_takesOverWhatTheLastOneHas_andOutlivesIt() throws IOException {
    BackupOptions incremental = BackupOptions.full().withIncremental(true);
    try (Database database = open(shop)) {
      fill(database, "orders", 0, 20_000);
      database.compact();
      BackupInfo first = backUp(database, incremental);
      assertThat(first.incremental()).isFalse();
      assertThat(first.ownBytes()).isEqualTo(first.bytes());
      fill(database, "orders", 20_000, 20_100);
      BackupInfo second = backUp(database, incremental);
      assertThat(second.incremental()).isTrue();
      assertThat(second.base()).isEqualTo(first.name());
      assertThat(second.ownBytes()).isLessThan(second.bytes() / 2);
      backups.prune(first.databaseId(), 1, null);
      assertThat(backups.list()).containsExactly(second);
      backups.verify(second.name(), ProgressListener.none());
      Path target = temporary.resolve("restored");
      restore(RestoreOptions.to(target));
      assertThat(contentOf(target)).isEqualTo(DatabaseContent.of(database));
    }
    try (Stream<Path> left = Files.list(kept)) {
      assertThat(left.map(each -> each.getFileName().toString()))
          .hasSize(2); // the backup and the lock
    }
  }

  @Test
  void incrementalArchive_leavesOutWhatOthersHold_andPruningKeepsThose() throws IOException {
    BackupOptions incremental = BackupOptions.full().withIncremental(true).withSingleFile(true);
    Map<String, Map<String, String>> expected;
    try (Database database = open(shop)) {
      fill(database, "orders", 0, 20_000);
      database.compact();
      BackupInfo directory = backUp(database, BackupOptions.full().withName("whole"));
      fill(database, "orders", 20_000, 20_100);
      BackupInfo second = backUp(database, incremental.withName("second"));
      assertThat(second.incremental()).isTrue();
      assertThat(second.base()).isEqualTo("whole");
      assertThat(second.bytes()).isGreaterThan(directory.bytes());
      assertThat(Files.size(second.path())).isLessThan(directory.bytes() / 2);
      fill(database, "people", 0, 3_000);
      database.flush();
      fill(database, "people", 0, 10);
      BackupInfo third = backUp(database, incremental.withName("third"));
      assertThat(third.base()).isEqualTo("second");
      assertThat(third.ownBytes()).isLessThan(third.bytes());
      expected = DatabaseContent.of(database);
      backups.verify("third", ProgressListener.none());
      assertThat(backups.prune(third.databaseId(), 1, null)).containsExactly(second);
    }
    Path target = temporary.resolve("restored");
    restore(RestoreOptions.to(target).withBackup("third"));
    assertThat(contentOf(target)).isEqualTo(expected);
    Path held;
    try (Stream<Path> tables = Files.list(kept.resolve("whole"))) {
      held = tables.filter(each -> each.toString().endsWith(".table")).findFirst().orElseThrow();
    }
    flip(held, 5_000);
    assertThatThrownBy(() -> backups.verify("third", ProgressListener.none()))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(held.toString());
    Files.move(kept.resolve("whole"), temporary.resolve("elsewhere"));
    assertThatThrownBy(() -> backups.verify("third", ProgressListener.none()))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("needs the backup 'whole' in the same directory");
    Path none = temporary.resolve("none");
    assertThatThrownBy(() -> restore(RestoreOptions.to(none).withBackup("third")))
        .isInstanceOf(CorruptionException.class);
    assertThat(none).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void backup_whileOthersWrite_isOneMomentInTheOrderOfCommits(Way way) throws Exception {
    AtomicBoolean ending = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger();
    try (Database database = open(shop)) {
      Keyspace one = database.createKeyspace("one");
      Keyspace two = database.createKeyspace("two");
      Thread writer =
          new Thread(
              () -> {
                for (int i = 0; !ending.get(); i++) {
                  WriteBatch batch = new WriteBatch();
                  batch.put(one, key(i), new byte[200]);
                  batch.put(two, key(i), new byte[200]);
                  database.write(batch);
                  written.set(i);
                }
              });
      writer.start();
      try {
        for (int round = 0; round < 5; round++) {
          int before = written.get();
          int goal = before + 2_000;
          Awaitility.await().until(() -> written.get() > goal);
          int least = written.get();
          BackupInfo info = backUp(database, way.options());
          int most = written.get();
          Path target = temporary.resolve("restored" + round);
          restore(RestoreOptions.to(target).withBackup(info.name()));
          try (Database restored = open(target)) {
            int entries = DatabaseContent.of(restored).get("one").size();
            assertThat(DatabaseContent.of(restored).get("two")).hasSize(entries);
            assertThat(entries).isBetween(least, most + 2);
            // the first ones, without a gap
            assertThat(restored.keyspace("one").exists(key(entries - 1))).isTrue();
            assertThat(restored.keyspace("one").exists(key(entries))).isFalse();
          }
        }
      } finally {
        ending.set(true);
        writer.join();
      }
    }
  }

  @Test
  void restore_ontoSomething_isRefused_unlessItMayBeReplaced() throws IOException {
    Map<String, Map<String, String>> expected;
    Map<String, Map<String, String>> replaced;
    try (Database database = open(shop)) {
      fill(database, "orders", 0, 500);
      expected = DatabaseContent.of(database);
      backUp(database, BackupOptions.full());
      fill(database, "orders", 500, 700);
      replaced = DatabaseContent.of(database);
      assertThatThrownBy(() -> restore(RestoreOptions.to(shop)))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("expected an empty or missing directory");
      assertThatThrownBy(() -> restore(RestoreOptions.to(shop).withReplacing(true)))
          .isInstanceOf(DatabaseLockedException.class)
          .hasMessageContaining("is open");
    }
    RestoreReport report = restore(RestoreOptions.to(shop).withReplacing(true));
    assertThat(contentOf(shop)).isEqualTo(expected);
    RecoveryPoints points = RecoveryPoints.of(shop, LocalFileSystem.instance(), clock);
    assertThat(points.list()).hasSize(1);
    RecoveryPoint point = points.list().get(0);
    assertThat(point.path()).isEqualTo(report.recoveryPoint());
    assertThat(point.reason()).isEqualTo("restore");
    clock.advanceMillis(1_000);
    points.goBackTo(point.name());
    assertThat(contentOf(shop)).isEqualTo(replaced);
    assertThat(points.list()).extracting(RecoveryPoint::reason).containsExactly("return");
    assertThat(points.prune(0)).hasSize(1);
    assertThat(points.list()).isEmpty();

    Path foreign = Files.createDirectory(temporary.resolve("foreign"));
    Files.writeString(foreign.resolve("diary.txt"), "mine");
    assertThatThrownBy(() -> restore(RestoreOptions.to(foreign).withReplacing(true)))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("no database");
    assertThat(foreign.resolve("diary.txt")).exists();
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    restore(RestoreOptions.to(empty));
    assertThat(contentOf(empty)).isEqualTo(expected);
  }

  @Test
  void recoveryPoint_isListedAsItWasMade_withoutSpareSegments() throws IOException {
    try (Database database = open(shop)) {
      fill(database, "orders", 0, 500);
    }
    assertThat(shop.resolve("0000000000000000.spare")).as("the reserve").exists();
    RecoveryPoints points = RecoveryPoints.of(shop, LocalFileSystem.instance(), clock);

    RecoveryPoint made = points.create("upgrade");

    assertThat(points.list()).containsExactly(made);
    try (Stream<Path> files = Files.list(made.path())) {
      assertThat(files).isNotEmpty().noneMatch(file -> file.toString().endsWith(".spare"));
    }
    points.goBackTo(made.name());
    assertThat(contentOf(shop)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void damage_isFoundByVerify_andRestoreTouchesNothing(Way way) throws IOException {
    BackupInfo info;
    try (Database database = open(shop)) {
      fill(database, "orders", 0, 3_000);
      info = backUp(database, way.options());
    }
    List<Path> files;
    try (Stream<Path> walk = Files.walk(info.path())) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    int flips = 0;
    for (Path file : files) {
      long size = Files.size(file);
      for (long at = 0; at < size; at += Math.max(1, size / 23)) {
        flip(file, at);
        Path target = temporary.resolve("never");
        assertThatThrownBy(
                () -> backups.verify(info.name(), ProgressListener.none()), file + " at " + at)
            .isInstanceOfAny(CorruptionException.class, NotADatabaseException.class);
        assertThatThrownBy(() -> restore(RestoreOptions.to(target).withBackup(info.name())))
            .isInstanceOf(LarderException.class);
        assertThat(target).doesNotExist();
        assertThat(temporary.resolve("never.restoring")).doesNotExist();
        flip(file, at);
        flips++;
      }
    }
    assertThat(flips).isGreaterThan(20);
    backups.verify(info.name(), ProgressListener.none());
  }

  private static void flip(Path file, long at) throws IOException {
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      opened.seek(at);
      int value = opened.read();
      opened.seek(at);
      opened.write(value ^ 0x10);
    }
  }

  @Test
  void backup_ofADamagedTable_failsNamingIt_andLeavesNothing() throws IOException {
    try (Database database = open(shop)) {
      fill(database, "orders", 0, 1_000);
      database.flush();
      Path table;
      try (Stream<Path> files = Files.list(shop)) {
        table = files.filter(each -> each.toString().endsWith(".table")).findFirst().orElseThrow();
      }
      flip(table, Files.size(table) / 2);
      assertThatThrownBy(() -> backUp(database, BackupOptions.full()))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(table.getFileName().toString());
      assertThat(backups.list()).isEmpty();
    }
  }

  @Test
  void cancelled_leavesNothing() throws IOException {
    try (Database database = open(shop)) {
      fill(database, "orders", 0, 5_000);
      for (BackupOptions options :
          List.of(BackupOptions.full(), BackupOptions.full().withSingleFile(true))) {
        assertThatThrownBy(() -> database.backup(kept, options, (phase, done, total) -> done == 0))
            .isInstanceOf(CancelledException.class);
      }
      assertThat(backups.list()).isEmpty();
      backUp(database, BackupOptions.full());
      Path target = temporary.resolve("restored");
      assertThatThrownBy(
              () ->
                  backups.restore(
                      RestoreOptions.to(target),
                      (phase, done, total) -> !phase.equals("copy") || done == 0))
          .isInstanceOf(CancelledException.class);
      assertThat(target).doesNotExist();
    }
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrder("shop", "kept");
    }
  }

  @Test
  void names_areCheckedBeforeAnythingIsTouched() {
    try (Database database = open(shop)) {
      fill(database, "orders", 0, 10);
      for (String name : List.of("../out", "/etc/x", "a/b", "..", ".hidden", "a".repeat(101))) {
        assertThatThrownBy(() -> backUp(database, BackupOptions.full().withName(name)))
            .isInstanceOf(BackupException.class)
            .hasMessageContaining("expected at most");
        assertThatThrownBy(() -> backups.verify(name, ProgressListener.none()))
            .isInstanceOf(BackupException.class);
      }
      backUp(database, BackupOptions.full().withName("monday"));
      assertThatThrownBy(() -> backUp(database, BackupOptions.full().withName("monday")))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("already");
      assertThatThrownBy(
              () ->
                  database.backup(
                      shop.resolve("inside"), BackupOptions.full(), ProgressListener.none()))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("inside the database");
      assertThatThrownBy(() -> backups.verify("tuesday", ProgressListener.none()))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("[monday]");
    }
    try (Database memory =
        Databases.open(new DatabaseLocation.InMemory("none"), DatabaseOptions.defaults(), clock)) {
      assertThatThrownBy(() -> backUp(memory, BackupOptions.full()))
          .isInstanceOf(BackupException.class)
          .hasMessageContaining("in memory");
    }
  }

  @Test
  void prune_keepsTheNewest_andThoseYoungerThanAnAge() {
    try (Database database = open(shop)) {
      fill(database, "orders", 0, 10);
      for (int i = 0; i < 6; i++) {
        clock.advanceMillis(59_000);
        backUp(database, BackupOptions.full().withName("b" + i));
      }
    }
    List<BackupInfo> all = backups.list();
    long id = all.get(0).databaseId();
    assertThat(backups.prune(id + 1, 1, null)).isEmpty();
    Instant limit = all.get(3).stateAt();
    assertThat(backups.prune(id, 2, limit))
        .extracting(BackupInfo::name)
        .containsExactly("b0", "b1", "b2");
    assertThat(backups.prune(id, 2, null)).extracting(BackupInfo::name).containsExactly("b3");
    assertThat(backups.list()).extracting(BackupInfo::name).containsExactly("b4", "b5");
    assertThatThrownBy(() -> backups.prune(id, 0, null)).isInstanceOf(BackupException.class);
  }

  @Test
  void restore_toThePast_withTheLogOfTheDatabase() {
    Map<Long, Map<String, Map<String, String>>> states = new TreeMap<>();
    Map<Long, Instant> times = new TreeMap<>();
    try (Database database = open(shop)) {
      fill(database, "orders", 0, 100);
      backUp(database, BackupOptions.full());
      for (int i = 0; i < 40; i++) {
        clock.advanceMillis(10);
        fill(database, "orders" + i % 3, i, i + 3);
        if (i % 7 == 3) {
          database.dropKeyspace("orders" + i % 3);
        }
        states.put(database.statistics().visibleSequence(), DatabaseContent.of(database));
        times.put(
            database.statistics().visibleSequence(),
            Instant.ofEpochMilli(clock.currentTimeMillis()));
      }
    }
    int number = 0;
    for (Map.Entry<Long, Map<String, Map<String, String>>> state : states.entrySet()) {
      Path bySequence = temporary.resolve("sequence" + number);
      RestoreOptions options = RestoreOptions.to(bySequence).withLiveLog(shop);
      RestoreReport report = restore(options.withPoint(RestorePoint.sequence(state.getKey())));
      assertThat(report.sequence()).isEqualTo(state.getKey());
      assertThat(report.logEnded()).isFalse();
      assertThat(contentOf(bySequence)).isEqualTo(state.getValue());
      Path byTime = temporary.resolve("time" + number++);
      restore(
          RestoreOptions.to(byTime)
              .withLiveLog(shop)
              .withPoint(RestorePoint.time(times.get(state.getKey()))));
      assertThat(contentOf(byTime)).isEqualTo(state.getValue());
    }
    Path late = temporary.resolve("late");
    assertThatThrownBy(
            () ->
                restore(
                    RestoreOptions.to(late)
                        .withLiveLog(shop)
                        .withPoint(RestorePoint.sequence(1_000_000))))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("The log can be read to sequence number");
    assertThat(late).doesNotExist();
    assertThatThrownBy(() -> restore(RestoreOptions.to(late).withPoint(RestorePoint.sequence(3))))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("expected one from before sequence number 3");
    RestoreReport latest =
        restore(RestoreOptions.to(late).withLiveLog(shop).withPoint(RestorePoint.latest()));
    assertThat(latest.replayedBatches()).isPositive();
    assertThat(contentOf(late)).isEqualTo(contentOf(shop));
  }
}
