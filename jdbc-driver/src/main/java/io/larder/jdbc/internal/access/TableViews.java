package io.larder.jdbc.internal.access;

import io.larder.tables.Store;
import io.larder.tables.Table;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The views of tables by the names statements use, made once for each version of the schema. Thread-safe. */
public final class TableViews {
  /** Names of the same table in different case are all kept; so many are enough. */
  private static final int NAMES_MAX = 10_000;

  private record Known(long schemaVersion, Map<String, TableView> views) {}

  private final Store store;
  private volatile Known known = new Known(Long.MIN_VALUE, Map.of());

  /** Creates the views of a database's tables. */
  public TableViews(Store store) {
    this.store = store;
  }

  /** Returns the view of a table, whatever the case of its name, or null. */
  public @Nullable TableView find(String name) {
    long version = store.schemaVersion();
    Known current = known;
    if (current.schemaVersion != version || current.views.size() > NAMES_MAX) {
      current = new Known(version, new ConcurrentHashMap<>());
      known = current;
    }
    TableView view = current.views.get(name);
    if (view == null) {
      Optional<Table> table = store.findTableIgnoringCase(name);
      if (table.isEmpty()) {
        return null;
      }
      view = new TableView(table.get());
      current.views.put(name, view);
    }
    return view;
  }
}
