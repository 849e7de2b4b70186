package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.BackupOptions;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.RestoreOptions;
import io.larder.engine.api.RestorePoint;
import io.larder.engine.api.RestoreReport;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.LossModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Restores to hundreds of moments, from backups and the archived log, with and without the log of the database, and
 * compares each with what a reference model held at that moment. Commits, keyspaces that come and go, flushes, merges,
 * reopenings and a power loss happen in between.
 */
final class PointInTimeTest {
  private static final Path SHOP = Path.of("/disk/shop");
  private static final Path KEPT = Path.of("/disk/kept");
  private static final Path ARCHIVE = Path.of("/disk/archive");
  private static final DatabaseOptions OPTIONS =
      DatabaseOptions.defaults()
          .with(EngineOptions.MEMTABLE_SIZE, "64KB")
          .with(EngineOptions.WAL_SEGMENT, "64KB")
          .with(EngineOptions.WAL_ARCHIVE, ARCHIVE.toString());

  private final ManualClock clock = new ManualClock();
  private final List<Moment> moments = new ArrayList<>();
  private final Map<String, Map<String, String>> model = new TreeMap<>();
  private InMemoryFileSystem fileSystem = new InMemoryFileSystem();

  /** What the model held after a sequence number, until a time. */
  private record Moment(long sequence, long timeMillis, Map<String, Map<String, String>> content) {}

  private Database open(Path directory) {
    DatabaseOptions options =
        directory.equals(SHOP) ? OPTIONS : OPTIONS.with(EngineOptions.WAL_ARCHIVE, "");
    return Databases.open(new DatabaseLocation.Directory(directory), options, fileSystem, clock);
  }

  @Test
  void archive_ofOneDatabase_isRefusedToItsCopy() throws IOException {
    fileSystem.createDirectories(SHOP.getParent());
    work(new Random(5), 20);
    Path copy = Path.of("/disk/copy");
    restore(copy, RestorePoint.ofBackup(), false);
    assertThatThrownBy(
            () -> Databases.open(new DatabaseLocation.Directory(copy), OPTIONS, fileSystem, clock))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("which has the log of the same database in /disk/shop");
    open(copy).close();
    open(SHOP).close();
    fileSystem.requireNoLeaks();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void remember(Database database) {
    Map<String, Map<String, String>> copy = new TreeMap<>();
    model.forEach((name, entries) -> copy.put(name, new TreeMap<>(entries)));
    moments.add(
        new Moment(database.statistics().visibleSequence(), clock.currentTimeMillis(), copy));
    clock.advanceMillis(5);
  }

  private void commit(Database database, Random random, int size) {
    String name = "ks" + random.nextInt(4);
    Keyspace keyspace = database.openKeyspace(name);
    Map<String, String> entries = model.computeIfAbsent(name, key -> new TreeMap<>());
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < size; i++) {
      String key = "key" + random.nextInt(300);
      if (random.nextInt(4) == 0) {
        batch.delete(keyspace, bytes(key));
        entries.remove(key);
      } else {
        String value = key + random.nextInt() + "v".repeat(random.nextInt(200));
        batch.put(keyspace, bytes(key), bytes(value));
        entries.put(key, value);
      }
    }
    database.write(batch);
  }

  private void changeKeyspaces(Database database, Random random) {
    List<String> names = new ArrayList<>(model.keySet());
    if (names.isEmpty()) {
      return;
    }
    String name = names.get(random.nextInt(names.size()));
    switch (random.nextInt(3)) {
      case 0 -> {
        database.dropKeyspace(name);
        model.remove(name);
      }
      case 1 -> {
        database.clearKeyspace(name);
        model.put(name, new TreeMap<>());
      }
      default -> {
        String renamed = "renamed" + moments.size();
        database.renameKeyspace(name, renamed);
        model.put(renamed, model.remove(name));
      }
    }
  }

