package io.larder.benchmarks.jcache;

import io.larder.benchmarks.harness.Contestant;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.spi.CachingProvider;
import org.cache2k.Cache2kBuilder;
import org.cache2k.jcache.ExtendedMutableConfiguration;
import org.cache2k.jcache.JCacheConfig;

/** The cache2k provider; by the standard configuration alone it holds some 2,000 entries only. */
final class Cache2kContestant implements CacheContestant {

  @Override
  public Contestant describe() {
    return new Contestant(
        "cache2k",
        Contestant.Role.PEER,
        "cache2k, capacity of all entries and a tenth more, eternal, copyAlwaysIfRequested (by"
            + " value)");
  }

  @Override
  public CacheManager open(Path directory, long entries) {
    CachingProvider provider =
        Caching.getCachingProvider("org.cache2k.jcache.provider.JCacheProvider");
    return provider.getCacheManager(
        provider.getDefaultURI(), Cache2kContestant.class.getClassLoader(), new Properties());
  }

  @Override
  public <V> Cache<String, V> cache(CacheManager manager, Order<V> order) {
    boolean isByValue = order.flavour() != Flavour.BY_REFERENCE;
    Cache2kBuilder<String, V> builder =
        Cache2kBuilder.of(String.class, order.valueType())
            .name(order.name())
            .entryCapacity(order.entries() + order.entries() / 10)
            .with(JCacheConfig.class, section -> section.copyAlwaysIfRequested(isByValue));
    if (order.flavour() == Flavour.EXPIRING) {
      builder.expireAfterWrite(1, TimeUnit.HOURS);
    } else {
      builder.eternal(true);
    }
    ExtendedMutableConfiguration<String, V> configuration =
        ExtendedMutableConfiguration.of(builder);
    configuration.setTypes(String.class, order.valueType());
    configuration.setStoreByValue(isByValue);
    return manager.createCache(order.name(), configuration);
  }
}
