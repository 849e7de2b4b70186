package io.larder.jdbc;

import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.LarderUri;
import io.larder.tables.Store;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An open database with its compiled statements, shared by all connections of this JVM. Thread-safe; each
 * {@link #open} is paired with one {@link #release}, and the last one closes the database.
 */
final class SharedDatabase {
  /** Guards {@link #OPEN} and every {@code users}; opening and closing happen outside of it. */
  private static final ReentrantLock LOCK = new ReentrantLock();

  private static final Map<DatabaseLocation, SharedDatabase> OPEN = new HashMap<>();

  private final Store store;
  private final DatabaseLocation location;
  private final StatementCompiler compiler;
  private int users;

  private SharedDatabase(Store store, int cachedPlans) {
    this.store = store;
    this.location = store.database().location();
    this.compiler = new StatementCompiler(store, cachedPlans);
  }

  /** Opens the database, or shares it; contradicting options are refused by the engine. */
  static SharedDatabase open(LarderUri uri, int cachedPlans) {
    Store store = Store.open(uri);
    boolean kept = false;
    LOCK.lock();
    try {
      SharedDatabase shared = OPEN.get(store.database().location());
      if (shared == null) {
        shared = new SharedDatabase(store, cachedPlans);
        OPEN.put(shared.location, shared);
        kept = true;
      }
      shared.users++;
      return shared;
    } finally {
      LOCK.unlock();
      if (!kept) {
        store.close();
      }
    }
  }

  Store store() {
    return store;
  }

  StatementCompiler compiler() {
    return compiler;
  }

  /** Gives up one use. */
  void release() {
    LOCK.lock();
    try {
      if (--users > 0) {
        return;
      }
      OPEN.remove(location);
    } finally {
      LOCK.unlock();
    }
    store.close();
  }
}
