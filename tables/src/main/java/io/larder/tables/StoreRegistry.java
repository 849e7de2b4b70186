package io.larder.tables;

import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The open stores of this JVM: one for each open database, counted by handles. The lock guards the map and the counts;
 * the first handle reads catalog and dictionary under it, closing a database happens outside.
 */
final class StoreRegistry {
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Map<String, Counted> OPEN = new HashMap<>();

  private StoreRegistry() {}

  /** A shared store and how many handles it has. */
  private static final class Counted {
    private final SharedStore store;
    private int handles;

    Counted(SharedStore store) {
      this.store = store;
    }
  }

  /** A place in the registry; given back once. */
  record Lease(String key, SharedStore store) {}

  static Lease acquire(Database database) {
    String key = key(database.location());
    LOCK.lock();
    try {
      Counted counted = OPEN.get(key);
      if (counted == null) {
        counted = new Counted(openShared(database));
        OPEN.put(key, counted);
      }
      counted.handles++;
      return new Lease(key, counted.store);
    } finally {
      LOCK.unlock();
    }
  }

  /** The shared store has a handle of its own, so that any handle of a user may be closed first. */
  private static SharedStore openShared(Database opened) {
    Database database = opened.another();
    try {
      return new SharedStore(database);
    } catch (RuntimeException | Error e) {
      database.close();
      throw e;
    }
  }

  static void release(Lease lease) {
    LOCK.lock();
    try {
      Counted counted = OPEN.get(lease.key());
      if (counted == null || counted.store != lease.store() || --counted.handles > 0) {
        return;
      }
      // Before anybody can open it anew: two dictionaries must not give out the same number.
      counted.store.stop();
      OPEN.remove(lease.key());
    } finally {
      LOCK.unlock();
    }
    lease.store().close();
  }

  private static String key(DatabaseLocation location) {
    if (location instanceof DatabaseLocation.Directory directory) {
      Path path = directory.path();
      try {
        return "file:" + path.toRealPath();
      } catch (IOException e) {
        return "file:" + path.toAbsolutePath().normalize();
      }
    }
    return location.toString();
  }
}
