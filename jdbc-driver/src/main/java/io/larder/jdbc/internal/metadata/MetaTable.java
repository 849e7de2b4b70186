package io.larder.jdbc.internal.metadata;

import io.larder.jdbc.internal.plan.ResultColumn;
import io.larder.tables.DataType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of a result of metadata. Not thread-safe. */
public final class MetaTable {
  private final List<ResultColumn> columns;
  private final List<@Nullable Object[]> rows = new ArrayList<>();

  private MetaTable(List<ResultColumn> columns) {
    this.columns = columns;
  }

  /** Creates an empty table; a column is text unless its name is followed by {@code :int} or the like. */
  static MetaTable of(String... names) {
    List<ResultColumn> columns = new ArrayList<>();
    for (String name : names) {
      int colon = name.indexOf(':');
      DataType type = DataType.VARCHAR;
      if (colon > 0) {
        type =
            switch (name.substring(colon + 1)) {
              case "int" -> DataType.INTEGER;
              case "short" -> DataType.SMALLINT;
              case "long" -> DataType.BIGINT;
              default -> DataType.BOOLEAN;
            };
      }
      columns.add(ResultColumn.computed(colon > 0 ? name.substring(0, colon) : name, type));
    }
    return new MetaTable(columns);
  }

  void add(@Nullable Object... row) {
    if (row.length != columns.size()) {
      throw new IllegalStateException(row.length + " values for " + columns.size() + " columns");
    }
    rows.add(row);
  }

  void sort(Comparator<@Nullable Object[]> order) {
    rows.sort(order);
  }

  /** Returns the columns. */
  public List<ResultColumn> columns() {
    return columns;
  }

  /** Returns the rows. */
  public List<@Nullable Object[]> rows() {
    return rows;
  }
}
