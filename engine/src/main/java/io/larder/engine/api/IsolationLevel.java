package io.larder.engine.api;

/** What a transaction is promised about others that run beside it. */
public enum IsolationLevel {
  /**
   * It reads one moment, and no other commit changed what it writes since. Two transactions that each read what the
   * other writes may both commit (write skew).
   */
  SNAPSHOT,

  /**
   * As if transactions had run one after the other, in the order of their commits: beyond what {@link #SNAPSHOT}
   * checks, no other commit changed what it read since, be it a key, an absent key or a range walked by a
   * cursor. A transaction that wrote nothing always commits.
   */
  SERIALIZABLE
}
