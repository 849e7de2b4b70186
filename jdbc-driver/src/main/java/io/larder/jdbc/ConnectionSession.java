package io.larder.jdbc;

import io.larder.engine.api.IsolationLevel;
import io.larder.engine.api.Reader;
import io.larder.engine.api.Snapshot;
import io.larder.engine.api.Transaction;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.jdbc.internal.plan.Execution;
import io.larder.jdbc.internal.plan.RowCursor;
import io.larder.jdbc.internal.plan.Session;
import io.larder.jdbc.internal.plan.SessionPlan;
import io.larder.jdbc.internal.plan.UpdatePlan;
import io.larder.jdbc.internal.result.LarderResultSet;
import io.larder.tables.Store;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The transaction side of a connection. Thread-safe through one lock, held while a statement runs; not while
 * the rows of a query outside a transaction are read.
 *
 * <p>A transaction begins with the first statement that needs it. Whatever ends it, a failed commit
 * included, it is over: the next statement begins another one. A statement that fails inside a transaction
 * leaves nothing of itself behind.
 */
final class ConnectionSession implements Session {
  /** Guards every field below. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Store store;
  private final Reader latest;
  private final Set<LarderResultSet> results = new HashSet<>();
  private final Map<String, Integer> savepoints = new LinkedHashMap<>();
  private boolean autoCommit = true;
  private boolean begun;
  private boolean readOnly;
  private IsolationLevel isolation = IsolationLevel.SNAPSHOT;
  private @Nullable Transaction transaction;
  private int transactionNumber;

  ConnectionSession(Store store) {
    this.store = store;
    this.latest = store.database().latest();
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public @Nullable Transaction transaction() {
    if (autoCommit && !begun) {
      return null;
    }
    Transaction open = transaction;
    if (open == null) {
      open = store.database().begin(isolation);
      transaction = open;
      transactionNumber++;
    }
    return open;
  }

  @Override
  public Reader reader() {
    Transaction open = transaction();
    return open == null ? latest : open;
  }

  @Override
  public ReadView openView() {
    Transaction open = transaction();
    return open == null ? new SnapshotView(store.database().snapshot()) : new OpenView(open);
  }

  private record SnapshotView(Snapshot snapshot) implements ReadView {
    @Override
    public Reader reader() {
      return snapshot;
    }

    @Override
    public void close() {
      snapshot.close();
    }
  }

  private record OpenView(Reader reader) implements ReadView {
    @Override
    public void close() {}
  }

  /** Something done under the lock. */
  interface Step<T> {
    T run() throws SQLException;
  }

  /** Something done under the lock that gives nothing. */
  private interface Action {
    void run() throws SQLException;
  }

