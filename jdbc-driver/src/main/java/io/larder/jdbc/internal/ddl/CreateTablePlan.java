package io.larder.jdbc.internal.ddl;

import io.larder.jdbc.internal.error.SqlState;
import io.larder.jdbc.internal.error.StatementException;
import io.larder.jdbc.internal.plan.Execution;
import io.larder.tables.Store;
import io.larder.tables.TableDefinition;
import io.larder.tables.TableExistsException;

/**
 * Creates a table.
 *
 * @param store where
 * @param definition what
 * @param ifNotExists whether a table of that name is no error
 */
record CreateTablePlan(Store store, TableDefinition definition, boolean ifNotExists)
    implements DefinitionPlan {

  @Override
  public long run(Execution execution) {
    String name = definition.name();
    try {
      if (store.findTableIgnoringCase(name).isEmpty()) {
        store.createTable(definition);
        return 0;
      }
    } catch (TableExistsException e) {
      if (!ifNotExists) {
        throw new StatementException(SqlState.TABLE_EXISTS, "table " + name + " exists already", e);
      }
      return 0;
    }
    if (!ifNotExists) {
      throw new StatementException(SqlState.TABLE_EXISTS, "table " + name + " exists already");
    }
    return 0;
  }

  @Override
  public String toString() {
    return "CREATE TABLE " + definition.name();
  }
}
