package io.larder.jdbc;

import io.larder.jdbc.internal.error.Errors;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.Unwrapping;
import io.larder.jdbc.internal.plan.Execution;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.jdbc.internal.plan.QueryPlan;
import io.larder.jdbc.internal.plan.ResultColumn;
import io.larder.jdbc.internal.plan.RowCursor;
import io.larder.jdbc.internal.plan.SessionPlan;
import io.larder.jdbc.internal.plan.StopSignal;
import io.larder.jdbc.internal.plan.UpdatePlan;
import io.larder.jdbc.internal.result.LarderResultSet;
import io.larder.tables.DataType;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs statements given as text. Used by one thread at a time, except for {@link #cancel} and {@link
 * #close}; closed by whoever created it.
 */
class LarderStatement implements Statement, Unwrapping, LarderResultSet.Owner {
  private static final @Nullable Object[] NO_PARAMETERS = new Object[0];
  private static final int NO_COUNT = -1;

  final LarderConnection connection;
  private final List<String> batch = new ArrayList<>();
  private volatile boolean closed;
  private volatile @Nullable StopSignal running;
  private @Nullable LarderResultSet result;
  private long updateCount = NO_COUNT;
  private long maxRows;
  private int fetchSize;
  private long timeoutMillis;
  private boolean closeOnCompletion;
  private boolean poolable;

  LarderStatement(LarderConnection connection) {
    this.connection = connection;
    this.timeoutMillis = connection.queryTimeoutMillis();
  }

  final void requireOpen() throws SQLException {
    if (closed) {
      throw Errors.of(SqlState.INVALID_CURSOR, "the statement is closed");
    }
    connection.requireOpen();
  }

  // ---- running

  /** Compiles and runs a text; returns whether it gives rows. */
  private boolean run(String sql) throws SQLException {
    requireOpen();
    try {
      Plan plan = connection.compile(sql, false);
      if (!plan.parameters().isEmpty()) {
        throw Errors.of(
            SqlState.WRONG_PARAMETERS,
            "the statement has " + plan.parameters().size() + " parameters; prepare it");
      }
      return run(plan, NO_PARAMETERS);
    } catch (RuntimeException | StackOverflowError e) {
      throw Errors.translate(e);
    }
  }

  /** Runs a plan; returns whether it gives rows. */
  final boolean run(Plan plan, @Nullable Object[] parameters) throws SQLException {
    closeResult();
    updateCount = NO_COUNT;
    ConnectionSession session = connection.session();
    StopSignal stop = new StopSignal(timeoutMillis);
    running = stop;
    Execution execution = new Execution(session, parameters, stop);
    if (plan instanceof QueryPlan query) {
      result = session.locked(() -> open(query, execution));
      return true;
    }
    if (plan instanceof UpdatePlan update) {
      updateCount = session.locked(() -> session.update(update, execution));
    } else {
      session.command((SessionPlan) plan);
      updateCount = 0;
    }
    running = null;
    return false;
  }

  private LarderResultSet open(QueryPlan query, Execution execution) {
    ConnectionSession session = connection.session();
    RowCursor rows = session.guarded(query.open(execution));
    if (!query.holdsResources() && !session.inTransaction()) {
      return new LarderResultSet(query.columns(), rows, this, maxRows);
    }
    LarderResultSet opened = new LarderResultSet(query.columns(), rows, new Registered(), maxRows);
    session.opened(opened);
    return opened;
  }

  /** Owner of a result that is closed with its transaction or connection. */
  private final class Registered implements LarderResultSet.Owner {
    @Override
    public Statement statement() {
      return LarderStatement.this;
    }

    @Override
    public void closed(LarderResultSet closedResult) throws SQLException {
      connection.session().closed(closedResult);
      LarderStatement.this.closed(closedResult);
    }
  }

  final void requireRows(boolean rows) throws SQLException {
    if (!rows) {
      throw Errors.of(SqlState.INVALID_CURSOR, "the statement gives no rows; use executeUpdate");
    }
  }

  final void requireCount(boolean rows) throws SQLException {
    if (rows) {
      closeResult();
      throw Errors.of(SqlState.INVALID_CURSOR, "the statement gives rows; use executeQuery");
    }
  }

  final ResultSet openResult() throws SQLException {
    LarderResultSet open = result;
    if (open == null) {
      throw Errors.of(SqlState.INVALID_CURSOR, "there is no result");
    }
    return open;
  }

  final long count() {
    return updateCount;
  }

  final void closeResult() throws SQLException {
    LarderResultSet open = result;
    result = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public Statement statement() {
    return this;
  }

  @Override
  public void closed(LarderResultSet closedResult) throws SQLException {
    if (closeOnCompletion) {
      close();
    }
  }

  @Override
  public ResultSet executeQuery(String sql) throws SQLException {
    requireRows(run(sql));
    return openResult();
  }

  @Override
  public boolean execute(String sql) throws SQLException {
    return run(sql);
  }

  @Override
  public boolean execute(String sql, int generatedKeys) throws SQLException {
    return run(sql);
  }

  @Override
  public boolean execute(String sql, int[] generatedKeys) throws SQLException {
    return run(sql);
  }

  @Override
  public boolean execute(String sql, String[] generatedKeys) throws SQLException {
    return run(sql);
  }

  @Override
  public long executeLargeUpdate(String sql) throws SQLException {
    requireCount(run(sql));
    return updateCount;
  }

  @Override
  public long executeLargeUpdate(String sql, int generatedKeys) throws SQLException {
    return executeLargeUpdate(sql);
  }

  @Override
  public long executeLargeUpdate(String sql, int[] generatedKeys) throws SQLException {
    return executeLargeUpdate(sql);
  }

  @Override
  public long executeLargeUpdate(String sql, String[] generatedKeys) throws SQLException {
    return executeLargeUpdate(sql);
  }

  @Override
  public int executeUpdate(String sql) throws SQLException {
    return narrow(executeLargeUpdate(sql));
  }

  @Override
  public int executeUpdate(String sql, int generatedKeys) throws SQLException {
    return executeUpdate(sql);
  }

  @Override
  public int executeUpdate(String sql, int[] generatedKeys) throws SQLException {
    return executeUpdate(sql);
  }

  @Override
  public int executeUpdate(String sql, String[] generatedKeys) throws SQLException {
    return executeUpdate(sql);
  }

  static int narrow(long count) {
    return (int) Math.min(count, Integer.MAX_VALUE);
  }

  // ---- batches

  @Override
  public void addBatch(String sql) throws SQLException {
    requireOpen();
    batch.add(sql);
  }

  @Override
  public void clearBatch() throws SQLException {
    requireOpen();
    batch.clear();
  }

  @Override
  public long[] executeLargeBatch() throws SQLException {
    requireOpen();
    List<String> statements = new ArrayList<>(batch);
    batch.clear();
    return runBatch(
        statements.size(),
        i -> {
          requireCount(run(statements.get(i)));
          return updateCount;
        });
  }

  @Override
  public int[] executeBatch() throws SQLException {
    return Arrays.stream(executeLargeBatch()).mapToInt(LarderStatement::narrow).toArray();
  }

  /** One statement of a batch. */
  interface BatchStep {
    long run(int index) throws SQLException;
  }

  /** Runs a batch; with autocommit on it is one transaction: all of it or nothing. */
  final long[] runBatch(int size, BatchStep step) throws SQLException {
    long[] counts = new long[size];
    int[] done = {0};
    try {
      return connection
          .session()
          .together(
              () -> {
                for (; done[0] < size; done[0]++) {
                  counts[done[0]] = step.run(done[0]);
                }
                return counts;
              });
    } catch (SQLException | RuntimeException e) {
      SQLException cause = Errors.translate(e);
      boolean kept = !connection.session().autoCommit();
      long[] reached = kept ? Arrays.copyOf(counts, Math.min(done[0], size)) : new long[0];
      throw new BatchUpdateException(
          "statement " + (done[0] + 1) + " of the batch: " + cause.getMessage(),
          cause.getSQLState(),
          cause.getErrorCode(),
          reached,
          cause);
    }
  }

  // ---- results

  @Override
  public @Nullable ResultSet getResultSet() throws SQLException {
    requireOpen();
    return result;
  }

  @Override
  public long getLargeUpdateCount() throws SQLException {
    requireOpen();
    return updateCount;
  }

  @Override
  public int getUpdateCount() throws SQLException {
    return narrow(getLargeUpdateCount());
  }

  @Override
  public boolean getMoreResults() throws SQLException {
    return getMoreResults(CLOSE_CURRENT_RESULT);
  }

  @Override
  public boolean getMoreResults(int current) throws SQLException {
    requireOpen();
    updateCount = NO_COUNT;
    if (current == KEEP_CURRENT_RESULT) {
      result = null;
    } else {
      closeResult();
    }
    return false;
  }

  @Override
  public ResultSet getGeneratedKeys() throws SQLException {
    requireOpen();
    List<ResultColumn> columns = List.of(ResultColumn.computed("GENERATED_KEY", DataType.BIGINT));
    return ListResult.of(columns, List.of());
  }

  // ---- settings

  @Override
  public void cancel() throws SQLException {
    requireOpen();
    StopSignal stop = running;
    if (stop != null) {
      stop.cancel();
    }
  }

  @Override
  public void close() throws SQLException {
    if (!closed) {
      closed = true;
      closeResult();
    }
  }

  @Override
  public boolean isClosed() {
    return closed || connection.isClosed();
  }

  @Override
  public int getQueryTimeout() throws SQLException {
    requireOpen();
    return (int) Math.min((timeoutMillis + 999) / 1000, Integer.MAX_VALUE);
  }

  @Override
  public void setQueryTimeout(int seconds) throws SQLException {
    requireOpen();
    requireNotNegative(seconds, "seconds");
    timeoutMillis = seconds * 1000L;
  }

  private static void requireNotNegative(long number, String what) throws SQLException {
    if (number < 0) {
      throw Errors.of(
          SqlState.INVALID_ARGUMENT, "found " + number + " " + what + ", expected 0 or more");
    }
  }

  @Override
  public int getMaxRows() throws SQLException {
    return narrow(getLargeMaxRows());
  }

  @Override
  public void setMaxRows(int rows) throws SQLException {
    setLargeMaxRows(rows);
  }

  @Override
  public long getLargeMaxRows() throws SQLException {
    requireOpen();
    return maxRows;
  }

  @Override
  public void setLargeMaxRows(long rows) throws SQLException {
    requireOpen();
    requireNotNegative(rows, "rows");
    maxRows = rows;
  }

  @Override
  public int getFetchSize() throws SQLException {
    requireOpen();
    return fetchSize;
  }

  @Override
  public void setFetchSize(int rows) throws SQLException {
    requireOpen();
    requireNotNegative(rows, "rows");
    fetchSize = rows; // rows are read one by one anyway
  }

  @Override
  public int getFetchDirection() throws SQLException {
    requireOpen();
    return ResultSet.FETCH_FORWARD;
  }

  @Override
  public void setFetchDirection(int direction) throws SQLException {
    requireOpen();
    if (direction < ResultSet.FETCH_FORWARD || direction > ResultSet.FETCH_UNKNOWN) {
      throw Errors.of(SqlState.INVALID_ARGUMENT, "found fetch direction " + direction);
    }
  }

  @Override
  public int getMaxFieldSize() throws SQLException {
    requireOpen();
    return 0;
  }

  @Override
  public void setMaxFieldSize(int bytes) throws SQLException {
    requireOpen();
    requireNotNegative(bytes, "bytes");
    if (bytes != 0) {
      throw Errors.notSupported("a maximum field size");
    }
  }

  @Override
  public void setEscapeProcessing(boolean on) throws SQLException {
    requireOpen();
  }

  @Override
  public void setCursorName(String name) throws SQLException {
    throw Errors.notSupported("setCursorName");
  }

  @Override
  public int getResultSetType() throws SQLException {
    requireOpen();
    return ResultSet.TYPE_FORWARD_ONLY;
  }

  @Override
  public int getResultSetConcurrency() throws SQLException {
    requireOpen();
    return ResultSet.CONCUR_READ_ONLY;
  }

  @Override
  public int getResultSetHoldability() throws SQLException {
    requireOpen();
    return ResultSet.CLOSE_CURSORS_AT_COMMIT;
  }

  @Override
  public Connection getConnection() throws SQLException {
    requireOpen();
    return connection;
  }

  @Override
  public void setPoolable(boolean on) throws SQLException {
    requireOpen();
    poolable = on;
  }

  @Override
  public boolean isPoolable() throws SQLException {
    requireOpen();
    return poolable;
  }

  @Override
  public void closeOnCompletion() throws SQLException {
    requireOpen();
    closeOnCompletion = true;
  }

  @Override
  public boolean isCloseOnCompletion() throws SQLException {
    requireOpen();
    return closeOnCompletion;
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
}
