package io.larder.jcache.internal.operations;

import io.larder.jcache.internal.management.OperationStatistics;
import io.larder.jcache.internal.storage.EntryStore;
import io.larder.jcache.internal.storage.Exclusion;
import io.larder.jcache.internal.storage.Slot;
import io.larder.jcache.internal.storage.StoredEntry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Removals of one key. Thread-safe; each holds its key from the look at the entry to the event. The writer
 * hears of unconditional removals even of absent keys.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class RemoveOperations<K, V> {
  private final EntryStore<K, V> store;
  private final Integration<K, V> integration;
  private final OperationStatistics statistics;
  private final Mutations<K, V> mutations;

  /** Creates the removals of a cache. */
  public RemoveOperations(CacheParts<K, V> parts) {
    this.store = parts.store();
    this.integration = parts.integration();
    this.statistics = parts.statistics();
    this.mutations = new Mutations<>(parts);
  }

  /** Removes a key, and returns whether it had a value. */
  public boolean remove(K key) {
    long start = statistics.start();
    Slot<K, V> slot = store.slot(key);
    Exclusion exclusion = slot.lock();
    try {
      integration.delete(key);
      StoredEntry<V> current = slot.read();
      if (current == null) {
        return false;
      }
      mutations.remove(slot, current);
      return true;
    } finally {
      exclusion.release();
      statistics.removeEnded(start);
    }
  }

  /** Removes a key, and returns the value it had. */
  public @Nullable V getAndRemove(K key) {
    long start = statistics.start();
    Slot<K, V> slot = store.slot(key);
    Exclusion exclusion = slot.lock();
    try {
      integration.delete(key);
      StoredEntry<V> current = slot.read();
      statistics.lookup(current != null);
      if (current == null) {
        return null;
      }
      V value = current.value();
      mutations.remove(slot, current);
      return value;
    } finally {
      exclusion.release();
      statistics.getEnded(start);
      statistics.removeEnded(start);
    }
  }

  /** Removes a key that has the value, and returns whether it did. */
  public boolean remove(K key, V expected) {
    long start = statistics.start();
    Slot<K, V> slot = store.slot(key);
    Exclusion exclusion = slot.lock();
    try {
      StoredEntry<V> current = slot.read();
      statistics.lookup(current != null);
      if (current == null) {
        return false;
      }
      if (!Objects.deepEquals(current.value(), expected)) {
        mutations.accessed(slot, current);
        return false;
      }
      integration.delete(key);
      mutations.remove(slot, current);
      return true;
    } finally {
      exclusion.release();
      statistics.removeEnded(start);
    }
  }
}
