package io.larder.jdbc.internal.result;

import io.larder.jdbc.internal.error.Errors;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.plan.ResultColumn;
import io.larder.jdbc.internal.plan.RowCursor;
import io.larder.jdbc.internal.value.Conversions;
import io.larder.jdbc.internal.value.JdbcTypes;
import io.larder.jdbc.internal.value.Temporal;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.sql.rowset.serial.SerialBlob;
import javax.sql.rowset.serial.SerialClob;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a query, read forwards as the caller asks for them. Not thread-safe; closed by the caller, or with
 * its statement. What the rows are read from is released as soon as the last one was read.
 */
public final class LarderResultSet extends LabelledResultSet {

  /** Who has the result set, and is told when it closes. */
  public interface Owner {
    /** Returns the statement, or null for results of metadata. */
    @Nullable Statement statement();

    /** Called once when the result set closes. */
    void closed(LarderResultSet result) throws SQLException;
  }

  private final List<ResultColumn> columns;
  private final RowCursor cursor;
  private final Owner owner;
  private final long maxRows;
  private @Nullable Object @Nullable [] row;
  private long rowNumber;
  private boolean exhausted;
  private boolean closed;
  private boolean wasNull;
  private int fetchSize;

  /**
   * Creates a result set over rows.
   *
   * @param maxRows how many rows at most, 0 = all
   */
  public LarderResultSet(List<ResultColumn> columns, RowCursor cursor, Owner owner, long maxRows) {
    this.columns = columns;
    this.cursor = cursor;
    this.owner = owner;
    this.maxRows = maxRows;
  }

  // ---- moving

  @Override
  public boolean next() throws SQLException {
    requireOpen();
    if (exhausted) {
      return false;
    }
    try {
      row = maxRows > 0 && rowNumber >= maxRows ? null : cursor.next();
      if (row == null) {
        exhausted = true;
        cursor.close();
        return false;
      }
      rowNumber++;
      return true;
    } catch (RuntimeException | StackOverflowError e) {
      row = null;
      exhausted = true;
      SQLException failure = Errors.translate(e);
      closeCursor(failure);
      throw failure;
    }
  }

