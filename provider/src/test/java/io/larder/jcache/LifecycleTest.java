package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.jcache.internal.settings.ManagerUri;
import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.configuration.OptionalFeature;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What opening, closing and destroying mean, and what may still be called then. */
@Timeout(60)
final class LifecycleTest {
  private final TestCaches caches = TestCaches.inMemory();

  @AfterEach
  void close() {
    caches.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cache", "manager", "provider", "destroy"})
  void closing_closesUserObjects_whateverTheyThrow(String what) {
    List<String> closed = new CopyOnWriteArrayList<>();
    CacheEntryCreatedListener<String, String> listener =
        closeable(CacheEntryCreatedListener.class, closed);
    CacheEntryEventFilter<String, String> filter = closeable(CacheEntryEventFilter.class, closed);
    CacheLoader<String, String> loader = closeable(CacheLoader.class, closed);
    CacheWriter<String, String> writer = closeable(CacheWriter.class, closed);
    ExpiryPolicy policy = closeable(ExpiryPolicy.class, closed);
    Cache<String, String> cache =
        caches.create(
            TestCaches.strings()
                .setReadThrough(true)
                .setCacheLoaderFactory(() -> loader)
                .setWriteThrough(true)
                .setCacheWriterFactory(() -> writer)
                .setExpiryPolicyFactory(() -> policy)
                .addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        () -> listener, () -> filter, false, true)));

    assertThatCode(
            () -> {
              switch (what) {
                case "cache" -> cache.close();
                case "manager" -> caches.manager().close();
                case "provider" -> caches.provider().close();
                default -> caches.manager().destroyCache("cache");
              }
            })
        .doesNotThrowAnyException();

