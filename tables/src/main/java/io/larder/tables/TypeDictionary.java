package io.larder.tables;

/** Numbers for the shapes of rows, so that a row carries a number and not its names. Thread-safe. */
interface TypeDictionary {

  /** Returns the number of a type; a new one is durable before this returns. */
  int numberOf(RowType type);

  /**
   * Returns the type of a number.
   *
   * @throws io.larder.engine.api.CorruptionException if the number was never given out
   */
  RowType typeOf(long number);
}
