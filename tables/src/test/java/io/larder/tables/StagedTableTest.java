package io.larder.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.Databases;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.LarderUri;
import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.LossModel;
import io.larder.engine.internal.io.SystemClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that are filled beside the others and then take a name. */
class StagedTableTest {
  private static final List<String> OLD = List.of("1 apple", "2 pear");
  private static final List<String> NEW = List.of("5 plum", "6 fig", "7 lime");

  private final Store store = Store.open(LarderUri.parse("larder:mem:staged"));

  @AfterEach
  void close() {
    store.close();
  }

  private static TableDefinition fruit(String nameColumn) {
    return TableDefinition.of(
        "fruit",
        List.of(Column.notNull("id", DataType.BIGINT)),
        ValueKind.ROW,
        List.of(Column.of(nameColumn, DataType.VARCHAR)));
  }

  private static void fill(Table table, List<String> rows) {
    for (String row : rows) {
      String[] parts = row.split(" ", 2);
      Object[] values = {Long.valueOf(parts[0]), parts[1], null};
      table.keyspace().put(table.rows().encodeKey(values), table.rows().encodeValue(values));
    }
  }

  private static List<String> rows(Table table) {
    List<String> rows = new ArrayList<>();
    try (Cursor cursor = table.keyspace().cursor(KeyRange.all())) {
      while (cursor.next()) {
        Object[] row = table.rows().decode(cursor.key(), cursor.value(), 0);
        rows.add(row[0] + " " + row[1]);
      }
    }
    return rows;
  }

  @Test
  void publish_newName_isThereWhole() {
    try (StagedTable staged = store.stageTable(fruit("name"))) {
      fill(staged.table(), NEW);
      assertThat(store.tableNames()).as("before it is published").isEmpty();

      staged.publish(false);
    }
    assertThat(rows(store.table("fruit"))).containsExactlyElementsOf(NEW);
    assertThat(store.database().keyspaceNames())
        .containsExactly("fruit", "larder:catalog", "larder:dictionary");
  }

  @Test
  void publish_takenName_replacesOnlyIfAsked() {
    fill(store.createTable(fruit("name")), OLD);
    try (StagedTable staged = store.stageTable(fruit("title"))) {
      fill(staged.table(), NEW);
      assertThatThrownBy(() -> staged.publish(false))
          .isInstanceOf(TableExistsException.class)
          .hasMessageContaining("fruit");
      assertThat(rows(store.table("fruit"))).containsExactlyElementsOf(OLD);

      long version = store.schemaVersion();
      staged.publish(true);

      assertThat(store.schemaVersion()).isGreaterThan(version);
    }
    assertThat(rows(store.table("fruit"))).containsExactlyElementsOf(NEW);
    assertThat(store.table("fruit").definition()).isEqualTo(fruit("title"));
  }

  @Test
  void close_unpublished_leavesNothing() {
    fill(store.createTable(fruit("name")), OLD);
    try (StagedTable staged = store.stageTable(fruit("name"))) {
      fill(staged.table(), NEW);
    }
    assertThat(rows(store.table("fruit"))).containsExactlyElementsOf(OLD);
    assertThat(store.database().keyspaceNames())
        .containsExactly("fruit", "larder:catalog", "larder:dictionary");
  }

  @Test
  void stage_nameOfEntriesWithoutTypes_isRefused() {
    store.database().createKeyspace("fruit").put(new byte[] {1}, new byte[] {1});

    assertThatThrownBy(() -> store.stageTable(fruit("name")))
        .isInstanceOf(TableExistsException.class)
        .hasMessageContaining("without types");
  }

  @Test
  void stage_twoAtOnce_doNotMeet() {
    try (StagedTable first = store.stageTable(fruit("name"));
        StagedTable second = store.stageTable(fruit("name"))) {
      fill(first.table(), OLD);
      fill(second.table(), NEW);
      first.publish(false);
      second.publish(true);
    }
    assertThat(rows(store.table("fruit"))).containsExactlyElementsOf(NEW);
  }

  /**
   * The process or the machine dies before every call that changes the disk, from the staging to the close: an opening
   * finds the old table whole or the new one whole, from the moment publish returned the new one, and nothing else.
   */
  @ParameterizedTest
  @ValueSource(strings = {"always", "none"})
  void crash_beforeEveryCall_leavesOldOrNewWhole(String sync) {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    AtomicReference<List<String>> acknowledged = new AtomicReference<>(OLD);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Set<String> seen = new TreeSet<>();
    int[] states = {0};
    DatabaseOptions options = DatabaseOptions.of(Map.of("sync", sync, "wal.segment", "64KB"));

    SharedStore first = open(disk, options);
    fill(first.create(fruit("name")), OLD);
    first.stop();
    first.close();
    SharedStore running = open(disk, options);
    disk.setHook(
        call -> {
          if (call.operation().isChanging() && failure.get() == null) {
            for (LossModel loss : LossModel.values()) {
              states[0]++;
              try {
                String found = survivor(disk.afterCrash(loss, call.index()), options);
                seen.add(found);
                if (acknowledged.get().equals(NEW)) {
                  assertThat(found).isEqualTo(NEW.toString());
                }
              } catch (RuntimeException | AssertionError e) {
                failure.set(new AssertionError(call + ", " + loss + ": " + e.getMessage(), e));
              }
            }
          }
          return Fault.NONE;
        });
    try (StagedTable staged = running.stage(fruit("title"))) {
      fill(staged.table(), NEW);
      staged.publish(true);
      acknowledged.set(NEW);
    }
    running.stop();
    running.close();

    assertThat(failure.get()).isNull();
    assertThat(seen).containsExactlyInAnyOrder(OLD.toString(), NEW.toString());
    assertThat(states[0]).isGreaterThan(100);
  }

  private static SharedStore open(InMemoryFileSystem disk, DatabaseOptions options) {
    return new SharedStore(
        Databases.open(
            new DatabaseLocation.Directory(Path.of("/db")), options, disk, SystemClock.instance()));
  }

  /** Opens twice: what the first opening finishes, the second must find finished. */
  private static String survivor(InMemoryFileSystem crashed, DatabaseOptions options) {
    String found = "";
    for (int opening = 0; opening < 2; opening++) {
      SharedStore store = open(crashed, options);
      try {
        Table table = store.required("fruit");
        List<String> rows = rows(table);
        assertThat(rows).isIn(OLD, NEW);
        assertThat(table.definition()).isEqualTo(fruit(rows.equals(OLD) ? "name" : "title"));
        assertThat(table.keyspace().database().keyspaceNames())
            .containsExactly("fruit", "larder:catalog", "larder:dictionary");
        found = rows.toString();
      } finally {
        store.stop();
        store.close();
      }
    }
    return found;
  }
}
