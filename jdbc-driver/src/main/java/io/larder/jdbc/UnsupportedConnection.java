package io.larder.jdbc;

import io.larder.jdbc.internal.error.Errors;
import io.larder.jdbc.internal.error.Unwrapping;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.NClob;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Struct;

/** What a connection refuses. */
abstract class UnsupportedConnection implements Connection, Unwrapping {

  @Override
  public Array createArrayOf(String type, Object[] elements) throws SQLException {
    throw Errors.notSupported("createArrayOf");
  }

  @Override
  public Blob createBlob() throws SQLException {
    throw Errors.notSupported("createBlob; use setBytes or setBinaryStream:");
  }

  @Override
  public Clob createClob() throws SQLException {
    throw Errors.notSupported("createClob; use setString or setCharacterStream:");
  }

  @Override
  public NClob createNClob() throws SQLException {
    throw Errors.notSupported("createNClob; use setString or setCharacterStream:");
  }

  @Override
  public SQLXML createSQLXML() throws SQLException {
    throw Errors.notSupported("createSQLXML");
  }

  @Override
  public Struct createStruct(String type, Object[] attributes) throws SQLException {
    throw Errors.notSupported("createStruct");
  }

  @Override
  public CallableStatement prepareCall(String sql) throws SQLException {
    throw Errors.notSupported("prepareCall");
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
    throw Errors.notSupported("prepareCall");
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    throw Errors.notSupported("prepareCall");
  }
}
