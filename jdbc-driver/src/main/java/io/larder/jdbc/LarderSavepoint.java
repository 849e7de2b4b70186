package io.larder.jdbc;

import io.larder.jdbc.internal.error.Errors;
import io.larder.jdbc.internal.error.SqlState;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/** A mark in a transaction. Guarded by its connection's session. */
final class LarderSavepoint implements Savepoint {
  private final @Nullable String name;
  private final int mark;
  private final int transactionNumber;
  private boolean released;

  LarderSavepoint(@Nullable String name, int mark, int transactionNumber) {
    this.name = name;
    this.mark = mark;
    this.transactionNumber = transactionNumber;
  }

  int mark() {
    return mark;
  }

  boolean belongsTo(int currentTransaction) {
    return !released && transactionNumber == currentTransaction;
  }

  void release() {
    released = true;
  }

  @Override
  public int getSavepointId() throws SQLException {
    if (name != null) {
      throw Errors.of(SqlState.INVALID_SAVEPOINT, "the savepoint has a name, not a number");
    }
    return mark;
  }

  @Override
  public String getSavepointName() throws SQLException {
    if (name == null) {
      throw Errors.of(SqlState.INVALID_SAVEPOINT, "the savepoint has a number, not a name");
    }
    return name;
  }

  @Override
  public String toString() {
    return "savepoint " + (name == null ? String.valueOf(mark) : name);
  }
}
