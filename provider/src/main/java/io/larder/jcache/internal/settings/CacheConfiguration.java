package io.larder.jcache.internal.settings;

import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
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
 * The configuration of a cache at one moment. Immutable; a change makes a new one.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class CacheConfiguration<K, V> implements CompleteConfiguration<K, V> {
  @Serial private static final long serialVersionUID = 1L;

  private final MutableConfiguration<K, V> values;

  private CacheConfiguration(MutableConfiguration<K, V> values) {
    this.values = values;
  }

  /** Copies a configuration given by code. */
  public static <K, V> CacheConfiguration<K, V> of(Configuration<K, V> given) {
    return new CacheConfiguration<>(mutable(given));
  }

  /** Copies a configuration given by code, overruled by what the manager's settings say. */
  public static <K, V> CacheConfiguration<K, V> of(
      Configuration<K, V> given, CacheSettings settings) {
    MutableConfiguration<K, V> values = mutable(given);
    ExpirySetting expiry = settings.expiry();
    if (expiry != null) {
      values.setExpiryPolicyFactory(expiry.factory());
    }
    Boolean statistics = settings.statistics();
    if (statistics != null) {
      values.setStatisticsEnabled(statistics);
    }
    Boolean management = settings.management();
    if (management != null) {
      values.setManagementEnabled(management);
    }
    return new CacheConfiguration<>(values);
  }

  /** Returns a copy to be changed. */
  static <K, V> MutableConfiguration<K, V> mutable(Configuration<K, V> given) {
    if (given instanceof CacheConfiguration<K, V> copied) {
      return new MutableConfiguration<>(copied.values);
    }
    if (given instanceof CompleteConfiguration<K, V> complete) {
      return new MutableConfiguration<>(complete);
    }
    MutableConfiguration<K, V> values = new MutableConfiguration<>();
    values.setTypes(given.getKeyType(), given.getValueType());
    values.setStoreByValue(given.isStoreByValue());
    return values;
  }

  /** Returns a copy with statistics on or off. */
  public CacheConfiguration<K, V> withStatistics(boolean enabled) {
    return new CacheConfiguration<>(
        new MutableConfiguration<>(values).setStatisticsEnabled(enabled));
  }

  /** Returns a copy with the management bean on or off. */
  public CacheConfiguration<K, V> withManagement(boolean enabled) {
    return new CacheConfiguration<>(
        new MutableConfiguration<>(values).setManagementEnabled(enabled));
  }

  /** Returns a copy with one more listener. */
  public CacheConfiguration<K, V> withListener(CacheEntryListenerConfiguration<K, V> listener) {
    return new CacheConfiguration<>(
        new MutableConfiguration<>(values).addCacheEntryListenerConfiguration(listener));
  }

  /** Returns a copy without a listener. */
  public CacheConfiguration<K, V> withoutListener(CacheEntryListenerConfiguration<K, V> listener) {
    return new CacheConfiguration<>(
        new MutableConfiguration<>(values).removeCacheEntryListenerConfiguration(listener));
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
    return other instanceof CacheConfiguration<?, ?> configuration
        && values.equals(configuration.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
