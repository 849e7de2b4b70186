package io.larder.jcache.internal.operations;

import io.larder.jcache.internal.management.OperationStatistics;
import io.larder.jcache.internal.operations.Mutations.Origin;
import io.larder.jcache.internal.storage.EntryStore;
import io.larder.jcache.internal.storage.Exclusion;
import io.larder.jcache.internal.storage.Slot;
import io.larder.jcache.internal.storage.StoredEntry;
import io.larder.jcache.internal.storage.StoredValue;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts and replaces of one key. Thread-safe; each holds its key from the look at the entry to the event.
 *
 * <p>A value is encoded before the writer is called: what cannot be stored must not reach the writer.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class WriteOperations<K, V> {
  private final EntryStore<K, V> store;
  private final Integration<K, V> integration;
  private final OperationStatistics statistics;
  private final Mutations<K, V> mutations;

  /** Creates the puts of a cache. */
  public WriteOperations(CacheParts<K, V> parts) {
    this.store = parts.store();
    this.integration = parts.integration();
    this.statistics = parts.statistics();
    this.mutations = new Mutations<>(parts);
  }

  /** Sets the value of a key. */
  public void put(K key, V value) {
    long start = statistics.start();
    if (integration.writer() == null && mutations.putAtOnce(key, value)) {
      statistics.putEnded(start);
      return;
    }
    Slot<K, V> slot = store.slot(key);
    StoredValue<V> stored = store.prepare(value);
    Exclusion exclusion = slot.lock();
    try {
      integration.write(key, value);
      if (mutations.isSilent()) {
        mutations.putSilently(slot, stored);
      } else {
        mutations.put(slot, slot.read(), stored, Origin.PUT);
      }
    } finally {
      exclusion.release();
      statistics.putEnded(start);
    }
  }

  /** Sets the value of a key, for a time of its own. */
  public void put(K key, V value, Duration timeToLive) {
    long start = statistics.start();
    Slot<K, V> slot = store.slot(key);
    StoredValue<V> stored = store.prepare(value);
    Exclusion exclusion = slot.lock();
    try {
      integration.write(key, value);
      mutations.put(slot, slot.read(), stored, timeToLive);
    } finally {
      exclusion.release();
      statistics.putEnded(start);
    }
  }

  /** Gives the entry of a key a time of its own from now, and returns whether there is one. */
  public boolean expire(K key, Duration timeToLive) {
    Slot<K, V> slot = store.slot(key);
    Exclusion exclusion = slot.lock();
    try {
      StoredEntry<V> current = slot.read();
      if (current == null) {
        return false;
      }
      mutations.expire(slot, current, timeToLive);
      return true;
    } finally {
      exclusion.release();
    }
  }

  /** Sets the value of a key and returns the one before. */
  public @Nullable V getAndPut(K key, V value) {
    long start = statistics.start();
    Slot<K, V> slot = store.slot(key);
    StoredValue<V> stored = store.prepare(value);
    Exclusion exclusion = slot.lock();
    try {
      StoredEntry<V> current = slot.read();
      V before = current == null ? null : current.value();
      integration.write(key, value);
      statistics.lookup(current != null);
      mutations.put(slot, current, stored, Origin.PUT);
      return before;
    } finally {
      exclusion.release();
      statistics.getEnded(start);
      statistics.putEnded(start);
    }
  }

  /**
   * Sets the value of a key that has none, and returns whether it did.
   *
   * @param timeToLive how long the entry lives; null = as the policy says
   */
  public boolean putIfAbsent(K key, V value, @Nullable Duration timeToLive) {
    long start = statistics.start();
    Slot<K, V> slot = store.slot(key);
    Exclusion exclusion = slot.lock();
    try {
      if (slot.exists()) {
        statistics.lookup(true);
        return false;
      }
      StoredValue<V> stored = store.prepare(value);
      integration.write(key, value);
      statistics.lookup(false);
      return timeToLive == null
          ? mutations.create(slot, stored, Origin.PUT)
          : mutations.put(slot, null, stored, timeToLive);
    } finally {
      exclusion.release();
      statistics.putEnded(start);
    }
  }

  /** Replaces the value of a key that has one, and returns whether it did. */
  public boolean replace(K key, V value) {
    long start = statistics.start();
    Slot<K, V> slot = store.slot(key);
    Exclusion exclusion = slot.lock();
    try {
      StoredEntry<V> current = slot.read();
      statistics.lookup(current != null);
      if (current == null) {
        return false;
      }
      replaceEntry(slot, current, value);
      return true;
    } finally {
      exclusion.release();
      statistics.putEnded(start);
    }
  }

  /** Replaces the value of a key that has one, and returns the one before. */
  public @Nullable V getAndReplace(K key, V value) {
    long start = statistics.start();
    Slot<K, V> slot = store.slot(key);
    Exclusion exclusion = slot.lock();
    try {
      StoredEntry<V> current = slot.read();
      statistics.lookup(current != null);
      if (current == null) {
        return null;
      }
      V before = current.value();
      replaceEntry(slot, current, value);
      return before;
    } finally {
      exclusion.release();
      statistics.getEnded(start);
      statistics.putEnded(start);
    }
  }

  /** Replaces one value of a key by another, and returns whether the key had the former. */
  public boolean replace(K key, V expected, V value) {
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
      replaceEntry(slot, current, value);
      return true;
    } finally {
      exclusion.release();
      statistics.putEnded(start);
    }
  }

  private void replaceEntry(Slot<K, V> slot, StoredEntry<V> current, V value) {
    StoredValue<V> stored = store.prepare(value);
    integration.write(slot.key(), value);
    mutations.update(slot, current, stored, Origin.PUT);
  }
}
