package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.Databases;
import io.larder.engine.api.Database;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.Store;
import io.larder.tables.TableDefinition;
import io.larder.tables.ValueKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** get, put, delete, scan on tables, caches and plain keyspaces. */
class EntriesTest {

  @TempDir Path directory;
  private String database;

  @BeforeEach
  void fill() {
    database = directory.resolve("db").toString();
    try (Store store = Store.open(LarderUri.parse("larder:" + database))) {
      store.createTable(TableDefinition.ofTypes("stock", String.class, Integer.class));
      store.createTable(
          TableDefinition.of(
              "orders",
              List.of(Column.notNull("day", DataType.DATE), Column.notNull("nr", DataType.INTEGER)),
              ValueKind.ROW,
              List.of(
                  Column.notNull("customer", DataType.VARCHAR),
                  Column.of("total", DataType.DECIMAL),
                  Column.of("tags", DataType.LIST))));
      Keyspace plain = store.database().createKeyspace("plain");
      plain.put("tea".getBytes(StandardCharsets.UTF_8), "green".getBytes(StandardCharsets.UTF_8));
      plain.put(new byte[] {0, (byte) 0xFF}, new byte[] {(byte) 0xCA, (byte) 0xFE});
    }
  }

  private CommandRun run(String command, String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = command;
    all[1] = database;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return CommandRun.of(all);
  }

  private void put(String... arguments) {
    CommandRun run = run("put", arguments);
    assertThat(run.code()).as(run.err()).isZero();
  }

  @Test
  void get_ofCache_printsValueAlone() {
    put("stock", "apples", "42");

    assertThat(run("get", "stock", "apples")).isEqualTo(new CommandRun(0, "42\n", ""));
    assertThat(run("get", "STOCK", "apples", "--json").out())
        .isEqualTo("{\"k\":\"apples\",\"v\":42}\n");
  }

