package io.larder.jdbc.internal.plan;

import java.util.List;

/** A compiled statement that returns rows. */
public non-sealed interface QueryPlan extends Plan {

  /** Returns the columns of the result. */
  List<ResultColumn> columns();

  /** Returns whether an open cursor holds on to anything that must be released with the connection. */
  default boolean holdsResources() {
    return true;
  }

  /** Runs the statement; the caller closes the cursor. */
  RowCursor open(Execution execution);
}
