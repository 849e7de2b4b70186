package io.larder.jdbc.internal.result;

import io.larder.jdbc.internal.error.Errors;
import io.larder.jdbc.internal.error.Unwrapping;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;

/** What a forward-only, read-only result set refuses. */
abstract class ReadOnlyResultSet implements ResultSet, Unwrapping {
  @Override
  public boolean absolute(int value) throws SQLException {
    throw Errors.notSupported("absolute");
  }

  @Override
  public void afterLast() throws SQLException {
    throw Errors.notSupported("afterLast");
  }

  @Override
  public void beforeFirst() throws SQLException {
    throw Errors.notSupported("beforeFirst");
  }

  @Override
  public void cancelRowUpdates() throws SQLException {
    throw Errors.notSupported("cancelRowUpdates");
  }

  @Override
  public void deleteRow() throws SQLException {
    throw Errors.notSupported("deleteRow");
  }

  @Override
  public boolean first() throws SQLException {
    throw Errors.notSupported("first");
  }

  @Override
  public Array getArray(String value) throws SQLException {
    throw Errors.notSupported("getArray");
  }

  @Override
  public Array getArray(int value) throws SQLException {
    throw Errors.notSupported("getArray");
  }

  @Override
  public NClob getNClob(String value) throws SQLException {
    throw Errors.notSupported("getNClob");
  }

  @Override
  public NClob getNClob(int value) throws SQLException {
    throw Errors.notSupported("getNClob");
  }

  @Override
  public Ref getRef(String value) throws SQLException {
    throw Errors.notSupported("getRef");
  }

  @Override
  public Ref getRef(int value) throws SQLException {
    throw Errors.notSupported("getRef");
  }

  @Override
  public RowId getRowId(String value) throws SQLException {
    throw Errors.notSupported("getRowId");
  }

  @Override
  public RowId getRowId(int value) throws SQLException {
    throw Errors.notSupported("getRowId");
  }

  @Override
  public SQLXML getSQLXML(String value) throws SQLException {
    throw Errors.notSupported("getSQLXML");
  }

  @Override
  public SQLXML getSQLXML(int value) throws SQLException {
    throw Errors.notSupported("getSQLXML");
  }

  @Deprecated // by JDBC
  @Override
  public InputStream getUnicodeStream(String value) throws SQLException {
    throw Errors.notSupported("getUnicodeStream");
  }

  @Deprecated // by JDBC
  @Override
  public InputStream getUnicodeStream(int value) throws SQLException {
    throw Errors.notSupported("getUnicodeStream");
  }

  @Override
  public void insertRow() throws SQLException {
    throw Errors.notSupported("insertRow");
  }

  @Override
  public boolean isLast() throws SQLException {
    throw Errors.notSupported("isLast");
  }

  @Override
  public boolean last() throws SQLException {
    throw Errors.notSupported("last");
  }

  @Override
  public void moveToCurrentRow() throws SQLException {
    throw Errors.notSupported("moveToCurrentRow");
  }

  @Override
  public void moveToInsertRow() throws SQLException {
    throw Errors.notSupported("moveToInsertRow");
  }

  @Override
  public boolean previous() throws SQLException {
    throw Errors.notSupported("previous");
  }

  @Override
  public void refreshRow() throws SQLException {
    throw Errors.notSupported("refreshRow");
  }

  @Override
  public boolean relative(int value) throws SQLException {
    throw Errors.notSupported("relative");
  }

  @Override
  public void updateArray(String label, Array value) throws SQLException {
    throw Errors.notSupported("updateArray");
  }

  @Override
  public void updateArray(int column, Array value) throws SQLException {
    throw Errors.notSupported("updateArray");
  }

  @Override
  public void updateAsciiStream(String label, InputStream value, int length) throws SQLException {
    throw Errors.notSupported("updateAsciiStream");
  }

