package io.larder.jcache;

import java.io.Closeable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;

/** Writes down every event; then does what the test wants done. */
final class RecordingListener
    implements CacheEntryCreatedListener<String, String>,
        CacheEntryUpdatedListener<String, String>,
        CacheEntryRemovedListener<String, String>,
        CacheEntryExpiredListener<String, String>,
        Closeable {
  final List<String> events = new CopyOnWriteArrayList<>();
  volatile Runnable afterwards = () -> {};
  volatile boolean closed;

  CacheEntryListenerConfiguration<String, String> configuration(
      boolean oldValueRequired, boolean synchronous) {
    return filtered(null, oldValueRequired, synchronous);
  }

  CacheEntryListenerConfiguration<String, String> filtered(
      CacheEntryEventFilter<String, String> filter, boolean oldValueRequired, boolean synchronous) {
    return new MutableCacheEntryListenerConfiguration<>(
        () -> this, filter == null ? null : () -> filter, oldValueRequired, synchronous);
  }

  @Override
  public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> created) {
    note(created);
  }

  @Override
  public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> updated) {
    note(updated);
  }

  @Override
  public void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends String>> removed) {
    note(removed);
  }

  @Override
  public void onExpired(Iterable<CacheEntryEvent<? extends String, ? extends String>> expired) {
    note(expired);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void note(Iterable<CacheEntryEvent<? extends String, ? extends String>> told) {
    for (CacheEntryEvent<? extends String, ? extends String> event : told) {
      events.add(
          event.getEventType()
              + " "
              + event.getKey()
              + " "
              + event.getOldValue()
              + " -> "
              + event.getValue());
    }
    afterwards.run();
  }
}
