package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.BackupException;
import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseLockedException;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.NotADatabaseException;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.RepairReport;
import io.larder.engine.api.VerifyReport;
import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.io.AtomicFile;
import io.larder.engine.internal.io.FaultHook;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import io.larder.engine.internal.io.LossModel;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Databases that are sound are found to be, damage is found wherever it is, and all that is whole is saved. */
final class IntegrityTest {
  private static final Path SHOP = Path.of("/disk/shop");
  private static final DatabaseOptions OPTIONS =
      DatabaseOptions.defaults()
          .with(EngineOptions.MEMTABLE_SIZE, "256KB")
          .with(EngineOptions.WAL_SEGMENT, "64KB");

  private final ManualClock clock = new ManualClock();
  private final InMemoryFileSystem fileSystem = new InMemoryFileSystem();
  private final Map<String, Map<String, String>> model = new TreeMap<>();

  @BeforeEach
  void makeDatabase() throws IOException {
    fileSystem.createDirectories(SHOP.getParent());
    try (Database database = open(fileSystem, SHOP)) {
      fill(database, "orders", 0, 2_000);
      fill(database, "people", 0, 200);
      database.compact();
      fill(database, "orders", 1_000, 1_100);
      database.keyspace("orders").delete(key(5));
      model.get("orders").remove("key000005");
    }
  }

  private Database open(InMemoryFileSystem files, Path directory) {
    return Databases.open(new DatabaseLocation.Directory(directory), OPTIONS, files, clock);
  }

  private static byte[] key(int number) {
    return String.format(Locale.ROOT, "key%06d", number).getBytes(StandardCharsets.US_ASCII);
  }

  private void fill(Database database, String name, int from, int to) {
    Keyspace keyspace = database.openKeyspace(name);
    Map<String, String> entries = model.computeIfAbsent(name, each -> new TreeMap<>());
    for (int i = from; i < to; i++) {
      String value = name + i + "-" + to + "x".repeat(40);
      keyspace.put(key(i), value.getBytes(StandardCharsets.US_ASCII));
      entries.put(new String(key(i), StandardCharsets.US_ASCII), value);
    }
  }

  private VerifyReport verify(InMemoryFileSystem files, boolean full) {
    return Integrity.of(SHOP, files, clock).verify(full, ProgressListener.none());
  }

  private RepairReport repair(InMemoryFileSystem files, Path target) {
    return Integrity.of(SHOP, files, clock).repair(target, ProgressListener.none());
  }

  private static Path file(InMemoryFileSystem files, String suffix) throws IOException {
    return SHOP.resolve(
        files.list(SHOP).stream().filter(each -> each.endsWith(suffix)).findFirst().orElseThrow());
  }

  @Test
  void soundDatabase_isFoundSound_closedAndOpen() {
    for (boolean full : List.of(true, false)) {
      VerifyReport report = verify(fileSystem, full);
      assertThat(report.findings()).isEmpty();
      assertThat(report.isSound()).isTrue();
      assertThat(report.tables()).isPositive();
      assertThat(report.logSegments()).isPositive();
      assertThat(report.tornTail()).isEmpty();
    }
    assertThat(verify(fileSystem, true).logBatches()).isPositive();
    try (Database database = open(fileSystem, SHOP)) {
      assertThat(database.verify(true, ProgressListener.none()).findings()).isEmpty();
      assertThat(database.verify(false, ProgressListener.none()).isSound()).isTrue();
      database.keyspace("orders").put(key(1), key(1));
      assertThat(database.verify(true, ProgressListener.none()).lastSequence())
          .isEqualTo(database.statistics().visibleSequence());
      assertThatThrownBy(() -> verify(fileSystem, true))
          .isInstanceOf(DatabaseLockedException.class);
      assertThatThrownBy(() -> repair(fileSystem, Path.of("/disk/new")))
          .isInstanceOf(DatabaseLockedException.class);
    }
    assertThatThrownBy(
            () ->
                Integrity.of(Path.of("/disk/none"), fileSystem, clock)
                    .verify(true, ProgressListener.none()))
        .isInstanceOf(NotADatabaseException.class);
    fileSystem.requireNoLeaks();
  }

  @Test
  void everyDamage_isFoundByAFullVerification_orHarmless() throws IOException {
    int found = 0;
    int harmless = 0;
    for (String name : fileSystem.list(SHOP)) {
      if (name.equals("LOCK") || name.endsWith(".spare")) {
        continue;
      }
      long bits = fileSystem.sizeBytes(SHOP.resolve(name)) * 8;
      for (long bit = 3; bit < bits; bit += Math.max(1, bits / 61)) {
        InMemoryFileSystem damaged = fileSystem.afterCrash(LossModel.EVERYTHING, 0);
        damaged.flipBit(SHOP.resolve(name), bit);
        if (verify(damaged, true).isSound()) {
          harmless++;
          try (Database database = open(damaged, SHOP)) {
            assertThat(DatabaseContent.of(database)).as("%s, bit %d", name, bit).isEqualTo(model);
          }
        } else {
          found++;
        }
      }
    }
    assertThat(found).isGreaterThan(60);
    assertThat(harmless).isGreaterThan(10); // the unused ends of log segments
  }

