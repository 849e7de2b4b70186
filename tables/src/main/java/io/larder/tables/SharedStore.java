package io.larder.tables;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What all handles of a store share: catalog, dictionary, tables. Thread-safe. The lock guards every change of the
 * catalog, with its writes under it; readers look at an immutable state and take no lock.
 *
 * <p>A change of the catalog takes effect in one batch: a table exists from the batch that defines it on, and is gone
 * from the batch that marks it as dropping on. What remains to be done then, creating or dropping the keyspace, is made
 * good when the store is opened after a crash.
 */
final class SharedStore {
  private static final String RESERVED = "larder:";
  private static final String CATALOG = "larder:catalog";
  private static final String DICTIONARY = "larder:dictionary";
  private static final String STAGING = "larder:staging:";
  private static final int NAME_BYTES_MAX = 255;

  private record State(Map<String, Table> tables, long version) {}

  private final Database database;
  private final Catalog catalog;
  private final KeyspaceDictionary dictionary;
  private final KnownClasses knownClasses = new KnownClasses();
  private final ReentrantLock lock = new ReentrantLock();
  private volatile State state;

  /** Takes over the database handle. */
  SharedStore(Database database) {
    this.database = database;
    this.catalog = new Catalog(database.openKeyspace(CATALOG));
    this.dictionary = new KeyspaceDictionary(database.openKeyspace(DICTIONARY));
    this.state = new State(load(), catalog.version());
  }

  private Map<String, Table> load() {
    Map<String, Table> tables = new TreeMap<>();
    for (Catalog.Entry entry : catalog.load().values()) {
      TableDefinition definition = entry.definition();
      String name = definition.name();
      switch (entry.state()) {
        case DROPPING, STAGED -> finishDrop(name);
        case MOVING -> {
          finishMove(definition, Objects.requireNonNull(entry.source()));
          tables.put(name, table(definition, database.keyspace(name)));
        }
        case LIVE -> tables.put(name, table(definition, database.openKeyspace(name)));
      }
    }
    return tables;
  }

  private Table table(TableDefinition definition, Keyspace keyspace) {
    return new Table(definition, keyspace, dictionary, knownClasses);
  }

  KnownClasses knownClasses() {
    return knownClasses;
  }

  TypeDictionary dictionary() {
    return dictionary;
  }

  @Nullable Table find(String name) {
    return state.tables().get(name);
  }

  Optional<Table> findIgnoringCase(String name) {
    Map<String, Table> tables = state.tables();
    Table exact = tables.get(name);
    if (exact != null) {
      return Optional.of(exact);
    }
    List<Table> similar =
        tables.values().stream().filter(table -> table.name().equalsIgnoreCase(name)).toList();
    if (similar.size() > 1) {
      throw new LarderException(
          "the table name '"
              + name
              + "' is ambiguous: there are "
              + similar.stream().map(Table::name).toList()
              + "; quote one of them");
    }
    return similar.stream().findFirst();
  }

  List<String> names() {
    return List.copyOf(state.tables().keySet());
  }

  long version() {
    return state.version();
  }

  Table create(TableDefinition definition) {
    String name = definition.name();
    checkName(name);
    lock.lock();
    try {
      if (state.tables().containsKey(name)) {
        throw new TableExistsException("a table named '" + name + "' exists already");
      }
      checkFree(name);
      catalog.put(definition, Catalog.State.LIVE);
      Table created;
      try {
        created = table(definition, database.openKeyspace(name));
      } catch (RuntimeException e) {
        undoCreate(name, e);
        throw e;
      }
      publish(name, created);
      return created;
    } finally {
      lock.unlock();
    }
  }

