package io.larder.jdbc.internal.plan;

import java.util.List;

/** A compiled statement that returns rows. */
public non-sealed interface QueryPlan extends Plan {

  /** Returns the columns of the result. */
  List<ResultColumn> columns();

  /** Runs the statement; the caller closes the cursor. */
  RowCursor open(Execution execution);
}