  @Test
  void repair_ofASoundDatabase_losesNothing() {
    Path target = Path.of("/disk/new");
    RepairReport report = repair(fileSystem, target);
    assertThat(report.isComplete()).isTrue();
    assertThat(report.findings()).isEmpty();
    assertThat(report.entries()).isEqualTo(2_199);
    assertThat(report.keyspaces()).isEqualTo(2);
    assertThat(report.doubtful()).isZero();
    try (Database database = open(fileSystem, target)) {
      assertThat(DatabaseContent.of(database)).isEqualTo(model);
    }
    assertThatThrownBy(() -> repair(fileSystem, target))
        .isInstanceOf(BackupException.class)
        .hasMessageContaining("expected an empty or missing directory");
    fileSystem.requireNoLeaks();
  }

  @Test
  void repair_ofADamagedBlock_savesTheRest_andNamesTheRange() throws IOException {
    Path table = file(fileSystem, ".table");
    fileSystem.flipBit(table, (4096 * 3 + 100) * 8L);
    assertThat(verify(fileSystem, true).findings())
        .singleElement()
        .satisfies(each -> assertThat(each.toString()).contains(table.toString()));
    Path target = Path.of("/disk/new");
    RepairReport report = repair(fileSystem, target);
    assertThat(report.losses()).hasSize(1);
    RepairReport.Loss loss = report.losses().get(0);
    assertThat(loss.keyspace()).isEqualTo("orders");
    assertThat(loss.file()).isEqualTo(table);
    assertThat(loss.after()).isNotNull();
    assertThat(loss.before()).isNotNull();
    String after = new String(loss.after(), StandardCharsets.US_ASCII);
    String before = new String(loss.before(), StandardCharsets.US_ASCII);
    Map<String, String> expected = new TreeMap<>(model.get("orders"));
    ((TreeMap<String, String>) expected).subMap(after, false, before, false).clear();
    assertThat(expected.size()).isBetween(1_800, 1_998);
    try (Database database = open(fileSystem, target)) {
      Map<String, Map<String, String>> saved = DatabaseContent.of(database);
      assertThat(saved.get("people")).isEqualTo(model.get("people"));
      assertThat(saved.get("orders")).containsAllEntriesOf(expected);
      assertThat(model.get("orders")).containsAllEntriesOf(saved.get("orders"));
    }
    assertThat(report.entries()).isGreaterThan(1_900);
    assertThatThrownBy(
            () -> {
              try (Database database = open(fileSystem, SHOP)) {
                DatabaseContent.of(database);
              }
            })
        .hasMessageContaining(table.toString());
  }

  @Test
  void repair_withoutManifest_savesEntries_underNumbersWhereNamesAreLost() throws IOException {
    fileSystem.flipBit(file(fileSystem, ".manifest"), 45 * 8L);
    VerifyReport broken = verify(fileSystem, false);
    assertThat(broken.isSound()).isFalse();
    Path target = Path.of("/disk/new");
    RepairReport report = repair(fileSystem, target);
    assertThat(report.findings()).isNotEmpty();
    try (Database database = open(fileSystem, target)) {
      Map<String, Map<String, String>> saved = DatabaseContent.of(database);
      assertThat(saved.values()).contains(model.get("people"));
      assertThat(saved.values()).anySatisfy(each -> assertThat(each).hasSizeGreaterThan(1_990));
    }
    fileSystem.requireNoLeaks();
  }

  /** After a fault nothing was said about the files but that a backup was refused, though they could be read. */
  @Test
  void verify_afterWritesStopped_looksAtWhatIsDurable() throws IOException {
    Database database = open(fileSystem, SHOP);
    Keyspace orders = database.keyspace("orders");
    orders.put(key(1), key(1));
    long durable = database.statistics().visibleSequence();
    fileSystem.setHook(
        call ->
            call.operation() == IoCall.Operation.SYNC
                ? FaultHook.Fault.IO_ERROR
                : FaultHook.Fault.NONE);
    assertThatThrownBy(() -> orders.put(key(2), key(2))).isInstanceOf(WritesStoppedException.class);

    for (boolean full : List.of(true, false)) {
      VerifyReport report = database.verify(full, ProgressListener.none());
      assertThat(report.findings()).isEmpty();
      assertThat(report.tables()).isPositive();
      assertThat(report.lastSequence()).isLessThanOrEqualTo(durable);
    }
    assertThat(database.verify(true, ProgressListener.none()).lastSequence()).isEqualTo(durable);

    fileSystem.flipBit(file(fileSystem, ".table"), (4096 * 3 + 100) * 8L);
    assertThat(database.verify(true, ProgressListener.none()).findings()).hasSize(1);
    fileSystem.setHook(call -> FaultHook.Fault.NONE);
    database.close();
  }

