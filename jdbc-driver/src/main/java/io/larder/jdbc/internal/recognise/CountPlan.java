package io.larder.jdbc.internal.recognise;

import io.larder.jdbc.internal.access.TableScan;
import io.larder.jdbc.internal.plan.Execution;
import io.larder.jdbc.internal.plan.ParameterInfo;
import io.larder.jdbc.internal.plan.QueryPlan;
import io.larder.jdbc.internal.plan.ResultColumn;
import io.larder.jdbc.internal.plan.RowCursor;
import io.larder.jdbc.internal.plan.Session;
import io.larder.tables.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The number of rows of one table.
 *
 * @param scan the rows to count
 * @param label the name of the result's column
 * @param parameters the parameters
 */
record CountPlan(TableScan scan, String label, List<ParameterInfo> parameters)
    implements QueryPlan {

  @Override
  public List<ResultColumn> columns() {
    return List.of(new ResultColumn(label, label, null, DataType.BIGINT, false));
  }

  @Override
  public List<String> explain() {
    return List.of("COUNT " + scan.describe());
  }

  @Override
  public RowCursor open(Execution execution) {
    long count = 0;
    try (Session.ReadView view = execution.session().openView();
        RowCursor rows = scan.open(view.reader(), execution.parameters(), execution.stop())) {
      while (rows.next() != null) {
        count++;
      }
    }
    return new OneRow(new Object[] {count});
  }

  private static final class OneRow implements RowCursor {
    private @Nullable Object @Nullable [] row;

    OneRow(@Nullable Object[] row) {
      this.row = row;
    }

    @Override
    public @Nullable Object @Nullable [] next() {
      @Nullable Object @Nullable [] next = row;
      row = null;
      return next;
    }

    @Override
    public void close() {
      row = null;
    }
  }
}
