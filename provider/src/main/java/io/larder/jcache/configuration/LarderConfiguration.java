package io.larder.jcache.configuration;

import io.larder.engine.api.SyncMode;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be said about a cache: what the standard's configuration says, bounds, and when its writes are
 * durable. Immutable and thread-safe.
 *
 * <pre>{@code
 * manager.createCache("sessions",
 *     LarderConfiguration.builder(String.class, Session.class)
 *         .expireAfterTouch(Duration.ofMinutes(30))
 *         .maxEntries(100_000)
 *         .statistics(true)
 *         .build());
 * }</pre>
 *
 * <p>It is stored with the cache, factories as far as they are made by class name ({@code
 * FactoryBuilder.factoryOf(MyLoader.class)}), and {@code cache.getConfiguration(LarderConfiguration.class)} returns
 * it as it is now.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class LarderConfiguration<K, V> implements CompleteConfiguration<K, V> {
  @Serial private static final long serialVersionUID = 1L;

  private final MutableConfiguration<K, V> values; // never changed once it is here
  private final @Nullable Long maxEntries;
  private final @Nullable Long maxBytes;
  private final @Nullable SyncMode syncMode;

  LarderConfiguration(
      MutableConfiguration<K, V> values,
      @Nullable Long maxEntries,
      @Nullable Long maxBytes,
      @Nullable SyncMode syncMode) {
    this.values = values;
    this.maxEntries = maxEntries;
    this.maxBytes = maxBytes;
    this.syncMode = syncMode;
  }

  /** Returns a builder of a configuration with these types: by value, without expiry, without bounds. */
  public static <K, V> LarderConfigurationBuilder<K, V> builder(
      Class<K> keyType, Class<V> valueType) {
    return new LarderConfigurationBuilder<>(
        new MutableConfiguration<K, V>().setTypes(keyType, valueType));
  }

  /** Returns a builder that begins with what a configuration says. */
  public static <K, V> LarderConfigurationBuilder<K, V> builder(Configuration<K, V> given) {
    if (given instanceof LarderConfiguration<K, V> own) {
      return own.toBuilder();
    } else if (given instanceof CompleteConfiguration<K, V> complete) {
      return new LarderConfigurationBuilder<>(new MutableConfiguration<>(complete));
    }
    return builder(given.getKeyType(), given.getValueType()).storeByValue(given.isStoreByValue());
  }

  /** Returns a builder that begins with what this says. */
  public LarderConfigurationBuilder<K, V> toBuilder() {
    LarderConfigurationBuilder<K, V> builder =
        new LarderConfigurationBuilder<>(new MutableConfiguration<>(values));
    if (maxEntries != null) {
      builder.maxEntries(maxEntries);
    }
    if (maxBytes != null) {
      builder.maxBytes(maxBytes);
    }
    return syncMode == null ? builder : builder.sync(syncMode);
  }

  /** Returns how many entries the cache may hold; empty = any number. */
  public OptionalLong maxEntries() {
    return maxEntries == null ? OptionalLong.empty() : OptionalLong.of(maxEntries);
  }

  /** Returns how many bytes keys and values may take as they are stored; empty = any number. */
  public OptionalLong maxBytes() {
    return maxBytes == null ? OptionalLong.empty() : OptionalLong.of(maxBytes);
  }

  /** Returns when writes of the cache are acknowledged; empty = as the database is opened. */
  public Optional<SyncMode> syncMode() {
    return Optional.ofNullable(syncMode);
  }

  @Override
  public Class<K> getKeyType() {
    return values.getKeyType();
  }

  @Override
  public Class<V> getValueType() {
    return values.getValueType();
  }

  @Override
  public boolean isStoreByValue() {
    return values.isStoreByValue();
  }

  @Override
  public boolean isReadThrough() {
    return values.isReadThrough();
  }

  @Override
  public boolean isWriteThrough() {
    return values.isWriteThrough();
  }

  @Override
  public boolean isStatisticsEnabled() {
    return values.isStatisticsEnabled();
  }

  @Override
  public boolean isManagementEnabled() {
    return values.isManagementEnabled();
  }

  @Override
  public Iterable<CacheEntryListenerConfiguration<K, V>> getCacheEntryListenerConfigurations() {
    List<CacheEntryListenerConfiguration<K, V>> listeners = new ArrayList<>();
    values.getCacheEntryListenerConfigurations().forEach(listeners::add);
    return List.copyOf(listeners);
  }

  @Override
  public @Nullable Factory<CacheLoader<K, V>> getCacheLoaderFactory() {
    return values.getCacheLoaderFactory();
  }

  @Override
  public @Nullable Factory<CacheWriter<? super K, ? super V>> getCacheWriterFactory() {
    return values.getCacheWriterFactory();
  }

  @Override
  public Factory<ExpiryPolicy> getExpiryPolicyFactory() {
    return values.getExpiryPolicyFactory();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LarderConfiguration<?, ?> configuration
        && values.equals(configuration.values)
        && Objects.equals(maxEntries, configuration.maxEntries)
        && Objects.equals(maxBytes, configuration.maxBytes)
        && syncMode == configuration.syncMode;
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
