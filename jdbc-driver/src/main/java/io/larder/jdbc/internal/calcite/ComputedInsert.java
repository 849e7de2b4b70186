package io.larder.jdbc.internal.calcite;

import io.larder.engine.api.Reader;
import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.change.RowBuilder;
import io.larder.jdbc.internal.change.RowChanges;
import io.larder.jdbc.internal.plan.Execution;
import io.larder.jdbc.internal.plan.ParameterInfo;
import io.larder.jdbc.internal.plan.RowCursor;
import io.larder.jdbc.internal.plan.Session;
import io.larder.jdbc.internal.plan.UpdatePlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Inserts the rows of a query.
 *
 * @param view the table they go to
 * @param builder makes complete rows
 * @param changes puts them there
 * @param assigned the columns given
 * @param query the values
 * @param defaults the columns whose default is a parameter after the statement's own
 * @param parameters the statement's own parameters
 * @param mode what to do with keys that are there
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier; compared by nobody
record ComputedInsert(
    TableView view,
    RowBuilder builder,
    RowChanges changes,
    int[] assigned,
    CalciteQuery query,
    List<Integer> defaults,
    List<ParameterInfo> parameters,
    RowChanges.OnDuplicate mode)
    implements UpdatePlan {

  @Override
  public List<String> explain() {
    List<String> lines = new ArrayList<>();
    lines.add((mode == RowChanges.OnDuplicate.REPLACE ? "UPSERT " : "INSERT ") + view.name());
    query.explain().forEach(line -> lines.add("  " + line));
    return lines;
  }

  @Override
  public long run(Execution execution) {
    long now = execution.session().store().database().expiryTimeMillis();
    @Nullable Object[] given = execution.parameters();
    @Nullable Object[] values = Arrays.copyOf(given, given.length + defaults.size());
    for (int i = 0; i < defaults.size(); i++) {
      values[given.length + i] = builder.defaultOf(defaults.get(i), now);
    }
    List<@Nullable Object[]> rows = new ArrayList<>();
    try (Session.ReadView view = execution.session().openView()) {
      Reader reader = view.reader();
      try (RowCursor cursor = query.open(execution, reader, values)) {
        for (@Nullable Object[] row = cursor.next(); row != null; row = cursor.next()) {
          rows.add(builder.build(assigned, row, now));
        }
      }
    }
    return changes.insert(execution, rows, mode);
  }
}
