package io.larder.jdbc.internal.error;

/** Every SQLSTATE the driver reports; the one table docs/sql.md repeats. */
public enum SqlState {
  /** The database could not be opened: bad URL or option, locked, not a database, too new. */
  CANNOT_CONNECT("08001"),
  /** The connection, or the database below it, is closed. */
  CONNECTION_CLOSED("08003"),
  /** A parameter has no value, or there are too few or too many. */
  WRONG_PARAMETERS("07001"),
  /** A column or parameter number or a column label that does not exist. */
  INVALID_INDEX("07009"),
  /** What was asked for is not supported. */
  NOT_SUPPORTED("0A000"),
  /** A number does not fit its type. */
  NUMBER_OUT_OF_RANGE("22003"),
  /** A text is no date, time or timestamp. */
  INVALID_DATETIME("22007"),
  /** Division by zero. */
  DIVISION_BY_ZERO("22012"),
  /** A value cannot be converted to the type wanted. */
  INVALID_CONVERSION("22018"),
  /** An argument of a JDBC method is out of its range. */
  INVALID_ARGUMENT("22023"),
  /** Null for a column that is NOT NULL. */
  NOT_NULL("23502"),
  /** The primary key is there already. */
  DUPLICATE_KEY("23505"),
  /** The result set or statement is closed, or not on a row. */
  INVALID_CURSOR("24000"),
  /** Not possible in the present state of the transaction. */
  INVALID_TRANSACTION_STATE("25000"),
  /** The connection or database is read-only. */
  READ_ONLY("25006"),
  /** No such savepoint. */
  INVALID_SAVEPOINT("3B001"),
  /** Another transaction changed the same rows first; run the transaction again. */
  CONFLICT("40001"),
  /** The statement breaks the rules of the language or of types. */
  SYNTAX("42000"),
  /** The table exists already. */
  TABLE_EXISTS("42S01"),
  /** No such table. */
  NO_SUCH_TABLE("42S02"),
  /** The column exists already. */
  COLUMN_EXISTS("42S21"),
  /** No such column. */
  NO_SUCH_COLUMN("42S22"),
  /** There is no room on the disk; reads and deletes go on. */
  DISK_FULL("53100"),
  /** A limit on keys, values or memory was exceeded. */
  LIMIT_EXCEEDED("54000"),
  /** The statement was cancelled, or ran longer than its timeout. */
  CANCELLED("57014"),
  /** Reading or writing files failed, or writes stopped after such a failure. */
  INPUT_OUTPUT("58030"),
  /** A file's content is damaged. */
  CORRUPT("XX001"),
  /** A defect of the driver itself. */
  INTERNAL("XX000");

  private final String code;

  SqlState(String code) {
    this.code = code;
  }

  /** Returns the five characters. */
  public String code() {
    return code;
  }
}
