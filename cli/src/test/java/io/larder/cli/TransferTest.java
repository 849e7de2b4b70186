package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.LarderUri;
import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.Row;
import io.larder.tables.Store;
import io.larder.tables.Table;
import io.larder.tables.TableDefinition;
import io.larder.tables.ValueKind;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files into tables and back. */
class TransferTest {

  @TempDir Path directory;
  private String database;

  @BeforeEach
  void name() {
    database = directory.resolve("db").toString();
  }

  private CommandRun importFile(Path file, String... arguments) {
    List<String> all = new ArrayList<>(List.of("import", file.toString(), "--database", database));
    all.addAll(Arrays.asList(arguments));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private Path file(String name, String... lines) throws IOException {
    return Files.writeString(directory.resolve(name), String.join("\n", lines) + "\n");
  }

  private static List<String> rows(Table table) {
    List<String> rows = new ArrayList<>();
    try (Cursor cursor = table.keyspace().cursor(KeyRange.all())) {
      while (cursor.next()) {
        Object[] row = table.rows().decode(cursor.key(), cursor.value(), cursor.expiresAtMillis());
        rows.add(show(row));
      }
    }
    return rows;
  }

  /** Shows the types of what is inside, too, since 5 and 5L look the same. */
  private static String show(Object value) {
    if (value instanceof Object[] array) {
      return Arrays.stream(array).map(TransferTest::show).toList().toString();
    } else if (value instanceof List<?> list) {
      return list.stream().map(TransferTest::show).toList().toString();
    } else if (value instanceof Map<?, ?> map) {
      return show(new ArrayList<>(map.keySet())) + show(new ArrayList<>(map.values()));
    } else if (value instanceof Row row) {
      return "row" + show(row.toMap());
    } else if (value instanceof byte[] bytes) {
      return "bytes " + Arrays.toString(bytes);
    }
    return value == null ? "null" : value.getClass().getSimpleName() + " " + value;
  }

  private static TableDefinition everyType() {
    List<Column> columns = new ArrayList<>();
    for (DataType type : DataType.values()) {
      columns.add(Column.of("c_" + type, type));
    }
    return new TableDefinition(
        "all",
        List.of(Column.notNull("id", DataType.INTEGER), Column.notNull("name", DataType.VARCHAR)),
        ValueKind.ROW,
        columns,
        Map.of("sql.note", "kept"));
  }

  private static Map<DataType, Object> values() {
    Map<Object, Object> odd = new LinkedHashMap<>();
    odd.put(1, LocalDate.of(2026, 1, 2));
    odd.put("$x", null);
    Map<DataType, Object> values = new LinkedHashMap<>();
    values.put(DataType.BOOLEAN, true);
    values.put(DataType.TINYINT, (byte) -7);
    values.put(DataType.SMALLINT, (short) 300);
    values.put(DataType.INTEGER, Integer.MIN_VALUE);
    values.put(DataType.BIGINT, Long.MAX_VALUE);
    values.put(DataType.REAL, 1.1f);
    values.put(DataType.DOUBLE, Double.NEGATIVE_INFINITY);
    values.put(DataType.DECIMAL, new BigDecimal("-12.500"));
    values.put(DataType.VARCHAR, "a \"q\", \\ ; \n\r\n\u00e9\uD83D\uDE00");
    values.put(DataType.VARBINARY, new byte[] {0, (byte) 0xFF});
    values.put(DataType.UUID, UUID.fromString("123e4567-e89b-12d3-a456-426614174000"));
    values.put(DataType.DATE, LocalDate.of(2026, 2, 28));
    values.put(DataType.TIME, LocalTime.of(14, 5, 0, 1));
    values.put(DataType.TIMESTAMP, LocalDateTime.of(2026, 2, 28, 14, 5));
    values.put(DataType.INSTANT, Instant.ofEpochSecond(1, 5));
    values.put(
        DataType.LIST,
        Arrays.asList(1, 2L, (short) 3, 1.5, new BigDecimal("1.50"), "x", null, List.of(true)));
    values.put(DataType.MAP, odd);
    values.put(
        DataType.ANY,
        Row.of(List.of("a", "b"), BigInteger.TWO.pow(80), Map.of("k", new byte[] {1})));
    return values;
  }

  private static int position(DataType type) {
    return 2 + List.of(DataType.values()).indexOf(type);
  }

  private void fillEveryType() {
    try (Store store = Store.open(LarderUri.parse("larder:" + database))) {
      Table table = store.createTable(everyType());
      Object[] full = new Object[DataType.values().length + 3];
      full[0] = 1;
      full[1] = "full";
      for (DataType type : DataType.values()) {
        full[position(type)] = values().get(type);
      }
      full[full.length - 1] = Instant.ofEpochMilli(4_000_000_000_123L);
      Object[] empty = new Object[full.length];
      empty[0] = 2;
      empty[1] = "";
      Object[] emptyText = empty.clone();
      emptyText[0] = 3;
      emptyText[position(DataType.VARCHAR)] = "";
      for (Object[] row : List.of(full, empty, emptyText)) {
        table
            .keyspace()
            .put(
                table.rows().encodeKey(row),
                table.rows().encodeValue(row),
                table.rows().expiresAtMillis(row));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"all.csv", "all.jsonl"})
  void exportThenImport_keepsEveryTypeNullExpiry(String name) {
    fillEveryType();
    Path file = directory.resolve(name);

    CommandRun export = CommandRun.of("export", database, "all", "--to", file.toString());
    assertThat(export.code()).as(export.err()).isZero();
    assertThat(export.out()).startsWith("3 rows of all exported to " + file);
    assertThat(file.resolveSibling(name + ".part")).doesNotExist();
    CommandRun back = importFile(file, "--into", "copy");
    assertThat(back.code()).as(back.err()).isZero();

    try (Store store = Store.open(LarderUri.parse("larder:" + database))) {
      assertThat(rows(store.table("copy"))).isEqualTo(rows(store.table("all")));
      TableDefinition copy = store.table("copy").definition();
      assertThat(copy.columns()).isEqualTo(everyType().columns());
      if (name.endsWith("jsonl")) {
        assertThat(copy.attributes()).isEqualTo(everyType().attributes());
      }
    }
  }

  @Test
  void export_cacheOfScalars_comesBackAsOne() {
    try (Store store = Store.open(LarderUri.parse("larder:" + database))) {
      TableDefinition stock = TableDefinition.ofTypes("stock", String.class, Integer.class);
      store.createTable(stock);
    }
    CommandRun.of("put", database, "stock", "apples", "42");
    for (String name : List.of("stock.csv", "stock.jsonl")) {
      Path file = directory.resolve(name);
      assertThat(CommandRun.of("export", database, "stock", "--to", file.toString()).code())
          .isZero();
      assertThat(importFile(file, "--into", name).code()).isZero();
      assertThat(CommandRun.of("get", database, name, "apples").out()).isEqualTo("42\n");
    }
  }

  @Test
  void export_plain_isForOthers() throws IOException {
    Path file = file("fruit.csv", "id,name", "1,apple", "2,");
    importFile(file, "--into", "fruit", "--key", "id");

    assertThat(CommandRun.of("export", database, "fruit", "--plain").out())
        .isEqualTo("id,name\r\n1,apple\r\n2,\r\n");
    assertThat(CommandRun.of("export", database, "fruit", "--plain", "--format", "jsonl").lines())
        .containsExactly("{\"id\":1,\"name\":\"apple\"}", "{\"id\":2,\"name\":null}");
  }

  @Test
  void export_serializedObject_isRefusedAndLeavesNoFile() {
    try (Store store = Store.open(LarderUri.parse("larder:" + database))) {
      Table table =
          store.createTable(TableDefinition.ofTypes("objects", String.class, BitSet.class));
      var entries = table.entries(String.class, BitSet.class, TransferTest.class.getClassLoader());
      table.keyspace().put(entries.encodeKey("a"), entries.encodeValue(new BitSet()));
    }
    Path file = directory.resolve("objects.csv");

    CommandRun run = CommandRun.of("export", database, "objects", "--to", file.toString());

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("'objects'", "key 'a'", "BitSet");
    assertThat(directory.toFile().list()).containsExactly("db");
    assertThat(CommandRun.of("scan", database, "objects").out()).contains("BitSet");
  }

  @Test
  void import_jsonLines_findsTypes() throws IOException {
    Path file =
        file(
            "people.jsonl",
            "{\"id\": 1, \"name\": \"ann\", \"size\": 1.70, \"tags\": [\"a\"], \"ok\": true}",
            "",
            "{\"id\": 2, \"size\": 2, \"more\": {\"x\": 1}}");

    CommandRun run = importFile(file, "--into", "people", "--key", "id");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(CommandRun.of("keyspaces", database).lines().get(1))
        .endsWith("id BIGINT  name VARCHAR, size DECIMAL, tags LIST, ok BOOLEAN, more MAP");
    assertThat(CommandRun.of("get", database, "people", "1", "--json").out())
        .isEqualTo(
            "{\"id\":1,\"name\":\"ann\",\"size\":1.70,\"tags\":[\"a\"],\"ok\":true,\"more\":null}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "t.csv   | id,name~1,a~2,b,c         | line 3: found 3 values, expected 2",
        "t.csv   | id,name~1,\"a~b\"~2,\"x\"y | line 4, column 6: Invalid character",
        "t.csv   | id,name~1,\"a             | line 2: the file ends within quotes that begin here",
        "t.csv   | id,id~1,2                 | line 1: found an empty or repeated column name",
        "t.csv   | id,name~1,a~1,b           | line 3: key '1' was there before",
        "t.csv   | id,name~,a                | line 2, column 'id': found no value",
        "t.csv   | id:INTEGER:KEY,d:DATE~1,2026-02-28~2,2026-02-30 | line 3, column 'd': found"
            + " '2026-02-30', expected DATE (such as 2026-03-01)",
        "t.csv   |                           | found no line, expected a header",
        "t.jsonl | {\"id\":1}~{\"id\":2,}    | line 2, column 9: found '}', expected a name in"
            + " double quotes",
        "t.jsonl | {\"id\":1}~[2]            | line 2, column 1: found a list, expected an object",
        "t.jsonl | {\"id\":1}~~{\"id\":01}   | line 3, column 7: found a number that begins with 0",
        "t.jsonl | {\"id\":1,\"id\":2}       | line 1, column 9: the name 'id' is there twice",
        "t.jsonl | {\"id\":1}~{\"id\":\"\\x\"} | line 2, column 9: found 'x', expected one of",
      })
  void import_malformed_namesLineAndColumnAndLeavesNothing(
      String name, String text, String expected) throws IOException {
    String content = text == null ? "" : text.replace('~', '\n');
    Path file = Files.writeString(directory.resolve(name), content);
    String[] key = content.contains(":KEY") ? new String[0] : new String[] {"--key", "id"};
    List<String> arguments = new ArrayList<>(List.of("--into", "t"));
    arguments.addAll(List.of(key));

    CommandRun run = importFile(file, arguments.toArray(String[]::new));

    assertThat(run.code()).as(run.out()).isEqualTo(1);
    assertThat(run.err()).startsWith("error: " + file).contains(expected);
    assertThat(run.err().lines()).as("one line").hasSize(1);
    assertThat(CommandRun.of("keyspaces", database, "--json").out()).isEmpty();
  }

  @Test
  void import_bytesThatAreNotUtf8_areRefused() throws IOException {
    Path file = directory.resolve("latin.csv");
    Files.write(file, "id,name\n1,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

    CommandRun run = importFile(file, "--into", "t", "--key", "id");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("latin.csv", "not UTF-8");
  }

  @Test
  void import_replaceWithBadFile_keepsTheOldTable() throws IOException {
    Path good = file("good.csv", "id,name", "1,apple", "2,pear");
    Path bad = file("bad.csv", "id,name", "1,apple", "2,pear,plum");
    importFile(good, "--into", "fruit", "--key", "id");

    assertThat(importFile(bad, "--into", "fruit", "--key", "id", "--replace").code()).isEqualTo(1);

    assertThat(CommandRun.of("scan", database, "fruit", "--json").lines()).hasSize(2);
    assertThat(CommandRun.of("keyspaces", database, "--all", "--json").lines())
        .as("nothing else is left")
        .hasSize(3);
  }

  @Test
  void import_appendAndUpdate_useTheTypesOfTheTable() throws IOException {
    Path first =
        file("first.csv", "id:INTEGER:KEY,name:VARCHAR,price:DOUBLE", "1,apple,1", "2,pear,2");
    importFile(first, "--into", "fruit");
    Path more = file("more.csv", "id,price", "3,3.5");
    Path again = file("again.csv", "name,id", "plum,2");

    assertThat(importFile(more, "--into", "fruit", "--append").code()).isZero();
    CommandRun refused = importFile(again, "--into", "fruit", "--append");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("again.csv line 2", "key '2'");
    assertThat(importFile(again, "--into", "fruit", "--update").code()).isZero();

    assertThat(CommandRun.of("scan", database, "fruit", "--json").lines())
        .containsExactly(
            "{\"id\":1,\"name\":\"apple\",\"price\":1.0}",
            "{\"id\":2,\"name\":\"plum\",\"price\":null}",
            "{\"id\":3,\"name\":null,\"price\":3.5}");
    assertThat(importFile(again, "--into", "veg", "--append").code()).isEqualTo(3);
    assertThat(importFile(again, "--into", "fruit", "--append", "--replace").code()).isEqualTo(2);
  }

  @Test
  void import_typesAndDelimiterAsAsked() throws IOException {
    Path file = file("t.csv", "id;n;when", "1;2;2026-01-01T00:00:00Z");

    CommandRun run =
        importFile(
            file,
            "--into",
            "t",
            "--key",
            "id",
            "--delimiter",
            ";",
            "--type",
            "n=DOUBLE",
            "--type",
            "when=INSTANT");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(CommandRun.of("get", database, "t", "1", "--json").out())
        .isEqualTo("{\"id\":1,\"n\":2.0,\"when\":\"2026-01-01T00:00:00Z\"}\n");
    assertThat(importFile(file, "--into", "u", "--key", "id", "--type", "n=NUMBER").code())
        .isEqualTo(2);
  }
}
