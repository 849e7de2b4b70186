package io.larder.jdbc.internal.calcite;

import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.change.RowBuilder;
import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.tables.Store;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUpdate;

/** Takes an UPDATE apart: the query for the new values and the keys, and the rows with these values. */
final class UpdateCompiler {
  private final Store store;
  private final SqlUpdate update;

  UpdateCompiler(Store store, SqlUpdate update) {
    this.store = store;
    this.update = update;
  }

  Plan compile() {
    TableView view = Targets.table(store, update.getTargetTable());
    int count = update.getTargetColumnList().size();
    int[] assigned = new int[count];
    List<SqlNode> expressions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      assigned[i] = Targets.column(view, update.getTargetColumnList().get(i));
      requireNew(view, assigned, i);
      expressions.add(Targets.typed(update.getSourceExpressionList().get(i)));
    }
    CalciteQuery query =
        new QueryCompiler(store, true)
            .compile(Targets.rows(view, update.getAlias(), expressions, update.getCondition()));
    RowBuilder builder = new RowBuilder(view);
    ComputedChange.Change change =
        (existing, found, now) -> builder.change(existing, assigned, found);
    return new ComputedChange("UPDATE", view, query, Targets.countParameters(update), change);
  }

  private static void requireNew(TableView view, int[] assigned, int last) {
    for (int i = 0; i < last; i++) {
      if (assigned[i] == assigned[last]) {
        throw new StatementException(
            SqlState.SYNTAX,
            "column " + view.columns().get(assigned[last]).name() + " is assigned twice");
      }
    }
  }
}
