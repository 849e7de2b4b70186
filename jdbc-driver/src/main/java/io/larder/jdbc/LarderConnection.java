package io.larder.jdbc;

import io.larder.engine.api.IsolationLevel;
import io.larder.engine.api.LarderUri;
import io.larder.jdbc.internal.error.Errors;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.metadata.Catalog;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.tables.Store;
import java.sql.ClientInfoStatus;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A connection to an open database. Thread-safe; closed by whoever opened it. */
final class LarderConnection extends UnsupportedConnection {
  private final SharedDatabase database;
  private final LarderUri uri;
  private final ConnectionSession session;
  private final long queryTimeoutMillis;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Properties clientInfo = new Properties();
  private volatile int networkTimeoutMillis;

  LarderConnection(SharedDatabase database, LarderUri uri) {
    this.database = database;
    this.uri = uri;
    this.session = new ConnectionSession(database.store());
    Duration timeout =
        DriverOptions.QUERY_TIMEOUT.parse(uri.parameters().get(DriverOptions.QUERY_TIMEOUT.name()));
    this.queryTimeoutMillis = timeout.toMillis();
  }

  ConnectionSession session() {
    return session;
  }

  Store store() {
    return database.store();
  }

  String url() {
    return "jdbc:" + uri;
  }

  long queryTimeoutMillis() {
    return queryTimeoutMillis;
  }

  Plan compile(String sql, boolean keep) {
    return database.compiler().compile(sql, keep);
  }

  long schemaVersion() {
    return database.compiler().schemaVersion();
  }

  void requireOpen() throws SQLException {
    if (closed.get()) {
      throw Errors.of(SqlState.CONNECTION_CLOSED, "the connection is closed");
    }
  }

  /** Something that may fail below the JDBC classes. */
  private interface Action {
    void run() throws SQLException;
  }

  private void act(Action action) throws SQLException {
    requireOpen();
    try {
      action.run();
    } catch (RuntimeException e) {
      throw Errors.translate(e);
    }
  }

  // ---- statements

  @Override
  public Statement createStatement() throws SQLException {
    requireOpen();
    return new LarderStatement(this);
  }

  @Override
  public Statement createStatement(int type, int concurrency) throws SQLException {
    requireSupported(type, concurrency);
    return createStatement();
  }

