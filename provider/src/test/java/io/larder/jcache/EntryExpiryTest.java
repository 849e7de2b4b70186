package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.jcache.configuration.EntryExpiryPolicy;
import io.larder.jcache.configuration.LarderConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.expiry.CreatedExpiryPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries with a life of their own. */
final class EntryExpiryTest {
  @TempDir Path directory;

  /** Guests are forgotten soon, guests who come back later; customers stay. */
  public static final class Guests implements EntryExpiryPolicy<String, String> {
    @Override
    public javax.cache.expiry.Duration getExpiryForCreation(String key, String value) {
      return key.startsWith("guest")
          ? minutes(value.length())
          : javax.cache.expiry.Duration.ETERNAL;
    }

    @Override
    public javax.cache.expiry.Duration getExpiryForAccess(String key, String value) {
      return key.equals("guest who looks") ? minutes(60) : null;
    }

    @Override
    public javax.cache.expiry.Duration getExpiryForUpdate(String key, String value) {
      return value.equals("gone") ? javax.cache.expiry.Duration.ZERO : null;
    }

    private static javax.cache.expiry.Duration minutes(int minutes) {
      return new javax.cache.expiry.Duration(TimeUnit.MINUTES, minutes);
    }
  }

  @Test
  void putWithTimeToLive_isKeptOverARestart() {
    use(
        manager -> {
          LarderCache<String, String> cache =
              larder(manager.createCache("c", TestCaches.strings()));
          cache.put("hour", "1", Duration.ofHours(1));
          cache.put("moment", "1", Duration.ofMillis(50));
          cache.put("eternal", "1");
          assertThat(cache.putIfAbsent("hour", "2", Duration.ofDays(1))).isFalse();
          assertThat(cache.putIfAbsent("day", "2", Duration.ofDays(1))).isTrue();
        });

    use(
        manager -> {
          LarderCache<String, String> cache = larder(manager.getCache("c"));
          assertMinutes(cache, "hour", 60);
          assertMinutes(cache, "day", 24 * 60);
          assertThat(cache.get("hour")).isEqualTo("1");
          assertThat(cache.expiryOf("eternal")).isEmpty();
          await().until(() -> !cache.containsKey("moment"));
          assertThat(cache.expiryOf("moment")).isEmpty();
        });
  }

  @Test
  void putWithTimeToLive_goesBeforeThePolicy_untilTheNextUpdate() {
    use(
        manager -> {
          LarderCache<String, String> created =
              larder(
                  manager.createCache(
                      "created",
                      TestCaches.strings()
                          .setExpiryPolicyFactory(
                              CreatedExpiryPolicy.factoryOf(
                                  javax.cache.expiry.Duration.FIVE_MINUTES))));
          created.put("k", "1", Duration.ofMinutes(30));
          created.put("k", "2");
          assertMinutes(created, "k", 30); // the policy leaves the expiry of updated entries
          LarderCache<String, String> written =
              larder(
                  manager.createCache(
                      "written",
                      LarderConfiguration.builder(String.class, String.class)
                          .expireAfterWrite(Duration.ofMinutes(5))
                          .build()));
          written.put("k", "1", Duration.ofMinutes(30));
          assertMinutes(written, "k", 30);
          written.put("k", "2");
          assertMinutes(written, "k", 5);
        });
  }

  @Test
  void expire_givesAnEntryAnotherLife() {
    use(
        manager -> {
          LarderCache<String, String> cache =
              larder(manager.createCache("c", TestCaches.strings().setStatisticsEnabled(true)));
          RecordingListener listener = new RecordingListener();
          cache.put("k", "v");
          cache.registerCacheEntryListener(listener.configuration(true, true));

          assertThat(cache.expire("k", Duration.ofMinutes(9))).isTrue();
          assertMinutes(cache, "k", 9);
          assertThat(cache.get("k")).isEqualTo("v");
          assertThat(listener.events).isEmpty();
          assertThat(cache.expire("absent", Duration.ofMinutes(9))).isFalse();
          assertThat(cache.expire("k", Duration.ZERO)).isTrue();
          assertThat(cache.containsKey("k")).isFalse();
          assertThat(listener.events).containsExactly("EXPIRED k v -> v");
          assertThat(TestBeans.statistics(cache).getCachePuts()).isEqualTo(1);
        });
  }

  @Test
  void timeToLive_zeroAndNegativeAndEndless() {
    use(
        manager -> {
          LarderCache<String, String> cache =
              larder(manager.createCache("c", TestCaches.strings()));
          cache.put("zero", "1", Duration.ZERO);
          assertThat(cache.containsKey("zero")).isFalse();
          assertThat(cache.putIfAbsent("zero", "1", Duration.ZERO)).isFalse();
          cache.put("endless", "1", Duration.ofSeconds(Long.MAX_VALUE));
          assertThat(cache.expiryOf("endless")).isEmpty();
          assertThat(cache.get("endless")).isEqualTo("1");
          assertThatThrownBy(() -> cache.put("k", "v", Duration.ofSeconds(-1)))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("PT-1S");
          assertThatThrownBy(() -> cache.put("k", "v", null))
              .isInstanceOf(NullPointerException.class);
          assertThat(cache.containsKey("k")).isFalse();
        });
  }

  @Test
  void policyByEntry_seesKeyAndValue_andIsAttachedAgain() {
    use(
        manager ->
            manager.createCache(
                "c",
                TestCaches.strings()
                    .setExpiryPolicyFactory(FactoryBuilder.factoryOf(Guests.class))));

    use(
        manager -> {
          LarderCache<String, String> cache = larder(manager.getCache("c"));
          cache.put("guest", "abc");
          cache.putAll(java.util.Map.of("guest who looks", "abcdef", "customer", "x"));
          assertMinutes(cache, "guest", 3);
          assertMinutes(cache, "guest who looks", 6);
          assertThat(cache.expiryOf("customer")).isEmpty();

          assertThat(cache.get("guest who looks")).isEqualTo("abcdef");
          assertMinutes(cache, "guest who looks", 60);
          cache.put("guest", "abcdefghijkl");
          assertMinutes(cache, "guest", 3);
          assertThat(cache.replace("guest", "gone")).isTrue();
          assertThat(cache.containsKey("guest")).isFalse();
        });
  }

  @Test
  void referencesInMemory_expireAlike() {
    try (TestCaches caches = TestCaches.inMemory()) {
      LarderCache<String, String> cache =
          larder(caches.create(TestCaches.strings().setStoreByValue(false)));
      cache.put("k", "v", Duration.ofMinutes(4));
      assertMinutes(cache, "k", 4);
    }
  }

  private static void assertMinutes(LarderCache<String, String> cache, String key, long minutes) {
    Instant expected = Instant.now().plus(Duration.ofMinutes(minutes));
    assertThat(cache.expiryOf(key).orElseThrow())
        .isBetween(expected.minusSeconds(50), expected.plusSeconds(1));
  }

  @SuppressWarnings("unchecked") // the types of the cache
  private static LarderCache<String, String> larder(Cache<String, String> cache) {
    return cache.unwrap(LarderCache.class);
  }

  private void use(Consumer<CacheManager> user) {
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      user.accept(
          provider.getCacheManager(
              TestCaches.uri(directory, "sync=none"),
              getClass().getClassLoader(),
              new Properties()));
    }
  }
}
