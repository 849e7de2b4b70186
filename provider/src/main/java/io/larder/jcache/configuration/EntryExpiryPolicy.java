package io.larder.jcache.configuration;

import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * An expiry policy that sees the entry: sessions of guests may live shorter than those of customers. Used by many
 * threads at once; set like any other policy, {@code setExpiryPolicyFactory} of a standard configuration included.
 *
 * <p>What the durations mean, null and zero included, is as in {@link ExpiryPolicy}: from now on; null leaves
 * the expiry as it is; zero expires at once. A policy runs while its key is held, and must not call the cache. The
 * methods without an entry are never called by Larder; other providers call them.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public interface EntryExpiryPolicy<K, V> extends ExpiryPolicy {

  /** Returns how long a new entry lives. */
  Duration getExpiryForCreation(K key, V value);

  /** Returns how long an entry lives on after it was read; null, which is the default, leaves its expiry. */
  default @Nullable Duration getExpiryForAccess(K key, V value) {
    return null;
  }

  /** Returns how long an entry lives on after it got a new value; unless told otherwise, as a new one. */
  default @Nullable Duration getExpiryForUpdate(K key, V value) {
    return getExpiryForCreation(key, value);
  }

  @Override
  default Duration getExpiryForCreation() {
    return Duration.ETERNAL;
  }

  @Override
  default @Nullable Duration getExpiryForAccess() {
    return null;
  }

  @Override
  default @Nullable Duration getExpiryForUpdate() {
    return null;
  }
}
