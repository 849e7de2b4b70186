package io.larder.engine.internal.database;

import io.larder.engine.api.Database;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whether a database has more than one opener, and what is to be done before it gets them. Thread-safe.
 *
 * <p>Invariant: whoever was told that the database is not shared is asked to prepare before a second opener has a handle.
 */
final class Sharing {
  private final ReentrantLock lock = new ReentrantLock(); // guards openers, and what is added
  private final List<Runnable> preparations = new CopyOnWriteArrayList<>();
  private int openers;

  /** Counts one more opener. */
  void opened() {
    lock.lock();
    try {
      openers++;
    } finally {
      lock.unlock();
    }
  }

  /** Does what is to be done for the last opener counted; without the lock, since it may wait. */
  void prepare() {
    preparations.forEach(Runnable::run);
  }

  /** Adds a preparation; null if there have been several openers already. */
  Database.@Nullable Preparation before(Runnable preparation) {
    lock.lock();
    try {
      if (openers > 1) {
        return null;
      }
      preparations.add(preparation);
      return () -> preparations.remove(preparation);
    } finally {
      lock.unlock();
    }
  }
}
