package io.larder.tables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Named values in an order: what a value is when its class is not there or was never one. Immutable and
 * thread-safe, as long as nobody changes the arrays, lists or maps inside.
 *
 * <p>Two rows are equal if they have the same names in the same order and equal values; the type name does not
 * count.
 */
public final class Row {
  private final List<String> names;
  private final @Nullable Object[] values;
  private final @Nullable String typeName;

  private Row(List<String> names, @Nullable Object[] values, @Nullable String typeName) {
    if (names.size() != values.length) {
      throw new IllegalArgumentException(
          "a row needs as many values as names, found " + values.length + " and " + names.size());
    }
    this.names = names;
    this.values = values;
    this.typeName = typeName;
  }

  /** Returns a row of the names and values; the array is copied. */
  public static Row of(List<String> names, @Nullable Object... values) {
    return new Row(List.copyOf(names), values.clone(), null);
  }

  /** Returns a row of the map's entries in its order. */
  public static Row of(Map<String, ? extends @Nullable Object> values) {
    List<String> names = new ArrayList<>(values.size());
    List<@Nullable Object> fields = new ArrayList<>(values.size());
    values.forEach(
        (name, value) -> {
          names.add(name);
          fields.add(value);
        });
    return new Row(List.copyOf(names), fields.toArray(), null);
  }

  /** Returns a row that owns its arguments: nobody else may change them. */
  static Row owning(List<String> names, @Nullable Object[] values, @Nullable String typeName) {
    return new Row(names, values, typeName);
  }

  /** Returns the names in order. */
  public List<String> names() {
    return names;
  }

  /** Returns the name of the class whose object this was, if it was one. */
  public Optional<String> typeName() {
    return Optional.ofNullable(typeName);
  }

  /** Returns the number of values. */
  public int size() {
    return values.length;
  }

  /** Returns whether there is a value, null included, of that name. */
  public boolean has(String name) {
    return names.indexOf(name) >= 0;
  }

  /** Returns the value at a position from 0. */
  public @Nullable Object get(int position) {
    return values[position];
  }

  /**
   * Returns the value of a name.
   *
   * @throws IllegalArgumentException if there is no such name; the message lists those there are
   */
  public @Nullable Object get(String name) {
    int position = names.indexOf(name);
    if (position < 0) {
      throw new IllegalArgumentException("no field '" + name + "' in a row of " + names);
    }
    return values[position];
  }

  /** Returns the value of a name cast to a type. */
  public <T> @Nullable T get(String name, Class<T> type) {
    return type.cast(get(name));
  }

  /** Returns this row with another value for a name it has. */
  public Row with(String name, @Nullable Object value) {
    get(name);
    @Nullable Object[] changed = values.clone();
    changed[names.indexOf(name)] = value;
    return new Row(names, changed, typeName);
  }

  /** Returns the names and values as an unmodifiable map in order. */
  public Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      map.put(names.get(i), values[i]);
    }
    return Collections.unmodifiableMap(map);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Row row
        && names.equals(row.names)
        && Arrays.deepEquals(values, row.values);
  }

  @Override
  public int hashCode() {
    return 31 * names.hashCode() + Arrays.deepHashCode(values);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      text.append(i == 0 ? "" : ", ").append(names.get(i)).append('=');
      text.append(value instanceof byte[] bytes ? bytes.length + " bytes" : value);
    }
    return text.append('}').toString();
  }
}
