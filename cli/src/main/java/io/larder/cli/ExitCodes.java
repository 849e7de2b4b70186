package io.larder.cli;

import io.larder.cli.access.NotFoundException;
import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.DatabaseLockedException;
import io.larder.engine.api.FormatVersionException;
import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.NoSuchKeyspaceException;
import io.larder.engine.api.NotADatabaseException;
import io.larder.tables.NoSuchTableException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.List;

/** The exit codes of every command; scripts rely on them, so none ever changes its meaning. */
final class ExitCodes {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int NOT_FOUND = 3;
  static final int HELD = 4;
  static final int DAMAGED = 5;

  /** What help and manual say, in the form picocli takes. */
  static final List<String> TABLE =
      List.of(
          "0:done",
          "1:failed; the message says what and why",
          "2:wrong usage: an unknown command or option, a bad value of an option",
          "3:not found: no such database, table, key or file",
          "4:held: another process has the database open",
          "5:damaged: a file is not what it must be, or its format is another version's");

  private ExitCodes() {}

  /**
   * Returns the code for what went wrong; what JDBC reports has the engine's exception as its
   * cause.
   */
  static int of(Throwable exception) {
    Throwable cause = exception;
    while (cause instanceof SQLException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return ofCause(cause);
  }

  private static int ofCause(Throwable exception) {
    if (exception instanceof NotFoundException
        || exception instanceof NotADatabaseException
        || exception instanceof NoSuchTableException
        || exception instanceof NoSuchKeyspaceException
        || exception instanceof NoSuchFileException) {
      return NOT_FOUND;
    } else if (exception instanceof DatabaseLockedException) {
      return HELD;
    } else if (exception instanceof CorruptionException
        || exception instanceof FormatVersionException) {
      return DAMAGED;
    }
    return exception instanceof InvalidOptionException ? USAGE : FAILED;
  }
}
