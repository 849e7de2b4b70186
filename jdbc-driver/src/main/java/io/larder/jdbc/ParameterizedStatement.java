package io.larder.jdbc;

import io.larder.jdbc.internal.error.Errors;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.value.Temporal;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.Calendar;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The setters of a prepared statement. Values are kept as java.time, bytes, text and numbers. */
abstract class ParameterizedStatement extends LarderStatement implements PreparedStatement {
  /** Stands for a parameter that was not set. */
  private static final Object UNSET = new Object();

  private @Nullable Object[] values;

  ParameterizedStatement(LarderConnection connection, int parameterCount) {
    super(connection);
    this.values = new Object[parameterCount];
    Arrays.fill(values, UNSET);
  }

  /** Makes room for another number of parameters, if the statement was compiled anew. */
  final void resize(int parameterCount) {
    if (values.length != parameterCount) {
      int before = values.length;
      values = Arrays.copyOf(values, parameterCount);
      if (before < parameterCount) {
        Arrays.fill(values, before, parameterCount, UNSET);
      }
    }
  }

  /** Returns the values; all of them must be set. */
  final @Nullable Object[] values() throws SQLException {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == UNSET) {
        throw Errors.of(SqlState.WRONG_PARAMETERS, "parameter " + (i + 1) + " is not set");
      }
    }
    return values;
  }

  private void set(int parameter, @Nullable Object value) throws SQLException {
    requireOpen();
    if (parameter < 1 || parameter > values.length) {
      throw Errors.of(
          SqlState.INVALID_INDEX,
          values.length == 0
              ? "no parameter " + parameter + ", the statement has none"
              : "no parameter " + parameter + ", expected 1 to " + values.length);
    }
    values[parameter - 1] = value;
  }

  @Override
  public void clearParameters() throws SQLException {
    requireOpen();
    Arrays.fill(values, UNSET);
  }

  @Override
  public void setNull(int parameter, int type) throws SQLException {
    set(parameter, null);
  }

  @Override
  public void setNull(int parameter, int type, String typeName) throws SQLException {
    set(parameter, null);
  }

  @Override
  public void setBoolean(int parameter, boolean value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setByte(int parameter, byte value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setShort(int parameter, short value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setInt(int parameter, int value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setLong(int parameter, long value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setFloat(int parameter, float value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setDouble(int parameter, double value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setBigDecimal(int parameter, @Nullable BigDecimal value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setString(int parameter, @Nullable String value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setNString(int parameter, @Nullable String value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setBytes(int parameter, byte @Nullable [] value) throws SQLException {
    set(parameter, value == null ? null : value.clone());
  }

  @Override
  public void setDate(int parameter, @Nullable Date value) throws SQLException {
    setDate(parameter, value, null);
  }

  @Override
  public void setDate(int parameter, @Nullable Date value, @Nullable Calendar calendar)
      throws SQLException {
    set(parameter, value == null ? null : Temporal.ofSqlDate(value, calendar));
  }

  @Override
  public void setTime(int parameter, @Nullable Time value) throws SQLException {
    setTime(parameter, value, null);
  }

  @Override
  public void setTime(int parameter, @Nullable Time value, @Nullable Calendar calendar)
      throws SQLException {
    set(parameter, value == null ? null : Temporal.ofSqlTime(value, calendar));
  }

  @Override
  public void setTimestamp(int parameter, @Nullable Timestamp value) throws SQLException {
    setTimestamp(parameter, value, null);
  }

  @Override
  public void setTimestamp(int parameter, @Nullable Timestamp value, @Nullable Calendar calendar)
      throws SQLException {
    set(parameter, value == null ? null : Temporal.ofSqlTimestamp(value, calendar));
  }

  @Override
  public void setObject(int parameter, @Nullable Object value) throws SQLException {
    if (value instanceof Blob blob) {
      setBlob(parameter, blob);
    } else if (value instanceof Clob clob) {
      setClob(parameter, clob);
    } else if (value instanceof InputStream stream) {
      setBinaryStream(parameter, stream);
    } else if (value instanceof Reader reader) {
      setCharacterStream(parameter, reader);
    } else if (value == null || isStorable(value)) {
      set(parameter, Temporal.normalise(value));
    } else {
      throw Errors.notSupported("a parameter of " + value.getClass().getName());
    }
  }

  private static boolean isStorable(Object value) {
    return value instanceof String
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Character
        || value instanceof byte[]
        || value instanceof java.util.UUID
        || value instanceof java.util.Date
        || value instanceof Calendar
        || value instanceof java.time.temporal.Temporal
        || value instanceof List
        || value instanceof Map
        || value instanceof Record
        || value instanceof Enum;
  }

  @Override
  public void setObject(int parameter, @Nullable Object value, int type) throws SQLException {
    setObject(parameter, value);
  }

  @Override
  public void setObject(int parameter, @Nullable Object value, int type, int scale)
      throws SQLException {
    setObject(parameter, value);
  }

  @Override
  public void setObject(int parameter, @Nullable Object value, SQLType type) throws SQLException {
    setObject(parameter, value);
  }

  @Override
  public void setObject(int parameter, @Nullable Object value, SQLType type, int scale)
      throws SQLException {
    setObject(parameter, value);
  }

  @Override
  public void setURL(int parameter, @Nullable URL value) throws SQLException {
    set(parameter, value == null ? null : value.toString());
  }

  // ---- streams, read at once and to their end or the length given

  private void setStream(int parameter, @Nullable InputStream stream, long length, boolean text)
      throws SQLException {
    if (stream == null) {
      set(parameter, null);
      return;
    }
    if (length > Integer.MAX_VALUE - 8) {
      throw Errors.of(SqlState.LIMIT_EXCEEDED, "found " + length + " bytes");
    }
    try {
      byte[] bytes = length < 0 ? stream.readAllBytes() : stream.readNBytes((int) length);
      set(parameter, text ? new String(bytes, StandardCharsets.US_ASCII) : bytes);
    } catch (IOException e) {
      throw Errors.of(SqlState.INPUT_OUTPUT, "reading parameter " + parameter + ": " + e, e);
    }
  }

  private void setReader(int parameter, @Nullable Reader reader, long length) throws SQLException {
    if (reader == null) {
      set(parameter, null);
      return;
    }
    try {
      StringWriter text = new StringWriter();
      long left = length < 0 ? Long.MAX_VALUE : length;
      char[] buffer = new char[4096];
      int read = reader.read(buffer, 0, (int) Math.min(buffer.length, left));
      while (read > 0) {
        text.write(buffer, 0, read);
        left -= read;
        read = left == 0 ? 0 : reader.read(buffer, 0, (int) Math.min(buffer.length, left));
      }
      set(parameter, text.toString());
    } catch (IOException e) {
      throw Errors.of(SqlState.INPUT_OUTPUT, "reading parameter " + parameter + ": " + e, e);
    }
  }

  @Override
  public void setBinaryStream(int parameter, @Nullable InputStream stream) throws SQLException {
    setStream(parameter, stream, -1, false);
  }

  @Override
  public void setBinaryStream(int parameter, @Nullable InputStream stream, int length)
      throws SQLException {
    setStream(parameter, stream, length, false);
  }

  @Override
  public void setBinaryStream(int parameter, @Nullable InputStream stream, long length)
      throws SQLException {
    setStream(parameter, stream, length, false);
  }

  @Override
  public void setAsciiStream(int parameter, @Nullable InputStream stream) throws SQLException {
    setStream(parameter, stream, -1, true);
  }

  @Override
  public void setAsciiStream(int parameter, @Nullable InputStream stream, int length)
      throws SQLException {
    setStream(parameter, stream, length, true);
  }

  @Override
  public void setAsciiStream(int parameter, @Nullable InputStream stream, long length)
      throws SQLException {
    setStream(parameter, stream, length, true);
  }

  @Deprecated // by JDBC
  @Override
  public void setUnicodeStream(int parameter, InputStream stream, int length) throws SQLException {
    throw Errors.notSupported("setUnicodeStream");
  }

  @Override
  public void setCharacterStream(int parameter, @Nullable Reader reader) throws SQLException {
    setReader(parameter, reader, -1);
  }

  @Override
  public void setCharacterStream(int parameter, @Nullable Reader reader, int length)
      throws SQLException {
    setReader(parameter, reader, length);
  }

  @Override
  public void setCharacterStream(int parameter, @Nullable Reader reader, long length)
      throws SQLException {
    setReader(parameter, reader, length);
  }

  @Override
  public void setNCharacterStream(int parameter, @Nullable Reader reader) throws SQLException {
    setReader(parameter, reader, -1);
  }

  @Override
  public void setNCharacterStream(int parameter, @Nullable Reader reader, long length)
      throws SQLException {
    setReader(parameter, reader, length);
  }

  @Override
  public void setBlob(int parameter, @Nullable Blob value) throws SQLException {
    set(parameter, value == null ? null : value.getBytes(1, (int) value.length()));
  }

  @Override
  public void setBlob(int parameter, @Nullable InputStream stream) throws SQLException {
    setStream(parameter, stream, -1, false);
  }

  @Override
  public void setBlob(int parameter, @Nullable InputStream stream, long length)
      throws SQLException {
    setStream(parameter, stream, length, false);
  }

  @Override
  public void setClob(int parameter, @Nullable Clob value) throws SQLException {
    set(parameter, value == null ? null : value.getSubString(1, (int) value.length()));
  }

  @Override
  public void setClob(int parameter, @Nullable Reader reader) throws SQLException {
    setReader(parameter, reader, -1);
  }

  @Override
  public void setClob(int parameter, @Nullable Reader reader, long length) throws SQLException {
    setReader(parameter, reader, length);
  }

  @Override
  public void setNClob(int parameter, @Nullable NClob value) throws SQLException {
    setClob(parameter, value);
  }

  @Override
  public void setNClob(int parameter, @Nullable Reader reader) throws SQLException {
    setReader(parameter, reader, -1);
  }

  @Override
  public void setNClob(int parameter, @Nullable Reader reader, long length) throws SQLException {
    setReader(parameter, reader, length);
  }

  @Override
  public void setArray(int parameter, Array value) throws SQLException {
    throw Errors.notSupported("setArray");
  }

  @Override
  public void setRef(int parameter, Ref value) throws SQLException {
    throw Errors.notSupported("setRef");
  }

  @Override
  public void setRowId(int parameter, RowId value) throws SQLException {
    throw Errors.notSupported("setRowId");
  }

  @Override
  public void setSQLXML(int parameter, SQLXML value) throws SQLException {
    throw Errors.notSupported("setSQLXML");
  }
}
