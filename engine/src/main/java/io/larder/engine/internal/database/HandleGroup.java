package io.larder.engine.internal.database;

import io.larder.engine.api.ClosedException;
import java.util.concurrent.atomic.AtomicInteger;

/** The handles of one opener, who gives the database up when the last of them is closed. Thread-safe. */
final class HandleGroup {
  private final EmbeddedDatabase database;
  private final Runnable onClose;
  private final AtomicInteger open = new AtomicInteger();

  HandleGroup(EmbeddedDatabase database, Runnable onClose) {
    this.database = database;
    this.onClose = onClose;
  }

  /** Returns the first handle. */
  DatabaseHandle first() {
    open.set(1);
    return new DatabaseHandle(database, this);
  }

  /** Returns one more handle, for who has an open one. */
  DatabaseHandle another() {
    int before = open.get();
    while (before > 0 && !open.compareAndSet(before, before + 1)) {
      before = open.get();
    }
    if (before == 0) {
      throw new ClosedException("The database " + database.location() + " is closed");
    }
    return new DatabaseHandle(database, this);
  }

  /** Gives one handle up. */
  void release() {
    if (open.decrementAndGet() == 0) {
      onClose.run();
    }
  }
}