  @Test
  void get_ofRowWithTwoKeyColumns_printsColumns() {
    put("orders", "2026-03-01", "17", "customer=ann", "total=12.50", "tags=[\"a\", 1]");

    assertThat(run("get", "orders", "2026-03-01", "17").lines())
        .containsExactly(
            "day       2026-03-01",
            "nr        17",
            "customer  ann",
            "total     12.50",
            "tags      [\"a\",1]");
    CommandRun wrong = run("get", "orders", "2026-03-01");
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.err()).contains("found 1 key values, expected 2: day DATE, nr INTEGER");
  }

  @Test
  void get_absent_isNotFound() {
    CommandRun key = run("get", "stock", "pears");
    assertThat(key.code()).isEqualTo(3);
    assertThat(key.err()).isEqualTo("error: table 'stock': found no entry of the key pears\n");

    CommandRun table = run("get", "veg", "carrot");
    assertThat(table.code()).isEqualTo(3);
    assertThat(table.err()).contains("'veg'", "orders, plain, stock");

    CommandRun place = CommandRun.of("get", directory.resolve("no").toString(), "t", "k");
    assertThat(place.code()).isEqualTo(3);
    assertThat(place.err()).contains("no such directory");
    assertThat(directory.resolve("no")).as("reading creates nothing").doesNotExist();
  }

  @Test
  void put_wrongType_namesColumnFoundAndExpected() {
    CommandRun value = run("put", "stock", "apples", "many");
    assertThat(value.code()).isEqualTo(1);
    assertThat(value.err())
        .isEqualTo(
            "error: table 'stock', column 'v': found 'many', expected INTEGER (a whole number of 32"
                + " bits)\n");
    assertThat(run("put", "orders", "1 March", "1", "customer=ann").err())
        .contains("column 'day'", "'1 March'", "DATE (such as 2026-03-01)");
    assertThat(run("put", "orders", "2026-03-01", "1", "total=1").err())
        .contains("column 'customer'", "NOT NULL");
    assertThat(run("put", "orders", "2026-03-01", "1", "price=1").err())
        .contains("'price'", "customer, total, tags");
    assertThat(run("put", "orders", "2026-03-01", "1", "customer=ann", "tags=[1").err())
        .contains("column 'tags', character 3", "expected ',' or ']'");
    assertThat(run("scan", "orders", "--json").out()).isEmpty();
  }

  @Test
  void put_withTtl_expires() {
    put("stock", "apples", "42", "--ttl", "1h");

    assertThat(run("get", "stock", "apples").lines().get(2)).startsWith("expires_at  20");
    assertThat(run("get", "stock", "apples", "--json").out()).contains("\"expires_at\":\"20");
    assertThat(run("put", "stock", "pears", "1", "--ttl", "soon").code()).isEqualTo(2);
  }

  @Test
  void plainKeyspace_isTextOrHexadecimal() {
    assertThat(run("get", "plain", "tea").out()).isEqualTo("green\n");
    assertThat(run("get", "plain", "0x00ff").out()).isEqualTo("0xcafe\n");
    assertThat(run("get", "plain", "00ff", "--hex").out()).isEqualTo("cafe\n");
    put("plain", "0x10", "0xff00");
    assertThat(run("scan", "plain", "--json").lines())
        .containsExactly(
            "{\"key\":\"0x00ff\",\"value\":\"0xcafe\"}",
            "{\"key\":\"0x10\",\"value\":\"0xff00\"}",
            "{\"key\":\"tea\",\"value\":\"green\"}");
    assertThat(run("get", "plain", "0x0").err()).contains("'0x0'", "hexadecimal digits");
  }

  @Test
  void delete_absent_isNotFoundAndPresent_isGone() {
    put("stock", "apples", "42");

    assertThat(run("delete", "stock", "apples").code()).isZero();
    assertThat(run("delete", "stock", "apples").code()).isEqualTo(3);
    assertThat(run("get", "stock", "apples").code()).isEqualTo(3);
  }

  @Test
  void ownKeyspaces_areNotChangedByHand() {
    assertThat(run("put", "larder:catalog", "a", "b").err()).contains("database's own");
    assertThat(run("delete", "larder:catalog", "a").code()).isEqualTo(1);
  }

  @Test
  void scan_rangesPrefixLimitReverse_inKeyOrder() {
    for (String name : List.of("apple", "apricot", "banana", "cherry")) {
      put("stock", name, "1");
    }
    assertThat(keys("--prefix", "ap")).containsExactly("apple", "apricot");
    assertThat(keys("--from", "apricot", "--to", "banana")).containsExactly("apricot", "banana");
    assertThat(keys("--reverse", "--limit", "2")).containsExactly("cherry", "banana");
    assertThat(keys("--to", "banana", "--reverse", "--limit", "1")).containsExactly("banana");
    assertThat(run("scan", "stock", "--prefix", "a", "--from", "b").code()).isEqualTo(1);
    CommandRun usage = run("scan", "stock", "--limit", "ten");
    assertThat(usage.code()).isEqualTo(2);
    assertThat(usage.lines()).isEmpty();
    assertThat(usage.err())
        .startsWith(
            "error: Invalid value for option '--limit': found 'ten', expected a whole number")
        .contains("usage: larder scan", "see larder scan --help");
  }

  private List<String> keys(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "stock";
    all[1] = "--keys";
    all[2] = "--json";
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return run("scan", all).lines().stream()
        .map(line -> line.replaceAll("\\{\"k\":\"(.*)\"}", "$1"))
        .toList();
  }

  @Test
  void scan_leadingKeyColumns_ofTwo() {
    put("orders", "2026-03-01", "1", "customer=ann");
    put("orders", "2026-03-01", "2", "customer=bob");
    put("orders", "2026-03-02", "1", "customer=cid");

    assertThat(run("scan", "orders", "--prefix", "2026-03-01", "--json").lines()).hasSize(2);
    assertThat(run("scan", "orders", "--from", "2026-03-01", "--from", "2", "--json").lines())
        .hasSize(2);
    assertThat(run("scan", "orders", "--to", "2026-03-01", "--json").lines()).hasSize(2);
    assertThat(run("scan", "orders").lines())
        .containsExactly(
            "day         nr  customer  total  tags  expires_at",
            "2026-03-01   1  ann        NULL  NULL",
            "2026-03-01   2  bob        NULL  NULL",
            "2026-03-02   1  cid        NULL  NULL");
  }

  @Test
  void keyspaces_listsTablesCachesAndPlain() {
    put("stock", "apples", "42");

    assertThat(run("keyspaces", "--exact").lines())
        .containsExactly(
            "NAME    KIND   ENTRIES  BYTES  KEY                   VALUE",
            "orders  table        0    0 B  day DATE, nr INTEGER  customer VARCHAR, total DECIMAL,"
                + " tags LIST",
            "plain   plain        2   12 B  bytes                 bytes",
            "stock   cache        1    9 B  k VARCHAR             v INTEGER");
    assertThat(run("keyspaces", "--json").lines()).hasSize(3);
    assertThat(run("keyspaces", "--all", "--json").lines()).hasSize(5);
  }

  @Test
  void databaseWithoutTables_isNotGivenAny() {
    String bare = directory.resolve("bare").toString();
    try (Database made = Databases.open(LarderUri.parse("larder:" + bare))) {
      made.createKeyspace("plain");
    }
    assertThat(CommandRun.of("info", bare).code()).isZero();
    assertThat(CommandRun.of("keyspaces", bare, "--all", "--json").lines()).hasSize(1);
  }

  @Test
  void infoStatsCompact_haveTheirFigures() {
    put("stock", "apples", "42");

    CommandRun info = run("info", "--json");
    assertThat(info.out())
        .contains("\"tables\":2", "\"keyspaces\":1", "\"log\":{", "\"sync\":\"always\"");
    assertThat(run("info").out()).contains(database).contains("Recovered");
    assertThat(run("stats", "--watch", "1ms", "--count", "3", "--json").lines()).hasSize(3);
    assertThat(run("stats").out()).contains("recovery.millis").contains("wal.syncs");
    assertThat(run("compact").out()).contains("before", "after", "1 table,");
    assertThat(run("get", "stock", "apples").out()).isEqualTo("42\n");
  }
}
