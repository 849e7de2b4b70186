package io.larder.jdbc.internal.calcite;

import io.larder.jdbc.internal.access.TableView;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.tables.Store;
import java.util.List;
import org.apache.calcite.sql.SqlDelete;

/** Takes a DELETE apart: the query for the keys, and nothing in their place. */
final class DeleteCompiler {
  private final Store store;
  private final SqlDelete delete;

  DeleteCompiler(Store store, SqlDelete delete) {
    this.store = store;
    this.delete = delete;
  }

  Plan compile() {
    TableView view = Targets.table(store, delete.getTargetTable());
    CalciteQuery query =
        new QueryCompiler(store, true)
            .compile(Targets.rows(view, delete.getAlias(), List.of(), delete.getCondition()));
    int parameters = Targets.countParameters(delete);
    return new ComputedChange("DELETE", view, query, parameters, (existing, found, now) -> null);
  }
}