    assertThat(cache.isClosed()).isTrue();
    assertThat(closed)
        .containsExactlyInAnyOrder(
            "CacheEntryCreatedListener",
            "CacheEntryEventFilter",
            "CacheLoader",
            "CacheWriter",
            "ExpiryPolicy");
    cache.close(); // a second time is nothing
    assertThat(closed).hasSize(5);
  }

  @SuppressWarnings("unchecked") // a proxy is whatever it is told to be
  private static <T> T closeable(Class<? super T> type, List<String> closed) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          if (method.getName().equals("close")) {
            closed.add(type.getSimpleName());
            IOException failure = new IOException("from " + type.getSimpleName());
            failure.setStackTrace(new StackTraceElement[0]); // it is logged, and of no interest
            throw failure;
          }
          return method.getName().equals("equals") ? proxy == arguments[0] : null;
        };
    return (T)
        Proxy.newProxyInstance(
            LifecycleTest.class.getClassLoader(), new Class<?>[] {type, Closeable.class}, handler);
  }

  @Test
  void closedCache_refusesEveryOperation() {
    Cache<String, String> cache = caches.create(TestCaches.strings());
    cache.close();

    operations()
        .forEach(
            (name, operation) ->
                assertThatThrownBy(() -> operation.accept(cache))
                    .as(name)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is closed"));
  }

  @Test
  void destroyedCache_refusesEveryOperationAndIsEmptyAnew() {
    Cache<String, String> cache = caches.create(TestCaches.strings());
    cache.put("k", "1");
    caches.manager().destroyCache("cache");

    operations()
        .forEach(
            (name, operation) ->
                assertThatThrownBy(() -> operation.accept(cache))
                    .as(name)
                    .isInstanceOf(IllegalStateException.class));
    assertThat(caches.manager().getCacheNames()).isEmpty();
    assertThat(caches.manager().createCache("cache", new MutableConfiguration<Long, Long>()))
        .isEmpty();
  }

  private static Map<String, Consumer<Cache<String, String>>> operations() {
    Map<String, Consumer<Cache<String, String>>> all = new LinkedHashMap<>();
    all.put("get", cache -> cache.get("k"));
    all.put("getAll", cache -> cache.getAll(Set.of("k")));
    all.put("containsKey", cache -> cache.containsKey("k"));
    all.put("loadAll", cache -> cache.loadAll(Set.of("k"), true, null));
    all.put("put", cache -> cache.put("k", "1"));
    all.put("getAndPut", cache -> cache.getAndPut("k", "1"));
    all.put("putAll", cache -> cache.putAll(Map.of("k", "1")));
    all.put("putIfAbsent", cache -> cache.putIfAbsent("k", "1"));
    all.put("remove", cache -> cache.remove("k"));
    all.put("remove of a value", cache -> cache.remove("k", "1"));
    all.put("getAndRemove", cache -> cache.getAndRemove("k"));
    all.put("replace", cache -> cache.replace("k", "1"));
    all.put("replace of a value", cache -> cache.replace("k", "1", "2"));
    all.put("getAndReplace", cache -> cache.getAndReplace("k", "1"));
    all.put("removeAll", Cache::removeAll);
    all.put("removeAll of keys", cache -> cache.removeAll(Set.of("k")));
    all.put("clear", Cache::clear);
    all.put("invoke", cache -> cache.invoke("k", (entry, arguments) -> null));
    all.put("invokeAll", cache -> cache.invokeAll(Set.of("k"), (entry, arguments) -> null));
    all.put("iterator", cache -> assertThat(cache.iterator()).isNotNull());
    all.put(
        "registerCacheEntryListener",
        cache ->
            cache.registerCacheEntryListener(new RecordingListener().configuration(true, true)));
    all.put(
        "deregisterCacheEntryListener",
        cache ->
            cache.deregisterCacheEntryListener(new RecordingListener().configuration(true, true)));
    return all;
  }

  @Test
  void closedManager_refusesEveryOperation() {
    CacheManager manager = caches.manager();
    manager.close();
    manager.close(); // a second time is nothing

    List<Consumer<CacheManager>> operations = new ArrayList<>();
    operations.add(closed -> closed.createCache("cache", TestCaches.strings()));
    operations.add(closed -> closed.getCache("cache"));
    operations.add(closed -> closed.getCache("cache", String.class, String.class));
    operations.add(CacheManager::getCacheNames);
    operations.add(closed -> closed.destroyCache("cache"));
    operations.add(closed -> closed.enableManagement("cache", true));
    operations.add(closed -> closed.enableStatistics("cache", true));
    for (Consumer<CacheManager> operation : operations) {
      assertThatThrownBy(() -> operation.accept(manager))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("is closed");
    }
    assertThat(manager.isClosed()).isTrue();
  }

  @Test
  void provider_worksOnAfterClosing() {
    CacheManager first = caches.manager();
    caches.provider().close();

    CacheManager second = caches.provider().getCacheManager(first.getURI(), first.getClassLoader());

    assertThat(first.isClosed()).isTrue();
    assertThat(second).isNotSameAs(first);
    assertThat(second.isClosed()).isFalse();
    assertThat(second.getCachingProvider()).isSameAs(caches.provider());
  }

  @Test
  void properties_comeBackAndAreNoPartOfTheIdentity() {
    Properties properties = new Properties();
    properties.setProperty("javax.something", "else");
    CacheManager manager =
        caches.provider().getCacheManager(TestCaches.memoryUri(), null, properties);

    assertThat(manager.getProperties()).isEqualTo(properties);
    assertThat(caches.provider().getCacheManager(manager.getURI(), null, new Properties()))
        .isSameAs(manager);
    assertThat(manager.getClassLoader()).isSameAs(caches.provider().getDefaultClassLoader());
  }

  @Test
  void storeByReference_isSupportedWhereTheDefaultUriIsInMemory() {
    assertThat(caches.provider().isSupported(OptionalFeature.STORE_BY_REFERENCE)).isTrue();
    System.setProperty(ManagerUri.DATABASE, "larder:target/never-opened");
    try (LarderCachingProvider durable = new LarderCachingProvider()) {
      assertThat(durable.getDefaultURI()).hasToString("larder:target/never-opened");
      assertThat(durable.isSupported(OptionalFeature.STORE_BY_REFERENCE)).isFalse();
    } finally {
      System.clearProperty(ManagerUri.DATABASE);
    }
  }

  @Test
  void configuration_isACopyThatNobodyChanges() {
    MutableConfiguration<String, String> given = TestCaches.strings();
    Cache<String, String> cache = caches.create(given);
    given.setTypes(String.class, String.class).setStatisticsEnabled(true).setStoreByValue(false);

    CompleteConfiguration<String, String> complete = cache.getConfiguration(complete());
    caches.manager().enableStatistics("cache", true);

    assertThat(complete.isStoreByValue()).isTrue();
    assertThat(complete.getKeyType()).isEqualTo(String.class);
    assertThat(complete.isStatisticsEnabled()).isFalse();
    assertThat(cache.<CompleteConfiguration<String, String>>getConfiguration(complete()))
        .isNotEqualTo(complete)
        .matches(CompleteConfiguration::isStatisticsEnabled);
    assertThatThrownBy(() -> cache.getConfiguration(foreign()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @SuppressWarnings("unchecked") // class literals have no type arguments
  private static Class<CompleteConfiguration<String, String>> complete() {
    return (Class<CompleteConfiguration<String, String>>) (Class<?>) CompleteConfiguration.class;
  }

  /** A configuration of somebody else. */
  private interface Foreign extends Configuration<String, String> {}

  private static Class<Foreign> foreign() {
    return Foreign.class;
  }

  @Test
  void plainConfiguration_getsTheDefaultsOfTheStandard() {
    Configuration<String, String> plain =
        new Configuration<>() {
          private static final long serialVersionUID = 1L;

          @Override
          public Class<String> getKeyType() {
            return String.class;
          }

          @Override
          public Class<String> getValueType() {
            return String.class;
          }

          @Override
          public boolean isStoreByValue() {
            return true;
          }
        };

    Cache<String, String> cache = caches.manager().createCache("plain", plain);

    CompleteConfiguration<String, String> complete = cache.getConfiguration(complete());
    assertThat(complete.isReadThrough()).isFalse();
    assertThat(complete.isWriteThrough()).isFalse();
    assertThat(complete.isStatisticsEnabled()).isFalse();
    assertThat(complete.isManagementEnabled()).isFalse();
    assertThat(complete.getCacheLoaderFactory()).isNull();
    assertThat(complete.getCacheWriterFactory()).isNull();
    assertThat(complete.getExpiryPolicyFactory().create()).isInstanceOf(EternalExpiryPolicy.class);
  }

  @Test
  void cacheThatIsNotThere_isNamed() {
    assertThat(caches.manager().<String, String>getCache("none")).isNull();
    assertThatThrownBy(() -> caches.manager().enableStatistics("none", true))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("none");
    assertThatCode(() -> caches.manager().destroyCache("none")).doesNotThrowAnyException();
  }

  @Test
  void unwrap_ofForeignTypes_isRefused() {
    Cache<String, String> cache = caches.create(TestCaches.strings());
    cache.put("k", "1");
    Cache.Entry<String, String> entry = cache.iterator().next();

    assertThat((Object) cache.unwrap(LarderCache.class)).isSameAs(cache);
    assertThat(caches.manager().unwrap(LarderCacheManager.class)).isSameAs(caches.manager());
    assertThat((Object) entry.unwrap(Cache.Entry.class)).isSameAs(entry);
    assertThatThrownBy(() -> cache.unwrap(String.class))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> caches.manager().unwrap(String.class))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> entry.unwrap(String.class))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
