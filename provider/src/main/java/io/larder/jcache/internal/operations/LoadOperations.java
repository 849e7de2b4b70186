package io.larder.jcache.internal.operations;

import io.larder.jcache.internal.operations.Mutations.Origin;
import io.larder.jcache.internal.storage.EntryStore;
import io.larder.jcache.internal.storage.Exclusion;
import io.larder.jcache.internal.storage.Slot;
import io.larder.jcache.internal.storage.StoredEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import javax.cache.integration.CompletionListener;
import org.jspecify.annotations.Nullable;

/**
 * Loading many keys in the background. Thread-safe; its thread ends by itself when idle, and after {@link
 * #close}.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class LoadOperations<K, V> {
  private static final long IDLE_SECONDS = 5;

  private final EntryStore<K, V> store;
  private final Integration<K, V> integration;
  private final Mutations<K, V> mutations;
  private final ThreadPoolExecutor executor;

  /** Creates the loading of a cache. */
  public LoadOperations(CacheParts<K, V> parts, String cacheName) {
    this.store = parts.store();
    this.integration = parts.integration();
    this.mutations = new Mutations<>(parts);
    this.executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "larder-load-" + cacheName);
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  /** Loads keys with the loader, all or only those that are absent; nothing is counted or written through. */
  public void loadAll(
      Set<? extends K> keys, boolean replace, @Nullable CompletionListener listener) {
    if (integration.loader() == null) {
      if (listener != null) {
        listener.onCompletion();
      }
      return;
    }
    List<K> wanted = List.copyOf(keys);
    executor.execute(() -> loadAndTell(wanted, replace, listener));
  }

  private void loadAndTell(List<K> wanted, boolean replace, @Nullable CompletionListener listener) {
    try {
      load(wanted, replace);
    } catch (RuntimeException e) {
      if (listener != null) {
        listener.onException(e instanceof CacheException ? e : new CacheException(e));
      }
      return;
    }
    if (listener != null) {
      listener.onCompletion();
    }
  }

  private void load(List<K> wanted, boolean replace) {
    List<K> keys = new ArrayList<>();
    for (K key : wanted) {
      if (replace || !store.slot(key).exists()) {
        keys.add(key);
      }
    }
    if (keys.isEmpty()) {
      return;
    }
    integration
        .loadAll(keys)
        .forEach(
            (key, value) -> {
              Slot<K, V> slot = store.slot(key);
              Exclusion exclusion = slot.lock();
              try {
                StoredEntry<V> current = slot.read();
                if (replace || current == null) {
                  mutations.put(slot, current, store.prepare(value), Origin.LOAD);
                }
              } finally {
                exclusion.release();
              }
            });
  }

  /** Takes no more work; what is under way goes on. */
  public void close() {
    executor.shutdown();
  }
}
