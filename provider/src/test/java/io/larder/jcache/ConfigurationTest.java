package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.SyncMode;
import io.larder.jcache.configuration.LarderConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.Factory;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything a cache can be told, without code and by code, and what of it is there after a restart. */
final class ConfigurationTest {
  private static final List<String> WRITTEN = new CopyOnWriteArrayList<>();
  private static final List<String> HEARD = new CopyOnWriteArrayList<>();

  @TempDir Path directory;

  /** Loads what the key says. */
  public static final class Loader implements CacheLoader<String, String> {
    @Override
    public String load(String key) {
      return "loaded " + key;
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      Map<String, String> loaded = new HashMap<>();
      keys.forEach(key -> loaded.put(key, load(key)));
      return loaded;
    }
  }

  /** Makes loaders. */
  public static final class LoaderFactory implements Factory<CacheLoader<String, String>> {
    private static final long serialVersionUID = 1L;

    @Override
    public CacheLoader<String, String> create() {
      return new Loader();
    }
  }

  /** Notes what it writes. */
  public static final class Writer implements CacheWriter<String, String> {
    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {
      WRITTEN.add(entry.getKey() + "=" + entry.getValue());
    }

    @Override
    public void writeAll(
        java.util.Collection<Cache.Entry<? extends String, ? extends String>> entries) {
      entries.forEach(this::write);
      entries.clear();
    }

    @Override
    public void delete(Object key) {
      throw new CacheWriterException("not expected");
    }

    @Override
    public void deleteAll(java.util.Collection<?> keys) {
      throw new CacheWriterException("not expected");
    }
  }

