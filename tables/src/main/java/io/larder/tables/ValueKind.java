package io.larder.tables;

/** How the value of an entry relates to the value columns of its table. */
public enum ValueKind {
  /** There is exactly one value column, and the entry's value is the value of that column. */
  SCALAR,
  /** The entry's value is a row whose fields are the value columns. */
  ROW
}
