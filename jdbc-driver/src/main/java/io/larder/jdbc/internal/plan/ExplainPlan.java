package io.larder.jdbc.internal.plan;

import io.larder.tables.DataType;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows a plan instead of running it.
 *
 * @param explained the plan
 */
public record ExplainPlan(Plan explained) implements QueryPlan {

  @Override
  public List<ResultColumn> columns() {
    return List.of(ResultColumn.computed("PLAN", DataType.VARCHAR));
  }

  @Override
  public List<ParameterInfo> parameters() {
    return explained.parameters();
  }

  @Override
  public List<String> explain() {
    return explained.explain();
  }

  @Override
  public RowCursor open(Execution execution) {
    Iterator<String> lines = explained.explain().iterator();
    return new RowCursor() {
      @Override
      public @Nullable Object @Nullable [] next() {
        return lines.hasNext() ? new Object[] {lines.next()} : null;
      }

      @Override
      public void close() {}
    };
  }
}
