package io.larder.tables;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a table is: its columns, and attributes that belong to the doors. Immutable.
 *
 * <p>Attributes: {@code key.class} and {@code value.class} are Java class names where known; {@code ttl} is the
 * default expiry as a duration text; {@code field.NAME} is the record field behind column NAME where they differ;
 * {@code jcache.*} belongs to the provider, {@code sql.*} to the driver.
 *
 * @param name the name of table, cache and keyspace
 * @param keyColumns the columns of the key in key order, at least one
 * @param valueKind how the value columns make the value
 * @param valueColumns the columns of the value; exactly one if scalar
 * @param attributes the attributes, sorted by name
 */
public record TableDefinition(
    String name,
    List<Column> keyColumns,
    ValueKind valueKind,
    List<Column> valueColumns,
    Map<String, String> attributes) {

  /** The pseudo column of every table: when the entry expires, null = never. */
  public static final Column EXPIRES_AT = Column.of("expires_at", DataType.INSTANT);

  /** The name of the key column of a cache. */
  public static final String KEY_COLUMN = "k";

  /** The name of the value column of a cache of scalars. */
  public static final String VALUE_COLUMN = "v";

  /** The attribute that names the Java class of keys. */
  public static final String KEY_CLASS = "key.class";

  /** The attribute that names the Java class of values. */
  public static final String VALUE_CLASS = "value.class";

  /** Checks that the parts fit together; names of columns must differ, whatever their case. */
  public TableDefinition {
    keyColumns = List.copyOf(keyColumns);
    valueColumns = List.copyOf(valueColumns);
    attributes = java.util.Collections.unmodifiableMap(new TreeMap<>(attributes));
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a table name must have at least one character");
    } else if (keyColumns.isEmpty()) {
      throw new IllegalArgumentException("table '" + name + "' has no key column");
    } else if (valueKind == ValueKind.SCALAR && valueColumns.size() != 1) {
      throw new IllegalArgumentException(
          "table '"
              + name
              + "' of scalar values needs one value column, found "
              + valueColumns.size());
    }
    Set<String> seen = new HashSet<>();
    seen.add(EXPIRES_AT.name());
    List<Column> all = new ArrayList<>(keyColumns);
    all.addAll(valueColumns);
    for (Column column : all) {
      if (!seen.add(column.name().toLowerCase(Locale.ROOT))) {
        throw new IllegalArgumentException(
            "table '" + name + "' has two columns named '" + column.name() + "'");
      }
    }
  }

  /** Returns a definition without attributes. */
  public static TableDefinition of(
      String name, List<Column> keyColumns, ValueKind valueKind, List<Column> valueColumns) {
    return new TableDefinition(name, keyColumns, valueKind, valueColumns, Map.of());
  }

  /**
   * Returns how a cache of these types is a table: {@code k} and {@code v}, or instead of {@code v} the fields of
   * a record or plain bean, and instead of {@code k} those of a record of scalars. A name that is taken gets
   * {@code _} appended.
   */
  public static TableDefinition ofTypes(String name, Class<?> keyType, Class<?> valueType) {
    return TypedDefinitions.of(name, keyType, valueType);
  }

  /** Returns all columns: key, value, {@link #EXPIRES_AT}; the order of rows. */
  public List<Column> columns() {
    List<Column> all = new ArrayList<>(keyColumns);
    all.addAll(valueColumns);
    all.add(EXPIRES_AT);
    return List.copyOf(all);
  }

  /** Returns an attribute or null. */
  public @Nullable String attribute(String attribute) {
    return attributes.get(attribute);
  }

  /** Returns this definition with an attribute set, or removed if the value is null. */
  public TableDefinition withAttribute(String attribute, @Nullable String value) {
    Map<String, String> changed = new LinkedHashMap<>(attributes);
    if (value == null) {
      changed.remove(attribute);
    } else {
      changed.put(attribute, value);
    }
    return new TableDefinition(name, keyColumns, valueKind, valueColumns, changed);
  }

  /** Returns this definition with other attributes. */
  public TableDefinition withAttributes(Map<String, String> changed) {
    return new TableDefinition(name, keyColumns, valueKind, valueColumns, changed);
  }

  /** Returns this definition with another value column at the end. */
  public TableDefinition withValueColumn(Column column) {
    List<Column> changed = new ArrayList<>(valueColumns);
    changed.add(column);
    return new TableDefinition(name, keyColumns, valueKind, changed, attributes);
  }
}
