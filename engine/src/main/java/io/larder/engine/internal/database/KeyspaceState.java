package io.larder.engine.internal.database;

import io.larder.engine.api.KeyspaceObserver;
import io.larder.engine.internal.io.LazyLogger;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What all handles of one keyspace share: its lasting number, its changing name and data number, and who observes it.
 * Thread-safe; number and name are changed by the catalog only.
 */
final class KeyspaceState {
  /** The data number of a dropped keyspace. */
  static final int DROPPED = 0;

  private static final System.Logger LOG = LazyLogger.of(KeyspaceState.class);

  private final int handleId;
  private final List<KeyspaceObserver> observers = new CopyOnWriteArrayList<>();
  private volatile int dataId;
  private volatile String name;

  KeyspaceState(int handleId, int dataId, String name) {
    this.handleId = handleId;
    this.dataId = dataId;
    this.name = name;
  }

  int handleId() {
    return handleId;
  }

  /** Returns the number its entries carry, or {@link #DROPPED}. */
  int dataId() {
    return dataId;
  }

  String name() {
    return name;
  }

  void setDataId(int dataId) {
    this.dataId = dataId;
  }

  void setName(String name) {
    this.name = name;
  }

  void add(KeyspaceObserver observer) {
    observers.add(observer);
  }

  void remove(KeyspaceObserver observer) {
    observers.remove(observer);
  }

  /** Tells observers of a change that is committed; a value of null says that the key was deleted. */
  void tellChanged(byte[] key, byte @Nullable [] value, long expiresAtMillis) {
    if (!observers.isEmpty()) {
      tell(
          observer -> {
            if (value == null) {
              observer.deleted(key);
            } else {
              observer.written(key, value, expiresAtMillis);
            }
          });
    }
  }

  /** Tells observers that everything was removed. */
  void tellCleared() {
    tell(KeyspaceObserver::cleared);
  }

  private void tell(Consumer<KeyspaceObserver> news) {
    for (KeyspaceObserver observer : observers) {
      try {
        news.accept(observer);
      } catch (RuntimeException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "An observer of the keyspace '" + name + "' failed; the change itself is done",
            e);
      }
    }
  }
}
