package io.larder.jcache.internal.operations;

import io.larder.jcache.internal.operations.Mutations.Origin;
import io.larder.jcache.internal.storage.EntryStore;
import io.larder.jcache.internal.storage.Exclusion;
import io.larder.jcache.internal.storage.Slot;
import io.larder.jcache.internal.storage.StoredEntry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
  private static final Logger LOGGER = System.getLogger(LoadOperations.class.getName());
  private static final long IDLE_SECONDS = 5;
  private static final long CLOSE_WAIT_SECONDS = 5;

  private final EntryStore<K, V> store;
  private final Integration<K, V> integration;
  private final Mutations<K, V> mutations;
  private final String cacheName;
  private final ThreadPoolExecutor executor;
  private volatile @Nullable Thread loading; // which thread is in user code now

  /** Creates the loading of a cache. */
  public LoadOperations(CacheParts<K, V> parts, String cacheName) {
    this.store = parts.store();
    this.integration = parts.integration();
    this.mutations = new Mutations<>(parts);
    this.cacheName = cacheName;
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
    try {
      executor.execute(new Load(List.copyOf(keys), replace, listener));
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException(closedMessage(), e);
    }
  }

  /** One call's keys, loaded by the background thread, or refused if the cache closes first. */
  private final class Load implements Runnable {
    private final List<K> keys;
    private final boolean replace;
    private final @Nullable CompletionListener listener;

    Load(List<K> keys, boolean replace, @Nullable CompletionListener listener) {
      this.keys = keys;
      this.replace = replace;
      this.listener = listener;
    }

    @Override
    public void run() {
      loading = Thread.currentThread();
      try {
        runAndTell();
      } finally {
        loading = null;
      }
    }

    private void runAndTell() {
      try {
        load(keys, replace);
      } catch (RuntimeException | Error e) { // whoever waits for the load must hear of its end
        fail(e instanceof CacheException known ? known : new CacheException(e));
        return;
      }
      tell(CompletionListener::onCompletion);
    }

    void fail(CacheException failure) {
      tell(told -> told.onException(failure));
    }

    /** What a listener throws is nobody's business but its own: a load, or a closing, goes on. */
    private void tell(Consumer<CompletionListener> news) {
      if (listener == null) {
        return;
      }
      try {
        news.accept(listener);
      } catch (RuntimeException | Error e) {
        LOGGER.log(
            Level.WARNING, "A completion listener of the cache '" + cacheName + "' failed", e);
      }
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

  /**
   * Takes no more work, refuses what waits, and waits a few seconds for what is under way, so that the loader is
   * not called again after it was closed. Does not wait when a loader or a listener closes its own cache.
   */
  public void close() {
    List<Runnable> waiting = new ArrayList<>();
    executor.shutdown();
    executor.getQueue().drainTo(waiting);
    for (Runnable task : waiting) {
      if (task instanceof LoadOperations<?, ?>.Load load) {
        load.fail(new CacheException(closedMessage()));
      }
    }
    if (loading == Thread.currentThread()) {
      return;
    }
    boolean interrupted = false;
    try {
      if (!executor.awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS)) {
        LOGGER.log(
            Level.WARNING,
            "A load of the cache ''{0}'' still runs {1} s after the cache was closed",
            cacheName,
            CLOSE_WAIT_SECONDS);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private String closedMessage() {
    return "The cache '" + cacheName + "' is closed";
  }
}
