package io.larder.jcache.internal.settings;

import org.jspecify.annotations.Nullable;

/**
 * What a manager's URI or properties say about one cache; null = nothing is said. Immutable.
 *
 * @param expiry when entries expire
 * @param statistics whether statistics are kept
 * @param management whether the management bean is registered
 * @param keyType the class of keys
 * @param valueType the class of values
 */
public record CacheSettings(
    @Nullable ExpirySetting expiry,
    @Nullable Boolean statistics,
    @Nullable Boolean management,
    @Nullable String keyType,
    @Nullable String valueType) {

  /** Says nothing. */
  public static final CacheSettings NONE = new CacheSettings(null, null, null, null, null);
}
