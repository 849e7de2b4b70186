package io.larder.jdbc.internal.ddl;

import io.larder.jdbc.internal.plan.Execution;
import io.larder.tables.Store;

/**
 * Drops a table and everything in it.
 *
 * @param store where
 * @param name its name, whatever its case
 * @param ifExists whether no such table is no error
 */
record DropTablePlan(Store store, String name, boolean ifExists) implements DefinitionPlan {

  @Override
  public long run(Execution execution) {
    if (!ifExists || store.findTableIgnoringCase(name).isPresent()) {
      store.dropTable(DefinitionPlan.require(store, name).definition().name());
    }
    return 0;
  }

  @Override
  public String toString() {
    return "DROP TABLE " + name;
  }
}