  @Override
  public void updateAsciiStream(String label, InputStream value, long length) throws SQLException {
    throw Errors.notSupported("updateAsciiStream");
  }

  @Override
  public void updateAsciiStream(String label, InputStream value) throws SQLException {
    throw Errors.notSupported("updateAsciiStream");
  }

  @Override
  public void updateAsciiStream(int column, InputStream value, int length) throws SQLException {
    throw Errors.notSupported("updateAsciiStream");
  }

  @Override
  public void updateAsciiStream(int column, InputStream value, long length) throws SQLException {
    throw Errors.notSupported("updateAsciiStream");
  }

  @Override
  public void updateAsciiStream(int column, InputStream value) throws SQLException {
    throw Errors.notSupported("updateAsciiStream");
  }

  @Override
  public void updateBigDecimal(String label, BigDecimal value) throws SQLException {
    throw Errors.notSupported("updateBigDecimal");
  }

  @Override
  public void updateBigDecimal(int column, BigDecimal value) throws SQLException {
    throw Errors.notSupported("updateBigDecimal");
  }

  @Override
  public void updateBinaryStream(String label, InputStream value, int length) throws SQLException {
    throw Errors.notSupported("updateBinaryStream");
  }

  @Override
  public void updateBinaryStream(String label, InputStream value, long length) throws SQLException {
    throw Errors.notSupported("updateBinaryStream");
  }

  @Override
  public void updateBinaryStream(String label, InputStream value) throws SQLException {
    throw Errors.notSupported("updateBinaryStream");
  }

  @Override
  public void updateBinaryStream(int column, InputStream value, int length) throws SQLException {
    throw Errors.notSupported("updateBinaryStream");
  }

  @Override
  public void updateBinaryStream(int column, InputStream value, long length) throws SQLException {
    throw Errors.notSupported("updateBinaryStream");
  }

  @Override
  public void updateBinaryStream(int column, InputStream value) throws SQLException {
    throw Errors.notSupported("updateBinaryStream");
  }

  @Override
  public void updateBlob(String label, InputStream value, long length) throws SQLException {
    throw Errors.notSupported("updateBlob");
  }

  @Override
  public void updateBlob(String label, InputStream value) throws SQLException {
    throw Errors.notSupported("updateBlob");
  }

  @Override
  public void updateBlob(String label, Blob value) throws SQLException {
    throw Errors.notSupported("updateBlob");
  }

  @Override
  public void updateBlob(int column, InputStream value, long length) throws SQLException {
    throw Errors.notSupported("updateBlob");
  }

  @Override
  public void updateBlob(int column, InputStream value) throws SQLException {
    throw Errors.notSupported("updateBlob");
  }

  @Override
  public void updateBlob(int column, Blob value) throws SQLException {
    throw Errors.notSupported("updateBlob");
  }

  @Override
  public void updateBoolean(String label, boolean value) throws SQLException {
    throw Errors.notSupported("updateBoolean");
  }

  @Override
  public void updateBoolean(int column, boolean value) throws SQLException {
    throw Errors.notSupported("updateBoolean");
  }

  @Override
  public void updateByte(String label, byte value) throws SQLException {
    throw Errors.notSupported("updateByte");
  }

  @Override
  public void updateByte(int column, byte value) throws SQLException {
    throw Errors.notSupported("updateByte");
  }

  @Override
  public void updateBytes(String label, byte[] value) throws SQLException {
    throw Errors.notSupported("updateBytes");
  }

  @Override
  public void updateBytes(int column, byte[] value) throws SQLException {
    throw Errors.notSupported("updateBytes");
  }

  @Override
  public void updateCharacterStream(String label, Reader value, int length) throws SQLException {
    throw Errors.notSupported("updateCharacterStream");
  }

  @Override
  public void updateCharacterStream(String label, Reader value, long length) throws SQLException {
    throw Errors.notSupported("updateCharacterStream");
  }