  @Test
  void verifyBeside_ofAnOpenDatabase_seesDamageAndNothingElse() throws Exception {
    try (Database database = open(fileSystem, SHOP)) {
      Integrity beside = Integrity.of(SHOP, fileSystem, clock);
      Thread writer =
          new Thread(
              () -> {
                for (int i = 0; i < 6_000; i++) {
                  database.keyspace("orders").put(key(i % 2_000), new byte[100 + i % 50]);
                }
                database.compact();
              });
      writer.start();
      do {
        assertThat(beside.verifyBeside(true, ProgressListener.none()).findings()).isEmpty();
      } while (writer.isAlive());
      writer.join();
      VerifyReport report = beside.verifyBeside(true, ProgressListener.none());
      assertThat(report.lastSequence()).isEqualTo(database.statistics().visibleSequence());

      fileSystem.flipBit(file(fileSystem, ".table"), (4096 * 3 + 100) * 8L);
      assertThat(beside.verifyBeside(true, ProgressListener.none()).findings()).hasSize(1);
      assertThat(beside.verifyBeside(false, ProgressListener.none()).findings()).isEmpty();
      fileSystem.flipBit(file(fileSystem, ".manifest"), 50 * 8L);
      assertThat(beside.verifyBeside(false, ProgressListener.none()).findings()).hasSize(1);
      assertThat(database.verify(false, ProgressListener.none()).findings())
          .as("the open database looks at its manifest, too")
          .hasSize(1);
    }
  }

  @Test
  void repairInPlace_keepsTheDamagedOneAsRecoveryPoint() throws IOException {
    fileSystem.flipBit(file(fileSystem, ".table"), (4096 * 3 + 100) * 8L);
    Integrity integrity = Integrity.of(SHOP, fileSystem, clock);
    try (Database database = open(fileSystem, SHOP)) {
      assertThat(database.keyspaceNames()).isNotEmpty();
      assertThatThrownBy(() -> integrity.repairInPlace(ProgressListener.none()))
          .isInstanceOf(DatabaseLockedException.class);
    }

    RepairReport report = integrity.repairInPlace(ProgressListener.none());

    assertThat(report.losses()).hasSize(1);
    assertThat(report.target()).isEqualTo(SHOP);
    assertThat(verify(fileSystem, true).isSound()).isTrue();
    RecoveryPoints points = RecoveryPoints.of(SHOP, fileSystem, clock);
    assertThat(points.list()).singleElement().extracting(each -> each.reason()).isEqualTo("repair");
    assertThat(points.list().get(0).path()).isEqualTo(report.recoveryPoint());
    points.goBackTo(points.list().get(0).name());
    assertThat(verify(fileSystem, true).isSound()).as("the damaged one is back").isFalse();
    fileSystem.requireNoLeaks();
  }

  @Test
  void repair_ofForeignFiles_touchesNothing() throws IOException {
    Path notes = Path.of("/disk/notes");
    fileSystem.createDirectories(notes);
    Integrity integrity = Integrity.of(notes, fileSystem, clock);
    assertThatThrownBy(() -> integrity.repairInPlace(ProgressListener.none()))
        .isInstanceOf(NotADatabaseException.class);
    assertThat(fileSystem.list(notes)).isEmpty();
  }

  /** Older together, the two said nothing against each other: a keyspace was gone after an orderly close. */
  @Test
  void manifestAndCurrent_bothReplacedByOlderOnes_areNoticed() throws IOException {
    Path manifest = file(fileSystem, ".manifest");
    Path current = SHOP.resolve("CURRENT");
    byte[] oldManifest = AtomicFile.read(fileSystem, manifest, 1 << 20);
    byte[] oldCurrent = AtomicFile.read(fileSystem, current, 1 << 20);
    try (Database database = open(fileSystem, SHOP)) {
      database.createKeyspace("empty");
    }
    for (Path each : List.of(manifest, current)) {
      fileSystem.delete(each);
      try (StorageFile file = fileSystem.open(each, FileSystem.OpenMode.CREATE_NEW)) {
        file.write(0, ByteBuffer.wrap(each.equals(current) ? oldCurrent : oldManifest));
      }
    }
    assertThat(verify(fileSystem, true).findings())
        .singleElement()
        .satisfies(each -> assertThat(each.problem()).contains("found an older manifest"));
    assertThatThrownBy(() -> open(fileSystem, SHOP))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(manifest.toString())
        .hasMessageContaining("found an older manifest");
  }
}
