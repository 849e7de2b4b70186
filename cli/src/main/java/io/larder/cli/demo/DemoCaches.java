package io.larder.cli.demo;

import java.net.URI;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import org.jspecify.annotations.Nullable;

/** The demonstration's caches, created or found as any application would. */
final class DemoCaches {

  static final String UNICODE = "unicode";
  static final String SESSIONS = "sessions";

  /** Seconds that a session lives. */
  static final int SESSION_SECONDS = 2;

  private DemoCaches() {}

  /**
   * Opens the manager of a URI such as {@code larder:/tmp/demo?sync=always}; the caller closes it.
   */
  static CacheManager open(URI uri) {
    return Caching.getCachingProvider().getCacheManager(uri, DemoCaches.class.getClassLoader());
  }

  /** Returns the cache of characters by code point, kept for ever. */
  static Cache<Integer, UnicodeCharacter> unicode(CacheManager manager) {
    Cache<Integer, UnicodeCharacter> existing =
        manager.getCache(UNICODE, Integer.class, UnicodeCharacter.class);
    return existing != null
        ? existing
        : manager.createCache(
            UNICODE,
            new MutableConfiguration<Integer, UnicodeCharacter>()
                .setTypes(Integer.class, UnicodeCharacter.class));
  }

  /** Creates the cache of sessions, which are gone a moment after they were put. */
  static Cache<String, String> sessions(CacheManager manager) {
    @Nullable Cache<String, String> existing =
        manager.getCache(SESSIONS, String.class, String.class);
    return existing != null
        ? existing
        : manager.createCache(
            SESSIONS,
            new MutableConfiguration<String, String>()
                .setTypes(String.class, String.class)
                .setExpiryPolicyFactory(
                    CreatedExpiryPolicy.factoryOf(
                        new Duration(TimeUnit.SECONDS, SESSION_SECONDS))));
  }
}
