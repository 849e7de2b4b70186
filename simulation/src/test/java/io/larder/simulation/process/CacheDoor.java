package io.larder.simulation.process;

import io.larder.simulation.process.Ledger.Change;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;

/** JCache: each step is one call on one cache. */
final class CacheDoor implements Door {
  private final CacheManager manager;

  CacheDoor(String place) {
    manager = Caching.getCachingProvider().getCacheManager(URI.create("larder:" + place), null);
  }

  @Override
  public void take(List<Change> changes) {
    for (Change change : changes) {
      switch (change.kind()) {
        case CREATE -> create(change.table());
        case DROP -> manager.destroyCache(change.table());
        case PUT -> cache(change.table()).put(change.key(), change.value());
        case REMOVE -> cache(change.table()).remove(change.key());
      }
    }
  }

  private void create(String name) {
    if (cache(name) == null) {
      manager.createCache(
          name, new MutableConfiguration<Integer, String>().setTypes(Integer.class, String.class));
    }
  }

  private Cache<Integer, String> cache(String name) {
    return manager.getCache(name, Integer.class, String.class);
  }

  @Override
  public Map<String, Map<Integer, String>> read() {
    Map<String, Map<Integer, String>> found = new TreeMap<>();
    for (String name : manager.getCacheNames()) {
      Map<Integer, String> entries = new TreeMap<>();
      cache(name).forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
      found.put(name, entries);
    }
    return found;
  }

  @Override
  public void close() {
    manager.close();
  }
}
