package io.larder.simulation;

/**
 * One anomaly of a history.
 *
 * @param kind what it is
 * @param description which transactions, keys and numbers show it
 */
record Anomaly(Kind kind, String description) {
  /** Kinds after Adya, and what a list that was appended to can show besides. */
  enum Kind {
    /** A cycle of write dependencies only: writes of two transactions interleave. */
    G0,
    /** Something was read that an aborted transaction wrote. */
    G1A,
    /** Something was read that its transaction wrote over later. */
    G1B,
    /** A cycle of write and read dependencies, with at least one of the latter. */
    G1C,
    /** A cycle with exactly one anti-dependency: somebody read two moments at once (read skew, lost update). */
    G_SINGLE,
    /** A cycle with several anti-dependencies, no two of them in a row; snapshot isolation forbids it. */
    G_NONADJACENT,
    /** A cycle with several anti-dependencies: write skew. Snapshot isolation allows it. */
    G2_ITEM,
    /** A transaction does not see what it did itself. */
    INTERNAL,
    /** Two reads of a list that cannot be of one order. */
    INCOMPATIBLE_ORDER,
    /** A number that nobody appended, or appears twice. */
    GARBAGE,
    /** A committed append that the last reader of all does not see. */
    LOST_WRITE
  }
}
