package io.larder.jdbc.internal.plan;

/** A compiled statement that returns a number of rows. */
public non-sealed interface UpdatePlan extends Plan {

  /** Runs the statement and returns the number of rows it changed. */
  long run(Execution execution);

  /** Returns whether an open transaction is committed before the statement runs. */
  default boolean endsTransaction() {
    return false;
  }
}
