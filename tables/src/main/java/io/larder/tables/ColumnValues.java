package io.larder.tables;

import java.util.Date;
import org.jspecify.annotations.Nullable;

/** Fits values to columns of one table; errors name table, column, value and type. Immutable. */
final class ColumnValues {
  private final String table;

  ColumnValues(String table) {
    this.table = table;
  }

  /** Converts what SQL hands over: anything that {@link DataType#convert} takes. */
  @Nullable Object fromSql(Column column, @Nullable Object value) {
    if (value == null || column.type().javaType().isInstance(value)) {
      return value;
    }
    try {
      return column.type().convert(value);
    } catch (IllegalArgumentException e) {
      throw misfit(column, value, e);
    }
  }

  /** Converts what Java hands over: only what is the same thing in another class. */
  @Nullable Object fromJava(Column column, @Nullable Object value) {
    DataType type = column.type();
    if (value == null || type.javaType().isInstance(value)) {
      return value;
    } else if (type == DataType.VARCHAR && value instanceof Enum<?> constant) {
      return constant.name();
    } else if (type == DataType.VARCHAR && value instanceof Character unit) {
      return unit.toString();
    } else if (type == DataType.INSTANT && value instanceof Date date) {
      return date.toInstant();
    }
    Object fitted = Coercions.fit(value, type.javaType());
    if (fitted == Coercions.MISFIT) {
      throw misfit(column, value, null);
    }
    return fitted;
  }

  /** Converts what is stored to the canonical type of a column. */
  @Nullable Object stored(Column column, @Nullable Object value) {
    return fromSql(column, value);
  }

  TypeMismatchException misfit(Column column, @Nullable Object value, @Nullable Throwable cause) {
    String message =
        "table '"
            + table
            + "', column '"
            + column.name()
            + "': the value "
            + Conversions.describe(value)
            + " does not fit, expected "
            + column.type()
            + " ("
            + column.type().javaType().getTypeName()
            + ")";
    return cause == null
        ? new TypeMismatchException(message)
        : new TypeMismatchException(message, cause);
  }
}
