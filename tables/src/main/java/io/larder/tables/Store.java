package io.larder.tables;

import io.larder.engine.Databases;
import io.larder.engine.api.ClosedException;
import io.larder.engine.api.Database;
import io.larder.engine.api.LarderUri;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * All tables of one database. Thread-safe. A handle: every successful {@link #open} is closed once by its opener;
 * all handles on one open database in the JVM share one catalog, one dictionary and one schema version.
 *
 * <p>Changes of the catalog are durable before they return, whatever the sync mode, and survive a crash whole or not
 * at all.
 */
public final class Store implements AutoCloseable {

  private final Database database;
  private final StoreRegistry.Lease lease;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Store(Database database, StoreRegistry.Lease lease) {
    this.database = database;
    this.lease = lease;
  }

  /**
   * Opens the database of a URI, or shares it if it is open in this JVM. Reads the engine's options and {@link
   * StoreOptions}; whether other names are legal is for the caller to say.
   */
  public static Store open(LarderUri uri) {
    List<String> allowed = StoreOptions.serializationAllow(uri);
    Database database = Databases.open(uri);
    try {
      StoreRegistry.Lease lease = StoreRegistry.acquire(database);
      lease.store().knownClasses().allow(allowed);
      return new Store(database, lease);
    } catch (RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }

  /** Returns the database under the tables; closed with this handle. */
  public Database database() {
    return database;
  }

  /** Returns the table of exactly that name. */
  public Optional<Table> findTable(String name) {
    return Optional.ofNullable(shared().find(name));
  }

  /**
   * Returns the table of exactly that name, or else the only one whose name differs in case alone.
   *
   * @throws io.larder.engine.api.LarderException if several differ in case alone
   */
  public Optional<Table> findTableIgnoringCase(String name) {
    return shared().findIgnoringCase(name);
  }

  /**
   * Returns the table of exactly that name.
   *
   * @throws NoSuchTableException if there is none
   */
  public Table table(String name) {
    return shared().required(name);
  }

  /**
   * Creates a table with its keyspace.
   *
   * @throws TableExistsException if the name is taken
   */
  public Table createTable(TableDefinition definition) {
    return shared().create(definition);
  }

  /**
   * Creates a table that nobody sees until it is published under the definition's name, which may be taken now.
   *
   * @throws TableExistsException if entries without types have the name
   */
  public StagedTable stageTable(TableDefinition definition) {
    return shared().stage(definition);
  }

  /**
   * Drops a table and everything in it.
   *
   * @throws NoSuchTableException if there is none
   */
  public void dropTable(String name) {
    shared().drop(name);
  }

  /**
   * Removes every row of a table.
   *
   * @throws NoSuchTableException if there is none
   */
  public void truncateTable(String name) {
    shared().truncate(name);
  }

  /**
   * Replaces the definition of the table of that name and returns the new table. Attributes and value columns may
   * change, key columns and the kind of value may not. Rows are not rewritten: an added column reads as null, a
   * removed one is passed over.
   *
   * @throws NoSuchTableException if there is none
   */
  public Table replaceDefinition(TableDefinition definition) {
    return shared().replace(definition);
  }

  /** Returns the names of all tables, sorted. */
  public List<String> tableNames() {
    return shared().names();
  }

  /** Returns a number that grows with every change of a definition in this database, whatever door it came through. */
  public long schemaVersion() {
    return shared().version();
  }

  private SharedStore shared() {
    if (closed.get()) {
      throw new ClosedException("this handle of the store at " + lease.key() + " was closed");
    }
    return lease.store();
  }

  /** Gives up this handle; does nothing the second time. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        database.close();
      } finally {
        StoreRegistry.release(lease);
      }
    }
  }
}
