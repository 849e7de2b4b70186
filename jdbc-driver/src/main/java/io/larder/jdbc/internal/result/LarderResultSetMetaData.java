package io.larder.jdbc.internal.result;

import io.larder.jdbc.internal.error.Errors;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.Unwrapping;
import io.larder.jdbc.internal.plan.ResultColumn;
import io.larder.jdbc.internal.value.JdbcTypes;
import io.larder.tables.DataType;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;

/** Describes the columns of a result. Immutable. */
public final class LarderResultSetMetaData implements ResultSetMetaData, Unwrapping {
  private final List<ResultColumn> columns;

  /** Creates the description. */
  public LarderResultSetMetaData(List<ResultColumn> columns) {
    this.columns = columns;
  }

  private ResultColumn at(int column) throws SQLException {
    if (column < 1 || column > columns.size()) {
      throw Errors.of(
          SqlState.INVALID_INDEX, "no column " + column + ", expected 1 to " + columns.size());
    }
    return columns.get(column - 1);
  }

  private DataType type(int column) throws SQLException {
    return at(column).type();
  }

  @Override
  public int getColumnCount() {
    return columns.size();
  }

  @Override
  public boolean isAutoIncrement(int column) throws SQLException {
    at(column);
    return false;
  }

  @Override
  public boolean isCaseSensitive(int column) throws SQLException {
    return switch (type(column)) {
      case VARCHAR, LIST, MAP, ANY -> true;
      default -> false;
    };
  }

  @Override
  public boolean isSearchable(int column) throws SQLException {
    at(column);
    return true;
  }

  @Override
  public boolean isCurrency(int column) throws SQLException {
    at(column);
    return false;
  }

  @Override
  public int isNullable(int column) throws SQLException {
    return at(column).nullable() ? columnNullable : columnNoNulls;
  }

  @Override
  public boolean isSigned(int column) throws SQLException {
    return JdbcTypes.isSigned(type(column));
  }

  @Override
  public int getColumnDisplaySize(int column) throws SQLException {
    return JdbcTypes.displaySize(type(column));
  }

  @Override
  public String getColumnLabel(int column) throws SQLException {
    return at(column).label();
  }

  @Override
  public String getColumnName(int column) throws SQLException {
    return at(column).name();
  }

  @Override
  public String getSchemaName(int column) throws SQLException {
    return at(column).table() == null ? "" : "PUBLIC";
  }

  @Override
  public int getPrecision(int column) throws SQLException {
    return JdbcTypes.precision(type(column));
  }

  @Override
  public int getScale(int column) throws SQLException {
    return JdbcTypes.scale(type(column));
  }

  @Override
  public String getTableName(int column) throws SQLException {
    String table = at(column).table();
    return table == null ? "" : table;
  }

  @Override
  public String getCatalogName(int column) throws SQLException {
    at(column);
    return "";
  }

  @Override
  public int getColumnType(int column) throws SQLException {
    return JdbcTypes.code(type(column));
  }

  @Override
  public String getColumnTypeName(int column) throws SQLException {
    return JdbcTypes.name(type(column));
  }

  @Override
  public boolean isReadOnly(int column) throws SQLException {
    return at(column).table() == null;
  }

  @Override
  public boolean isWritable(int column) throws SQLException {
    return at(column).table() != null;
  }

  @Override
  public boolean isDefinitelyWritable(int column) throws SQLException {
    at(column);
    return false;
  }

  @Override
  public String getColumnClassName(int column) throws SQLException {
    return JdbcTypes.objectClass(type(column)).getName();
  }
}
