package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.KeyRange;
import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.Row;
import io.larder.tables.Store;
import io.larder.tables.Table;
import io.larder.tables.TableDefinition;
import io.larder.tables.ValueKind;
import java.time.Instant;
import java.util.List;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ModifiedExpiryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one door writes the other sees: caches as tables, tables as caches. */
final class TableDoorTest {
  private final TestCaches caches = TestCaches.inMemory();

  @AfterEach
  void close() {
    caches.close();
  }

  /** A value whose fields become columns. */
  record Person(String name, int age) {}

  @Test
  void cacheOfRecords_isATableOfTheirFields() {
    Cache<Long, Person> people =
        caches
            .manager()
            .createCache(
                "people",
                new MutableConfiguration<Long, Person>()
                    .setTypes(Long.class, Person.class)
                    .setExpiryPolicyFactory(ModifiedExpiryPolicy.factoryOf(Duration.ONE_HOUR)));
    people.put(1L, new Person("Ada", 36));
    Table table = people.unwrap(Table.class);

    assertThat(table.definition().columns())
        .extracting(Column::name)
        .containsExactly("k", "name", "age", "expires_at");
    assertThat(table.definition().attribute("ttl")).isEqualTo("1h");
    Object[] stored = onlyRow(table);
    assertThat(stored).startsWith(1L, "Ada", 36);
    assertThat(stored[3]).isInstanceOf(Instant.class);

    Object[] row = {2L, "Grace", 85, null};
    table.keyspace().put(table.rows().encodeKey(row), table.rows().encodeValue(row));
    assertThat(people.get(2L)).isEqualTo(new Person("Grace", 85));
  }

  /** A stale cache once emptied the table that had taken its name. */
  @Test
  void clear_ofCacheDroppedAndMadeAnew_leavesTheNewOneAlone() {
    MutableConfiguration<Long, String> types =
        new MutableConfiguration<Long, String>().setTypes(Long.class, String.class);
    Cache<Long, String> stale = caches.manager().createCache("names", types);
    Store store = caches.manager().unwrap(Store.class);
    store.dropTable("names");
    Table anew = store.createTable(TableDefinition.ofTypes("names", Long.class, String.class));
    Object[] row = {1L, "Ada", null};
    anew.keyspace().put(anew.rows().encodeKey(row), anew.rows().encodeValue(row));

    assertThatThrownBy(stale::clear)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("names");

    assertThat(onlyRow(anew)).startsWith(1L, "Ada");
  }

  @Test
  void tableOfColumns_isACacheOfRows() {
    Store store = caches.manager().unwrap(Store.class);
    Table table =
        store.createTable(
            TableDefinition.of(
                "cities",
                List.of(Column.notNull("id", DataType.BIGINT)),
                ValueKind.ROW,
                List.of(Column.of("name", DataType.VARCHAR), Column.of("size", DataType.INTEGER))));
    Object[] row = {1L, "Berne", 140, null};
    table.keyspace().put(table.rows().encodeKey(row), table.rows().encodeValue(row));

    Cache<Long, Row> cities = caches.manager().getCache("cities", Long.class, Row.class);
    assertThat(cities.get(1L).get("name")).isEqualTo("Berne");
    assertThat(cities.iterator().next().getKey()).isEqualTo(1L);

    table.keyspace().delete(table.rows().encodeKey(row));
    assertThat(cities.containsKey(1L)).isFalse();
    cities.put(2L, Row.of(List.of("name", "size"), "Bergen", 290));
    assertThat(onlyRow(table)).containsExactly(2L, "Bergen", 290, null);
  }

  private static Object[] onlyRow(Table table) {
    try (Cursor cursor = table.keyspace().cursor(KeyRange.all())) {
      assertThat(cursor.next()).isTrue();
      return table.rows().decode(cursor.key(), cursor.value(), cursor.expiresAtMillis());
    }
  }
}