  @Override
  public void updateCharacterStream(String label, Reader value) throws SQLException {
    throw Errors.notSupported("updateCharacterStream");
  }

  @Override
  public void updateCharacterStream(int column, Reader value, int length) throws SQLException {
    throw Errors.notSupported("updateCharacterStream");
  }

  @Override
  public void updateCharacterStream(int column, Reader value, long length) throws SQLException {
    throw Errors.notSupported("updateCharacterStream");
  }

  @Override
  public void updateCharacterStream(int column, Reader value) throws SQLException {
    throw Errors.notSupported("updateCharacterStream");
  }

  @Override
  public void updateClob(String label, Reader value, long length) throws SQLException {
    throw Errors.notSupported("updateClob");
  }

  @Override
  public void updateClob(String label, Reader value) throws SQLException {
    throw Errors.notSupported("updateClob");
  }

  @Override
  public void updateClob(String label, Clob value) throws SQLException {
    throw Errors.notSupported("updateClob");
  }

  @Override
  public void updateClob(int column, Reader value, long length) throws SQLException {
    throw Errors.notSupported("updateClob");
  }

  @Override
  public void updateClob(int column, Reader value) throws SQLException {
    throw Errors.notSupported("updateClob");
  }

  @Override
  public void updateClob(int column, Clob value) throws SQLException {
    throw Errors.notSupported("updateClob");
  }

  @Override
  public void updateDate(String label, Date value) throws SQLException {
    throw Errors.notSupported("updateDate");
  }

  @Override
  public void updateDate(int column, Date value) throws SQLException {
    throw Errors.notSupported("updateDate");
  }

  @Override
  public void updateDouble(String label, double value) throws SQLException {
    throw Errors.notSupported("updateDouble");
  }

  @Override
  public void updateDouble(int column, double value) throws SQLException {
    throw Errors.notSupported("updateDouble");
  }

  @Override
  public void updateFloat(String label, float value) throws SQLException {
    throw Errors.notSupported("updateFloat");
  }

  @Override
  public void updateFloat(int column, float value) throws SQLException {
    throw Errors.notSupported("updateFloat");
  }

  @Override
  public void updateInt(String label, int value) throws SQLException {
    throw Errors.notSupported("updateInt");
  }

  @Override
  public void updateInt(int column, int value) throws SQLException {
    throw Errors.notSupported("updateInt");
  }

  @Override
  public void updateLong(String label, long value) throws SQLException {
    throw Errors.notSupported("updateLong");
  }

  @Override
  public void updateLong(int column, long value) throws SQLException {
    throw Errors.notSupported("updateLong");
  }

  @Override
  public void updateNCharacterStream(String label, Reader value, long length) throws SQLException {
    throw Errors.notSupported("updateNCharacterStream");
  }

  @Override
  public void updateNCharacterStream(String label, Reader value) throws SQLException {
    throw Errors.notSupported("updateNCharacterStream");
  }

  @Override
  public void updateNCharacterStream(int column, Reader value, long length) throws SQLException {
    throw Errors.notSupported("updateNCharacterStream");
  }

  @Override
  public void updateNCharacterStream(int column, Reader value) throws SQLException {
    throw Errors.notSupported("updateNCharacterStream");
  }

  @Override
  public void updateNClob(String label, Reader value, long length) throws SQLException {
    throw Errors.notSupported("updateNClob");
  }

  @Override
  public void updateNClob(String label, Reader value) throws SQLException {
    throw Errors.notSupported("updateNClob");
  }

  @Override
  public void updateNClob(String label, NClob value) throws SQLException {
    throw Errors.notSupported("updateNClob");
  }

  @Override
  public void updateNClob(int column, Reader value, long length) throws SQLException {
    throw Errors.notSupported("updateNClob");
  }

  @Override
  public void updateNClob(int column, Reader value) throws SQLException {
    throw Errors.notSupported("updateNClob");
  }

