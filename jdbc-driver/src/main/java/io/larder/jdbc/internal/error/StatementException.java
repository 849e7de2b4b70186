package io.larder.jdbc.internal.error;

import org.jspecify.annotations.Nullable;

/** A failure below the java.sql classes that already knows its SQLSTATE; {@link Errors} turns it. */
public final class StatementException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final SqlState state;
  private final boolean timeout;

  /** Creates the exception. */
  public StatementException(SqlState state, String message) {
    this(state, message, null);
  }

  /** Creates the exception with its cause. */
  public StatementException(SqlState state, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.state = state;
    this.timeout = false;
  }

  private StatementException(String message, boolean timeout) {
    super(message);
    this.state = SqlState.CANCELLED;
    this.timeout = timeout;
  }

  /** Returns the failure of a statement that another thread cancelled. */
  public static StatementException cancelled() {
    return new StatementException("the statement was cancelled", false);
  }

  /** Returns the failure of a statement that ran longer than its query timeout. */
  public static StatementException timedOut() {
    return new StatementException("the statement ran longer than its query timeout", true);
  }

  /** Returns the SQLSTATE. */
  public SqlState state() {
    return state;
  }

  /** Returns whether the query timeout ended the statement. */
  public boolean isTimeout() {
    return timeout;
  }
}