  /** Works on a database, and returns the backups made on the way. */
  private List<BackupInfo> work(Random random, int steps) throws IOException {
    List<BackupInfo> made = new ArrayList<>();
    Database database = open(SHOP);
    for (int step = 0; step < steps; step++) {
      int choice = random.nextInt(30);
      if (choice == 0) {
        database.flush();
      } else if (choice == 1) {
        database.compact();
      } else if (choice == 2) {
        database.close();
        database = open(SHOP);
      } else if (choice == 3) {
        fileSystem = fileSystem.afterCrash(LossModel.NOTHING, step);
        database = open(SHOP); // every commit was synced
      } else if (choice <= 5) {
        changeKeyspaces(database, random);
      } else {
        commit(database, random, 1 + random.nextInt(40));
      }
      remember(database);
      if (step % 60 == 5) {
        BackupOptions options =
            BackupOptions.full()
                .withIncremental(random.nextBoolean())
                .withSingleFile(step % 180 == 5);
        made.add(database.backup(KEPT, options, ProgressListener.none()));
        clock.advanceMillis(5);
      }
    }
    Database last = database;
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(last.statistics().get("wal.segments.kept")).isLessThanOrEqualTo(3));
    database.close();
    return made;
  }

  private RestoreReport restore(Path target, RestorePoint point, boolean live) {
    return Backups.in(KEPT, fileSystem, clock)
        .restore(
            RestoreOptions.to(target)
                .withPoint(point)
                .withLogArchive(ARCHIVE)
                .withLiveLog(live ? SHOP : null),
            ProgressListener.none());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void restore_toEveryMoment_isWhatTheModelHeld(long seed) throws IOException {
    fileSystem.createDirectories(SHOP.getParent());
    Random random = new Random(seed);
    List<BackupInfo> made = work(random, 170);
    int tried = 0;
    for (int i = 0; i < moments.size(); i++) {
      Moment moment = moments.get(i);
      if (moment.sequence() < made.get(0).sequence()
          || moment.timeMillis() < made.get(0).stateAt().toEpochMilli()) {
        continue;
      }
      boolean byTime = i % 2 == 0;
      Path target = Path.of("/disk/restored" + i);
      RestorePoint point =
          byTime
              ? RestorePoint.time(Instant.ofEpochMilli(moment.timeMillis()))
              : RestorePoint.sequence(moment.sequence());
      RestoreReport report = restore(target, point, true);
      assertThat(report.sequence()).as("seed %d, moment %d", seed, i).isEqualTo(moment.sequence());
      try (Database restored = open(target)) {
        assertThat(DatabaseContent.of(restored))
            .as("seed %d, moment %d, %s", seed, i, point)
            .isEqualTo(moment.content());
      }
      tried++;
    }
    assertThat(tried).isGreaterThanOrEqualTo(150);
    fileSystem.requireNoLeaks();
  }

  @Test
  void restore_withoutTheDatabase_reachesTheEndOfTheArchive() throws IOException {
    fileSystem.createDirectories(SHOP.getParent());
    work(new Random(7), 150);
    Path target = Path.of("/disk/restored");
    RestoreReport report = restore(target, RestorePoint.latest(), false);
    Moment reached =
        moments.stream()
            .filter(each -> each.sequence() == report.sequence())
            .reduce((first, second) -> second)
            .orElseThrow();
    try (Database restored = open(target)) {
      assertThat(DatabaseContent.of(restored)).isEqualTo(reached.content());
    }
    assertThat(report.backup().sequence()).isLessThanOrEqualTo(report.sequence());
  }

  @Test
  void afterGoingBack_theNewHistoryCounts() throws IOException {
    fileSystem.createDirectories(SHOP.getParent());
    List<BackupInfo> made = work(new Random(3), 120);
    Moment past = moments.get(80);
    Backups.in(KEPT, fileSystem, clock)
        .restore(
            RestoreOptions.to(SHOP)
                .withBackup(made.get(0).name())
                .withPoint(RestorePoint.sequence(past.sequence()))
                .withLogArchive(ARCHIVE)
                .withLiveLog(SHOP)
                .withReplacing(true),
            ProgressListener.none());
    model.clear();
    past.content().forEach((name, entries) -> model.put(name, new TreeMap<>(entries)));
    moments.clear();
    clock.advanceMillis(1_000);
    Random random = new Random(4);
    try (Database database = open(SHOP)) {
      assertThat(DatabaseContent.of(database)).isEqualTo(past.content());
      for (int i = 0; i < 60; i++) {
        commit(database, random, 30);
        remember(database);
        if (i == 30) {
          database.flush();
        }
      }
    }
    for (int i = 3; i < moments.size(); i += 9) {
      Moment moment = moments.get(i);
      Path target = Path.of("/disk/again" + i);
      RestoreReport report =
          Backups.in(KEPT, fileSystem, clock)
              .restore(
                  RestoreOptions.to(target)
                      .withBackup(made.get(0).name())
                      .withPoint(RestorePoint.sequence(moment.sequence()))
                      .withLogArchive(ARCHIVE)
                      .withLiveLog(SHOP),
                  ProgressListener.none());
      assertThat(report.sequence()).isEqualTo(moment.sequence());
      try (Database restored = open(target)) {
        assertThat(DatabaseContent.of(restored)).isEqualTo(moment.content());
      }
    }
  }
}