  @Override
  public void updateNClob(int column, NClob value) throws SQLException {
    throw Errors.notSupported("updateNClob");
  }

  @Override
  public void updateNString(String label, String value) throws SQLException {
    throw Errors.notSupported("updateNString");
  }

  @Override
  public void updateNString(int column, String value) throws SQLException {
    throw Errors.notSupported("updateNString");
  }

  @Override
  public void updateNull(String value) throws SQLException {
    throw Errors.notSupported("updateNull");
  }

  @Override
  public void updateNull(int value) throws SQLException {
    throw Errors.notSupported("updateNull");
  }

  @Override
  public void updateObject(String label, Object value, int length) throws SQLException {
    throw Errors.notSupported("updateObject");
  }

  @Override
  public void updateObject(String label, Object value, SQLType length, int more)
      throws SQLException {
    throw Errors.notSupported("updateObject");
  }

  @Override
  public void updateObject(String label, Object value, SQLType length) throws SQLException {
    throw Errors.notSupported("updateObject");
  }

  @Override
  public void updateObject(String label, Object value) throws SQLException {
    throw Errors.notSupported("updateObject");
  }

  @Override
  public void updateObject(int column, Object value, int length) throws SQLException {
    throw Errors.notSupported("updateObject");
  }

  @Override
  public void updateObject(int column, Object value, SQLType length, int more) throws SQLException {
    throw Errors.notSupported("updateObject");
  }

  @Override
  public void updateObject(int column, Object value, SQLType length) throws SQLException {
    throw Errors.notSupported("updateObject");
  }

  @Override
  public void updateObject(int column, Object value) throws SQLException {
    throw Errors.notSupported("updateObject");
  }

  @Override
  public void updateRef(String label, Ref value) throws SQLException {
    throw Errors.notSupported("updateRef");
  }

  @Override
  public void updateRef(int column, Ref value) throws SQLException {
    throw Errors.notSupported("updateRef");
  }

  @Override
  public void updateRow() throws SQLException {
    throw Errors.notSupported("updateRow");
  }

  @Override
  public void updateRowId(String label, RowId value) throws SQLException {
    throw Errors.notSupported("updateRowId");
  }

  @Override
  public void updateRowId(int column, RowId value) throws SQLException {
    throw Errors.notSupported("updateRowId");
  }

  @Override
  public void updateSQLXML(String label, SQLXML value) throws SQLException {
    throw Errors.notSupported("updateSQLXML");
  }

  @Override
  public void updateSQLXML(int column, SQLXML value) throws SQLException {
    throw Errors.notSupported("updateSQLXML");
  }

  @Override
  public void updateShort(String label, short value) throws SQLException {
    throw Errors.notSupported("updateShort");
  }

  @Override
  public void updateShort(int column, short value) throws SQLException {
    throw Errors.notSupported("updateShort");
  }

  @Override
  public void updateString(String label, String value) throws SQLException {
    throw Errors.notSupported("updateString");
  }

  @Override
  public void updateString(int column, String value) throws SQLException {
    throw Errors.notSupported("updateString");
  }

  @Override
  public void updateTime(String label, Time value) throws SQLException {
    throw Errors.notSupported("updateTime");
  }

  @Override
  public void updateTime(int column, Time value) throws SQLException {
    throw Errors.notSupported("updateTime");
  }

  @Override
  public void updateTimestamp(String label, Timestamp value) throws SQLException {
    throw Errors.notSupported("updateTimestamp");
  }

  @Override
  public void updateTimestamp(int column, Timestamp value) throws SQLException {
    throw Errors.notSupported("updateTimestamp");
  }

  @Override
  public boolean rowUpdated() throws SQLException {
    return false;
  }

  @Override
  public boolean rowInserted() throws SQLException {
    return false;
  }

  @Override
  public boolean rowDeleted() throws SQLException {
    return false;
  }
}
