package io.larder.jdbc.internal.access;

import io.larder.jdbc.internal.plan.ResultColumn;
import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.Table;
import io.larder.tables.TableDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table as SQL sees it: key columns, value columns, {@code expires_at}. Immutable. */
public final class TableView {
  private final Table table;
  private final List<Column> columns;
  private final int keyCount;
  private final boolean decimalKey;

  /** Creates the view of a table. */
  public TableView(Table table) {
    this.table = table;
    TableDefinition definition = table.definition();
    this.columns = definition.columns();
    this.keyCount = definition.keyColumns().size();
    this.decimalKey =
        definition.keyColumns().stream().anyMatch(column -> column.type() == DataType.DECIMAL);
  }

  /** Returns the table. */
  public Table table() {
    return table;
  }

  /** Returns the name. */
  public String name() {
    return table.definition().name();
  }

  /** Returns all columns in the order of a row. */
  public List<Column> columns() {
    return columns;
  }

  /** Returns a column's type. */
  public DataType type(int column) {
    return columns.get(column).type();
  }

  /** Returns the number of key columns; they come first. */
  public int keyCount() {
    return keyCount;
  }

  /** Returns whether a key column is a decimal, so that equal keys may have different bytes. */
  boolean hasDecimalKey() {
    return decimalKey;
  }

  /** Returns the position of {@code expires_at}, the last. */
  public int expiresColumn() {
    return columns.size() - 1;
  }

  /**
   * Returns the position of a column: the exact name, else the only one that differs in case alone; -1 if
   * there is none or it is not clear which.
   */
  public int find(String name) {
    int found = -1;
    for (int i = 0; i < columns.size(); i++) {
      String candidate = columns.get(i).name();
      if (candidate.equals(name)) {
        return i;
      }
      if (candidate.equalsIgnoreCase(name)) {
        found = found == -1 ? i : -2;
      }
    }
    return Math.max(found, -1);
  }

  /** Returns how a column appears in a result. */
  public ResultColumn resultColumn(int column, @Nullable String alias) {
    Column source = columns.get(column);
    String label = alias == null ? source.name() : alias;
    return new ResultColumn(label, source.name(), name(), source.type(), source.nullable());
  }
}
