package io.larder.benchmarks.jcache;

import io.larder.benchmarks.harness.Contestant;
import java.nio.file.Path;
import java.time.Duration;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import org.ehcache.config.builders.CacheConfigurationBuilder;
import org.ehcache.config.builders.ExpiryPolicyBuilder;
import org.ehcache.config.builders.ResourcePoolsBuilder;
import org.ehcache.config.units.EntryUnit;
import org.ehcache.config.units.MemoryUnit;
import org.ehcache.core.config.DefaultConfiguration;
import org.ehcache.impl.config.persistence.DefaultPersistenceConfiguration;
import org.ehcache.jsr107.Eh107Configuration;
import org.ehcache.jsr107.EhcacheCachingProvider;

/**
 * Ehcache with a tier below the heap.
 *
 * @param description what the report says
 * @param heapShare the part of the entries its heap tier holds
 * @param isDurable whether the other tier is a persistent one on disk, or else off the heap
 */
record EhcacheTiersContestant(Contestant description, double heapShare, boolean isDurable)
    implements CacheContestant {

  private static final long DISK_MEBIBYTES = 1024;
  private static final long OFF_HEAP_MEBIBYTES = 96;

  @Override
  public Contestant describe() {
    return description;
  }

  @Override
  public CacheManager open(Path directory, long entries) {
    EhcacheCachingProvider provider =
        (EhcacheCachingProvider)
            Caching.getCachingProvider("org.ehcache.jsr107.EhcacheCachingProvider");
    return provider.getCacheManager(
        provider.getDefaultURI(),
        new DefaultConfiguration(
            EhcacheTiersContestant.class.getClassLoader(),
            new DefaultPersistenceConfiguration(directory.resolve("ehcache").toFile())));
  }

  @Override
  public <V> Cache<String, V> cache(CacheManager manager, Order<V> order) {
    if (order.flavour() == Flavour.BY_REFERENCE) {
      throw new UnsupportedOperationException("a tier below the heap holds bytes");
    }
    ResourcePoolsBuilder tiers =
        ResourcePoolsBuilder.newResourcePoolsBuilder()
            .heap(Math.max(1, (long) (order.entries() * heapShare)), EntryUnit.ENTRIES);
    tiers =
        isDurable
            ? tiers.disk(DISK_MEBIBYTES, MemoryUnit.MB, true)
            : tiers.offheap(OFF_HEAP_MEBIBYTES, MemoryUnit.MB);
    CacheConfigurationBuilder<String, V> configuration =
        CacheConfigurationBuilder.newCacheConfigurationBuilder(
            String.class, order.valueType(), tiers);
    if (order.flavour() == Flavour.EXPIRING) {
      configuration =
          configuration.withExpiry(ExpiryPolicyBuilder.timeToLiveExpiration(Duration.ofHours(1)));
    }
    return manager.createCache(
        order.name(), Eh107Configuration.fromEhcacheCacheConfiguration(configuration));
  }
}