  @Override
  public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
    requireSupported(type, concurrency);
    return createStatement();
  }

  private static void requireSupported(int type, int concurrency) throws SQLException {
    if (type != ResultSet.TYPE_FORWARD_ONLY) {
      throw Errors.notSupported("a result set that scrolls");
    }
    if (concurrency != ResultSet.CONCUR_READ_ONLY) {
      throw Errors.notSupported("a result set that can be updated");
    }
  }

  @Override
  public PreparedStatement prepareStatement(String sql) throws SQLException {
    requireOpen();
    try {
      return new LarderPreparedStatement(this, sql, compile(sql, true));
    } catch (RuntimeException | StackOverflowError e) {
      throw Errors.translate(e);
    }
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency)
      throws SQLException {
    requireSupported(type, concurrency);
    return prepareStatement(sql);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    requireSupported(type, concurrency);
    return prepareStatement(sql);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int generatedKeys) throws SQLException {
    return prepareStatement(sql);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int[] generatedKeys) throws SQLException {
    return prepareStatement(sql);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, String[] generatedKeys)
      throws SQLException {
    return prepareStatement(sql);
  }

  @Override
  public String nativeSQL(String sql) throws SQLException {
    requireOpen();
    return sql;
  }

  // ---- transactions

  @Override
  public void setAutoCommit(boolean on) throws SQLException {
    act(() -> session.setAutoCommit(on));
  }

  @Override
  public boolean getAutoCommit() throws SQLException {
    requireOpen();
    return session.autoCommit();
  }

  @Override
  public void commit() throws SQLException {
    requireManual("commit");
    act(session::commit);
  }

  @Override
  public void rollback() throws SQLException {
    requireManual("rollback");
    act(session::rollback);
  }

  private void requireManual(String what) throws SQLException {
    if (getAutoCommit()) {
      throw Errors.of(
          SqlState.INVALID_TRANSACTION_STATE, what + " needs autocommit off, and it is on");
    }
  }

  @Override
  public Savepoint setSavepoint() throws SQLException {
    return savepoint(null);
  }

  @Override
  public Savepoint setSavepoint(String name) throws SQLException {
    return savepoint(name);
  }

  private Savepoint savepoint(@Nullable String name) throws SQLException {
    requireManual("a savepoint");
    try {
      return session.savepoint(name);
    } catch (RuntimeException e) {
      throw Errors.translate(e);
    }
  }

  @Override
  public void rollback(Savepoint savepoint) throws SQLException {
    requireManual("a savepoint");
    act(() -> session.rollbackTo(own(savepoint)));
  }

  @Override
  public void releaseSavepoint(Savepoint savepoint) throws SQLException {
    requireManual("a savepoint");
    act(() -> session.release(own(savepoint)));
  }

  private static LarderSavepoint own(Savepoint savepoint) throws SQLException {
    if (savepoint instanceof LarderSavepoint own) {
      return own;
    }
    throw Errors.of(SqlState.INVALID_SAVEPOINT, "not a savepoint of this connection");
  }

  @Override
  public void setTransactionIsolation(int level) throws SQLException {
    requireOpen();
    IsolationLevel isolation =
        switch (level) {
          case TRANSACTION_READ_UNCOMMITTED,
              TRANSACTION_READ_COMMITTED,
              TRANSACTION_REPEATABLE_READ ->
              IsolationLevel.SNAPSHOT; // all of them get a snapshot, which is more
          case TRANSACTION_SERIALIZABLE -> IsolationLevel.SERIALIZABLE;
          default -> throw Errors.of(SqlState.INVALID_ARGUMENT, "found isolation level " + level);
        };
    act(() -> session.setIsolation(isolation));
  }

  @Override
  public int getTransactionIsolation() throws SQLException {
    requireOpen();
    return session.isolation() == IsolationLevel.SERIALIZABLE
        ? TRANSACTION_SERIALIZABLE
        : TRANSACTION_REPEATABLE_READ;
  }

  @Override
  public void setReadOnly(boolean on) throws SQLException {
    act(() -> session.setReadOnly(on));
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    requireOpen();
    return session.readOnly();
  }

  // ---- the connection itself

  @Override
  public void close() throws SQLException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      session.closeResults();
      session.rollback();
    } catch (RuntimeException e) {
      throw Errors.translate(e);
    } finally {
      release();
    }
  }

  private void release() throws SQLException {
    try {
      database.release();
    } catch (RuntimeException e) {
      throw Errors.translate(e);
    }
  }

  @Override
  public boolean isClosed() {
    return closed.get();
  }

  @Override
  public void abort(@Nullable Executor executor) throws SQLException {
    if (executor == null) {
      throw Errors.of(SqlState.INVALID_ARGUMENT, "found null, expected an executor");
    }
    close();
  }

  @Override
  public boolean isValid(int timeoutSeconds) throws SQLException {
    if (timeoutSeconds < 0) {
      throw Errors.of(SqlState.INVALID_ARGUMENT, "found " + timeoutSeconds + " seconds");
    }
    if (isClosed()) {
      return false;
    }
    try {
      database.store().schemaVersion();
      database.store().database().expiryTimeMillis();
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  @Override
  public DatabaseMetaData getMetaData() throws SQLException {
    requireOpen();
    return new LarderDatabaseMetaData(this, new Catalog(database.store()));
  }

  @Override
  public void setCatalog(@Nullable String catalog) throws SQLException {
    requireOpen();
  }

  @Override
  public @Nullable String getCatalog() throws SQLException {
    requireOpen();
    return null;
  }

  @Override
  public void setSchema(@Nullable String schema) throws SQLException {
    requireOpen();
    if (schema != null && !schema.equalsIgnoreCase(Catalog.SCHEMA)) {
      throw Errors.of(
          SqlState.NO_SUCH_TABLE, "no schema " + schema + ", expected " + Catalog.SCHEMA);
    }
  }

  @Override
  public String getSchema() throws SQLException {
    requireOpen();
    return Catalog.SCHEMA;
  }

  @Override
  public void setHoldability(int holdability) throws SQLException {
    requireOpen();
    if (holdability != ResultSet.CLOSE_CURSORS_AT_COMMIT) {
      throw Errors.notSupported("holding result sets over commit");
    }
  }

  @Override
  public int getHoldability() throws SQLException {
    requireOpen();
    return ResultSet.CLOSE_CURSORS_AT_COMMIT;
  }

  @Override
  public void setNetworkTimeout(@Nullable Executor executor, int millis) throws SQLException {
    requireOpen();
    if (millis < 0) {
      throw Errors.of(SqlState.INVALID_ARGUMENT, "found " + millis + " milliseconds");
    }
    networkTimeoutMillis = millis;
  }

  @Override
  public int getNetworkTimeout() throws SQLException {
    requireOpen();
    return networkTimeoutMillis;
  }

  @Override
  public Map<String, Class<?>> getTypeMap() throws SQLException {
    requireOpen();
    return new HashMap<>();
  }

  @Override
  public void setTypeMap(@Nullable Map<String, Class<?>> types) throws SQLException {
    requireOpen();
    if (types != null && !types.isEmpty()) {
      throw Errors.notSupported("a type map");
    }
  }

  @Override
  public void setClientInfo(@Nullable String name, @Nullable String value)
      throws SQLClientInfoException {
    if (isClosed() || name == null) {
      throw new SQLClientInfoException(
          "the connection is closed",
          SqlState.CONNECTION_CLOSED.code(),
          Map.of(String.valueOf(name), ClientInfoStatus.REASON_UNKNOWN));
    }
    if (value == null) {
      clientInfo.remove(name);
    } else {
      clientInfo.setProperty(name, value);
    }
  }

  @Override
  public void setClientInfo(Properties properties) throws SQLClientInfoException {
    for (String name : properties.stringPropertyNames()) {
      setClientInfo(name, properties.getProperty(name));
    }
  }

  @Override
  public @Nullable String getClientInfo(String name) throws SQLException {
    requireOpen();
    return clientInfo.getProperty(name);
  }

  @Override
  public Properties getClientInfo() throws SQLException {
    requireOpen();
    Properties copy = new Properties();
    copy.putAll(clientInfo);
    return copy;
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
  public String toString() {
    return "connection to " + url();
  }
}
