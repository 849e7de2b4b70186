package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.NotADatabaseException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.Transaction;
import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.io.FaultHook;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.io.LossModel;
import io.larder.engine.internal.manifest.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class DiskDatabaseTest extends DatabaseContractTest {
  private static final DatabaseOptions QUICK =
      DatabaseOptions.defaults()
          .with(EngineOptions.SYNC, "none")
          .with(EngineOptions.MEMTABLE_SIZE, "256KB")
          .with(EngineOptions.WAL_SEGMENT, "64KB");

  private final AtomicInteger directories = new AtomicInteger();
  @TempDir Path temporary;

  @Override
  Database open(DatabaseOptions options) {
    return open(temporary.resolve("database" + directories.incrementAndGet()), options);
  }

  private Database open(Path directory, DatabaseOptions options) {
    return Databases.open(
        new DatabaseLocation.Directory(directory), options, LocalFileSystem.instance(), clock);
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private static byte[] value(int number) {
    return ByteBuffer.allocate(100).putInt(number).array();
  }

  @Test
  void transaction_committedWithASyncModeOfItsOwn_survivesAPowerLoss() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    disk.createDirectories(Path.of("/disk"));
    DatabaseLocation.Directory location = new DatabaseLocation.Directory(Path.of("/disk/database"));
    DatabaseOptions unsynced = QUICK.with(EngineOptions.SYNC, "none");
    try (Database database = Databases.open(location, unsynced, disk, clock)) {
      Keyspace keyspace = database.createKeyspace("fruit");
      Transaction transaction = database.begin();
      transaction.put(keyspace, key(1), value(1));
      transaction.commit(SyncMode.ALWAYS);
      transaction = database.begin();
      transaction.put(keyspace, key(2), value(2));
      transaction.commit();

      InMemoryFileSystem crashed = disk.afterCrash(LossModel.NOTHING, 0);
      try (Database recovered = Databases.open(location, unsynced, crashed, clock)) {
        assertThat(recovered.keyspace("fruit").get(key(1))).isEqualTo(value(1));
        assertThat(recovered.keyspace("fruit").get(key(2))).isNull();
      }
    }
  }

  @Test
  void reopen_findsEverything() {
    Path directory = temporary.resolve("kept");
    try (Database first = open(directory, QUICK)) {
      Keyspace fruit = first.createKeyspace("fruit");
      Keyspace cleared = first.createKeyspace("cleared");
      first.createKeyspace("dropped");
      first.createKeyspace("old name");
      put(fruit, "a", "1", "b", "2");
      put(cleared, "x", "1");
      first.clearKeyspace("cleared");
      put(cleared, "y", "2");
      first.dropKeyspace("dropped");
      first.renameKeyspace("old name", "new name");
      fruit.delete(bytes("a"));
    }
    for (int round = 0; round < 3; round++) {
      try (Database again = open(directory, QUICK)) {
        assertThat(again.keyspaceNames()).containsExactly("cleared", "fruit", "new name");
        assertThat(all(again.latest(), again.keyspace("fruit"))).containsExactly("b=2");
        assertThat(all(again.latest(), again.keyspace("cleared"))).containsExactly("y=2");
        if (round == 1) {
          again.flush();
        }
      }
    }
  }

  /** Each opening that is written in leaves a log segment, and the log has to be read by the next one. */
  @Test
  void reopening_often_withAWriteEach_keepsFewFiles() throws IOException {
    Path directory = temporary.resolve("often");
    for (int round = 0; round < 30; round++) {
      try (Database database = open(directory, QUICK)) {
        database.openKeyspace("numbers").put(key(round), value(round));
      }
      assertThat(directory.toFile().list((in, name) -> name.endsWith(".wal")))
          .hasSizeLessThanOrEqualTo(10);
    }
    try (Database database = open(directory, QUICK)) {
      for (int round = 0; round < 30; round++) {
        assertThat(database.keyspace("numbers").get(key(round))).isEqualTo(value(round));
      }
    }
  }

  /** A database of a few megabytes took several times as many, in segments allocated ahead and kept for reuse. */
  @Test
  void mergingAndClosing_leaveLittleBesideTheTables() throws IOException {
    Path directory = temporary.resolve("small");
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .with(EngineOptions.SYNC, "none")
            .with(EngineOptions.WAL_SEGMENT, "4MB");
    try (Database database = open(directory, options)) {
      Keyspace numbers = database.createKeyspace("numbers");
      for (int number = 0; number < 150; number++) {
        numbers.put(key(number), new byte[100_000]);
      }
      database.compact();
      assertThat(bytesBesideTables(directory)).isLessThan(1_100_000);
    }
    assertThat(bytesBesideTables(directory)).isLessThan(20_000);
    try (Database database = open(directory, options)) {
      assertThat(database.keyspace("numbers").get(key(149))).hasSize(100_000);
    }
    assertThat(bytesBesideTables(directory)).isLessThan(20_000);
  }

  /** Returns what a directory holds beside its tables and the reserve of fixed size for a full disk. */
  private static long bytesBesideTables(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      long sum = 0;
      for (Path file : files.filter(each -> !each.toString().endsWith(".table")).toList()) {
        boolean reserve = file.endsWith("0000000000000000.spare");
        sum += reserve ? 0 : Files.size(file);
      }
      return sum;
    }
  }

  @Test
  void manyEntries_passThroughFlushesAndMerges() {
    Path directory = temporary.resolve("many");
    int entries = 30_000;
    try (Database first = open(directory, QUICK)) {
      Keyspace numbers = first.createKeyspace("numbers");
      for (int number = 0; number < entries; number++) {
        numbers.put(key(number * 7919 % entries), value(number));
      }
      for (int number = 0; number < entries; number += 3) {
        numbers.delete(key(number));
      }
      assertThat(first.statistics().get("flushes")).isGreaterThan(3);
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(first.statistics().get("table.runs")).isLessThan(9));
      requireThirdsDeleted(numbers, entries);
    }
    try (Database again = open(directory, QUICK)) {
      Keyspace numbers = again.keyspace("numbers");
      requireThirdsDeleted(numbers, entries);
      again.compact();
      requireThirdsDeleted(numbers, entries);
      assertThat(again.statistics().get("table.runs")).isEqualTo(1);
      assertThat(again.statistics().get("table.entries")).isEqualTo(entries / 3 * 2L);
    }
  }

  private static void requireThirdsDeleted(Keyspace numbers, int entries) {
    int count = 0;
    try (Cursor cursor = numbers.cursor(KeyRange.all())) {
      while (cursor.next()) {
        int number = ByteBuffer.wrap(cursor.key()).getInt();
        assertThat(number % 3).isNotZero();
        assertThat(number).isEqualTo(count / 2 * 3 + count % 2 + 1);
        count++;
      }
    }
    assertThat(count).isEqualTo(entries / 3 * 2);
    for (int number = 0; number < entries; number += 101) {
      assertThat(numbers.exists(key(number))).isEqualTo(number % 3 != 0);
    }
  }

  @Test
  void merge_deletesFilesNobodyReads_andKeepsThoseACursorReads() throws IOException {
    Path directory = temporary.resolve("files");
    try (Database first = open(directory, QUICK)) {
      Keyspace numbers = first.createKeyspace("numbers");
      for (int round = 0; round < 3; round++) {
        for (int number = 0; number < 100; number++) {
          numbers.put(key(number), value(round));
        }
        first.flush();
      }
      Cursor cursor = numbers.cursor(KeyRange.all());
      assertThat(cursor.next()).isTrue();
      for (int number = 0; number < 100; number++) {
        numbers.put(key(number), value(3)); // so that what the cursor reads is merged away for sure
      }
      first.compact();
      for (int number = 1; number < 100; number++) {
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.value()).isEqualTo(value(2));
      }
      assertThat(tables(directory)).isGreaterThan(1);
      cursor.close();
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(tables(directory)).isEqualTo(1));
    }
  }

  private static long tables(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".table")).count();
    }
  }

  @Test
  void clear_givesTheSpaceBack() {
    Path directory = temporary.resolve("cleared");
    try (Database first = open(directory, QUICK)) {
      Keyspace numbers = first.createKeyspace("numbers");
      for (int number = 0; number < 20_000; number++) {
        numbers.put(key(number), value(number));
      }
      first.flush();
      first.clearKeyspace("numbers");
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(first.statistics().get("table.bytes")).isZero());
    }
  }

  @Test
  void expiryClock_doesNotRunBackwardsAcrossAReopen() {
    Path directory = temporary.resolve("clock");
    try (Database first = open(directory, QUICK)) {
      Keyspace short1 = first.createKeyspace("short");
      short1.put(bytes("a"), bytes("1"), clock.currentTimeMillis() + 1_000);
      clock.advanceMillis(2_000);
      assertThat(short1.get(bytes("a"))).isNull();
    }
    clock.advanceMillis(-2_000);
    try (Database again = open(directory, QUICK)) {
      assertThat(again.keyspace("short").get(bytes("a"))).isNull();
    }
  }

  @Test
  void merge_keepsTheTimeByWhichItJudged_evenIfTheProcessIsKilledThen() {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    Path directory = Path.of("/data/judged");
    InMemoryFileSystem crashed;
    try (Database first =
        Databases.open(new DatabaseLocation.Directory(directory), QUICK, disk, clock)) {
      Keyspace fruit = first.createKeyspace("fruit");
      fruit.put(bytes("a"), bytes("1"), clock.currentTimeMillis() + 1_000);
      first.flush();
      clock.advanceMillis(60_000);
      first.compact();
      assertThat(first.statistics().get("table.entries")).isZero();
      crashed = disk.afterCrash(LossModel.PROCESS_KILLED, 1);
    }
    try (Manifest manifest = Manifest.open(crashed, directory, true)) {
      assertThat(manifest.version().highestClockMillis())
          .isGreaterThanOrEqualTo(clock.currentTimeMillis());
    }
  }

  @Test
  void open_sharesByRealPath_andContradictionsNameBothValues() throws IOException {
    Path directory = Files.createDirectories(temporary.resolve("shared"));
    Path link = Files.createSymbolicLink(temporary.resolve("link"), directory);
    try (Database first = Databases.open(LarderUri.parse("larder:" + directory + "?sync=none"))) {
      put(first.createKeyspace("a"), "k", "v");
      try (Database second = Databases.open(LarderUri.parse("larder:" + link))) {
        assertThat(get(second.keyspace("a"), "k")).isEqualTo("v");
      }
      assertThatThrownBy(() -> Databases.open(LarderUri.parse("larder:" + link + "?sync=always")))
          .isInstanceOf(InvalidOptionException.class)
          .hasMessageContaining("sync is 'none' there, and 'always' is asked for");
    }
  }

  @Test
  void open_foreignDirectory_isRefusedAndUntouched() throws IOException {
    Path directory = Files.createDirectories(temporary.resolve("home"));
    Files.writeString(directory.resolve("letter.txt"), "Dear");
    assertThatThrownBy(() -> Databases.open(LarderUri.parse("larder:" + directory)))
        .isInstanceOf(NotADatabaseException.class)
        .hasMessageContaining("letter.txt")
        .hasMessageContaining("expected an empty directory or a database");
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void open_fileInsteadOfDirectory_isRefused() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "text");
    assertThatThrownBy(() -> Databases.open(LarderUri.parse("larder:" + file)))
        .isInstanceOf(NotADatabaseException.class)
        .hasMessageContaining("found a file, expected a directory");
  }

  @Test
  void open_missingWithoutCreate_createsNothing() {
    Path directory = temporary.resolve("missing");
    assertThatThrownBy(() -> Databases.open(LarderUri.parse("larder:" + directory + "?create=no")))
        .isInstanceOf(InvalidOptionException.class);
    assertThatThrownBy(
            () -> Databases.open(LarderUri.parse("larder:" + directory + "?create=false")))
        .isInstanceOf(NotADatabaseException.class)
        .hasMessageContaining("create=false");
    assertThat(directory).doesNotExist();
  }

  @Test
  void foreignFilesInADatabase_stay() throws IOException {
    Path directory = temporary.resolve("mixed");
    open(directory, QUICK).close();
    Path note = Files.writeString(directory.resolve("note.txt"), "mine");
    try (Database again = open(directory, QUICK)) {
      put(again.createKeyspace("a"), "k", "v");
      again.flush();
      again.compact();
    }
    assertThat(note).hasContent("mine");
  }

  @Test
  void open_currentRemoved_isRefusedWithoutDestroying() throws IOException {
    Path directory = temporary.resolve("beheaded");
    try (Database first = open(directory, QUICK)) {
      put(first.createKeyspace("a"), "k", "v");
    }
    byte[] current = Files.readAllBytes(directory.resolve("CURRENT"));
    Files.delete(directory.resolve("CURRENT"));
    assertThatThrownBy(() -> open(directory, QUICK))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("CURRENT");
    Files.write(directory.resolve("CURRENT"), current);
    try (Database again = open(directory, QUICK)) {
      assertThat(get(again.keyspace("a"), "k")).isEqualTo("v");
    }
  }

  @Test
  void open_afterACrash_recoversOrRefusesAsAsked() {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    DatabaseLocation.Directory location = new DatabaseLocation.Directory(Path.of("/data/crashed"));
    DatabaseOptions manual = QUICK.with(EngineOptions.RECOVERY, "manual");
    try (Database first = Databases.open(location, manual, disk, clock)) {
      put(first.createKeyspace("a"), "k", "v");
      InMemoryFileSystem crashed = disk.afterCrash(LossModel.PROCESS_KILLED, 1);
      assertThatThrownBy(() -> Databases.open(location, manual, crashed, clock))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(".wal")
          .hasMessageContaining("recovery=manual was asked for")
          .hasMessageContaining("after sequence number 2"); // the keyspace is the first
      crashed.requireNoLeaks();
      try (Database again = Databases.open(location, QUICK, crashed, clock)) {
        assertThat(get(again.keyspace("a"), "k")).isEqualTo("v");
      }
      Databases.open(location, manual, crashed, clock).close();
      crashed.requireNoLeaks();
    }
  }

  @Test
  void failedSync_stopsWritesButNotReads_andReopeningGoesOn() {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    DatabaseLocation.Directory location = new DatabaseLocation.Directory(Path.of("/data/failing"));
    try (Database failing = Databases.open(location, DatabaseOptions.defaults(), disk, clock)) {
      Keyspace fruit = failing.createKeyspace("fruit");
      put(fruit, "a", "1");
      disk.setHook(
          call ->
              call.operation() == IoCall.Operation.SYNC
                  ? FaultHook.Fault.IO_ERROR
                  : FaultHook.Fault.NONE);
      assertThatThrownBy(() -> put(fruit, "b", "2")).isInstanceOf(WritesStoppedException.class);
      disk.setHook(call -> FaultHook.Fault.NONE);
      assertThatThrownBy(() -> put(fruit, "c", "3")).isInstanceOf(WritesStoppedException.class);
      assertThatThrownBy(() -> failing.createKeyspace("more"))
          .isInstanceOf(WritesStoppedException.class);
      assertThatThrownBy(failing::flush).isInstanceOf(WritesStoppedException.class);
      assertThat(get(fruit, "a")).isEqualTo("1");
      assertThat(all(failing.latest(), fruit)).containsExactly("a=1");
      assertThat(failing.statistics().get("writes.stopped")).isEqualTo(1);
    }
    InMemoryFileSystem survived = disk.afterCrash(LossModel.NOTHING, 1);
    try (Database again = Databases.open(location, DatabaseOptions.defaults(), survived, clock)) {
      assertThat(get(again.keyspace("fruit"), "a")).isEqualTo("1");
      put(again.keyspace("fruit"), "c", "3");
    }
    survived.requireNoLeaks();
  }

  @Test
  void failedLogRotation_afterACommit_stopsTheNextWriteAndNotThatOne() {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    DatabaseLocation.Directory location = new DatabaseLocation.Directory(Path.of("/data/rotating"));
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .with(EngineOptions.MEMTABLE_SIZE, "256KB")
            .with(EngineOptions.WAL_SEGMENT, "16MB");
    int committed = 0;
    try (Database failing = Databases.open(location, options, disk, clock)) {
      Keyspace entries = failing.createKeyspace("entries");
      entries.put(key(committed), value(committed));
      committed++;
      disk.setHook(
          call ->
              call.operation() == IoCall.Operation.CREATE
                      || call.operation() == IoCall.Operation.RENAME
                  ? FaultHook.Fault.IO_ERROR
                  : FaultHook.Fault.NONE);
      while (failing.statistics().get("writes.stopped") == 0) {
        entries.put(key(committed), value(committed));
        committed++;
      }
      int next = committed;
      assertThatThrownBy(() -> entries.put(key(next), value(next)))
          .isInstanceOf(WritesStoppedException.class);
      assertThat(entries.get(key(next - 1))).isEqualTo(value(next - 1));
    }
    assertThat(committed).isGreaterThan(100);
    InMemoryFileSystem survived = disk.afterCrash(LossModel.NOTHING, 1);
    try (Database again = Databases.open(location, options, survived, clock)) {
      for (int number = 0; number < committed; number++) {
        assertThat(again.keyspace("entries").get(key(number))).isEqualTo(value(number));
      }
    }
  }

  @Test
  void failedManifestSync_duringAFlush_leaksNothing_andReopeningHasEverything() {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    DatabaseLocation.Directory location = new DatabaseLocation.Directory(Path.of("/data/flushing"));
    try (Database failing = Databases.open(location, DatabaseOptions.defaults(), disk, clock)) {
      put(failing.createKeyspace("fruit"), "a", "1");
      disk.setHook(
          call ->
              call.operation() == IoCall.Operation.SYNC
                      && call.path().toString().endsWith(".manifest")
                  ? FaultHook.Fault.IO_ERROR
                  : FaultHook.Fault.NONE);
      assertThatThrownBy(failing::flush).isInstanceOf(WritesStoppedException.class);
      assertThat(get(failing.keyspace("fruit"), "a")).isEqualTo("1");
    }
    disk.setHook(call -> FaultHook.Fault.NONE);
    disk.requireNoLeaks();
    for (LossModel loss : LossModel.values()) {
      InMemoryFileSystem survived = disk.afterCrash(loss, 1);
      try (Database again = Databases.open(location, DatabaseOptions.defaults(), survived, clock)) {
        assertThat(get(again.keyspace("fruit"), "a")).as(loss.name()).isEqualTo("1");
      }
      survived.requireNoLeaks();
    }
  }

  @Test
  void close_whileOthersRead_endsThemOrderly() throws Exception {
    for (int round = 0; round < 10; round++) {
      Database closing = open(temporary.resolve("closing" + round), QUICK);
      Keyspace numbers = closing.createKeyspace("numbers");
      for (int number = 0; number < 2_000; number++) {
        numbers.put(key(number), value(number));
      }
      closing.flush();
      ExecutorService readers = Executors.newFixedThreadPool(2);
      CountDownLatch reading = new CountDownLatch(2);
      Future<?> points = readers.submit(() -> readForever(numbers, reading));
      Future<?> scans = readers.submit(() -> scanForever(numbers, reading));
      assertThat(reading.await(60, TimeUnit.SECONDS)).isTrue();
      closing.close();
      for (Future<?> reader : List.of(points, scans)) {
        assertThatThrownBy(() -> reader.get(30, TimeUnit.SECONDS))
            .hasCauseInstanceOf(ClosedException.class);
      }
      readers.shutdownNow();
    }
  }

  /** The last cursor gives its tables back, and what unmaps them waits for readers; here the closing thread is one. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void close_ofTheLastCursor_insideAReader_doesNotWaitForItself() throws Exception {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    var location = new DatabaseLocation.Directory(Path.of("/data/reader"));
    Database closing = Databases.open(location, DatabaseOptions.defaults(), disk, clock);
    Keyspace numbers = closing.createKeyspace("numbers");
    numbers.put(key(1), value(1));
    closing.flush();
    Cursor cursor = numbers.cursor(KeyRange.all());
    assertThat(cursor.next()).isTrue();
    Boolean read =
        numbers.read(
            key(1),
            (value, expiry, sequence) -> {
              CompletableFuture.runAsync(closing::close).join();
              cursor.close();
              return value.get(0) == value(1)[0];
            });
    assertThat(read).isTrue();
    Awaitility.await().untilAsserted(disk::requireNoLeaks);
  }

  private static void readForever(Keyspace numbers, CountDownLatch reading) {
    for (int number = 0; ; number = (number + 1) % 2_000) {
      assertThat(numbers.get(key(number))).isNotNull();
      reading.countDown();
    }
  }

  private static void scanForever(Keyspace numbers, CountDownLatch reading) {
    while (true) {
      try (Cursor cursor = numbers.cursor(KeyRange.all())) {
        while (cursor.next()) {
          assertThat(cursor.value()).hasSize(100);
        }
      }
      reading.countDown();
    }
  }
}