  private void exclusively(Action action) throws SQLException {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  <T> T locked(Step<T> step) throws SQLException {
    lock.lock();
    try {
      return step.run();
    } finally {
      lock.unlock();
    }
  }

  /** Runs a changing statement; the caller holds the lock. */
  long update(UpdatePlan plan, Execution execution) throws SQLException {
    if (readOnly) {
      throw new StatementException(
          SqlState.READ_ONLY, "the connection is read-only, the statement changes data");
    }
    if (plan.endsTransaction()) {
      commit();
      return plan.run(execution);
    }
    Transaction open = transaction();
    if (open == null) {
      return plan.run(execution);
    }
    int mark = open.savepoint();
    try {
      return plan.run(execution);
    } catch (RuntimeException | Error e) {
      try {
        open.rollbackTo(mark);
      } catch (RuntimeException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /** Rows of a transaction are read under the lock too, one at a time. */
  RowCursor guarded(RowCursor rows) {
    if (transaction == null) {
      return rows;
    }
    return new RowCursor() {
      @Override
      public @Nullable Object @Nullable [] next() {
        lock.lock();
        try {
          return rows.next();
        } finally {
          lock.unlock();
        }
      }

      @Override
      public void close() {
        lock.lock();
        try {
          rows.close();
        } finally {
          lock.unlock();
        }
      }
    };
  }

  /** Returns whether a transaction is open; the caller holds the lock. */
  boolean inTransaction() {
    return transaction != null;
  }

  void opened(LarderResultSet result) {
    results.add(result);
  }

  void closed(LarderResultSet result) {
    lock.lock();
    try {
      results.remove(result);
    } finally {
      lock.unlock();
    }
  }

  void closeResults() throws SQLException {
    List<LarderResultSet> open = locked(() -> new ArrayList<>(results));
    for (LarderResultSet result : open) {
      result.close();
    }
  }

  // ---- transactions

  boolean autoCommit() throws SQLException {
    return locked(() -> autoCommit);
  }

  void setAutoCommit(boolean on) throws SQLException {
    exclusively(
        () -> {
          if (on != autoCommit) {
            commit();
            autoCommit = on;
          }
        });
  }

  boolean readOnly() throws SQLException {
    return locked(() -> readOnly);
  }

  void setReadOnly(boolean on) throws SQLException {
    exclusively(
        () -> {
          requireNoTransaction();
          readOnly = on;
        });
  }

  @Override
  public IsolationLevel isolation() {
    return isolation;
  }

  void setIsolation(IsolationLevel level) throws SQLException {
    exclusively(
        () -> {
          if (level != isolation) {
            requireNoTransaction();
            isolation = level;
          }
        });
  }

  private void requireNoTransaction() throws SQLException {
    if (transaction != null) {
      throw new StatementException(
          SqlState.INVALID_TRANSACTION_STATE, "a transaction is open; commit or roll back first");
    }
  }

  /** Commits what is open, if anything; on failure too the transaction is over. */
  void commit() throws SQLException {
    exclusively(
        () -> {
          try (Transaction open = forget()) {
            if (open != null) {
              open.commit();
            }
          }
        });
  }

  /** Gives up what is open, if anything. */
  void rollback() throws SQLException {
    exclusively(
        () -> {
          try (Transaction open = forget()) {
            if (open != null) {
              open.rollback();
            }
          }
        });
  }

  private @Nullable Transaction forget() throws SQLException {
    Transaction open = transaction;
    if (open != null) {
      closeResults();
    }
    transaction = null;
    begun = false;
    savepoints.clear();
    return open;
  }

  /** Runs several statements as one transaction, if there is none open anyway. */
  <T> T together(Step<T> step) throws SQLException {
    return locked(
        () -> {
          if (!autoCommit || begun) {
            return step.run();
          }
          begun = true;
          try {
            T result = step.run();
            commit();
            return result;
          } finally {
            rollback();
          }
        });
  }

  LarderSavepoint savepoint(@Nullable String name) throws SQLException {
    return locked(
        () -> {
          Transaction open = requireTransaction();
          return new LarderSavepoint(name, open.savepoint(), transactionNumber);
        });
  }

  void rollbackTo(LarderSavepoint savepoint) throws SQLException {
    exclusively(
        () -> {
          Transaction open = requireTransaction();
          requireCurrent(savepoint);
          closeResults();
          open.rollbackTo(savepoint.mark());
        });
  }

  void release(LarderSavepoint savepoint) throws SQLException {
    exclusively(
        () -> {
          requireCurrent(savepoint);
          savepoint.release();
        });
  }

  private void requireCurrent(LarderSavepoint savepoint) {
    if (transaction == null || !savepoint.belongsTo(transactionNumber)) {
      throw new StatementException(
          SqlState.INVALID_SAVEPOINT, savepoint + " is released, or its transaction is over");
    }
  }

  private Transaction requireTransaction() {
    Transaction open = transaction();
    if (open == null) {
      throw new StatementException(
          SqlState.INVALID_TRANSACTION_STATE, "autocommit is on, so there is no transaction");
    }
    return open;
  }

  /** Carries out a command given in SQL. */
  void command(SessionPlan plan) throws SQLException {
    String name = plan.name() == null ? "" : plan.name().toLowerCase(Locale.ROOT);
    switch (plan.command()) {
      case BEGIN -> begin();
      case COMMIT -> commit();
      case ROLLBACK -> rollback();
      case SAVEPOINT -> exclusively(() -> savepoints.put(name, requireTransaction().savepoint()));
      case ROLLBACK_TO ->
          exclusively(
              () -> {
                closeResults();
                requireTransaction().rollbackTo(named(name));
              });
      case RELEASE ->
          exclusively(
              () -> {
                named(name);
                savepoints.remove(name);
              });
    }
  }

  private void begin() throws SQLException {
    exclusively(
        () -> {
          if (begun || transaction != null) {
            throw new StatementException(
                SqlState.INVALID_TRANSACTION_STATE, "a transaction is open already");
          }
          begun = autoCommit;
        });
  }

  private int named(String name) {
    Integer mark = savepoints.get(name);
    if (mark == null) {
      throw new StatementException(SqlState.INVALID_SAVEPOINT, "no savepoint '" + name + "'");
    }
    return mark;
  }
}
