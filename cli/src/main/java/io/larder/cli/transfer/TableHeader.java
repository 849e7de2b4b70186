package io.larder.cli.transfer;

import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.TableDefinition;
import io.larder.tables.ValueKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table's definition as the first line of a file of JSON lines. Stateless.
 *
 * <pre>
 * {"larder":1,"table":"fruit","key":[{"name":"id","type":"BIGINT","nullable":false}],
 *  "values":"row","columns":[...],"attributes":{}}
 * </pre>
 */
final class TableHeader {
  static final String MARK = "larder";
  private static final long VERSION = 1;

  private TableHeader() {}

  static Map<String, Object> json(TableDefinition definition) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(MARK, VERSION);
    json.put("table", definition.name());
    json.put("key", columns(definition.keyColumns()));
    json.put("values", definition.valueKind() == ValueKind.SCALAR ? "scalar" : "row");
    json.put("columns", columns(definition.valueColumns()));
    json.put("attributes", definition.attributes());
    return json;
  }

  private static List<Object> columns(List<Column> columns) {
    List<Object> list = new ArrayList<>();
    for (Column column : columns) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("name", column.name());
      json.put("type", column.type().name());
      json.put("nullable", column.nullable());
      if (column.defaultSql() != null) {
        json.put("default", column.defaultSql());
      }
      list.add(json);
    }
    return list;
  }

  /** Returns whether an object is such a line. */
  static boolean isHeader(Map<?, ?> json) {
    return json.containsKey(MARK) && json.containsKey("table") && json.containsKey("key");
  }

  /**
   * Returns the definition of such a line.
   *
   * @throws IllegalArgumentException if it is not what it must be
   */
  static TableDefinition definition(Map<?, ?> json, String tableName) {
    if (!Long.valueOf(VERSION).equals(json.get(MARK))) {
      throw new IllegalArgumentException(
          "found the version " + json.get(MARK) + " of the form, expected " + VERSION);
    }
    try {
      Map<String, String> attributes = new LinkedHashMap<>();
      ((Map<?, ?>) required(json, "attributes"))
          .forEach((name, value) -> attributes.put((String) name, (String) value));
      return new TableDefinition(
          tableName,
          columns(required(json, "key")),
          required(json, "values").equals("scalar") ? ValueKind.SCALAR : ValueKind.ROW,
          columns(required(json, "columns")),
          attributes);
    } catch (ClassCastException e) {
      throw new IllegalArgumentException("the definition of the table is not as it must be", e);
    }
  }

  private static List<Column> columns(Object json) {
    List<Column> columns = new ArrayList<>();
    for (Object each : (List<?>) json) {
      Map<?, ?> column = (Map<?, ?>) each;
      columns.add(
          new Column(
              (String) required(column, "name"),
              DataType.valueOf((String) required(column, "type")),
              (Boolean) required(column, "nullable"),
              (String) column.get("default")));
    }
    return columns;
  }

  private static Object required(Map<?, ?> json, String name) {
    Object value = json.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the definition of the table has no '" + name + "'");
    }
    return value;
  }
}
