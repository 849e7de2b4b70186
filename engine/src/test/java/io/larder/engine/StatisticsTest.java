package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.DatabaseStatistics;
import io.larder.engine.api.DiskUsage;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.StatisticsChange;
import io.larder.engine.internal.io.LocalFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an open database tells about itself, and that the docs say what it is. */
final class StatisticsTest {
  private static final DatabaseOptions SMALL =
      DatabaseOptions.defaults()
          .with(EngineOptions.MEMTABLE_SIZE, "256KB")
          .with(EngineOptions.WAL_SEGMENT, "64KB");

  private final ManualClock clock = new ManualClock();
  @TempDir Path temporary;

  private Database open() {
    return Databases.open(
        new DatabaseLocation.Directory(temporary), SMALL, LocalFileSystem.instance(), clock);
  }

  private Database openInMemory() {
    return Databases.open(
        new DatabaseLocation.InMemory("figures"), DatabaseOptions.defaults(), clock);
  }

  private static byte[] key(int number) {
    return new byte[] {(byte) (number >>> 16), (byte) (number >>> 8), (byte) number};
  }

  private static void fill(Database database, String keyspace, int entries) {
    Keyspace filled = database.openKeyspace(keyspace);
    for (int i = 0; i < entries; i++) {
      filled.put(key(i), new byte[100]);
    }
  }

  @Test
  void everyFigure_isDocumented_andEveryDocumentedOneExists() throws IOException {
    Set<String> onDisk;
    Set<String> inMemory;
    try (Database disk = open();
        Database memory = openInMemory()) {
      onDisk = disk.statistics().values().keySet();
      inMemory = memory.statistics().values().keySet();
    }
    Set<String> documentedOnDisk = new TreeSet<>();
    Set<String> documentedInMemory = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("..", "docs", "statistics.md"))) {
      String[] cells = line.split("\\|");
      if (cells.length == 4 && cells[1].strip().startsWith("`")) {
        String name = cells[1].strip().replace("`", "");
        String engine = cells[2].strip();
        assertThat(engine).as(name).isIn("both", "disk", "memory");
        assertThat(cells[3]).as(name).isNotBlank();
        if (!engine.equals("memory")) {
          documentedOnDisk.add(name);
        }
        if (!engine.equals("disk")) {
          documentedInMemory.add(name);
        }
      }
    }
    assertThat(onDisk).containsExactlyInAnyOrderElementsOf(documentedOnDisk);
    assertThat(inMemory).containsExactlyInAnyOrderElementsOf(documentedInMemory);
  }

  @Test
  void groups_showTheFigures() {
    try (Database database = open()) {
      fill(database, "orders", 5_000);
      database.flush();
      DatabaseStatistics statistics = database.statistics();
      assertThat(statistics.commits()).isGreaterThanOrEqualTo(5_000);
      assertThat(statistics.visibleSequence()).isGreaterThanOrEqualTo(5_000);
      assertThat(statistics.writesStopped()).isFalse();
      assertThat(statistics.log().batches()).isGreaterThanOrEqualTo(5_000);
      assertThat(statistics.log().bytes()).isGreaterThan(500_000);
      assertThat(statistics.log().syncMicrosP99())
          .isGreaterThanOrEqualTo(statistics.log().syncMicrosMedian());
      assertThat(statistics.log().segments()).isPositive();
      assertThat(statistics.upkeep().flushes()).isGreaterThan(1);
      assertThat(statistics.tables().bytes()).isGreaterThan(500_000);
      assertThat(statistics.tables().files())
          .isGreaterThanOrEqualTo(statistics.tables().runs())
          .isPositive();
      assertThat(statistics.writeAmplification()).isGreaterThan(1.5);
      assertThat(statistics.memory().waiting()).isZero();
      assertThat(List.copyOf(statistics.values().keySet())).isSorted();
    }
  }

  @Test
  void since_givesDifferencesAndRates() {
    try (Database database = open()) {
      fill(database, "orders", 10);
      DatabaseStatistics before = database.statistics();
      fill(database, "orders", 500);
      clock.advanceMillis(2_000);
      StatisticsChange change = database.statistics().since(before);
      assertThat(change.millis()).isEqualTo(2_000);
      assertThat(change.of("commits")).isEqualTo(500);
      assertThat(change.commitsPerSecond()).isEqualTo(250);
      assertThat(change.batchesPerSync()).isEqualTo(1);
      assertThat(change.writeAmplification()).isEqualTo(1);
      assertThat(change.stalledShare()).isZero();
      assertThat(change.of("no.such.figure")).isZero();
      assertThatThrownBy(() -> before.since(change.later()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected two statistics of one open database");
    }
  }

  @Test
  void diskUsage_countsFilesByKind_andKeyspacesInTables() throws IOException {
    try (Database database = open()) {
      fill(database, "orders", 2_000);
      fill(database, "people", 1_000);
      database.flush();
      Files.writeString(temporary.resolve("notes.txt"), "not ours");
      // merged tables stay on the disk until nobody reads them
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(database.diskUsage().bytes(DiskUsage.Kind.TABLE))
                      .isEqualTo(database.statistics().tables().bytes()));
      DiskUsage usage = database.diskUsage();
      assertThat(usage.bytes(DiskUsage.Kind.LOG)).isPositive();
      assertThat(usage.bytes(DiskUsage.Kind.MANIFEST)).isPositive();
      assertThat(usage.kinds().get(DiskUsage.Kind.FOREIGN)).isEqualTo(new DiskUsage.Files(1, 8));
      assertThat(usage.totalBytes())
          .isEqualTo(usage.kinds().values().stream().mapToLong(DiskUsage.Files::bytes).sum() - 8);
      assertThat(usage.keyspaces())
          .extracting(DiskUsage.KeyspaceBytes::name, DiskUsage.KeyspaceBytes::entries)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("orders", 2_000L),
              org.assertj.core.groups.Tuple.tuple("people", 1_000L));
      assertThat(usage.abandonedBytes()).isZero();
    }
  }

  @Test
  void diskUsage_ofAnInMemoryDatabase_isNothing() {
    try (Database database = openInMemory()) {
      fill(database, "orders", 10);
      assertThat(database.diskUsage().totalBytes()).isZero();
      assertThat(database.diskUsage().keyspaces()).hasSize(1);
    }
  }
}
