package io.larder.benchmarks.jcache;

import io.larder.benchmarks.harness.Contestant;
import java.nio.file.Path;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;

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

  /**
   * Creates a cache, or finds it when the manager kept it from an earlier process.
   *
   * @throws UnsupportedOperationException if the product has no such caches
   */
  <V> Cache<String, V> cache(CacheManager manager, Order<V> order);

  /** Closes a manager, and its provider with what it runs on. */
  default void close(CacheManager manager) {
    manager.close();
    manager.getCachingProvider().close();
  }

  /**
   * What is asked for.
   *
   * @param name the cache's name
   * @param valueType the class of its values
   * @param entries how many entries it will hold
   * @param flavour how it treats them
   */
  record Order<V>(String name, Class<V> valueType, long entries, Flavour flavour) {}

  /** How a cache treats its entries. */
  enum Flavour {
    /** What is put and got are copies, and live until they are removed. */
    BY_VALUE,
    /** What is put and got are the very objects. */
    BY_REFERENCE,
    /** By value, and each entry lives for an hour. */
    EXPIRING;

    /** Returns the standard's configuration for it. */
    <V> MutableConfiguration<String, V> configuration(Class<V> valueType) {
      MutableConfiguration<String, V> configuration =
          new MutableConfiguration<String, V>()
              .setTypes(String.class, valueType)
              .setStoreByValue(this != BY_REFERENCE);
      return this == EXPIRING
          ? configuration.setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(Duration.ONE_HOUR))
          : configuration;
    }
  }
}
