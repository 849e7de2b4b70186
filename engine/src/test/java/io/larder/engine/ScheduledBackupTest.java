package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.RecoveryPoint;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.io.SystemClock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups that options ask for, and openings that go back to them. */
final class ScheduledBackupTest {
  private static final byte[] KEY = {1};

  @TempDir Path temporary;

  private DatabaseOptions options(Map<String, String> more) {
    Map<String, String> parameters = new HashMap<>(more);
    parameters.put("memtable.size", "64KB");
    parameters.put("wal.segment", "64KB");
    parameters.put("backup.dir", temporary.resolve("kept").toString());
    return DatabaseOptions.of(parameters);
  }

  private Database open(DatabaseOptions options) {
    return Databases.open(
        new DatabaseLocation.Directory(temporary.resolve("shop")),
        options,
        LocalFileSystem.instance(),
        SystemClock.instance());
  }

  private Backups backups() {
    return Backups.in(temporary.resolve("kept"));
  }

  @Test
  void schedule_makesBackups_andKeepsAsManyAsAsked() {
    DatabaseOptions options = options(Map.of("backup.every", "1s", "backup.keep", "2"));
    String first;
    try (Database database = open(options)) {
      database.createKeyspace("a").put(KEY, KEY);
      Awaitility.await().until(() -> !backups().list().isEmpty());
      first = backups().list().get(0).name();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(backups().list())
                      .hasSize(2)
                      .noneMatch(each -> each.name().equals(first)));
    }
    int made = backups().list().size();
    try (Database again = open(options(Map.of("backup.every", "1h")))) {
      // the newest one is young, so there is none at the opening
      again.keyspace("a").put(KEY, new byte[] {2});
    }
    assertThat(backups().list()).hasSize(made);
  }

  @Test
  void options_thatNeedADirectory_orOneOutside_areRefused() {
    assertThatThrownBy(() -> DatabaseOptions.of(Map.of("backup.every", "1h", "recovery", "backup")))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("backup.every is '1h', but backup.dir names no directory")
        .hasMessageContaining("recovery is 'backup', but backup.dir names no directory");
    assertThatThrownBy(
            () -> Databases.open(LarderUri.parse("larder:mem:x?wal.archive=/a&backup.dir=/b")))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("wal.archive is '/a', but the location larder:mem:x is in memory")
        .hasMessageContaining("backup.dir is '/b'");
    Path inside = temporary.resolve("shop/inside");
    assertThatThrownBy(
            () -> open(options(Map.of()).with(EngineOptions.WAL_ARCHIVE, inside.toString())))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("is inside the database");
    assertThatThrownBy(() -> DatabaseOptions.of(Map.of("backup.dir", "b", "backup.keep", "few")))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("such as 7, or an age such as 30d");
  }

  @Test
  void recoveryFromBackup_takesTheBackupAndTheLog_keepsTheDamaged_andSaysSo() throws IOException {
    DatabaseOptions options =
        options(
            Map.of(
                "recovery", "backup",
                "backup.every", "1h",
                "wal.archive", temporary.resolve("archive").toString()));
    try (Database database = open(options)) {
      assertThat(database.opening().restored()).isNull();
      Keyspace keyspace = database.createKeyspace("a");
      for (int i = 0; i < 50; i++) {
        keyspace.put(new byte[] {(byte) i}, new byte[1_000]);
      }
      Awaitility.await().until(() -> !backups().list().isEmpty());
      for (int i = 50; i < 100; i++) {
        keyspace.put(new byte[] {(byte) i}, new byte[1_000]);
      }
      database.flush();
      keyspace.put(KEY, new byte[] {42});
      database.flush();
    }
    Path manifest;
    try (Stream<Path> files = Files.list(temporary.resolve("shop"))) {
      manifest =
          files.filter(each -> each.toString().endsWith(".manifest")).findFirst().orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(manifest.toFile(), "rw")) {
      file.seek(50);
      file.write(0xFF);
    }
    DatabaseOptions plain = DatabaseOptions.defaults().with(EngineOptions.MEMTABLE_SIZE, "64KB");
    assertThatThrownBy(() -> open(plain)).isInstanceOf(CorruptionException.class);
    try (Database database = open(options)) {
      assertThat(database.opening().damage()).contains(manifest.getFileName().toString());
      assertThat(database.opening().restored()).isNotNull();
      assertThat(database.keyspace("a").get(KEY)).containsExactly(42);
      for (int i = 2; i < 100; i++) {
        assertThat(database.keyspace("a").exists(new byte[] {(byte) i})).isTrue();
      }
    }
    assertThat(RecoveryPoints.of(temporary.resolve("shop")).list())
        .extracting(RecoveryPoint::reason)
        .containsExactly("restore");
  }
}
