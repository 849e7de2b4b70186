package io.larder.tables;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table. Immutable.
 *
 * @param name the name as shown to SQL, not empty
 * @param type the type of its values
 * @param nullable whether null is a legal value; told to SQL and checked by its door
 * @param defaultSql the SQL text of the default, null = none
 */
public record Column(String name, DataType type, boolean nullable, @Nullable String defaultSql) {

  /** Checks the parts. */
  public Column {
    Objects.requireNonNull(type, "type");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a column name must have at least one character");
    }
  }

  /** Returns a nullable column without default. */
  public static Column of(String name, DataType type) {
    return new Column(name, type, true, null);
  }

  /** Returns a column that takes no null and has no default. */
  public static Column notNull(String name, DataType type) {
    return new Column(name, type, false, null);
  }
}
