package io.larder.benchmarks.jcache;

import io.larder.benchmarks.harness.Contestant;
import java.nio.file.Path;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import org.ehcache.config.builders.CacheConfigurationBuilder;
import org.ehcache.config.builders.ResourcePoolsBuilder;
import org.ehcache.config.units.EntryUnit;
import org.ehcache.config.units.MemoryUnit;
import org.ehcache.core.config.DefaultConfiguration;
import org.ehcache.impl.config.persistence.DefaultPersistenceConfiguration;
import org.ehcache.jsr107.Eh107Configuration;
import org.ehcache.jsr107.EhcacheCachingProvider;

/**
 * Ehcache with a persistent disk tier.
 *
 * @param description what the report says
 * @param heapShare the part of the entries its heap tier holds
 */
record EhcacheDiskContestant(Contestant description, double heapShare) implements CacheContestant {

  private static final long DISK_MEBIBYTES = 1024;

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
            EhcacheDiskContestant.class.getClassLoader(),
            new DefaultPersistenceConfiguration(directory.resolve("ehcache").toFile())));
  }

  @Override
  public <V> Cache<String, V> cache(
      CacheManager manager, String name, Class<V> valueType, long entries) {
    ResourcePoolsBuilder tiers =
        ResourcePoolsBuilder.newResourcePoolsBuilder()
            .heap(Math.max(1, (long) (entries * heapShare)), EntryUnit.ENTRIES)
            .disk(DISK_MEBIBYTES, MemoryUnit.MB, true);
    return manager.createCache(
        name,
        Eh107Configuration.fromEhcacheCacheConfiguration(
            CacheConfigurationBuilder.newCacheConfigurationBuilder(
                String.class, valueType, tiers)));
  }
}
