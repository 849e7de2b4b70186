package io.larder.cli.access;

import io.larder.cli.text.ByteText;
import io.larder.cli.text.JsonParser;
import io.larder.cli.text.JsonSyntaxException;
import io.larder.cli.text.ValueJson;
import io.larder.cli.text.ValueText;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderException;
import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.Table;
import io.larder.tables.ValueKind;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A table: every key and value has the type of its column. */
public final class TypedTarget implements Target {
  private final Table table;
  private final List<Column> keyColumns;
  private final List<Column> valueColumns;
  private final List<Column> columns;

  TypedTarget(Table table) {
    this.table = table;
    this.keyColumns = table.definition().keyColumns();
    this.valueColumns = table.definition().valueColumns();
    this.columns = table.definition().columns();
  }

  /** Returns the table. */
  public Table table() {
    return table;
  }

  @Override
  public String name() {
    return table.name();
  }

  @Override
  public Keyspace keyspace() {
    return table.keyspace();
  }

  @Override
  public List<Column> keyColumns() {
    return keyColumns;
  }

  @Override
  public List<Column> valueColumns() {
    return valueColumns;
  }

  @Override
  public boolean isRow() {
    return table.definition().valueKind() == ValueKind.ROW;
  }

  @Override
  public byte[] key(List<String> texts) {
    if (texts.size() != keyColumns.size()) {
      throw new BadInputException(
          "table '"
              + name()
              + "': found "
              + texts.size()
              + " key values, expected "
              + keyColumns.size()
              + ": "
              + describe(keyColumns));
    }
    return table.rows().encodeKey(leading(texts));
  }

  private @Nullable Object[] leading(List<String> texts) {
    if (texts.size() > keyColumns.size()) {
      throw new BadInputException(
          "table '"
              + name()
              + "': found "
              + texts.size()
              + " key values, expected at most "
              + keyColumns.size()
              + ": "
              + describe(keyColumns));
    }
    @Nullable Object[] values = new @Nullable Object[texts.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = parse(keyColumns.get(i), texts.get(i));
    }
    return values;
  }

  private static String describe(List<Column> columns) {
    return String.join(
        ", ", columns.stream().map(column -> column.name() + " " + column.type()).toList());
  }

  /** Reads a text as the type of a column. */
  private @Nullable Object parse(Column column, String text) {
    try {
      return parse(column.type(), text);
    } catch (JsonSyntaxException e) {
      throw new BadInputException(
          place(column) + ", character " + e.column() + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          place(column) + ": found '" + shorten(text) + "', expected " + expected(column.type()),
          e);
    }
  }

  /** Reads a text as a type; lists, maps and values of any type are written as JSON. */
  public static @Nullable Object parse(DataType type, String text) {
    return switch (type) {
      case LIST, MAP, ANY -> type.convert(ValueJson.toColumn(type, JsonParser.parse(text)));
      default -> type.convert(text);
    };
  }

  private String place(Column column) {
    return "table '" + name() + "', column '" + column.name() + "'";
  }

  /** Returns what a text of a type looks like. */
  public static String expected(DataType type) {
    return switch (type) {
      case BOOLEAN -> "BOOLEAN (true or false)";
      case TINYINT -> "TINYINT (-128 to 127)";
      case SMALLINT -> "SMALLINT (-32768 to 32767)";
      case INTEGER -> "INTEGER (a whole number of 32 bits)";
      case BIGINT -> "BIGINT (a whole number of 64 bits)";
      case REAL, DOUBLE -> type + " (a number such as 1.5)";
      case DECIMAL -> "DECIMAL (a number such as 12.50)";
      case VARBINARY -> "VARBINARY (hexadecimal digits, two a byte)";
      case UUID -> "UUID (such as 123e4567-e89b-12d3-a456-426614174000)";
      case DATE -> "DATE (such as 2026-03-01)";
      case TIME -> "TIME (such as 14:05:00)";
      case TIMESTAMP -> "TIMESTAMP (such as 2026-03-01T14:05:00)";
      case INSTANT -> "INSTANT (such as 2026-03-01T14:05:00Z)";
      case LIST -> "LIST (JSON such as [1, 2])";
      case MAP -> "MAP (JSON such as {\"a\": 1})";
      case ANY, VARCHAR -> type.name();
    };
  }

  private static String shorten(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  @Override
  public byte[] value(List<String> key, Map<String, String> values) {
    List<String> names = valueColumns.stream().map(Column::name).toList();
    for (String name : values.keySet()) {
      if (!names.contains(name)) {
        throw new BadInputException(
            "table '"
                + name()
                + "': found a value for the column '"
                + name
                + "', expected one of "
                + String.join(", ", names));
      }
    }
    @Nullable Object[] row = new @Nullable Object[columns.size()];
    for (int i = 0; i < valueColumns.size(); i++) {
      Column column = valueColumns.get(i);
      String text = values.get(column.name());
      if (text == null && !column.nullable()) {
        throw new BadInputException(
            place(column) + ": found no value, expected one: it is NOT NULL");
      }
      row[keyColumns.size() + i] = text == null ? null : parse(column, text);
    }
    return table.rows().encodeValue(row);
  }

  @Override
  public KeyRange between(List<String> from, List<String> to) {
    return table
        .rows()
        .keyRange(
            from.isEmpty() ? null : leading(from), true, to.isEmpty() ? null : leading(to), true);
  }

  @Override
  public KeyRange prefix(List<String> texts) {
    int last = texts.size() - 1;
    boolean text = last < keyColumns.size() && keyColumns.get(last).type() == DataType.VARCHAR;
    return text
        ? table.rows().stringPrefix(leading(texts.subList(0, last)), texts.get(last))
        : table.rows().keyPrefix(leading(texts));
  }

  @Override
  public @Nullable Object[] row(byte[] key, byte[] value, long expiresAtMillis) {
    return table.rows().decode(key, value, expiresAtMillis);
  }

  @Override
  public Map<String, @Nullable Object> json(@Nullable Object[] row) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    for (int i = 0; i < row.length; i++) {
      if (i < row.length - 1 || row[i] != null) {
        json.put(columns.get(i).name(), shown(columns.get(i).type(), row[i]));
      }
    }
    return json;
  }

  /** A serialized object cannot leave the database as text, but it can be told of. */
  private static @Nullable Object shown(DataType type, @Nullable Object value) {
    try {
      return ValueJson.ofColumn(type, value);
    } catch (IllegalArgumentException e) {
      return String.valueOf(value);
    }
  }

  @Override
  public String keyText(byte[] key) {
    int[] wanted = IntStream.range(0, keyColumns.size()).toArray();
    @Nullable Object[] values = new @Nullable Object[wanted.length];
    try {
      table.rows().decode(key, new byte[0], 0, wanted, values);
    } catch (LarderException e) {
      return ByteText.show(key, false);
    }
    return wanted.length == 1
        ? text(0, values[0])
        : Arrays.stream(wanted)
            .mapToObj(column -> text(column, values[column]))
            .collect(Collectors.joining(", ", "(", ")"));
  }

  @Override
  public String text(int column, @Nullable Object value) {
    if (value == null) {
      return "NULL";
    }
    try {
      return ValueText.oneLine(ValueText.of(value));
    } catch (IllegalArgumentException e) {
      return ValueText.oneLine(value.toString()); // holds a serialized object
    }
  }
}
