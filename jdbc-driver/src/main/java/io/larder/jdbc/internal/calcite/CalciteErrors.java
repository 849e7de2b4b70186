package io.larder.jdbc.internal.calcite;

import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Turns Calcite's failures into ours: what, where, and the SQLSTATE. */
final class CalciteErrors {
  private static final int NEAR_LENGTH = 40;

  private CalciteErrors() {}

  /** Turns a failure of the parser over a text. */
  static StatementException ofParser(SqlParseException failure, String sql) {
    SqlParserPos place = failure.getPos();
    String message = firstLine(String.valueOf(failure.getMessage()));
    int end = message.indexOf(" at line ");
    if (end > 0) {
      message = message.substring(0, end);
    }
    if (place != null) {
      message +=
          " at line "
              + place.getLineNum()
              + ", column "
              + place.getColumnNum()
              + ", near '"
              + near(sql, place)
              + "'";
    }
    return new StatementException(SqlState.SYNTAX, message, failure);
  }

  /** Returns the text from a place on, as much as names it. */
  private static String near(String sql, SqlParserPos place) {
    int start = 0;
    for (int line = 1; line < place.getLineNum(); line++) {
      start = sql.indexOf('\n', start) + 1;
    }
    start = Math.min(start + Math.max(place.getColumnNum() - 1, 0), sql.length());
    String rest = sql.substring(start).strip();
    return rest.length() <= NEAR_LENGTH ? rest : rest.substring(0, NEAR_LENGTH) + "...";
  }

  /** Turns a failure of validation, planning or code generation. */
  static RuntimeException ofPlanning(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof StatementException known) {
        return known;
      }
      if (at instanceof CalciteContextException context) {
        Throwable cause = context.getCause();
        String what = String.valueOf(cause == null ? context.getMessage() : cause.getMessage());
        String where = " at line " + context.getPosLine() + ", column " + context.getPosColumn();
        return new StatementException(stateOf(what), what + where, failure);
      }
      if (at instanceof CalciteException known) {
        String what = String.valueOf(known.getMessage());
        return new StatementException(stateOf(what), what, failure);
      }
      if (at instanceof ArithmeticException) {
        return new StatementException(SqlState.DIVISION_BY_ZERO, "division by zero", failure);
      }
    }
    return new StatementException(
        SqlState.NOT_SUPPORTED,
        "this statement cannot be planned: "
            + failure.getClass().getSimpleName()
            + ": "
            + firstLine(String.valueOf(failure.getMessage())),
        failure);
  }

  private static SqlState stateOf(String message) {
    if (message.startsWith("Object '") || message.startsWith("Table '")) {
      return SqlState.NO_SUCH_TABLE;
    }
    return message.startsWith("Column '") && message.contains("not found")
        ? SqlState.NO_SUCH_COLUMN
        : SqlState.SYNTAX;
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end).strip();
  }
}
