package io.larder.jcache.internal.events;

import io.larder.jcache.internal.storage.StoredValue;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
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
 * <p>Events that wait for that thread are bounded: an operation begins only when there is {@linkplain #awaitRoom room}.
 * It waits before it takes its key, never while it holds one, since the listener may be waiting for that very key. So
 * operations inside callbacks, and those of the listeners themselves, go above the bound.
 *
 * <p>A listener stored by value sees copies of the values. The old value is given only to those who require
 * it; events of removal and expiry carry it as their value, too.
 */
public final class EventDispatcher<K, V> {
  private static final Logger LOGGER = System.getLogger(EventDispatcher.class.getName());
  private static final long IDLE_SECONDS = 5;

  private final Cache<K, V> source;
  private final List<ListenerRegistration<K, V>> registrations = new CopyOnWriteArrayList<>();
  private final BooleanSupplier holdsAnyKey;
  private final Backlog backlog;
  private final ThreadPoolExecutor executor;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition delivered = lock.newCondition();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile @Nullable Thread deliverer;

  /**
   * How many events may wait, and for how long an operation waits for them.
   *
   * @param most how many events may wait for asynchronous listeners
   * @param patience how long an operation waits while not a single event is taken
   */
  public record Backlog(int most, Duration patience) {}

  /**
   * Creates a dispatcher without listeners.
   *
   * @param holdsAnyKey whether the thread that asks holds a key
   */
  public EventDispatcher(Cache<K, V> source, BooleanSupplier holdsAnyKey, Backlog backlog) {
    this.source = source;
    this.holdsAnyKey = holdsAnyKey;
    this.backlog = backlog;
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
              deliverer = thread;
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
   * Waits until there is room for events, for operations that are about to begin; returns at once inside callbacks.
   *
   * @throws CacheException if no event was taken for as long as patience lasts; nothing has happened then
   */
  public void awaitRoom() {
    if (!registrations.isEmpty()
        && executor.getQueue().size() >= backlog.most
        && Thread.currentThread() != deliverer
        && !holdsAnyKey.getAsBoolean()) {
      awaitDelivery();
    }
  }

  private void awaitDelivery() {
    boolean interrupted = false;
    waiting.incrementAndGet();
    lock.lock();
    try {
      long taken = executor.getCompletedTaskCount();
      long remainingNanos = backlog.patience.toNanos();
      while (executor.getQueue().size() >= backlog.most && !executor.isShutdown()) {
        if (executor.getCompletedTaskCount() != taken) {
          taken = executor.getCompletedTaskCount();
          remainingNanos = backlog.patience.toNanos();
        } else if (remainingNanos <= 0) {
          throw new CacheException(
              "The asynchronous listeners of the cache '"
                  + source.getName()
                  + "' have left "
                  + executor.getQueue().size()
                  + " events (events.limit is "
                  + backlog.most
                  + ") and taken none for "
                  + backlog.patience.toMillis()
                  + " ms (lock.timeout); nothing was changed");
        }
        try {
          remainingNanos = delivered.awaitNanos(remainingNanos);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      lock.unlock();
      waiting.decrementAndGet();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void tellThereIsRoom() {
    if (waiting.get() > 0) {
      lock.lock();
      try {
        delivered.signalAll();
      } finally {
        lock.unlock();
      }
    }
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
    } finally {
      tellThereIsRoom();
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
    tellThereIsRoom();
  }
}
