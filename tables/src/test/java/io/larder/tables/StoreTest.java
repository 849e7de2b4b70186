package io.larder.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.Entry;
import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.NoSuchKeyspaceException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class StoreTest {
  record Session(String user, int cart) {}

  record OrderId(String customer, long number) {}

  private static final TableDefinition PEOPLE =
      TableDefinition.of(
          "people",
          List.of(Column.notNull("id", DataType.BIGINT)),
          ValueKind.ROW,
          List.of(Column.of("name", DataType.VARCHAR), Column.of("age", DataType.INTEGER)));

  private LarderUri uri;
  private Store store;

  @BeforeEach
  void openStore(TestInfo test) {
    uri =
        LarderUri.parse(
            "larder:mem:" + getClass().getName() + test.getDisplayName().replaceAll("\\W", ""));
    store = Store.open(uri);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void createTable_twice_isAnErrorThatNamesIt() {
    Table people = store.createTable(PEOPLE);
    assertThat(people.definition()).isEqualTo(PEOPLE);
    assertThatThrownBy(() -> store.createTable(PEOPLE))
        .isInstanceOf(TableExistsException.class)
        .hasMessageContaining("'people'");
    assertThat(store.tableNames()).containsExactly("people");
  }

  @Test
  void createTable_nameThatCannotBe_saysWhy() {
    for (String name : List.of("larder:mine", "a\nb", "é".repeat(128))) {
      TableDefinition definition = TableDefinition.ofTypes(name, Long.class, String.class);
      assertThatThrownBy(() -> store.createTable(definition)).isInstanceOf(LarderException.class);
    }
    assertThat(store.tableNames()).isEmpty();
  }

  @Test
  void createTable_overUntypedEntries_isAnError() {
    store.database().createKeyspace("raw").put(new byte[] {1}, new byte[] {2});
    store.database().createKeyspace("empty");
    assertThatThrownBy(
            () -> store.createTable(TableDefinition.ofTypes("raw", Long.class, String.class)))
        .isInstanceOf(TableExistsException.class)
        .hasMessageContaining("without types");
    store.createTable(TableDefinition.ofTypes("empty", Long.class, String.class));
    assertThat(store.tableNames()).containsExactly("empty");
  }

  @Test
  void findTable_ignoringCase_prefersExactAndRefusesAmbiguous() {
    store.createTable(TableDefinition.ofTypes("Users", Long.class, String.class));
    assertThat(store.findTableIgnoringCase("USERS"))
        .get()
        .extracting(Table::name)
        .isEqualTo("Users");
    assertThat(store.findTable("USERS")).isEmpty();
    store.createTable(TableDefinition.ofTypes("users", Long.class, String.class));
    assertThat(store.findTableIgnoringCase("users"))
        .get()
        .extracting(Table::name)
        .isEqualTo("users");
    assertThatThrownBy(() -> store.findTableIgnoringCase("USERS"))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("[Users, users]");
  }

  @Test
  void dropTable_thenCreateAgain_isEmpty() {
    Table first = store.createTable(PEOPLE);
    Object[] row = {1L, "Ann", 30, null};
    first.keyspace().put(first.rows().encodeKey(row), first.rows().encodeValue(row));
    store.dropTable("people");
    assertThat(store.findTable("people")).isEmpty();
    assertThatThrownBy(() -> first.keyspace().get(new byte[] {1}))
        .isInstanceOf(NoSuchKeyspaceException.class);
    assertThatThrownBy(() -> store.dropTable("people"))
        .isInstanceOf(NoSuchTableException.class)
        .hasMessageContaining("'people'");
    Table second = store.createTable(PEOPLE);
    assertThat(second.keyspace().get(second.rows().encodeKey(row))).isNull();
  }

  @Test
  void truncateTable_withRows_leavesTheDefinition() {
    Table people = store.createTable(PEOPLE);
    Object[] row = {1L, "Ann", 30, null};
    people.keyspace().put(people.rows().encodeKey(row), people.rows().encodeValue(row));
    store.truncateTable("people");
    assertThat(people.keyspace().get(people.rows().encodeKey(row))).isNull();
    people.keyspace().put(people.rows().encodeKey(row), people.rows().encodeValue(row));
    assertThat(people.keyspace().get(people.rows().encodeKey(row))).isNotNull();
  }

  @Test
  void schemaVersion_everyChange_grows() {
    long before = store.schemaVersion();
    store.createTable(PEOPLE);
    long created = store.schemaVersion();
    store.replaceDefinition(PEOPLE.withAttribute("ttl", "30m"));
    long replaced = store.schemaVersion();
    store.dropTable("people");
    assertThat(List.of(before, created, replaced, store.schemaVersion()))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void replaceDefinition_addedColumn_readsAsNullInOldRows() {
    Table old = store.createTable(PEOPLE);
    Object[] row = {1L, "Ann", 30, null};
    byte[] key = old.rows().encodeKey(row);
    byte[] value = old.rows().encodeValue(row);
    Table wider =
        store.replaceDefinition(PEOPLE.withValueColumn(Column.of("email", DataType.VARCHAR)));
    assertThat(store.table("people")).isSameAs(wider);
    assertThat(wider.rows().decode(key, value, 0)).containsExactly(1L, "Ann", 30, null, null);
    Object[] target = {"stale", "stale"};
    wider.rows().decode(key, value, 0, new int[] {3, 1}, target);
    assertThat(target).containsExactly(null, "Ann");
    Object[] widerRow = {2L, "Bob", 40, "b@example.org", null};
    byte[] widerValue = wider.rows().encodeValue(widerRow);
    assertThat(old.rows().decode(key, widerValue, 0)).containsExactly(1L, "Bob", 40, null);
  }

  @Test
  void replaceDefinition_otherKey_isRefused() {
    store.createTable(PEOPLE);
    TableDefinition other =
        TableDefinition.of(
            "people",
            List.of(Column.notNull("id", DataType.VARCHAR)),
            ValueKind.ROW,
            PEOPLE.valueColumns());
    assertThatThrownBy(() -> store.replaceDefinition(other))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("[BIGINT]")
        .hasMessageContaining("[VARCHAR]");
  }

  @Test
  void handles_ofOneDatabase_shareEverythingUntilTheLastCloses() {
    try (Store other = Store.open(uri)) {
      Table made = store.createTable(PEOPLE);
      assertThat(other.findTable("people")).contains(made);
      assertThat(other.schemaVersion()).isEqualTo(store.schemaVersion());
      store.close();
      store.close();
      assertThatThrownBy(() -> store.tableNames()).isInstanceOf(ClosedException.class);
      assertThatThrownBy(() -> store.database().keyspaceNames())
          .isInstanceOf(ClosedException.class);
      Object[] row = {1L, "Ann", 30, null};
      made.keyspace().put(made.rows().encodeKey(row), made.rows().encodeValue(row));
    }
    try (Store again = Store.open(uri)) {
      assertThat(again.tableNames()).as("a database in memory ends with its last handle").isEmpty();
    }
  }

  @Test
  void open_wrongPattern_namesTheOption() {
    LarderUri wrong = uri.with("serialization.allow", "com.acme.*.Foo");
    assertThatThrownBy(() -> Store.open(wrong))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("serialization.allow")
        .hasMessageContaining("com.acme.*.Foo");
  }

  @Test
  void entries_typedCache_isATableWithItsFields() {
    Table table =
        store.createTable(TableDefinition.ofTypes("sessions", String.class, Session.class));
    EntryCodec<String, Session> entries =
        table.entries(String.class, Session.class, getClass().getClassLoader());
    Keyspace keyspace = table.keyspace();
    keyspace.put(entries.encodeKey("a"), entries.encodeValue(new Session("ann", 3)), 99);
    Entry entry = keyspace.entry(entries.encodeKey("a"));
    assertThat(table.definition().columns())
        .extracting(Column::name)
        .containsExactly("k", "user", "cart", "expires_at");
    assertThat(
            table
                .rows()
                .decode(entries.encodeKey("a"), entries.encodeValue(new Session("ann", 3)), 99))
        .containsExactly("a", "ann", 3, java.time.Instant.ofEpochMilli(99));
    assertThat(entry).as("expired long ago").isNull();
    Object[] row = {"b", "bob", 4, null};
    keyspace.put(table.rows().encodeKey(row), table.rows().encodeValue(row));
    assertThat(entries.decodeValue(keyspace.get(entries.encodeKey("b"))))
        .isEqualTo(new Session("bob", 4));
  }

  @Test
  void entries_recordAsKey_becomesKeyColumns() {
    Table table = store.createTable(TableDefinition.ofTypes("orders", OrderId.class, String.class));
    assertThat(table.definition().keyColumns())
        .containsExactly(
            Column.of("customer", DataType.VARCHAR), Column.notNull("number", DataType.BIGINT));
    EntryCodec<OrderId, String> entries =
        table.entries(OrderId.class, String.class, getClass().getClassLoader());
    byte[] key = entries.encodeKey(new OrderId("ann\0", 7));
    assertThat(entries.decodeKey(key)).isEqualTo(new OrderId("ann\0", 7));
    assertThat(table.rows().encodeKey(new Object[] {"ann\0", 7L, "x", null})).isEqualTo(key);
    EntryCodec<Object, Object> untyped =
        table.entries(Object.class, Object.class, getClass().getClassLoader());
    assertThat(untyped.decodeKey(key)).isEqualTo(List.of("ann\0", 7L));
    assertThat(untyped.encodeKey(List.of("ann\0", 7L))).isEqualTo(key);
  }

  @Test
  void entries_tableMadeBySql_givesRows() {
    Table table = store.createTable(PEOPLE);
    EntryCodec<Object, Object> entries =
        table.entries(Object.class, Object.class, getClass().getClassLoader());
    Object[] row = {1L, "Ann", 30, null};
    byte[] value = table.rows().encodeValue(row);
    assertThat(entries.decodeKey(table.rows().encodeKey(row))).isEqualTo(1L);
    assertThat(entries.decodeValue(value)).isEqualTo(Row.of(List.of("name", "age"), "Ann", 30));
    Row turned = Row.of(List.of("AGE", "name"), (short) 30, "Ann");
    assertThat(entries.encodeValue(turned)).isEqualTo(value);
    assertThatThrownBy(() -> entries.encodeValue(Row.of(List.of("size"), 1)))
        .isInstanceOf(TypeMismatchException.class)
        .hasMessageContaining("'size'")
        .hasMessageContaining("[name, age]");
    assertThatThrownBy(() -> entries.encodeValue("Ann"))
        .isInstanceOf(TypeMismatchException.class)
        .hasMessageContaining("'Ann' (java.lang.String)");
    assertThatThrownBy(() -> entries.encodeKey("1"))
        .isInstanceOf(TypeMismatchException.class)
        .hasMessageContaining("table 'people', column 'id'")
        .hasMessageContaining("BIGINT");
  }

  static final class Custom implements Serializable {
    private static final long serialVersionUID = 1L;
    private final String text;

    Custom(String text) {
      this.text = text;
    }

    private Object readResolve() {
      return this;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Custom custom && custom.text.equals(text);
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }
  }

  @Test
  void entries_untypedCache_takesAnythingAndSqlSeesIt() {
    Table table = store.createTable(TableDefinition.ofTypes("any", Object.class, Object.class));
    EntryCodec<Object, Object> entries =
        table.entries(Object.class, Object.class, getClass().getClassLoader());
    for (Object object : List.of(1, 1L, "x", new Custom("c"), Locale.ITALY, List.of(1, "a"))) {
      byte[] key = entries.encodeKey(object);
      byte[] value = entries.encodeValue(object);
      assertThat(entries.decodeKey(key)).isEqualTo(object);
      assertThat(entries.decodeValue(value)).isEqualTo(object);
      Object[] row = table.rows().decode(key, value, 0);
      assertThat(table.rows().encodeKey(row)).as("SQL can name what it has seen").isEqualTo(key);
      assertThat(table.rows().encodeValue(row)).isEqualTo(value);
    }
    Object[] made = {new Custom("c"), 1, null};
    assertThatThrownBy(() -> table.rows().encodeKey(made))
        .isInstanceOf(TypeMismatchException.class)
        .hasMessageContaining("column 'k'");
  }

  @Test
  void concurrentCreateAndDrop_ofTheSameNames_neverHalfDone() throws Exception {
    int threads = 4;
    Set<Throwable> failures = ConcurrentHashMap.newKeySet();
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    List<Future<?>> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int thread = t;
      all.add(
          executor.submit(
              () -> {
                start.await();
                for (int i = 0; i < 200; i++) {
                  createOrDrop("table" + i % 3, (i + thread) % 2 == 0, failures);
                }
                return null;
              }));
    }
    start.countDown();
    for (Future<?> one : all) {
      one.get(30, TimeUnit.SECONDS);
    }
    executor.shutdown();
    assertThat(failures).isEmpty();
    assertThat(store.database().keyspaceNames())
        .filteredOn(name -> !name.startsWith("larder:"))
        .isEqualTo(store.tableNames());
  }

  private void createOrDrop(String name, boolean create, Set<Throwable> failures) {
    try {
      if (create) {
        Table made = store.createTable(TableDefinition.ofTypes(name, Long.class, Session.class));
        made.rows().encodeValue(new Object[] {1L, "u", 1, null});
      } else {
        store.dropTable(name);
      }
    } catch (TableExistsException | NoSuchTableException expected) {
      assertThat(expected).hasMessageContaining(name);
    } catch (RuntimeException | AssertionError e) {
      failures.add(e);
    }
  }

  @Test
  void dictionary_concurrentNewShapes_oneNumberEach() throws Exception {
    Table table = store.createTable(TableDefinition.ofTypes("any", Object.class, Object.class));
    EntryCodec<Object, Object> entries =
        table.entries(Object.class, Object.class, getClass().getClassLoader());
    ExecutorService executor = Executors.newFixedThreadPool(4);
    List<Future<List<byte[]>>> all = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      all.add(
          executor.submit(
              () -> {
                List<byte[]> values = new ArrayList<>();
                for (int i = 0; i < 300; i++) {
                  values.add(entries.encodeValue(Row.of(List.of("f" + i), i)));
                }
                return values;
              }));
    }
    List<byte[]> first = all.get(0).get(30, TimeUnit.SECONDS);
    for (Future<List<byte[]>> one : all) {
      assertThat(one.get(30, TimeUnit.SECONDS))
          .usingElementComparator(java.util.Arrays::compare)
          .isEqualTo(first);
    }
    executor.shutdown();
    assertThat(entries.decodeValue(first.get(299))).isEqualTo(Row.of(List.of("f299"), 299));
  }
}
