package io.larder.jcache.internal.settings;

import io.larder.engine.api.LarderUri;
import java.util.Map;

/**
 * Everything a manager's URI and properties say, validated. Immutable.
 *
 * @param uri the database's URI with the engine's options from both
 * @param heapBytes how much heap the decoded values of all caches may take together
 * @param caches what is said about caches, by their names
 */
public record ManagerSettings(LarderUri uri, long heapBytes, Map<String, CacheSettings> caches) {

  /** Creates an immutable copy. */
  public ManagerSettings {
    caches = Map.copyOf(caches);
  }

  /** Returns what is said about a cache. */
  public CacheSettings cache(String name) {
    return caches.getOrDefault(name, CacheSettings.NONE);
  }
}