  private void undoCreate(String name, RuntimeException failure) {
    try {
      catalog.remove(name);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private static void checkName(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > NAME_BYTES_MAX) {
      throw new LarderException(
          "a table name has "
              + bytes
              + " bytes, the limit is "
              + NAME_BYTES_MAX
              + ": '"
              + name
              + "'");
    } else if (name.startsWith(RESERVED)) {
      throw new LarderException(
          "the table name '" + name + "' is reserved: it starts with " + RESERVED);
    } else if (name.chars().anyMatch(Character::isISOControl)) {
      throw new LarderException("the table name '" + name + "' has a control character");
    }
  }

  /** A keyspace made without types may be taken over while it is empty. */
  private void checkFree(String name) {
    Optional<Keyspace> keyspace = database.findKeyspace(name);
    if (keyspace.isPresent()) {
      try (Cursor cursor = keyspace.get().cursor(KeyRange.all())) {
        if (cursor.next()) {
          throw new TableExistsException(
              "a keyspace named '"
                  + name
                  + "' holds entries without types; drop or rename it first");
        }
      }
    }
  }

  StagedTable stage(TableDefinition definition) {
    checkName(definition.name());
    lock.lock();
    try {
      if (!state.tables().containsKey(definition.name())) {
        checkFree(definition.name());
      }
      // The version is another one at each change, so nobody else has this name.
      String keyspaceName = STAGING + catalog.version();
      catalog.put(named(definition, keyspaceName), Catalog.State.STAGED);
      Table table;
      try {
        table = table(definition, database.createKeyspace(keyspaceName));
      } catch (RuntimeException e) {
        undoCreate(keyspaceName, e);
        throw e;
      }
      refreshVersion();
      return new StagedTable(this, keyspaceName, table);
    } finally {
      lock.unlock();
    }
  }

  private static TableDefinition named(TableDefinition definition, String name) {
    return new TableDefinition(
        name,
        definition.keyColumns(),
        definition.valueKind(),
        definition.valueColumns(),
        definition.attributes());
  }

  Table publish(String keyspaceName, Table staged, boolean replacing) {
    TableDefinition definition = staged.definition();
    String name = definition.name();
    lock.lock();
    try {
      if (!state.tables().containsKey(name)) {
        checkFree(name);
      } else if (!replacing) {
        throw new TableExistsException("a table named '" + name + "' exists already");
      }
      // All before the decision must be there after it, whatever the sync mode.
      database.sync();
      catalog.move(definition, keyspaceName);
      finishMove(definition, keyspaceName);
      publish(name, staged);
      return staged;
    } finally {
      lock.unlock();
    }
  }

  /** Each step can be done again, by whoever finds it undone at the next opening. */
  private void finishMove(TableDefinition definition, String source) {
    String name = definition.name();
    if (database.findKeyspace(source).isPresent()) {
      if (database.findKeyspace(name).isPresent()) {
        database.dropKeyspace(name);
      }
      database.renameKeyspace(source, name);
    }
    catalog.put(definition, Catalog.State.LIVE);
  }

  void discard(String keyspaceName) {
    lock.lock();
    try {
      finishDrop(keyspaceName);
      refreshVersion();
    } finally {
      lock.unlock();
    }
  }

  private void refreshVersion() {
    state = new State(state.tables(), catalog.version());
  }

  void drop(String name) {
    lock.lock();
    try {
      Table table = required(name);
      catalog.put(table.definition(), Catalog.State.DROPPING);
      publish(name, null);
      finishDrop(name);
      publish(name, null);
    } finally {
      lock.unlock();
    }
  }

  private void finishDrop(String name) {
    if (database.findKeyspace(name).isPresent()) {
      database.dropKeyspace(name);
    }
    catalog.remove(name);
  }

  void truncate(String name) {
    lock.lock();
    try {
      required(name);
      database.clearKeyspace(name);
    } finally {
      lock.unlock();
    }
  }

  Table replace(TableDefinition definition) {
    String name = definition.name();
    lock.lock();
    try {
      Table table = required(name);
      checkReplaceable(table.definition(), definition);
      catalog.put(definition, Catalog.State.LIVE);
      Table replaced = table(definition, table.keyspace());
      publish(name, replaced);
      return replaced;
    } finally {
      lock.unlock();
    }
  }

  private static void checkReplaceable(TableDefinition found, TableDefinition wanted) {
    List<DataType> foundTypes = found.keyColumns().stream().map(Column::type).toList();
    List<DataType> wantedTypes = wanted.keyColumns().stream().map(Column::type).toList();
    if (!foundTypes.equals(wantedTypes) || found.valueKind() != wanted.valueKind()) {
      throw new LarderException(
          "table '"
              + found.name()
              + "' has a key of "
              + foundTypes
              + " and values of kind "
              + found.valueKind()
              + ", which cannot become "
              + wantedTypes
              + " and "
              + wanted.valueKind());
    }
  }

  Table required(String name) {
    Table table = find(name);
    if (table == null) {
      throw new NoSuchTableException("there is no table named '" + name + "'");
    }
    return table;
  }

  private void publish(String name, @Nullable Table table) {
    Map<String, Table> tables = new TreeMap<>(state.tables());
    if (table == null) {
      tables.remove(name);
    } else {
      tables.put(name, table);
    }
    state = new State(Collections.unmodifiableMap(tables), catalog.version());
  }

  /** Ends all writing through the dictionary; the catalog has no users any more. */
  void stop() {
    dictionary.close();
  }

  void close() {
    database.close();
  }
}