  private void closeCursor(SQLException failure) {
    try {
      cursor.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() throws SQLException {
    if (closed) {
      return;
    }
    closed = true;
    row = null;
    try {
      cursor.close();
    } catch (RuntimeException e) {
      throw Errors.translate(e);
    } finally {
      owner.closed(this);
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  private void requireOpen() throws SQLException {
    if (closed) {
      throw Errors.of(SqlState.INVALID_CURSOR, "the result set is closed");
    }
  }

  @Override
  public boolean isBeforeFirst() throws SQLException {
    requireOpen();
    return rowNumber == 0 && !exhausted;
  }

  @Override
  public boolean isFirst() throws SQLException {
    requireOpen();
    return rowNumber == 1 && row != null;
  }

  @Override
  public boolean isAfterLast() throws SQLException {
    requireOpen();
    return exhausted && rowNumber > 0;
  }

  @Override
  public int getRow() throws SQLException {
    requireOpen();
    return row == null ? 0 : (int) Math.min(rowNumber, Integer.MAX_VALUE);
  }

  // ---- values

  private @Nullable Object value(int column) throws SQLException {
    @Nullable Object @Nullable [] current = row;
    if (current == null) {
      requireOpen();
      throw Errors.of(
          SqlState.INVALID_CURSOR,
          rowNumber == 0 && !exhausted ? "call next() first" : "there is no current row");
    }
    if (column < 1 || column > columns.size()) {
      throw Errors.of(
          SqlState.INVALID_INDEX, "no column " + column + ", expected 1 to " + columns.size());
    }
    Object value = current[column - 1];
    wasNull = value == null;
    return value;
  }

  private <T> @Nullable T convert(int column, Function<Object, ? extends @Nullable T> conversion)
      throws SQLException {
    Object value = value(column);
    if (value == null) {
      return null;
    }
    try {
      return conversion.apply(value);
    } catch (RuntimeException e) {
      throw inColumn(column, e);
    }
  }

  private SQLException inColumn(int column, RuntimeException e) {
    SQLException failure = Errors.translate(e);
    SQLException named =
        new java.sql.SQLDataException(
            "column " + columns.get(column - 1).label() + ": " + failure.getMessage(),
            failure.getSQLState(),
            e);
    return named;
  }

  private long whole(int column, long min, long max, String type) throws SQLException {
    Object value = value(column);
    if (value == null) {
      return 0;
    }
    try {
      return Conversions.toLong(value, min, max, type);
    } catch (RuntimeException e) {
      throw inColumn(column, e);
    }
  }

  @Override
  public boolean wasNull() throws SQLException {
    requireOpen();
    return wasNull;
  }

  @Override
  public @Nullable String getString(int column) throws SQLException {
    Object value = value(column);
    return value instanceof String text ? text : Conversions.toText(value);
  }

  @Override
  public boolean getBoolean(int column) throws SQLException {
    Boolean value = convert(column, Conversions::toBoolean);
    return value != null && value;
  }

  @Override
  public byte getByte(int column) throws SQLException {
    return (byte) whole(column, Byte.MIN_VALUE, Byte.MAX_VALUE, "TINYINT");
  }

  @Override
  public short getShort(int column) throws SQLException {
    return (short) whole(column, Short.MIN_VALUE, Short.MAX_VALUE, "SMALLINT");
  }

  @Override
  public int getInt(int column) throws SQLException {
    return (int) whole(column, Integer.MIN_VALUE, Integer.MAX_VALUE, "INTEGER");
  }

  @Override
  public long getLong(int column) throws SQLException {
    return whole(column, Long.MIN_VALUE, Long.MAX_VALUE, "BIGINT");
  }

  @Override
  public float getFloat(int column) throws SQLException {
    return (float) getDouble(column);
  }

  @Override
  public double getDouble(int column) throws SQLException {
    Double value = convert(column, Conversions::toDouble);
    return value == null ? 0 : value;
  }

  @Override
  public @Nullable BigDecimal getBigDecimal(int column) throws SQLException {
    return convert(column, Conversions::toDecimal);
  }

  @Deprecated // by JDBC
  @Override
  public @Nullable BigDecimal getBigDecimal(int column, int scale) throws SQLException {
    BigDecimal value = getBigDecimal(column);
    return value == null ? null : value.setScale(scale, RoundingMode.HALF_UP);
  }

  @Override
  public byte @Nullable [] getBytes(int column) throws SQLException {
    return convert(column, Conversions::toBytes);
  }

  @Override
  public @Nullable Date getDate(int column) throws SQLException {
    return getDate(column, null);
  }

  @Override
  public @Nullable Date getDate(int column, @Nullable Calendar calendar) throws SQLException {
    return convert(column, value -> Temporal.toSqlDate(value, calendar));
  }

  @Override
  public @Nullable Time getTime(int column) throws SQLException {
    return getTime(column, null);
  }

  @Override
  public @Nullable Time getTime(int column, @Nullable Calendar calendar) throws SQLException {
    return convert(column, value -> Temporal.toSqlTime(value, calendar));
  }

  @Override
  public @Nullable Timestamp getTimestamp(int column) throws SQLException {
    return getTimestamp(column, null);
  }

  @Override
  public @Nullable Timestamp getTimestamp(int column, @Nullable Calendar calendar)
      throws SQLException {
    return convert(column, value -> Temporal.toSqlTimestamp(value, calendar));
  }

  @Override
  public @Nullable Object getObject(int column) throws SQLException {
    return JdbcTypes.toJdbcObject(value(column));
  }

  @Override
  public @Nullable Object getObject(int column, @Nullable Map<String, Class<?>> types)
      throws SQLException {
    return getObject(column);
  }

  @Override
  public <T> @Nullable T getObject(int column, @Nullable Class<T> type) throws SQLException {
    if (type == null) {
      throw Errors.of(SqlState.INVALID_ARGUMENT, "found null, expected a class");
    }
    if (type == Blob.class) {
      return type.cast(getBlob(column));
    }
    if (type == Clob.class) {
      return type.cast(getClob(column));
    }
    return convert(column, value -> type.cast(JdbcTypes.toClass(value, type)));
  }

  @Override
  public @Nullable String getNString(int column) throws SQLException {
    return getString(column);
  }

  @Override
  public @Nullable InputStream getBinaryStream(int column) throws SQLException {
    byte[] bytes = getBytes(column);
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }

  @Override
  public @Nullable InputStream getAsciiStream(int column) throws SQLException {
    String text = getString(column);
    return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public @Nullable Reader getCharacterStream(int column) throws SQLException {
    String text = getString(column);
    return text == null ? null : new StringReader(text);
  }

  @Override
  public @Nullable Reader getNCharacterStream(int column) throws SQLException {
    return getCharacterStream(column);
  }

  @Override
  public @Nullable Blob getBlob(int column) throws SQLException {
    byte[] bytes = getBytes(column);
    return bytes == null ? null : new SerialBlob(bytes);
  }

  @Override
  public @Nullable Clob getClob(int column) throws SQLException {
    String text = getString(column);
    return text == null ? null : new SerialClob(text.toCharArray());
  }

  @Override
  public @Nullable URL getURL(int column) throws SQLException {
    String text = getString(column);
    try {
      return text == null ? null : new URL(text);
    } catch (MalformedURLException e) {
      throw Errors.of(SqlState.INVALID_CONVERSION, "'" + text + "' is not a URL", e);
    }
  }

  // ---- about the result

  @Override
  public int findColumn(String label) throws SQLException {
    requireOpen();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).label().equalsIgnoreCase(label)) {
        return i + 1;
      }
    }
    throw Errors.of(
        SqlState.INVALID_INDEX,
        "no column '"
            + label
            + "', expected one of "
            + columns.stream().map(ResultColumn::label).toList());
  }

  @Override
  public ResultSetMetaData getMetaData() throws SQLException {
    requireOpen();
    return new LarderResultSetMetaData(columns);
  }

  @Override
  public @Nullable Statement getStatement() throws SQLException {
    requireOpen();
    return owner.statement();
  }

  @Override
  public @Nullable SQLWarning getWarnings() throws SQLException {
    requireOpen();
    return null;
  }

  @Override
  public void clearWarnings() throws SQLException {
    requireOpen();
  }

  @Override
  public String getCursorName() throws SQLException {
    throw Errors.notSupported("getCursorName");
  }

  @Override
  public int getType() throws SQLException {
    requireOpen();
    return ResultSet.TYPE_FORWARD_ONLY;
  }

  @Override
  public int getConcurrency() throws SQLException {
    requireOpen();
    return ResultSet.CONCUR_READ_ONLY;
  }

  @Override
  public int getHoldability() throws SQLException {
    requireOpen();
    return ResultSet.CLOSE_CURSORS_AT_COMMIT;
  }

  @Override
  public int getFetchDirection() throws SQLException {
    requireOpen();
    return ResultSet.FETCH_FORWARD;
  }

  @Override
  public void setFetchDirection(int direction) throws SQLException {
    requireOpen();
    if (direction != ResultSet.FETCH_FORWARD) {
      throw Errors.of(SqlState.INVALID_ARGUMENT, "expected FETCH_FORWARD, found " + direction);
    }
  }

  @Override
  public int getFetchSize() throws SQLException {
    requireOpen();
    return fetchSize;
  }

  @Override
  public void setFetchSize(int rows) throws SQLException {
    requireOpen();
    if (rows < 0) {
      throw Errors.of(SqlState.INVALID_ARGUMENT, "expected 0 rows or more, found " + rows);
    }
    fetchSize = rows;
  }
}
