package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.BackupOptions;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.FormatVersionException;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.RestoreOptions;
import io.larder.engine.api.RestorePoint;
import io.larder.engine.api.VerifyReport;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.io.SystemClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the first format version wrote stays readable: a closed database, one that a kill ended, three backups, and an
 * archived log, kept in {@code first-format.zip}. This class made them, with {@code -Dlarder.fixture.write=true}. Until the
 * first release they are made anew when a format changes; from then on never again.
 */
class FirstFormatTest {
  private static final Path FILE = Path.of("src/test/resources/io/larder/engine/first-format.zip");
  private static final int ENTRIES = 300;
  private static final DatabaseOptions SMALL =
      DatabaseOptions.defaults().with(EngineOptions.WAL_SEGMENT, "64KB");

  @TempDir Path directory;

  /** Makes the files if that is asked for. */
  @BeforeAll
  static void write(@TempDir Path made) throws IOException {
    if (Boolean.getBoolean("larder.fixture.write")) {
      make(made);
      pack(made);
    }
  }

  @BeforeEach
  void unpack() throws IOException {
    try (InputStream in = Files.newInputStream(FILE);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = directory.resolve(entry.getName()).normalize();
        assertThat(file).startsWithRaw(directory);
        Files.createDirectories(file.getParent());
        Files.write(file, zip.readAllBytes());
      }
    }
  }

  private static Database open(Path place) {
    return open(place, SMALL);
  }

  private static Database open(Path place, DatabaseOptions options) {
    return Databases.open(
        new DatabaseLocation.Directory(place),
        options,
        LocalFileSystem.instance(),
        SystemClock.instance());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] key(int number) {
    return bytes(String.format(Locale.ROOT, "key%05d", number));
  }

  private static void put(Database database, String name, int from, int to, String value) {
    Keyspace keyspace = database.openKeyspace(name);
    WriteBatch batch = new WriteBatch();
    for (int i = from; i < to; i++) {
      batch.put(keyspace, key(i), bytes(value + " " + i), i % 10 == 0 ? 32_503_680_000_000L : 0);
    }
    database.write(batch);
  }

  /** Tables, tombstones, entries with an expiry, a renamed and a dropped keyspace, and a log behind the tables. */
  private static void make(Path made) throws IOException {
    Path backups = made.resolve("backups");
    BackupOptions full = BackupOptions.full();
    try (Database database =
        open(
            made.resolve("closed"),
            SMALL.with(EngineOptions.WAL_ARCHIVE, made.resolve("archive").toString()))) {
      put(database, "orders", 0, ENTRIES, "first");
      database.flush();
      put(database, "orders", 0, ENTRIES / 2, "second");
      database.keyspace("orders").delete(key(7));
      database.flush();
      put(database, "gone", 0, 20, "dropped");
      put(database, "people", 0, 20, "person");
      database.renameKeyspace("people", "persons");
      database.dropKeyspace("gone");
      backUp(database, backups, full.withName("directory"));
      backUp(database, backups, full.withSingleFile(true).withName("archive"));
      put(database, "orders", ENTRIES, ENTRIES + 10, "third");
      backUp(
          database,
          backups,
          full.withSingleFile(true).withIncremental(true).withName("incremental"));
      database.archiveLog();
      put(database, "orders", ENTRIES + 10, ENTRIES + 20, "third");
      copy(made.resolve("closed"), made.resolve("killed"));
    }
  }

  private static void backUp(Database database, Path backups, BackupOptions options) {
    database.backup(backups, options, ProgressListener.none());
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static void pack(Path made) throws IOException {
    Files.createDirectories(FILE.getParent());
    try (Stream<Path> all = Files.walk(made);
        OutputStream out = Files.newOutputStream(FILE);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Path file :
          all.sorted(Comparator.naturalOrder()).filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (name.equals("LOCK") || name.endsWith(".spare") || name.endsWith(".owner")) {
          continue;
        }
        zip.putNextEntry(new ZipEntry(made.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, zip);
        zip.closeEntry();
      }
    }
  }

  private static Map<String, String> orders(int to) {
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < to; i++) {
      String value = i < ENTRIES / 2 ? "second " : i < ENTRIES ? "first " : "third ";
      expected.put(new String(key(i), StandardCharsets.UTF_8), value + i);
    }
    expected.remove("key00007");
    return expected;
  }

  private static Map<String, String> content(Database database, String name) {
    Map<String, String> content = new TreeMap<>();
    try (Cursor cursor = database.keyspace(name).cursor(KeyRange.all())) {
      while (cursor.next()) {
        content.put(
            new String(cursor.key(), StandardCharsets.UTF_8),
            new String(cursor.value(), StandardCharsets.UTF_8));
      }
    }
    return content;
  }

  private static void requireContent(Path place, int ordersTo) {
    try (Database database = open(place)) {
      assertThat(database.keyspaceNames()).containsExactly("orders", "persons");
      assertThat(content(database, "orders")).isEqualTo(orders(ordersTo));
      assertThat(content(database, "persons")).hasSize(20).containsEntry("key00003", "person 3");
      database.keyspace("orders").put(key(7), bytes("again"));
      database.compact();
      assertThat(database.keyspace("orders").get(key(7))).isEqualTo(bytes("again"));
    }
    VerifyReport after = Integrity.of(place).verify(true, ProgressListener.none());
    assertThat(after.findings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"closed", "killed"})
  void database_ofTheFirstFormat_isSoundAndOpens(String name) {
    Path place = directory.resolve(name);
    VerifyReport report = Integrity.of(place).verify(true, ProgressListener.none());
    assertThat(report.findings()).isEmpty();
    assertThat(report.tables()).isPositive();
    assertThat(report.logBatches()).isPositive();

    requireContent(place, ENTRIES + 20);
  }

  @Test
  void backups_ofTheFirstFormat_areGoodAndRestore_andOnWithTheLog() {
    Backups backups = Backups.in(directory.resolve("backups"));
    List<String> names = backups.list().stream().map(BackupInfo::name).toList();
    assertThat(names).containsExactly("directory", "archive", "incremental");
    for (String name : names) {
      backups.verify(name, ProgressListener.none());
      Path target = directory.resolve("restored-" + name);
      RestoreOptions options = RestoreOptions.to(target).withBackup(name);
      backups.restore(options, ProgressListener.none());
      requireContent(target, name.equals("incremental") ? ENTRIES + 10 : ENTRIES);
    }
    Path latest = directory.resolve("latest");
    backups.restore(
        new RestoreOptions(
            latest,
            "directory",
            RestorePoint.latest(),
            directory.resolve("archive"),
            directory.resolve("closed"),
            false),
        ProgressListener.none());
    requireContent(latest, ENTRIES + 20);
  }

  /** Every kind of file, from a future and from before the first version. */
  @ParameterizedTest
  @CsvSource({
    "closed, CURRENT",
    "closed, .manifest",
    "closed, .table",
    "closed, .wal",
    "backups/directory, INVENTORY",
    "backups, archive.backup",
    "backups, incremental.backup",
    "archive, .seal"
  })
  void fileOfAnotherFormat_isRefusedByName_withTheVersionsThereAre(String where, String suffix)
      throws IOException {
    Path file = file(directory.resolve(where), suffix);
    for (int version : new int[] {999, 0}) {
      setVersion(file, version);
      assertThatThrownBy(() -> use(where, suffix))
          .satisfiesAnyOf(
              e -> assertThat(e).isInstanceOf(FormatVersionException.class),
              e -> assertThat(e).hasCauseInstanceOf(FormatVersionException.class))
          .hasMessageContaining(String.valueOf(file.getFileName()))
          .hasMessageContaining("found format version " + version)
          .hasMessageContaining(version == 0 ? "an older version" : "a newer version");
    }
  }

  private void use(String where, String suffix) {
    if (where.equals("closed")) {
      open(directory.resolve(where)).close();
      return;
    }
    String name = where.equals("backups") ? suffix.replace(".backup", "") : "directory";
    RestoreOptions options = RestoreOptions.to(directory.resolve("new")).withBackup(name);
    Backups.in(directory.resolve("backups"))
        .restore(
            where.equals("archive")
                ? options
                    .withPoint(RestorePoint.latest())
                    .withLogArchive(directory.resolve("archive"))
                : options,
            ProgressListener.none());
  }

  private static Path file(Path place, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files
          .filter(each -> each.getFileName().toString().endsWith(suffix))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  /** Changes the version in a file's header, and the header's checksum with it. */
  private static void setVersion(Path file, int version) throws IOException {
    byte[] content = Files.readAllBytes(file);
    ByteBuffer bytes = ByteBuffer.wrap(content);
    bytes.putShort(10, (short) version);
    CRC32C checksum = new CRC32C();
    checksum.update(content, 0, 28);
    bytes.putInt(28, (int) checksum.getValue());
    Files.write(file, content);
  }
}
