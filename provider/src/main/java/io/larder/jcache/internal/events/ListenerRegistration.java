package io.larder.jcache.internal.events;

import java.util.List;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryListener;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;

/** One registered listener with its filter. Thread-safe as far as the listener is. */
final class ListenerRegistration<K, V> {
  private final CacheEntryListenerConfiguration<K, V> configuration;
  private final CacheEntryListener<? super K, ? super V> listener;
  private final @Nullable CacheEntryEventFilter<? super K, ? super V> filter;
  private final boolean oldValueRequired;
  private final boolean synchronous;

  ListenerRegistration(CacheEntryListenerConfiguration<K, V> configuration) {
    this.configuration = configuration;
    this.listener = configuration.getCacheEntryListenerFactory().create();
    Factory<CacheEntryEventFilter<? super K, ? super V>> filterFactory =
        configuration.getCacheEntryEventFilterFactory();
    this.filter = filterFactory == null ? null : filterFactory.create();
    this.oldValueRequired = configuration.isOldValueRequired();
    this.synchronous = configuration.isSynchronous();
  }

  CacheEntryListenerConfiguration<K, V> configuration() {
    return configuration;
  }

  List<Object> userObjects() {
    return filter == null ? List.of(listener) : List.of(listener, filter);
  }

  boolean isOldValueRequired() {
    return oldValueRequired;
  }

  boolean isSynchronous() {
    return synchronous;
  }

  boolean wants(EventType type) {
    return switch (type) {
      case CREATED -> listener instanceof CacheEntryCreatedListener;
      case UPDATED -> listener instanceof CacheEntryUpdatedListener;
      case REMOVED -> listener instanceof CacheEntryRemovedListener;
      case EXPIRED -> listener instanceof CacheEntryExpiredListener;
    };
  }

  /**
   * Hands an event to the listener if the filter lets it pass.
   *
   * @throws CacheEntryListenerException for whatever the filter or listener throws
   */
  void deliver(EntryEvent<K, V> event) {
    try {
      if (filter == null || filter.evaluate(event)) {
        call(event.getEventType(), List.of(event));
      }
    } catch (CacheEntryListenerException e) {
      throw e;
    } catch (Exception e) { // checked ones, too: not every language has to declare them
      throw new CacheEntryListenerException(
          "A listener of the cache '" + event.getSource().getName() + "' failed on " + event, e);
    }
  }

  @SuppressWarnings("unchecked") // a listener of K and V takes events of K and V
  private void call(EventType type, Iterable<CacheEntryEvent<? extends K, ? extends V>> events) {
    switch (type) {
      case CREATED -> ((CacheEntryCreatedListener<K, V>) listener).onCreated(events);
      case UPDATED -> ((CacheEntryUpdatedListener<K, V>) listener).onUpdated(events);
      case REMOVED -> ((CacheEntryRemovedListener<K, V>) listener).onRemoved(events);
      case EXPIRED -> ((CacheEntryExpiredListener<K, V>) listener).onExpired(events);
    }
  }
}
