package io.larder.jcache.internal.settings;

import io.larder.engine.api.SyncMode;
import io.larder.jcache.configuration.LarderConfiguration;
import io.larder.jcache.configuration.LarderConfigurationBuilder;
import java.util.ArrayList;
import java.util.List;
import javax.cache.CacheException;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;

/**
 * What a manager's URI or properties say about one cache; null = nothing is said. Immutable.
 *
 * @param expiry when entries expire
 * @param maxEntries how many entries there may be; 0 = any number
 * @param maxBytes how many bytes they may take; 0 = any number
 * @param loaderClass the class of the loader
 * @param readThrough whether lookups load what they miss; unless said otherwise, if there is a loader
 * @param writerClass the class of the writer
 * @param writeThrough whether changes go to the writer; unless said otherwise, if there is one
 * @param listeners the listeners
 * @param statistics whether statistics are kept
 * @param management whether the management bean is registered
 * @param storeByValue whether values are copied in and out
 * @param syncMode when writes are acknowledged
 * @param keyType the class of keys
 * @param valueType the class of values
 */
public record CacheSettings(
    @Nullable ExpirySetting expiry,
    @Nullable Long maxEntries,
    @Nullable Long maxBytes,
    @Nullable String loaderClass,
    @Nullable Boolean readThrough,
    @Nullable String writerClass,
    @Nullable Boolean writeThrough,
    @Nullable List<ListenerSetting> listeners,
    @Nullable Boolean statistics,
    @Nullable Boolean management,
    @Nullable Boolean storeByValue,
    @Nullable SyncMode syncMode,
    @Nullable String keyType,
    @Nullable String valueType) {

  /** Says nothing. */
  public static final CacheSettings NONE =
      new CacheSettings(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null);

  /** Returns what this says, and where it says nothing, what more general settings say. */
  CacheSettings over(CacheSettings general) {
    boolean bounded = maxEntries != null || maxBytes != null;
    return new CacheSettings(
        first(expiry, general.expiry),
        bounded ? maxEntries : general.maxEntries,
        bounded ? maxBytes : general.maxBytes,
        first(loaderClass, general.loaderClass),
        first(readThrough, general.readThrough),
        first(writerClass, general.writerClass),
        first(writeThrough, general.writeThrough),
        first(listeners, general.listeners),
        first(statistics, general.statistics),
        first(management, general.management),
        first(storeByValue, general.storeByValue),
        first(syncMode, general.syncMode),
        first(keyType, general.keyType),
        first(valueType, general.valueType));
  }

  private static <T> @Nullable T first(@Nullable T own, @Nullable T general) {
    return own == null ? general : own;
  }

  /**
   * Returns a configuration overruled by what is said here.
   *
   * @throws CacheException if types contradict, or what comes out is none
   */
  public <K, V> LarderConfiguration<K, V> applyTo(
      LarderConfiguration<K, V> given, String cacheName, ClassLoader loader) {
    String place = "Cache '" + cacheName + "'";
    LarderConfigurationBuilder<K, V> builder = given.toBuilder();
    builder.types(
        TypeNames.agreed(given.getKeyType(), keyType, "keys", cacheName, loader),
        TypeNames.agreed(given.getValueType(), valueType, "values", cacheName, loader));
    if (expiry != null) {
      builder.expiry(expiry.factory(place + ", expiry", loader));
    }
    applyCode(builder, place, loader);
    applySwitches(builder);
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new CacheException(place + ": " + e.getMessage(), e);
    }
  }

  private <K, V> void applyCode(
      LarderConfigurationBuilder<K, V> builder, String place, ClassLoader loader) {
    if (loaderClass != null) {
      builder.readThrough(
          new NamedFactory<CacheLoader<K, V>>(
              place + ", loader", loaderClass, CacheLoader.class, loader));
    }
    if (readThrough != null) {
      builder.readThrough(readThrough);
    }
    if (writerClass != null) {
      builder.writeThrough(
          new NamedFactory<CacheWriter<? super K, ? super V>>(
              place + ", writer", writerClass, CacheWriter.class, loader));
    }
    if (writeThrough != null) {
      builder.writeThrough(writeThrough);
    }
    if (listeners != null) {
      for (ListenerSetting listener : listeners) {
        builder.listener(listener.configuration(place + ", listeners", loader));
      }
    }
  }

  private void applySwitches(LarderConfigurationBuilder<?, ?> builder) {
    if (maxEntries != null || maxBytes != null) {
      builder.unbounded();
    }
    if (maxEntries != null && maxEntries > 0) {
      builder.maxEntries(maxEntries);
    }
    if (maxBytes != null && maxBytes > 0) {
      builder.maxBytes(maxBytes);
    }
    if (statistics != null) {
      builder.statistics(statistics);
    }
    if (management != null) {
      builder.management(management);
    }
    if (storeByValue != null) {
      builder.storeByValue(storeByValue);
    }
    if (syncMode != null) {
      builder.sync(syncMode);
    }
  }

  /** Returns what is wrong with the classes named here, as a loader sees them. */
  List<String> violations(String prefix, ClassLoader loader) {
    List<String> violations = new ArrayList<>();
    if (expiry != null && expiry.policyClass() != null) {
      check(prefix + "expiry", expiry.policyClass(), ExpiryPolicy.class, loader, violations);
    }
    check(prefix + "loader", loaderClass, CacheLoader.class, loader, violations);
    check(prefix + "writer", writerClass, CacheWriter.class, loader, violations);
    check(prefix + "key.type", TypeNames.full(keyType), Object.class, loader, violations);
    check(prefix + "value.type", TypeNames.full(valueType), Object.class, loader, violations);
    if (listeners != null) {
      List<String> found = new ArrayList<>();
      listeners.forEach(listener -> listener.checkClasses(loader, found));
      found.forEach(violation -> violations.add(prefix + "listeners: " + violation));
    }
    return violations;
  }

  private static void check(
      String name,
      @Nullable String className,
      Class<?> expected,
      ClassLoader loader,
      List<String> violations) {
    String violation =
        className == null ? null : NamedFactory.violation(className, expected, loader);
    if (violation != null) {
      violations.add(name + ": " + violation);
    }
  }
}
