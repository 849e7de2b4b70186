package io.larder.tables;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.FormatVersionException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Table definitions as maps of texts and numbers, the form they have in the catalog.
 *
 * <pre>
 * format      1
 * state       "live", "dropping", "staged" or "moving"
 * source      the keyspace a moving table comes from; otherwise absent
 * key, value  lists of columns, each a list: name, type code, nullable, default or null
 * kind        0 scalar, 1 row
 * attributes  a map
 * </pre>
 */
final class DefinitionCodec {
  private static final int FORMAT = 1;
  private static final int SCALAR = 0;
  private static final int ROW = 1;

  private final String place;

  DefinitionCodec(String place) {
    this.place = place;
  }

  Map<String, Object> encode(Catalog.Entry entry) {
    TableDefinition definition = entry.definition();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("format", FORMAT);
    map.put("state", entry.state().text());
    map.put("key", encodeColumns(definition.keyColumns()));
    map.put("kind", definition.valueKind() == ValueKind.SCALAR ? SCALAR : ROW);
    map.put("value", encodeColumns(definition.valueColumns()));
    map.put("attributes", new LinkedHashMap<>(definition.attributes()));
    if (entry.source() != null) {
      map.put("source", entry.source());
    }
    return map;
  }

  private static List<Object> encodeColumns(List<Column> columns) {
    List<Object> encoded = new ArrayList<>();
    for (Column column : columns) {
      encoded.add(
          Arrays.asList(
              column.name(), column.type().code(), column.nullable(), column.defaultSql()));
    }
    return encoded;
  }

  Catalog.Entry decode(String name, Map<?, ?> map) {
    Object format = map.get("format");
    if (!Integer.valueOf(FORMAT).equals(format)) {
      throw new FormatVersionException(
          place
              + ": the definition of table '"
              + name
              + "' has format "
              + format
              + ", expected "
              + FORMAT);
    }
    try {
      ValueKind kind =
          Integer.valueOf(SCALAR).equals(map.get("kind")) ? ValueKind.SCALAR : ValueKind.ROW;
      TableDefinition definition =
          new TableDefinition(
              name,
              decodeColumns(map.get("key")),
              kind,
              decodeColumns(map.get("value")),
              decodeAttributes(map.get("attributes")));
      Catalog.State state = Catalog.State.of(map.get("state"));
      String source = state == Catalog.State.MOVING ? (String) required(map.get("source")) : null;
      return new Catalog.Entry(definition, state, source);
    } catch (ClassCastException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | NullPointerException e) {
      throw new CorruptionException(
          place + ": the definition of table '" + name + "' is damaged: " + e, e);
    }
  }

  private static List<Column> decodeColumns(@Nullable Object value) {
    List<Column> columns = new ArrayList<>();
    for (Object element : (List<?>) required(value)) {
      List<?> parts = (List<?>) required(element);
      columns.add(
          new Column(
              (String) required(parts.get(0)),
              type((Integer) required(parts.get(1))),
              (Boolean) required(parts.get(2)),
              (String) parts.get(3)));
    }
    return columns;
  }

  private static Map<String, String> decodeAttributes(@Nullable Object value) {
    Map<String, String> attributes = new LinkedHashMap<>();
    ((Map<?, ?>) required(value))
        .forEach((name, text) -> attributes.put((String) required(name), (String) required(text)));
    return attributes;
  }

  private static Object required(@Nullable Object value) {
    if (value == null) {
      throw new IllegalArgumentException("a part is missing");
    }
    return value;
  }

  private static DataType type(int code) {
    for (DataType type : DataType.values()) {
      if (type.code() == code) {
        return type;
      }
    }
    throw new IllegalArgumentException("no type has the code " + code);
  }
}
