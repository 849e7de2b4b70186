package io.larder.jcache.internal.operations;

import io.larder.jcache.internal.management.OperationStatistics;
import io.larder.jcache.internal.operations.Mutations.Origin;
import io.larder.jcache.internal.storage.EntryStore;
import io.larder.jcache.internal.storage.Exclusion;
import io.larder.jcache.internal.storage.Slot;
import io.larder.jcache.internal.storage.StoredEntry;
import io.larder.jcache.internal.storage.StoredValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * Entry processors. Thread-safe: a processor holds its key, so nobody else changes the entry between what it reads
 * and what it writes, whatever door they come through.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class ProcessorOperations<K, V> {
  private final EntryStore<K, V> store;
  private final Integration<K, V> integration;
  private final OperationStatistics statistics;
  private final Mutations<K, V> mutations;

  /** Creates the processor operations of a cache. */
  public ProcessorOperations(CacheParts<K, V> parts) {
    this.store = parts.store();
    this.integration = parts.integration();
    this.statistics = parts.statistics();
    this.mutations = new Mutations<>(parts);
  }

  /**
   * Runs a processor on one key.
   *
   * @throws EntryProcessorException around whatever the processor throws; nothing is changed then
   */
  public <T> @Nullable T invoke(
      K key, EntryProcessor<K, V, T> processor, @Nullable Object... arguments) {
    long start = statistics.start();
    Slot<K, V> slot = store.slot(key);
    Exclusion exclusion = slot.lock();
    try {
      StoredEntry<V> current = slot.read();
      statistics.lookup(current != null);
      ProcessedEntry<K, V> entry = new ProcessedEntry<>(slot, current, integration);
      T result = process(entry, processor, arguments);
      finish(slot, current, entry);
      return result;
    } finally {
      exclusion.release();
      statistics.getEnded(start);
    }
  }

  /** Runs a processor on many keys, each on its own; what one throws waits in its result. */
  public <T> Map<K, EntryProcessorResult<T>> invokeAll(
      Set<? extends K> keys, EntryProcessor<K, V, T> processor, @Nullable Object... arguments) {
    Map<K, EntryProcessorResult<T>> results = new HashMap<>();
    for (K key : keys) {
      try {
        T result = invoke(key, processor, arguments);
        if (result != null) {
          results.put(key, () -> result);
        }
      } catch (RuntimeException e) { // a key's failure is its result, whoever failed
        EntryProcessorException failure =
            e instanceof EntryProcessorException wrapped ? wrapped : new EntryProcessorException(e);
        results.put(
            key,
            () -> {
              throw failure;
            });
      }
    }
    return results;
  }

  private static <K, V, T> @Nullable T process(
      ProcessedEntry<K, V> entry, EntryProcessor<K, V, T> processor, @Nullable Object[] arguments) {
    try {
      return processor.process(entry, arguments);
    } catch (EntryProcessorException e) {
      throw e;
    } catch (Exception e) { // checked ones, too: not every language has to declare them
      throw new EntryProcessorException("The entry processor failed on " + entry.getKey(), e);
    }
  }

  private void finish(
      Slot<K, V> slot, @Nullable StoredEntry<V> current, ProcessedEntry<K, V> entry) {
    switch (entry.action()) {
      case NONE -> {}
      case ACCESS -> {
        if (current != null) {
          mutations.accessed(slot, current);
        }
      }
      case LOAD -> mutations.create(slot, store.prepare(entry.newValue()), Origin.LOAD);
      case SET -> {
        V value = entry.newValue();
        StoredValue<V> stored = store.prepare(value);
        integration.write(slot.key(), value);
        if (current != null && entry.isRead()) {
          mutations.updateAccessed(slot, current, stored);
        } else {
          mutations.put(slot, current, stored, Origin.PUT);
        }
      }
      case REMOVE -> {
        integration.delete(slot.key());
        if (current != null) {
          if (entry.isRead()) {
            mutations.expiryForAccess(slot.key(), current); // it was one, whatever comes of it
          }
          mutations.remove(slot, current);
        }
      }
    }
  }
}
