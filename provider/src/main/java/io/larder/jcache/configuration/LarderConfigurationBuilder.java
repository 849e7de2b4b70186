package io.larder.jcache.configuration;

import io.larder.engine.api.SyncMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link LarderConfiguration}s. Used by one thread; each {@link #build} makes one that later calls do not
 * change. What is wrong is reported all at once, when it is built.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class LarderConfigurationBuilder<K, V> {
  private final MutableConfiguration<K, V> values;
  private final List<String> violations = new ArrayList<>();
  private @Nullable Long maxEntries;
  private @Nullable Long maxBytes;
  private @Nullable SyncMode syncMode;

  LarderConfigurationBuilder(MutableConfiguration<K, V> values) {
    this.values = values;
  }

  /** Sets the types of keys and values. */
  public LarderConfigurationBuilder<K, V> types(Class<K> keyType, Class<V> valueType) {
    values.setTypes(keyType, valueType);
    return this;
  }

  /** Entries live until they are removed or evicted; the default. */
  public LarderConfigurationBuilder<K, V> eternal() {
    return expiry(EternalExpiryPolicy.factoryOf());
  }

  /** Entries live so long, whatever happens to them. */
  public LarderConfigurationBuilder<K, V> expireAfterCreation(Duration duration) {
    return expiry(duration, CreatedExpiryPolicy::factoryOf);
  }

  /** Entries live so long after they were created or read. */
  public LarderConfigurationBuilder<K, V> expireAfterAccess(Duration duration) {
    return expiry(duration, AccessedExpiryPolicy::factoryOf);
  }

  /** Entries live so long after they were created or updated. */
  public LarderConfigurationBuilder<K, V> expireAfterWrite(Duration duration) {
    return expiry(duration, ModifiedExpiryPolicy::factoryOf);
  }

  /** Entries live so long after they were created, updated or read. */
  public LarderConfigurationBuilder<K, V> expireAfterTouch(Duration duration) {
    return expiry(duration, TouchedExpiryPolicy::factoryOf);
  }

  /** Entries live as a policy says, which may be an {@link EntryExpiryPolicy}. */
  public LarderConfigurationBuilder<K, V> expiry(Factory<? extends ExpiryPolicy> factory) {
    values.setExpiryPolicyFactory(factory);
    return this;
  }

  private LarderConfigurationBuilder<K, V> expiry(
      Duration duration,
      Function<javax.cache.expiry.Duration, Factory<? extends ExpiryPolicy>> policy) {
    if (duration.isNegative()) {
      violations.add("expiry: found " + duration + ", expected a duration of zero or more");
      return this;
    }
    return expiry(policy.apply(standard(duration)));
  }

  /** The standard's durations have whole milliseconds; what is shorter becomes one, not none. */
  private static javax.cache.expiry.Duration standard(Duration duration) {
    if (duration.compareTo(Duration.ofMillis(Long.MAX_VALUE)) >= 0) {
      return javax.cache.expiry.Duration.ETERNAL;
    }
    long millis = duration.toMillis();
    return new javax.cache.expiry.Duration(
        TimeUnit.MILLISECONDS, millis == 0 && !duration.isZero() ? 1 : millis);
  }

  /** Bounds the number of entries; those used least leave memory and disk. Not together with {@link #maxBytes}. */
  public LarderConfigurationBuilder<K, V> maxEntries(long entries) {
    if (entries < 1) {
      violations.add("max.entries: found " + entries + ", expected at least 1");
    }
    maxEntries = entries;
    return this;
  }

  /**
   * Bounds the bytes that keys and values take as they are stored; entries used least leave memory and disk. Not
   * together with {@link #maxEntries}, nor with storing by reference.
   */
  public LarderConfigurationBuilder<K, V> maxBytes(long bytes) {
    if (bytes < 1) {
      violations.add("max.bytes: found " + bytes + ", expected at least 1");
    }
    maxBytes = bytes;
    return this;
  }

  /** Any number of entries of any size; the default. */
  public LarderConfigurationBuilder<K, V> unbounded() {
    maxEntries = null;
    maxBytes = null;
    return this;
  }

  /** Sets when writes of this cache are acknowledged, whatever the database's mode is. */
  public LarderConfigurationBuilder<K, V> sync(SyncMode mode) {
    syncMode = mode;
    return this;
  }

  /** Sets what {@code loadAll} loads with; lookups do not. */
  public LarderConfigurationBuilder<K, V> loader(Factory<? extends CacheLoader<K, V>> factory) {
    values.setCacheLoaderFactory(factory);
    return this;
  }

  /** Sets what missing values are loaded with, by lookups too. */
  public LarderConfigurationBuilder<K, V> readThrough(
      Factory<? extends CacheLoader<K, V>> factory) {
    return loader(factory).readThrough(true);
  }

  /** Sets whether lookups load what they miss. */
  public LarderConfigurationBuilder<K, V> readThrough(boolean enabled) {
    values.setReadThrough(enabled);
    return this;
  }

  /** Sets a writer, which is called if the cache is write-through. */
  public LarderConfigurationBuilder<K, V> writer(
      Factory<? extends CacheWriter<? super K, ? super V>> factory) {
    values.setCacheWriterFactory(factory);
    return this;
  }

  /** Sets what changes are written to before they are stored. */
  public LarderConfigurationBuilder<K, V> writeThrough(
      Factory<? extends CacheWriter<? super K, ? super V>> factory) {
    return writer(factory).writeThrough(true);
  }

  /** Sets whether changes go to the writer. */
  public LarderConfigurationBuilder<K, V> writeThrough(boolean enabled) {
    values.setWriteThrough(enabled);
    return this;
  }

  /** Adds a listener; one that is there already is not added again. */
  public LarderConfigurationBuilder<K, V> listener(CacheEntryListenerConfiguration<K, V> listener) {
    for (CacheEntryListenerConfiguration<K, V> present :
        values.getCacheEntryListenerConfigurations()) {
      if (present.equals(listener)) {
        return this;
      }
    }
    values.addCacheEntryListenerConfiguration(listener);
    return this;
  }

  /** Takes a listener away. */
  public LarderConfigurationBuilder<K, V> withoutListener(
      CacheEntryListenerConfiguration<K, V> listener) {
    values.removeCacheEntryListenerConfiguration(listener);
    return this;
  }

  /** Sets whether statistics are kept, and shown by their bean. */
  public LarderConfigurationBuilder<K, V> statistics(boolean enabled) {
    values.setStatisticsEnabled(enabled);
    return this;
  }

  /** Sets whether a bean shows the configuration. */
  public LarderConfigurationBuilder<K, V> management(boolean enabled) {
    values.setManagementEnabled(enabled);
    return this;
  }

  /** Sets whether values are copied in and out, the default, or kept as references, which only memory can. */
  public LarderConfigurationBuilder<K, V> storeByValue(boolean enabled) {
    values.setStoreByValue(enabled);
    return this;
  }

  /**
   * Makes the configuration.
   *
   * @throws IllegalArgumentException naming everything that is wrong: what was found, what was expected
   */
  public LarderConfiguration<K, V> build() {
    List<String> found = new ArrayList<>(violations);
    if (maxEntries != null && maxBytes != null) {
      found.add(
          "max.entries is "
              + maxEntries
              + " and max.bytes is "
              + maxBytes
              + ", expected one of them");
    }
    if (maxBytes != null && !values.isStoreByValue()) {
      found.add(
          "max.bytes is "
              + maxBytes
              + ", but objects kept as references have no size; expected max.entries");
    }
    if (!found.isEmpty()) {
      throw new IllegalArgumentException(
          (found.size() == 1
                  ? "Invalid cache configuration: "
                  : found.size() + " faults in a cache configuration: ")
              + String.join("; ", found));
    }
    return new LarderConfiguration<>(
        new MutableConfiguration<>(values), maxEntries, maxBytes, syncMode);
  }
}
