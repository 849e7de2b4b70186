package io.larder.jdbc.internal.ddl;

import io.larder.jdbc.internal.plan.Execution;
import io.larder.tables.Store;

/**
 * Removes every row of a table at once.
 *
 * @param store where
 * @param name its name, whatever its case
 */
record TruncateTablePlan(Store store, String name) implements DefinitionPlan {

  @Override
  public long run(Execution execution) {
    store.truncateTable(DefinitionPlan.require(store, name).definition().name());
    return 0;
  }

  @Override
  public String toString() {
    return "TRUNCATE TABLE " + name;
  }
}
