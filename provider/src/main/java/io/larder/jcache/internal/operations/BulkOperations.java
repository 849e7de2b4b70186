package io.larder.jcache.internal.operations;

import io.larder.jcache.internal.events.ExpiryWatch;
import io.larder.jcache.internal.management.OperationStatistics;
import io.larder.jcache.internal.operations.Mutations.Origin;
import io.larder.jcache.internal.storage.EntryStore;
import io.larder.jcache.internal.storage.EntryStore.Change;
import io.larder.jcache.internal.storage.Exclusion;
import io.larder.jcache.internal.storage.Scan;
import io.larder.jcache.internal.storage.Slot;
import io.larder.jcache.internal.storage.StoredEntry;
import io.larder.jcache.internal.storage.StoredValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.integration.CacheWriterException;
import org.jspecify.annotations.Nullable;

/**
 * Operations on many keys. Thread-safe.
 *
 * <p>They work in chunks: each chunk holds its keys together, goes to the writer together and into the database
 * as one batch, so that a durable {@code putAll} syncs once a chunk and not once an entry. A chunk is
 * atomic, the operation is not, as the standard has it. If the writer fails, what it did write is stored, and the
 * rest is not.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class BulkOperations<K, V> {
  private static final int CHUNK = 1024;

  private final EntryStore<K, V> store;
  private final ExpiryRules<K, V> expiry;
  private final Integration<K, V> integration;
  private final OperationStatistics statistics;
  private final ExpiryWatch<K, V> watch;
  private final Mutations<K, V> mutations;

  /** Creates the bulk operations of a cache. */
  public BulkOperations(CacheParts<K, V> parts) {
    this.store = parts.store();
    this.expiry = parts.expiry();
    this.integration = parts.integration();
    this.statistics = parts.statistics();
    this.watch = parts.watch();
    this.mutations = new Mutations<>(parts);
  }

  /** Sets the values of many keys. */
  public void putAll(Map<? extends K, ? extends V> entries) {
    long start = statistics.start();
    if (integration.writer() == null
        && entries.size() <= CHUNK
        && mutations.putAllAtOnce(entries)) {
      statistics.putEnded(start);
      return;
    }
    int chunkSize = integration.writer() == null ? CHUNK : Integer.MAX_VALUE;
    Map<K, V> chunk = new LinkedHashMap<>();
    for (Map.Entry<? extends K, ? extends V> entry : entries.entrySet()) {
      chunk.put(entry.getKey(), entry.getValue());
      if (chunk.size() == chunkSize) {
        putChunk(chunk);
        chunk.clear();
      }
    }
    if (!chunk.isEmpty()) {
      putChunk(chunk);
    }
    statistics.putEnded(start);
  }

  private void putChunk(Map<K, V> chunk) {
    mutations.awaitRoomForEvents();
    List<Slot<K, V>> slots = new ArrayList<>(chunk.size());
    List<StoredValue<V>> values = new ArrayList<>(chunk.size());
    chunk.forEach(
        (key, value) -> {
          slots.add(store.slot(key));
          values.add(store.prepare(value));
        });
    Exclusion exclusion = store.lockAll(slots);
    try {
      Set<K> refused = new HashSet<>();
      CacheWriterException writerFailure = writeThrough(chunk, refused);
      storeAll(slots, values, refused);
      if (writerFailure != null) {
        throw writerFailure;
      }
    } finally {
      exclusion.release();
    }
  }

  private @Nullable CacheWriterException writeThrough(Map<K, V> chunk, Set<K> refused) {
    if (integration.writer() == null) {
      return null;
    }
    Collection<Cache.Entry<? extends K, ? extends V>> entries = new ArrayList<>(chunk.size());
    chunk.forEach((key, value) -> entries.add(new LarderEntry<>(key, value)));
    try {
      integration.writeAll(entries);
      return null;
    } catch (CacheWriterException e) {
      entries.forEach(entry -> refused.add(entry.getKey()));
      return e;
    }
  }

  private void storeAll(List<Slot<K, V>> slots, List<StoredValue<V>> values, Set<K> refused) {
    List<@Nullable StoredEntry<V>> current = store.readAll(slots);
    List<Change<K, V>> changes = new ArrayList<>(slots.size());
    List<Runnable> announcements = new ArrayList<>(slots.size());
    long now = store.nowMillis();
    for (int index = 0; index < slots.size(); index++) {
      Slot<K, V> slot = slots.get(index);
      if (refused.contains(slot.key())) {
        continue;
      }
      StoredValue<V> value = values.get(index);
      StoredEntry<V> entry = current.get(index);
      if (entry == null) {
        watch.settle(slot);
        long expiresAt = expiry.forCreation(slot.key(), value, now);
        if (expiresAt != ExpiryRules.AT_ONCE) {
          changes.add(new Change<>(slot, value, expiresAt));
          announcements.add(() -> mutations.created(slot, value, expiresAt, Origin.PUT));
        }
      } else {
        long expiresAt = expiry.forUpdate(slot.key(), value, now, entry.expiresAtMillis());
        boolean gone = expiresAt == ExpiryRules.AT_ONCE;
        changes.add(new Change<>(slot, gone ? null : value, gone ? 0 : expiresAt));
        announcements.add(() -> mutations.updated(slot, entry, value, expiresAt, Origin.PUT));
      }
    }
    store.apply(changes);
    announce(announcements);
  }

  /** Removes many keys. */
  public void removeAll(Collection<? extends K> keys) {
    long start = statistics.start();
    int chunkSize = integration.writer() == null ? CHUNK : Integer.MAX_VALUE;
    List<Slot<K, V>> chunk = new ArrayList<>();
    for (K key : keys) {
      chunk.add(store.slot(key));
      if (chunk.size() == chunkSize) {
        removeChunk(chunk);
        chunk.clear();
      }
    }
    if (!chunk.isEmpty()) {
      removeChunk(chunk);
    }
    statistics.removeEnded(start);
  }

  /** Removes every key, each as {@link #removeAll(Collection)} does. */
  public void removeAll() {
    long start = statistics.start();
    Scan<K, V> scan = store.scan();
    List<Slot<K, V>> chunk = new ArrayList<>();
    for (Scan.Found<K, V> found = scan.next(); found != null; found = scan.next()) {
      chunk.add(found.slot());
      if (chunk.size() == CHUNK) {
        removeChunk(chunk);
        chunk.clear();
      }
    }
    if (!chunk.isEmpty()) {
      removeChunk(chunk);
    }
    statistics.removeEnded(start);
  }

  private void removeChunk(List<Slot<K, V>> slots) {
    mutations.awaitRoomForEvents();
    Exclusion exclusion = store.lockAll(slots);
    try {
      List<K> refused = new ArrayList<>(slots.size());
      slots.forEach(slot -> refused.add(slot.key()));
      CacheWriterException writerFailure = null;
      try {
        integration.deleteAll(refused);
      } catch (CacheWriterException e) {
        writerFailure = e;
      }
      deleteAll(slots, new HashSet<>(refused));
      if (writerFailure != null) {
        throw writerFailure;
      }
    } finally {
      exclusion.release();
    }
  }

  private void deleteAll(List<Slot<K, V>> slots, Set<K> refused) {
    List<@Nullable StoredEntry<V>> current = store.readAll(slots);
    List<Change<K, V>> changes = new ArrayList<>(slots.size());
    List<Runnable> announcements = new ArrayList<>(slots.size());
    for (int index = 0; index < slots.size(); index++) {
      Slot<K, V> slot = slots.get(index);
      StoredEntry<V> entry = current.get(index);
      if (entry != null && !refused.contains(slot.key())) {
        changes.add(new Change<>(slot, null, EntryStore.NEVER));
        announcements.add(() -> mutations.removed(slot, entry));
      }
    }
    store.apply(changes);
    announce(announcements);
  }

  /** Removes every entry; nothing is counted, told or written through. */
  public void clear() {
    store.clear();
    watch.forgetAll();
  }

  /** Counts and tells everything, whatever listeners throw on the way, and then throws the first of it. */
  private static void announce(List<Runnable> announcements) {
    CacheEntryListenerException failure = null;
    for (Runnable announcement : announcements) {
      try {
        announcement.run();
      } catch (CacheEntryListenerException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
