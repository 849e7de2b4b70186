package io.larder.jdbc;

import io.larder.jdbc.internal.error.Errors;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.jdbc.internal.plan.QueryPlan;
import io.larder.jdbc.internal.result.LarderResultSetMetaData;
import java.sql.ParameterMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement compiled once and run many times; compiled anew when the schema changed meanwhile. */
final class LarderPreparedStatement extends ParameterizedStatement {
  private final String sql;
  private final List<@Nullable Object[]> batch = new ArrayList<>();
  private Plan plan;
  private long schemaVersion;

  LarderPreparedStatement(LarderConnection connection, String sql, Plan plan) {
    super(connection, plan.parameters().size());
    this.sql = sql;
    this.schemaVersion = connection.schemaVersion();
    this.plan = plan;
  }

  private Plan currentPlan() throws SQLException {
    requireOpen();
    long version = connection.schemaVersion();
    if (version != schemaVersion) {
      plan = connection.compile(sql, true);
      schemaVersion = version;
      resize(plan.parameters().size());
    }
    return plan;
  }

  private boolean runPrepared() throws SQLException {
    try {
      return run(currentPlan(), values());
    } catch (RuntimeException | StackOverflowError e) {
      throw Errors.translate(e);
    }
  }

  @Override
  public boolean execute() throws SQLException {
    return runPrepared();
  }

  @Override
  public ResultSet executeQuery() throws SQLException {
    requireRows(runPrepared());
    return openResult();
  }

  @Override
  public long executeLargeUpdate() throws SQLException {
    requireCount(runPrepared());
    return count();
  }

  @Override
  public int executeUpdate() throws SQLException {
    return narrow(executeLargeUpdate());
  }

  @Override
  public void addBatch() throws SQLException {
    requireOpen();
    batch.add(values().clone());
  }

  @Override
  public void clearBatch() throws SQLException {
    super.clearBatch();
    batch.clear();
  }

  @Override
  public long[] executeLargeBatch() throws SQLException {
    requireOpen();
    List<@Nullable Object[]> rows = new ArrayList<>(batch);
    batch.clear();
    return runBatch(
        rows.size(),
        i -> {
          requireCount(run(currentPlan(), rows.get(i)));
          return count();
        });
  }

  @Override
  public int[] executeBatch() throws SQLException {
    return Arrays.stream(executeLargeBatch()).mapToInt(LarderStatement::narrow).toArray();
  }

  @Override
  public @Nullable ResultSetMetaData getMetaData() throws SQLException {
    try {
      return currentPlan() instanceof QueryPlan query
          ? new LarderResultSetMetaData(query.columns())
          : null;
    } catch (RuntimeException e) {
      throw Errors.translate(e);
    }
  }

  @Override
  public ParameterMetaData getParameterMetaData() throws SQLException {
    try {
      return new LarderParameterMetaData(currentPlan().parameters());
    } catch (RuntimeException e) {
      throw Errors.translate(e);
    }
  }

  // ---- the methods of a statement that take a text

  private SQLException prepared() {
    return Errors.of(
        SqlState.INVALID_CURSOR, "a prepared statement has its text already; use createStatement");
  }

  @Override
  public ResultSet executeQuery(String text) throws SQLException {
    throw prepared();
  }

  @Override
  public boolean execute(String text) throws SQLException {
    throw prepared();
  }

  @Override
  public boolean execute(String text, int generatedKeys) throws SQLException {
    throw prepared();
  }

  @Override
  public boolean execute(String text, int[] generatedKeys) throws SQLException {
    throw prepared();
  }

  @Override
  public boolean execute(String text, String[] generatedKeys) throws SQLException {
    throw prepared();
  }

  @Override
  public long executeLargeUpdate(String text) throws SQLException {
    throw prepared();
  }

  @Override
  public void addBatch(String text) throws SQLException {
    throw prepared();
  }

  @Override
  public String toString() {
    return sql;
  }
}
