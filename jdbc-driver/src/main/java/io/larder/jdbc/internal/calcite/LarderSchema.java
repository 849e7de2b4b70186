package io.larder.jdbc.internal.calcite;

import io.larder.jdbc.internal.access.TableView;
import io.larder.tables.Store;
import java.util.HashMap;
import java.util.Map;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;

/** The tables as of one planning. */
final class LarderSchema extends AbstractSchema {
  private final Map<String, Table> tables = new HashMap<>();

  LarderSchema(Store store, boolean keyed) {
    for (String name : store.tableNames()) {
      store
          .findTable(name)
          .ifPresent(table -> tables.put(name, new LarderTable(new TableView(table), keyed)));
    }
  }

  @Override
  protected Map<String, Table> getTableMap() {
    return tables;
  }
}