  /** Notes what is created. */
  public static final class Listener implements CacheEntryCreatedListener<String, String> {
    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      events.forEach(event -> HEARD.add(event.getKey()));
    }
  }

  /** Lets pass what begins with a. */
  public static final class OnlyA implements CacheEntryEventFilter<String, String> {
    @Override
    public boolean evaluate(CacheEntryEvent<? extends String, ? extends String> event) {
      return event.getKey().startsWith("a");
    }
  }

  /** Seven minutes. */
  public static final class SevenMinutes implements ExpiryPolicy {
    @Override
    public javax.cache.expiry.Duration getExpiryForCreation() {
      return new javax.cache.expiry.Duration(java.util.concurrent.TimeUnit.MINUTES, 7);
    }

    @Override
    public javax.cache.expiry.Duration getExpiryForAccess() {
      return null;
    }

    @Override
    public javax.cache.expiry.Duration getExpiryForUpdate() {
      return null;
    }
  }

  @BeforeEach
  void forgetCalls() {
    WRITTEN.clear();
    HEARD.clear();
  }

  @Test
  void properties_configureEverything_withoutCode() {
    Properties properties = new Properties();
    String own = ConfigurationTest.class.getName();
    Map.of(
            "key.type", "String",
            "value.type", "String",
            "expiry.policy", own + "$SevenMinutes",
            "loader", own + "$LoaderFactory",
            "writer", own + "$Writer",
            "listeners", own + "$Listener:sync:" + own + "$OnlyA",
            "statistics", "on",
            "max.entries", "100",
            "sync", "none")
        .forEach((name, value) -> properties.setProperty("cache.stock." + name, value));

    use(properties, manager -> assertConfigured(manager.getCache("stock")));
    use(new Properties(), manager -> assertConfigured(manager.getCache("stock")));
  }

  @Test
  void code_configuresEverything_andIsAttachedAgainByTheReopening() {
    LarderConfiguration<String, String> configuration =
        LarderConfiguration.builder(String.class, String.class)
            .expiry(FactoryBuilder.factoryOf(SevenMinutes.class))
            .readThrough(FactoryBuilder.factoryOf(Loader.class))
            .writeThrough(FactoryBuilder.factoryOf(Writer.class))
            .listener(
                new MutableCacheEntryListenerConfiguration<>(
                    FactoryBuilder.factoryOf(Listener.class),
                    FactoryBuilder.factoryOf(OnlyA.class),
                    false,
                    true))
            .statistics(true)
            .maxEntries(100)
            .sync(SyncMode.NONE)
            .build();

    use(new Properties(), manager -> assertConfigured(manager.createCache("stock", configuration)));
    use(new Properties(), manager -> assertConfigured(manager.getCache("stock")));
  }

  private static void assertConfigured(Cache<String, String> cache) {
    forgetCallsOf(cache);
    assertThat(cache.get("b")).isEqualTo("loaded b");
    cache.put("a", "1");
    assertThat(WRITTEN).containsExactly("a=1");
    assertThat(HEARD).containsExactly("a");
    @SuppressWarnings("unchecked") // the types of the cache
    LarderConfiguration<String, String> configuration =
        cache.getConfiguration(LarderConfiguration.class);
    assertThat(configuration.maxEntries()).isEqualTo(OptionalLong.of(100));
    assertThat(configuration.maxBytes()).isEmpty();
    assertThat(configuration.syncMode()).contains(SyncMode.NONE);
    assertThat(configuration.isStatisticsEnabled()).isTrue();
    assertThat(configuration.getKeyType()).isEqualTo(String.class);
    assertThat(configuration.getExpiryPolicyFactory().create()).isInstanceOf(SevenMinutes.class);
  }

  private static void forgetCallsOf(Cache<String, String> cache) {
    cache.clear();
    WRITTEN.clear();
    HEARD.clear();
  }

  @Test
  void runtimeListeners_areNotStored() {
    use(
        new Properties(),
        manager -> {
          Cache<String, String> cache = manager.createCache("cache", TestCaches.strings());
          cache.registerCacheEntryListener(
              new MutableCacheEntryListenerConfiguration<>(
                  FactoryBuilder.factoryOf(Listener.class), null, false, true));
          manager.enableStatistics("cache", true);
        });

    use(
        new Properties(),
        manager -> {
          manager.<String, String>getCache("cache").put("a", "1");
          assertThat(HEARD).isEmpty();
        });
  }

  @Test
  void managerWithAClassThatIsNotThere_isNotOpened() {
    Properties settings = new Properties();
    settings.setProperty("cache.cache.writer", "com.acme.Gone");

    assertThatThrownBy(() -> use(settings, manager -> manager.getCache("cache")))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("cache.cache.writer: found 'com.acme.Gone'");
    use(new Properties(), manager -> assertThat(manager.getCacheNames()).isEmpty());
  }

  @Test
  void template_appliesToCachesMadeByCode() {
    Properties properties = new Properties();
    properties.setProperty("cache.sessions-*.expiry.touched", "30m");
    properties.setProperty("cache.sessions-*.statistics", "on");

    use(
        properties,
        manager -> {
          assertThat(manager.getCache("sessions-eu")).isNull();
          assertThat(manager.getCacheNames()).isEmpty();
          Cache<String, String> cache = manager.createCache("sessions-eu", TestCaches.strings());
          cache.put("k", "v");
          assertThat(cache.get("k")).isEqualTo("v");
          assertThat(TestBeans.statistics(cache).getCacheHits()).isEqualTo(1);
          assertThat(TestCaches.expiresAtMillis(cache))
              .isGreaterThan(System.currentTimeMillis() + 1_000_000);
        });
  }

  @Test
  void settingsThatContradictTheCode_nameTheCache() {
    Properties properties = new Properties();
    properties.setProperty("cache.cache.max.bytes", "1MB");

    use(
        properties,
        manager ->
            assertThatThrownBy(
                    () -> manager.createCache("cache", TestCaches.strings().setStoreByValue(false)))
                .isInstanceOf(CacheException.class)
                .hasMessageContaining("Cache 'cache'")
                .hasMessageContaining("max.bytes is 1048576"));
  }

  @Test
  void builder_reportsEveryFault() {
    assertThatThrownBy(
            () ->
                LarderConfiguration.builder(String.class, String.class)
                    .maxEntries(0)
                    .maxBytes(-1)
                    .expireAfterWrite(Duration.ofSeconds(-1))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 faults")
        .hasMessageContaining("max.entries: found 0")
        .hasMessageContaining("max.bytes: found -1")
        .hasMessageContaining("expiry: found PT-1S")
        .hasMessageContaining("expected one of them");
  }

  @Test
  void builder_neverRoundsALifeToNothing() {
    ExpiryPolicy policy =
        LarderConfiguration.builder(String.class, String.class)
            .expireAfterCreation(Duration.ofNanos(1))
            .build()
            .getExpiryPolicyFactory()
            .create();

    assertThat(policy.getExpiryForCreation().getAdjustedTime(0)).isEqualTo(1);
  }

  private void use(Properties properties, Consumer<CacheManager> user) {
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      user.accept(
          provider.getCacheManager(
              TestCaches.uri(directory, ""), getClass().getClassLoader(), properties));
    }
  }
}
