package io.larder.benchmarks.jcache;

import io.larder.benchmarks.harness.Contestant;
import java.nio.file.Path;
import javax.cache.Cache;
import javax.cache.CacheManager;

/** A JCache provider as a product. */
interface CacheContestant {

  /** What the report says about it. */
  Contestant describe();

  /**
   * Opens a manager; the session closes it.
   *
   * @param directory an existing directory, for products that keep something
   * @param entries how many entries each cache will hold
   */
  CacheManager open(Path directory, long entries) throws Exception;

  /** Creates a cache, or finds it when the manager kept it from an earlier process. */
  <V> Cache<String, V> cache(CacheManager manager, String name, Class<V> valueType, long entries);
}
