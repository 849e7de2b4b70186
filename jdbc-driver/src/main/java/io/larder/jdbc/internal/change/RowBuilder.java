package io.larder.jdbc.internal.change;

import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.jdbc.internal.value.Conversions;
import io.larder.tables.Column;
import io.larder.tables.DataType;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes complete, valid rows of a table out of the values a statement gives. Immutable. */
public final class RowBuilder {
  private final TableView view;
  private final @Nullable DefaultValue[] defaults;
  private final long timeToLiveMillis;

  /** Creates the builder for a table. */
  public RowBuilder(TableView view) {
    this.view = view;
    List<Column> columns = view.columns();
    this.defaults = new DefaultValue[columns.size()];
    for (int i = 0; i < defaults.length; i++) {
      String sql = columns.get(i).defaultSql();
      defaults[i] = sql == null ? null : DefaultValue.parse(sql, columns.get(i).type());
    }
    this.timeToLiveMillis = TimeToLive.millisOf(view.table().definition());
  }

  /**
   * Builds a new row.
   *
   * @param assigned the columns given, any order
   * @param values their values
   * @param nowMillis the time defaults and times to live are counted from
   */
  public @Nullable Object[] build(int[] assigned, @Nullable Object[] values, long nowMillis) {
    int count = view.columns().size();
    @Nullable Object[] row = new Object[count];
    boolean[] given = new boolean[count];
    for (int i = 0; i < assigned.length; i++) {
      row[assigned[i]] = convert(assigned[i], values[i]);
      given[assigned[i]] = true;
    }
    for (int i = 0; i < count; i++) {
      if (!given[i]) {
        DefaultValue defaultValue = defaults[i];
        row[i] = defaultValue == null ? null : defaultValue.at(nowMillis);
      }
      requireNotNull(i, row[i]);
    }
    int expires = view.expiresColumn();
    if (!given[expires] && timeToLiveMillis > 0) {
      row[expires] = Instant.ofEpochMilli(nowMillis + timeToLiveMillis);
    }
    return row;
  }

  /** Returns the row with some columns changed. */
  public @Nullable Object[] change(
      @Nullable Object[] existing, int[] assigned, @Nullable Object[] values) {
    @Nullable Object[] row = existing.clone();
    for (int i = 0; i < assigned.length; i++) {
      int column = assigned[i];
      row[column] = convert(column, values[i]);
      requireNotNull(column, row[column]);
    }
    return row;
  }

  /** Returns the value a column gets when DEFAULT is written for it. */
  public @Nullable Object defaultOf(int column, long nowMillis) {
    DefaultValue defaultValue = defaults[column];
    return defaultValue == null ? null : defaultValue.at(nowMillis);
  }

  private void requireNotNull(int column, @Nullable Object value) {
    if (value == null && !view.columns().get(column).nullable()) {
      throw new StatementException(
          SqlState.NOT_NULL,
          "column "
              + view.columns().get(column).name()
              + " of table "
              + view.name()
              + " is NOT NULL, found NULL");
    }
  }

  private @Nullable Object convert(int column, @Nullable Object value) {
    DataType type = view.type(column);
    if (value == null) {
      return null;
    }
    if (type == DataType.DECIMAL && column < view.keyCount()) {
      return Conversions.toDecimal(value).stripTrailingZeros(); // equal numbers are one key
    }
    if (value.getClass() == type.javaType()) {
      return value;
    }
    try {
      return type.convert(value);
    } catch (IllegalArgumentException e) {
      SqlState state =
          value instanceof Number ? SqlState.NUMBER_OUT_OF_RANGE : SqlState.INVALID_CONVERSION;
      throw new StatementException(
          state, "column " + view.columns().get(column).name() + ": " + e.getMessage(), e);
    }
  }
}
