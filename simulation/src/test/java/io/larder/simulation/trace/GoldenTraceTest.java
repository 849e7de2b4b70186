package io.larder.simulation.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.Backups;
import io.larder.engine.Databases;
import io.larder.engine.Integrity;
import io.larder.engine.RecoveryPoints;
import io.larder.engine.api.BackupOptions;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.RestoreOptions;
import io.larder.engine.api.RestorePoint;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.LossModel;
import io.larder.engine.internal.io.SystemClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The order of calls on the disk is what the guarantees rest on: a sync too few shows in no test of results, only after a
 * power loss on a disk worse than the simulated one. So the order is written down in the resources beside this class and compared
 * exactly; whoever changes it on purpose reads the difference, and writes it anew by {@code mvn -Pfast -pl simulation -am
 * test -Dtest=GoldenTraceTest -Dsurefire.failIfNoSpecifiedTests=false -Dlarder.traces.write=true}.
 */
@Timeout(60)
class GoldenTraceTest {
  private static final Path DIRECTORY = Path.of("/disk/database");
  private static final Path BACKUPS = Path.of("/disk/backups");
  private static final Path RESOURCES = Path.of("src/test/resources/io/larder/simulation/trace");
  private static final DatabaseOptions OPTIONS =
      DatabaseOptions.defaults().with(EngineOptions.WAL_SEGMENT, "64KB");

  private final StringBuilder text = new StringBuilder();
  private InMemoryFileSystem disk = new InMemoryFileSystem();
  private final Recorder recorder = new Recorder();

  /** Something done to a database. */
  @FunctionalInterface
  private interface Step {
    void run();
  }

  private Database open() {
    return Databases.open(
        new DatabaseLocation.Directory(DIRECTORY), OPTIONS, disk, SystemClock.instance());
  }

  private void trace(String what, Step step) {
    recorder.begin(what.equals("flush") || what.equals("compaction"));
    step.run();
    text.append("== ").append(what).append('\n');
    recorder.take().forEach(line -> text.append(line).append('\n'));
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  private static void put(Database database, String key, SyncMode sync) {
    Keyspace keyspace = database.keyspace("some");
    database.write(new WriteBatch().put(keyspace, bytes(key), bytes("value of " + key)), sync);
  }

  @Test
  void callsOnTheDisk_comeInTheOrderWrittenDown() throws IOException {
    disk.createDirectories(DIRECTORY.getParent());
    disk.setHook(recorder);
    Database[] database = new Database[1];
    trace("create", () -> database[0] = open());
    trace("create a keyspace", () -> database[0].createKeyspace("some"));
    trace("first commit, sync=always", () -> put(database[0], "a", SyncMode.ALWAYS));
    trace("second commit, sync=always", () -> put(database[0], "b", SyncMode.ALWAYS));
    trace("commit, sync=none", () -> put(database[0], "c", SyncMode.NONE));
    trace("sync", () -> database[0].sync());
    trace("flush", () -> database[0].flush());
    put(database[0], "d", SyncMode.ALWAYS);
    database[0].flush();
    trace("compaction", () -> database[0].compact());
    trace("clear a keyspace", () -> database[0].clearKeyspace("some"));
    trace("rename a keyspace", () -> database[0].renameKeyspace("some", "other"));
    trace("drop a keyspace", () -> database[0].dropKeyspace("other"));
    database[0].createKeyspace("some");
    put(database[0], "e", SyncMode.ALWAYS);
    trace("close", () -> database[0].close());
    trace("open after an orderly close", () -> database[0] = open());
    put(database[0], "f", SyncMode.ALWAYS);
    put(database[0], "g", SyncMode.NONE);
    InMemoryFileSystem live = disk;
    disk = live.afterCrash(LossModel.EVERYTHING, 0);
    live.powerOff();
    disk.setHook(recorder);
    trace("recovery after a power loss", () -> database[0] = open());
    trace("first commit after it", () -> put(database[0], "h", SyncMode.ALWAYS));
    trace("close again", () -> database[0].close());
    compare("traces.txt");
  }

  @Test
  void backupsAndWhatReplacesADatabase_comeInTheOrderWrittenDown() throws IOException {
    disk.createDirectories(DIRECTORY.getParent());
    disk.setHook(recorder);
    try (Database database = open()) {
      database.createKeyspace("some");
      put(database, "a", SyncMode.ALWAYS);
      database.flush();
      put(database, "b", SyncMode.ALWAYS);
      BackupOptions full = BackupOptions.full();
      trace("backup", () -> backUp(database, full.withName("monday")));
      trace(
          "incremental backup",
          () -> backUp(database, full.withIncremental(true).withName("tuesday")));
      trace("linked backup", () -> backUp(database, full.withLinking(true).withName("wednesday")));
      trace("archive file", () -> backUp(database, full.withSingleFile(true).withName("thursday")));
      trace(
          "incremental archive file",
          () ->
              backUp(database, full.withSingleFile(true).withIncremental(true).withName("friday")));
    }
    Backups backups = Backups.in(BACKUPS, disk, SystemClock.instance());
    RestoreOptions restore = RestoreOptions.to(Path.of("/disk/copy")).withBackup("tuesday");
    ProgressListener none = ProgressListener.none();
    trace("restore", () -> backups.restore(restore, none));
    trace(
        "restore of an archive file in the place of the database, and on with its log",
        () ->
            backups.restore(
                new RestoreOptions(
                    DIRECTORY, "friday", RestorePoint.latest(), null, DIRECTORY, true),
                none));
    RecoveryPoints points = RecoveryPoints.of(DIRECTORY, disk, SystemClock.instance());
    trace("recovery point", () -> points.create("manual"));
    trace("back to a recovery point", () -> points.goBackTo(points.list().get(0).name()));
    trace("deletion of a recovery point", () -> points.prune(1));
    trace(
        "repair in place",
        () -> Integrity.of(DIRECTORY, disk, SystemClock.instance()).repairInPlace(none));
    trace("deletion of backups", () -> backups.prune(backups.list().get(0).databaseId(), 1, null));
    compare("backup-traces.txt");
  }

  private static void backUp(Database database, BackupOptions options) {
    database.backup(BACKUPS, options, ProgressListener.none());
  }

  private void compare(String name) throws IOException {
    if (Boolean.getBoolean("larder.traces.write")) {
      Files.createDirectories(RESOURCES);
      Files.writeString(RESOURCES.resolve(name), text);
    }
    try (InputStream in = GoldenTraceTest.class.getResourceAsStream(name)) {
      String written =
          Boolean.getBoolean("larder.traces.write")
              ? Files.readString(RESOURCES.resolve(name))
              : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text.toString()).isEqualTo(written);
    }
  }
}
