package io.larder.jcache.internal.operations;

import io.larder.jcache.internal.management.OperationStatistics;
import io.larder.jcache.internal.storage.EntryStore;
import io.larder.jcache.internal.storage.Exclusion;
import io.larder.jcache.internal.storage.Slot;
import io.larder.jcache.internal.storage.StoredEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.cache.expiry.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Lookups. Thread-safe.
 *
 * <p>A hit takes no lock unless the policy changes the expiry on access. A miss of a read-through cache holds the
 * key while the loader runs, so that a value is loaded once.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class ReadOperations<K, V> {
  private final EntryStore<K, V> store;
  private final Integration<K, V> integration;
  private final OperationStatistics statistics;
  private final Mutations<K, V> mutations;

  /** Creates the lookups of a cache. */
  public ReadOperations(CacheParts<K, V> parts) {
    this.store = parts.store();
    this.integration = parts.integration();
    this.statistics = parts.statistics();
    this.mutations = new Mutations<>(parts);
  }

  /** Returns whether there is an entry; not an access. */
  public boolean containsKey(K key) {
    return store.slot(key).exists();
  }

  /** Returns when the entry of a key expires; empty if there is none or it does not. Not an access. */
  public Optional<Instant> expiryOf(K key) {
    StoredEntry<V> entry = store.slot(key).read();
    return entry == null || entry.expiresAtMillis() == EntryStore.NEVER
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(entry.expiresAtMillis()));
  }

  /** Returns the value of a key, loading it if the cache is read-through; null if there is none. */
  public @Nullable V get(K key) {
    long start = statistics.start();
    try {
      StoredEntry<V> entry = store.find(key);
      if (entry != null) {
        statistics.lookup(true);
        V value = entry.value();
        Duration expiry = mutations.expiryForAccess(key, entry);
        if (expiry != null) {
          mutations.accessed(store.slot(key), entry, expiry);
        }
        return value;
      }
      statistics.lookup(false);
    } finally {
      statistics.getEnded(start);
    }
    return integration.loadsOnMiss() ? load(store.slot(key)) : null; // not the cache's time
  }

  private @Nullable V load(Slot<K, V> slot) {
    Exclusion exclusion = slot.lock();
    try {
      StoredEntry<V> entry = slot.read();
      if (entry != null) {
        return entry.value();
      }
      V loaded = integration.load(slot.key());
      if (loaded != null) {
        mutations.create(slot, store.prepare(loaded), Mutations.Origin.LOAD);
      }
      return loaded;
    } finally {
      exclusion.release();
    }
  }

  /** Returns the values of those keys that have one, loading the others if the cache is read-through. */
  public Map<K, V> getAll(Set<? extends K> keys) {
    long start = statistics.start();
    List<Slot<K, V>> slots = slots(keys);
    List<@Nullable StoredEntry<V>> entries = store.readAll(slots);
    Map<K, V> found = new HashMap<>();
    List<Slot<K, V>> missing = new ArrayList<>();
    for (int index = 0; index < slots.size(); index++) {
      Slot<K, V> slot = slots.get(index);
      StoredEntry<V> entry = entries.get(index);
      if (entry == null) {
        missing.add(slot);
      } else {
        found.put(slot.key(), entry.value());
        mutations.accessed(slot, entry);
      }
    }
    statistics.lookups(slots.size() - missing.size(), missing.size());
    statistics.getEnded(start); // the loader's time is not the cache's
    if (integration.loadsOnMiss() && !missing.isEmpty()) {
      loadAll(missing, found);
    }
    return found;
  }

  private void loadAll(List<Slot<K, V>> missing, Map<K, V> found) {
    Exclusion exclusion = store.lockAll(missing);
    try {
      Map<K, Slot<K, V>> absent = new HashMap<>();
      List<@Nullable StoredEntry<V>> entries = store.readAll(missing);
      for (int index = 0; index < missing.size(); index++) {
        Slot<K, V> slot = missing.get(index);
        StoredEntry<V> entry = entries.get(index);
        if (entry == null) {
          absent.put(slot.key(), slot);
        } else {
          found.put(slot.key(), entry.value());
        }
      }
      Map<K, V> loaded = integration.loadAll(List.copyOf(absent.keySet()));
      loaded.forEach(
          (key, value) -> {
            Slot<K, V> slot = absent.get(key);
            if (slot != null) {
              found.put(key, value);
              mutations.create(slot, store.prepare(value), Mutations.Origin.LOAD);
            }
          });
    } finally {
      exclusion.release();
    }
  }

  private List<Slot<K, V>> slots(Collection<? extends K> keys) {
    List<Slot<K, V>> slots = new ArrayList<>(keys.size());
    for (K key : keys) {
      slots.add(store.slot(key));
    }
    return slots;
  }
}
