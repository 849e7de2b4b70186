package io.larder.tables;

import io.larder.engine.api.Database;
import io.larder.engine.api.LarderUri;
import java.util.List;
import java.util.Optional;

/**
 * All tables of one database. Thread-safe. A handle: every successful {@link #open} is closed once by its opener;
 * all handles on one open database in the JVM share one catalog, one dictionary and one schema version.
 *
 * <p>Changes of the catalog are durable before they return, whatever the sync mode, and survive a crash whole or not
 * at all.
 */
public final class Store implements AutoCloseable {

  private Store() {}

  /**
   * Opens the database of a URI, or shares it if it is open in this JVM. Reads the engine's options and {@link
   * StoreOptions}; whether other names are legal is for the caller to say.
   */
  public static Store open(LarderUri uri) {
    throw new UnsupportedOperationException("open " + uri);
  }

  /** Returns the database under the tables; closed with this handle. */
  public Database database() {
    throw new UnsupportedOperationException();
  }

  /** Returns the table of exactly that name. */
  public Optional<Table> findTable(String name) {
    throw new UnsupportedOperationException(name);
  }

  /**
   * Returns the table of exactly that name, or else the only one whose name differs in case alone.
   *
   * @throws io.larder.engine.api.LarderException if several differ in case alone
   */
  public Optional<Table> findTableIgnoringCase(String name) {
    throw new UnsupportedOperationException(name);
  }

  /**
   * Returns the table of exactly that name.
   *
   * @throws NoSuchTableException if there is none
   */
  public Table table(String name) {
    throw new UnsupportedOperationException(name);
  }

  /**
   * Creates a table with its keyspace.
   *
   * @throws TableExistsException if the name is taken
   */
  public Table createTable(TableDefinition definition) {
    throw new UnsupportedOperationException(definition.name());
  }

  /**
   * Drops a table and everything in it.
   *
   * @throws NoSuchTableException if there is none
   */
  public void dropTable(String name) {
    throw new UnsupportedOperationException(name);
  }

  /**
   * Removes every row of a table.
   *
   * @throws NoSuchTableException if there is none
   */
  public void truncateTable(String name) {
    throw new UnsupportedOperationException(name);
  }

  /**
   * Replaces the definition of the table of that name and returns the new table. Attributes and value columns may
   * change, key columns and the kind of value may not. Rows are not rewritten: an added column reads as null, a
   * removed one is passed over.
   *
   * @throws NoSuchTableException if there is none
   */
  public Table replaceDefinition(TableDefinition definition) {
    throw new UnsupportedOperationException(definition.name());
  }

  /** Returns the names of all tables, sorted. */
  public List<String> tableNames() {
    throw new UnsupportedOperationException();
  }

  /** Returns a number that grows with every change of a definition in this database, whatever door it came through. */
  public long schemaVersion() {
    throw new UnsupportedOperationException();
  }

  /** Gives up this handle; does nothing the second time. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
