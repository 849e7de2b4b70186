package io.larder.jcache.internal.events;

import io.larder.jcache.internal.storage.StoredValue;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of one cache. Thread-safe; owned by the cache.
 *
 * <p>Order: an operation publishes while it holds the key, so that a key's events come in the order of its
 * changes. Synchronous listeners run right there, after the change is stored and counted; what they throw
 * reaches the caller as {@link CacheEntryListenerException} once all listeners have been told, and undoes
 * nothing. Asynchronous ones run on one thread of the cache, in order; what they throw is logged.
 *
 * <p>A listener stored by value sees copies of the values. The old value is given only to those who require
 * it; events of removal and expiry carry it as their value, too.
 */
public final class EventDispatcher<K, V> {
  private static final Logger LOGGER = System.getLogger(EventDispatcher.class.getName());
  private static final long IDLE_SECONDS = 5;

  private final Cache<K, V> source;
  private final List<ListenerRegistration<K, V>> registrations = new CopyOnWriteArrayList<>();
  private final ThreadPoolExecutor executor;

  /** Creates a dispatcher without listeners. */
  public EventDispatcher(Cache<K, V> source) {
    this.source = source;
    this.executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "larder-events-" + source.getName());
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    executor.allowCoreThreadTimeOut(true);
  }

  /**
   * Adds a listener.
   *
   * @throws IllegalArgumentException if the same configuration is registered already
   */
  public void register(CacheEntryListenerConfiguration<K, V> configuration) {
    if (isRegistered(configuration)) {
      throw new IllegalArgumentException(
          "The listener configuration is registered with the cache '"
              + source.getName()
              + "' already: "
              + configuration);
    }
    registrations.add(new ListenerRegistration<>(configuration));
  }

  /** Removes a listener, if it is registered. */
  public void deregister(CacheEntryListenerConfiguration<K, V> configuration) {
    registrations.removeIf(registration -> registration.configuration().equals(configuration));
  }

  private boolean isRegistered(CacheEntryListenerConfiguration<K, V> configuration) {
    return registrations.stream()
        .anyMatch(registration -> registration.configuration().equals(configuration));
  }

  /** Returns whether nobody listens to anything. */
  public boolean isSilent() {
    return registrations.isEmpty();
  }

  /** Returns whether anybody listens to events of the type. */
  public boolean isWanted(EventType type) {
    for (ListenerRegistration<K, V> registration : registrations) {
      if (registration.wants(type)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Tells everyone who listens. The caller holds the key.
   *
   * @param value the new value; null for removal and expiry
   * @param oldValue the value before; null for creation
   * @throws CacheEntryListenerException if a synchronous listener failed
   */
  public void publish(
      EventType type, K key, @Nullable StoredValue<V> value, @Nullable StoredValue<V> oldValue) {
    if (registrations.isEmpty()) {
      return;
    }
    CacheEntryListenerException failure = null;
    for (ListenerRegistration<K, V> registration : registrations) {
      if (!registration.wants(type)) {
        continue;
      }
      try {
        EntryEvent<K, V> event = event(registration, type, key, value, oldValue);
        if (registration.isSynchronous()) {
          registration.deliver(event);
        } else {
          executor.execute(() -> deliverLater(registration, event));
        }
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

  /** Tells everyone who listens from a thread that has no caller: what listeners throw is logged. */
  public void publishQuietly(
      EventType type, K key, @Nullable StoredValue<V> value, @Nullable StoredValue<V> oldValue) {
    try {
      publish(type, key, value, oldValue);
    } catch (CacheEntryListenerException e) {
      LOGGER.log(Level.WARNING, "A synchronous listener failed with nobody to tell", e);
    }
  }

  private EntryEvent<K, V> event(
      ListenerRegistration<K, V> registration,
      EventType type,
      K key,
      @Nullable StoredValue<V> value,
      @Nullable StoredValue<V> oldValue) {
    V old = oldValue != null && registration.isOldValueRequired() ? oldValue.value() : null;
    V current = value == null ? old : value.value();
    return new EntryEvent<>(source, type, key, current, old);
  }

  private void deliverLater(ListenerRegistration<K, V> registration, EntryEvent<K, V> event) {
    try {
      registration.deliver(event);
    } catch (CacheEntryListenerException e) {
      LOGGER.log(Level.WARNING, "An asynchronous listener failed", e);
    }
  }

  /** Lets queued events go out, then closes the listeners and filters, then ends the thread. */
  public void close(Consumer<Object> closer) {
    List<Object> userObjects = new ArrayList<>();
    boolean asynchronous = false;
    for (ListenerRegistration<K, V> registration : registrations) {
      userObjects.addAll(registration.userObjects());
      asynchronous |= !registration.isSynchronous();
    }
    if (asynchronous) {
      executor.execute(() -> userObjects.forEach(closer));
    } else {
      userObjects.forEach(closer);
    }
    executor.shutdown();
  }
}
