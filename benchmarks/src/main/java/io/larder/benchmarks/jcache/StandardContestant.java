package io.larder.benchmarks.jcache;

import io.larder.benchmarks.harness.Contestant;
import java.net.URI;
import java.nio.file.Path;
import java.util.Properties;
import java.util.function.Function;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.OptionalFeature;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * A provider that needs nothing but the standard: class name, URI, {@code MutableConfiguration}.
 *
 * @param description what the report says
 * @param providerClass the provider's class
 * @param uri the manager's URI for a directory, or null for the provider's default
 */
record StandardContestant(
    Contestant description, String providerClass, @Nullable Function<Path, URI> uri)
    implements CacheContestant {

  @Override
  public Contestant describe() {
    return description;
  }

  @Override
  public CacheManager open(Path directory, long entries) {
    CachingProvider provider = Caching.getCachingProvider(providerClass);
    URI location = uri == null ? provider.getDefaultURI() : uri.apply(directory);
    return provider.getCacheManager(
        location, StandardContestant.class.getClassLoader(), new Properties());
  }

  @Override
  public <V> Cache<String, V> cache(CacheManager manager, Order<V> order) {
    if (order.flavour() == Flavour.BY_REFERENCE
        && !manager.getCachingProvider().isSupported(OptionalFeature.STORE_BY_REFERENCE)) {
      throw new UnsupportedOperationException("the provider says so");
    }
    Cache<String, V> kept = manager.getCache(order.name(), String.class, order.valueType());
    return kept != null
        ? kept
        : manager.createCache(order.name(), order.flavour().configuration(order.valueType()));
  }
}
