package io.larder.jdbc.internal.error;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.ConflictException;
import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.DatabaseLockedException;
import io.larder.engine.api.DiskFullException;
import io.larder.engine.api.FormatVersionException;
import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.LimitExceededException;
import io.larder.engine.api.NoSuchKeyspaceException;
import io.larder.engine.api.NotADatabaseException;
import io.larder.engine.api.ReadOnlyException;
import io.larder.engine.api.StorageException;
import io.larder.engine.api.WritesStoppedException;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import org.jspecify.annotations.Nullable;

/** The one place where failures become {@link SQLException}s with their SQLSTATE. */
public final class Errors {
  private Errors() {}

  /** Returns the exception of the class JDBC wants for a state. */
  public static SQLException of(SqlState state, String message) {
    return of(state, message, null);
  }

  /** Returns the exception of the class JDBC wants for a state, with its cause. */
  public static SQLException of(SqlState state, String message, @Nullable Throwable cause) {
    String code = state.code();
    return switch (code.substring(0, 2)) {
      case "08" -> new SQLNonTransientConnectionException(message, code, cause);
      case "0A" -> new SQLFeatureNotSupportedException(message, code, cause);
      case "22" -> new SQLDataException(message, code, cause);
      case "23" -> new SQLIntegrityConstraintViolationException(message, code, cause);
      case "40" -> new SQLTransactionRollbackException(message, code, cause);
      case "42" -> new SQLSyntaxErrorException(message, code, cause);
      case "54" -> new SQLNonTransientException(message, code, cause);
      default -> new SQLException(message, code, cause);
    };
  }

  /** Returns the exception for something JDBC knows and Larder does not do. */
  public static SQLFeatureNotSupportedException notSupported(String what) {
    return new SQLFeatureNotSupportedException(
        what + " is not supported", SqlState.NOT_SUPPORTED.code());
  }

  /** Turns any failure; an {@link SQLException} stays what it is. */
  public static SQLException translate(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SQLException known) {
        return known;
      }
      if (at instanceof StatementException known) {
        return known.isTimeout()
            ? new SQLTimeoutException(known.getMessage(), known.state().code(), failure)
            : of(known.state(), text(known), failure);
      }
      if (at instanceof LarderException known) {
        return of(stateOf(known), text(known), failure);
      }
      if (at instanceof ArithmeticException known) {
        return text(known).contains("zero")
            ? of(SqlState.DIVISION_BY_ZERO, "division by zero", failure)
            : of(SqlState.NUMBER_OUT_OF_RANGE, text(known), failure);
      }
    }
    return ofUnknown(failure);
  }

  private static SQLException ofUnknown(Throwable failure) {
    if (failure instanceof NumberFormatException) {
      return of(SqlState.INVALID_CONVERSION, "not a number: " + text(failure), failure);
    }
    if (failure instanceof IllegalArgumentException) {
      return of(SqlState.INVALID_CONVERSION, text(failure), failure);
    }
    return of(
        SqlState.INTERNAL, failure.getClass().getSimpleName() + ": " + text(failure), failure);
  }

  /** Returns the state of an engine failure. */
  static SqlState stateOf(LarderException failure) {
    if (failure instanceof ConflictException) {
      return SqlState.CONFLICT;
    }
    if (failure instanceof ClosedException) {
      return SqlState.CONNECTION_CLOSED;
    }
    if (failure instanceof LimitExceededException) {
      return SqlState.LIMIT_EXCEEDED;
    }
    if (failure instanceof NoSuchKeyspaceException) {
      return SqlState.NO_SUCH_TABLE;
    }
    if (failure instanceof ReadOnlyException) {
      return SqlState.READ_ONLY;
    }
    if (failure instanceof CorruptionException) {
      return SqlState.CORRUPT;
    }
    if (failure instanceof DiskFullException) {
      return SqlState.DISK_FULL;
    }
    if (failure instanceof StorageException || failure instanceof WritesStoppedException) {
      return SqlState.INPUT_OUTPUT;
    }
    if (failure instanceof InvalidOptionException
        || failure instanceof DatabaseLockedException
        || failure instanceof NotADatabaseException
        || failure instanceof FormatVersionException) {
      return SqlState.CANNOT_CONNECT;
    }
    return SqlState.SYNTAX;
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
