package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.engine.api.Database;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DurableCacheTest {
  @TempDir Path directory;

  /** A user's record, to show that records need no serialization. */
  record User(String name, int age) {}

  @Test
  void reopen_findsEntriesAndConfiguration() {
    MutableConfiguration<Long, User> configuration =
        new MutableConfiguration<Long, User>()
            .setTypes(Long.class, User.class)
            .setStatisticsEnabled(true)
            .setExpiryPolicyFactory(
                AccessedExpiryPolicy.factoryOf(new Duration(TimeUnit.MINUTES, 30)));
    use(
        "",
        manager -> {
          Cache<Long, User> users = manager.createCache("users", configuration);
          users.put(1L, new User("Ada", 36));
          users.putAll(Map.of(2L, new User("Grace", 85), 3L, new User("Edsger", 72)));
        });

    use(
        "",
        manager -> {
          assertThat(manager.getCacheNames()).containsExactly("users");
          Cache<Long, User> users = manager.getCache("users", Long.class, User.class);
          assertThat(users).hasSize(3);
          assertThat(users.get(1L)).isEqualTo(new User("Ada", 36));
          @SuppressWarnings("unchecked") // the types of the cache
          CompleteConfiguration<Long, User> stored =
              users.getConfiguration(CompleteConfiguration.class);
          assertThat(stored.isStatisticsEnabled()).isTrue();
          assertThat(stored.isManagementEnabled()).isFalse();
          ExpiryPolicy policy = stored.getExpiryPolicyFactory().create();
          assertThat(policy).isInstanceOf(AccessedExpiryPolicy.class);
          assertThat(policy.getExpiryForAccess().getAdjustedTime(0)).isEqualTo(1_800_000);
        });
  }

  @Test
  void reopen_ofACacheOfArrays_findsThem() {
    use(
        "",
        manager ->
            manager
                .createCache(
                    "pages",
                    new MutableConfiguration<String, byte[]>().setTypes(String.class, byte[].class))
                .put("a", new byte[] {1, 2}));

    use(
        "",
        manager ->
            assertThat(manager.getCache("pages", String.class, byte[].class).get("a"))
                .containsExactly(1, 2));
    use(
        "cache.pages.value.type=byte%5B%5D",
        manager ->
            assertThat(manager.getCache("pages", String.class, byte[].class).get("a"))
                .containsExactly(1, 2));
  }

  @Test
  void reopen_keepsWhenEntriesExpire() {
    AtomicLong expiresAtMillis = new AtomicLong();
    use(
        "",
        manager -> {
          Cache<String, String> cache = manager.createCache("hour", expiring(Duration.ONE_HOUR));
          cache.put("k", "v");
          expiresAtMillis.set(TestCaches.expiresAtMillis(cache));
          manager
              .createCache("moment", expiring(new Duration(TimeUnit.MILLISECONDS, 100)))
              .put("k", "v");
        });

    use(
        "",
        manager -> {
          Cache<String, String> cache = manager.getCache("hour", String.class, String.class);
          assertThat(cache.get("k")).isEqualTo("v");
          assertThat(TestCaches.expiresAtMillis(cache)).isEqualTo(expiresAtMillis.get());
          await().until(() -> !manager.getCache("moment").containsKey("k"));
        });
  }

  private static MutableConfiguration<String, String> expiring(Duration duration) {
    return TestCaches.strings().setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(duration));
  }

  @Test
  void createCache_keepsEntriesAndTakesTheNewConfiguration() {
    use("", manager -> manager.createCache("cache", TestCaches.strings()).put("k", "v"));

    use(
        "",
        manager -> {
          Cache<String, String> cache =
              manager.createCache(
                  "cache",
                  TestCaches.strings()
                      .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(Duration.ONE_DAY)));
          assertThat(cache.get("k")).isEqualTo("v");
          assertThatThrownBy(() -> manager.createCache("cache", TestCaches.strings()))
              .isInstanceOf(CacheException.class)
              .hasMessageContaining("'cache' exists already");
        });
    use(
        "",
        manager -> assertThat(expiry(manager, "cache")).isInstanceOf(CreatedExpiryPolicy.class));
  }

  @Test
  void createCache_withOtherTypesIsRefused() {
    use("", manager -> manager.createCache("cache", TestCaches.strings()).put("k", "v"));

    use(
        "",
        manager -> {
          assertThatThrownBy(
                  () ->
                      manager.createCache(
                          "cache",
                          new MutableConfiguration<Long, String>()
                              .setTypes(Long.class, String.class)))
              .isInstanceOf(CacheException.class)
              .hasMessageContaining("java.lang.String")
              .hasMessageContaining("java.lang.Long");
          assertThatThrownBy(() -> manager.getCache("cache", Long.class, String.class))
              .isInstanceOf(ClassCastException.class);
          assertThat(manager.getCache("cache").get("k")).isEqualTo("v");
        });
  }

  @Test
  void destroyCache_deletesWhetherOpenOrNot() {
    use(
        "",
        manager -> {
          manager.createCache("open", TestCaches.strings()).put("k", "v");
          manager.createCache("closed", TestCaches.strings()).put("k", "v");
        });

    use(
        "",
        manager -> {
          Cache<String, String> open = manager.getCache("open");
          manager.destroyCache("open");
          manager.destroyCache("closed");
          manager.destroyCache("never there");
          assertThat(open.isClosed()).isTrue();
          assertThat(manager.getCache("closed")).isNull();
          assertThat(manager.getCacheNames()).isEmpty();
        });
    use(
        "",
        manager -> {
          assertThat(manager.getCacheNames()).isEmpty();
          assertThat(manager.unwrap(Database.class).keyspaceNames())
              .doesNotContain("open", "closed");
          assertThat(manager.createCache("open", TestCaches.strings()).get("k")).isNull();
        });
  }

  @Test
  void closeCache_keepsItForTheNextGetCache() {
    use(
        "",
        manager -> {
          Cache<String, String> first = manager.createCache("cache", TestCaches.strings());
          first.put("k", "v");
          first.close();

          assertThatThrownBy(() -> first.get("k")).isInstanceOf(IllegalStateException.class);
          assertThat(manager.getCacheNames()).containsExactly("cache");
          assertThat(manager.getCache("cache").get("k")).isEqualTo("v");
        });
  }

  @Test
  void settings_declareCachesWithoutCode() {
    String parameters = "cache.sessions.expiry=accessed:30m&cache.sessions.key.type=String";
    use(
        parameters,
        manager -> {
          assertThat(manager.getCacheNames()).containsExactly("sessions");
          Cache<String, Object> sessions = manager.getCache("sessions", String.class, Object.class);
          sessions.put("k", "v");
          assertThat(expiry(manager, "sessions")).isInstanceOf(AccessedExpiryPolicy.class);
        });

    use(
        "cache.sessions.expiry=eternal",
        manager -> {
          assertThat(manager.getCache("sessions").get("k")).isEqualTo("v");
          assertThat(expiry(manager, "sessions")).isInstanceOf(EternalExpiryPolicy.class);
        });
  }

  @Test
  void settings_goBeforeCode() {
    use(
        "cache.cache.expiry.created=1h&cache.cache.statistics=on",
        manager -> {
          manager.createCache("cache", TestCaches.strings());
          assertThat(expiry(manager, "cache")).isInstanceOf(CreatedExpiryPolicy.class);
        });
  }

  @Test
  void customExpiryPolicy_isAttachedAgainByCode() {
    ExpiryTest.Policy policy = new ExpiryTest.Policy();
    MutableConfiguration<String, String> configuration =
        TestCaches.strings().setExpiryPolicyFactory(() -> policy);
    use("", manager -> manager.createCache("cache", configuration).put("k", "v"));
    use(
        "",
        manager -> assertThat(expiry(manager, "cache")).isInstanceOf(EternalExpiryPolicy.class));

    use(
        "",
        manager -> {
          policy.access = Duration.ZERO;
          Cache<String, String> cache = manager.createCache("cache", configuration);
          assertThat(cache.get("k")).isEqualTo("v");
          assertThat(cache.get("k")).isNull();
        });
  }

  /** A class that Java serialization alone can bring back. */
  static final class Stranger implements Serializable {
    private static final long serialVersionUID = 1L;
    private final int number;

    Stranger(int number) {
      this.number = number;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Stranger stranger && number == stranger.number;
    }

    @Override
    public int hashCode() {
      return number;
    }
  }

  @Test
  void classNobodyNamed_isRefusedAfterARestartUntilAllowed() {
    use(
        "",
        manager -> {
          Cache<Object, Object> cache = manager.createCache("cache", new MutableConfiguration<>());
          cache.put("k", new Stranger(7));
          assertThat(cache.get("k")).isEqualTo(new Stranger(7));
        });

    use(
        "",
        manager ->
            assertThatThrownBy(() -> manager.getCache("cache").get("k"))
                .isInstanceOf(CacheException.class)
                .hasMessageContaining(Stranger.class.getName())
                .hasMessageContaining("serialization.allow"));
    use(
        "serialization.allow=" + Stranger.class.getName(),
        manager -> assertThat(manager.getCache("cache").get("k")).isEqualTo(new Stranger(7)));
  }

  @Test
  void managersOfOneUri_shareTheData() throws Exception {
    URI uri = TestCaches.uri(directory, "");
    ClassLoader own = getClass().getClassLoader();
    try (LarderCachingProvider provider = new LarderCachingProvider();
        java.net.URLClassLoader other = new java.net.URLClassLoader(new java.net.URL[0], own)) {
      CacheManager first = provider.getCacheManager(uri, own);
      CacheManager second = provider.getCacheManager(uri, other);
      assertThat(second).isNotSameAs(first);
      Cache<String, String> one = first.createCache("cache", TestCaches.strings());
      Cache<String, String> two = second.createCache("cache", TestCaches.strings());

      one.put("k", "v");
      assertThat(two.getAndPut("k", "w")).isEqualTo("v");
      first.close();

      assertThat(two.get("k")).isEqualTo("w");
      assertThat(provider.getCacheManager(uri, own).getCache("cache").get("k")).isEqualTo("w");

      second.destroyCache("cache");
      Cache<String, String> gone = two;
      assertThatThrownBy(() -> gone.get("k")).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void storeByReference_isRefused() {
    use(
        "",
        manager ->
            assertThatThrownBy(
                    () -> manager.createCache("cache", TestCaches.strings().setStoreByValue(false)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("larder:mem:"));
  }

  private static ExpiryPolicy expiry(CacheManager manager, String cacheName) {
    Cache<Object, Object> cache = manager.getCache(cacheName);
    @SuppressWarnings("unchecked") // only the expiry policy is looked at
    CompleteConfiguration<Object, Object> configuration =
        cache.getConfiguration(CompleteConfiguration.class);
    return configuration.getExpiryPolicyFactory().create();
  }

  private void use(String parameters, Consumer<CacheManager> user) {
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      user.accept(
          provider.getCacheManager(
              TestCaches.uri(directory, parameters),
              getClass().getClassLoader(),
              new Properties()));
    }
  }
}
