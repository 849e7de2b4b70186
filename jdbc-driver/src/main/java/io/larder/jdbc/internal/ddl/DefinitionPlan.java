package io.larder.jdbc.internal.ddl;

import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.jdbc.internal.plan.ParameterInfo;
import io.larder.jdbc.internal.plan.UpdatePlan;
import io.larder.tables.Store;
import io.larder.tables.Table;
import java.util.List;

/** A statement that changes the schema: no parameters, commits what is open first. */
interface DefinitionPlan extends UpdatePlan {

  @Override
  default List<ParameterInfo> parameters() {
    return List.of();
  }

  @Override
  default List<String> explain() {
    return List.of(toString());
  }

  @Override
  default boolean endsTransaction() {
    return true;
  }

  /** Returns the table of a name, whatever its case. */
  static Table require(Store store, String name) {
    return store
        .findTableIgnoringCase(name)
        .orElseThrow(() -> new StatementException(SqlState.NO_SUCH_TABLE, "no table " + name));
  }
}
