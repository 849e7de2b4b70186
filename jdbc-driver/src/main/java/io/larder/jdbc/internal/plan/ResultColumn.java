package io.larder.jdbc.internal.plan;

import io.larder.tables.DataType;
import org.jspecify.annotations.Nullable;

/**
 * A column of a result.
 *
 * @param label the name the query gives it
 * @param name the name of the table's column, or the label
 * @param table the table it comes from unchanged, or null
 * @param type the type of its values
 * @param nullable whether it may hold null
 */
public record ResultColumn(
    String label, String name, @Nullable String table, DataType type, boolean nullable) {

  /** Returns a column that comes from no table. */
  public static ResultColumn computed(String label, DataType type) {
    return new ResultColumn(label, label, null, type, true);
  }
}
