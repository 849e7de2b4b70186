package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.jcache.configuration.LarderConfiguration;
import io.larder.jcache.configuration.LarderConfigurationBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryListener;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callbacks that wait for each other or for nothing: no deadlock, no endless memory. */
@Timeout(60)
final class CallbackTest {
  private final LarderCachingProvider provider = new LarderCachingProvider();
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void close() {
    end.countDown();
    provider.close();
    executor.shutdownNow();
  }

  private CacheManager manager(String parameters) {
    return provider.getCacheManager(
        URI.create(TestCaches.memoryUri() + "?" + parameters),
        getClass().getClassLoader(),
        new Properties());
  }

  private static LarderConfigurationBuilder<String, String> strings() {
    return LarderConfiguration.builder(String.class, String.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void callbacksThatTakeEachOthersKeys_failAfterTheTimeout(boolean byValue) throws Exception {
    CacheManager manager = manager("lock.timeout=200ms");
    Cache<String, String> cache =
        manager.createCache("c", strings().storeByValue(byValue).statistics(true).build());
    CyclicBarrier both = new CyclicBarrier(2);
    List<Future<Boolean>> results = new ArrayList<>();
    for (List<String> keys : List.of(List.of("a", "b"), List.of("b", "a"))) {
      EntryProcessor<String, String, Void> takesTheOther =
          (entry, arguments) -> {
            awaitQuietly(both);
            cache.put(keys.get(1), "by " + keys.get(0));
            entry.setValue("done");
            return null;
          };
      results.add(executor.submit(() -> succeeds(() -> cache.invoke(keys.get(0), takesTheOther))));
    }
    int succeeded = 0;
    for (Future<Boolean> result : results) {
      succeeded += result.get() ? 1 : 0;
    }

    assertThat(succeeded).isLessThan(2);
    cache.put("a", "1");
    cache.put("b", "2");
    assertThat(cache.get("a") + cache.get("b")).isEqualTo("12");
    long counted = 2L * succeeded + 2;
    assertThat(TestBeans.statistics(cache).getCachePuts()).isEqualTo(counted);
  }

  private static void awaitQuietly(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean succeeds(Runnable call) {
    try {
      call.run();
      return true;
    } catch (CacheException e) {
      assertThat(e.getCause()).hasMessageContaining("lock.timeout");
      return false;
    }
  }

  private static MutableCacheEntryListenerConfiguration<String, String> asynchronous(
      CacheEntryListener<String, String> listener) {
    return new MutableCacheEntryListenerConfiguration<>(() -> listener, null, false, false);
  }

  private static CacheEntryCreatedListener<String, String> created(Consumer<String> keys) {
    return events -> events.forEach(event -> keys.accept(event.getKey()));
  }

  @Test
  void slowListener_slowsWritersDown_andMissesNothing() {
    CacheManager manager = manager("events.limit=5");
    Set<String> heard = new HashSet<>();
    Cache<String, String> cache =
        manager.createCache(
            "c",
            strings()
                .listener(
                    asynchronous(
                        created(
                            key -> {
                              synchronized (heard) {
                                heard.add(key);
                              }
                            })))
                .build());

    for (int number = 0; number < 2_000; number++) {
      cache.put("k" + number, "v");
    }

    await()
        .until(
            () -> {
              synchronized (heard) {
                return heard.size() == 2_000;
              }
            });
  }

  @Test
  void hangingListener_failsWritersThatChangedNothing() {
    CacheManager manager = manager("events.limit=5&lock.timeout=100ms");
    Cache<String, String> cache =
        manager.createCache(
            "c",
            strings().statistics(true).listener(asynchronous(created(key -> awaitEnd()))).build());
    for (int number = 0; number < 6; number++) { // one is with the listener, five wait
      cache.put("k" + number, "v");
    }
    await().until(() -> fails(() -> cache.put("one too many", "v")));

    assertThat(cache.containsKey("one too many")).isFalse();
    assertThatThrownBy(() -> cache.remove("k1"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("events.limit is 5");
    assertThat(cache.get("k1")).isEqualTo("v");
    assertThat(TestBeans.statistics(cache).getCacheRemovals()).isZero();
  }

  private static boolean fails(Runnable call) {
    try {
      call.run();
      return false;
    } catch (CacheException e) {
      return true;
    }
  }

  private void awaitEnd() {
    try {
      end.await(50, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void listenerThatWrites_doesNotWaitForItself() {
    CacheManager manager = manager("events.limit=1");
    Cache<String, String> echoes = manager.createCache("echoes", strings().build());
    Cache<String, String> cache = manager.createCache("c", strings().build());
    cache.registerCacheEntryListener(
        asynchronous(
            created(
                key -> {
                  echoes.put(key, "heard");
                  if (key.length() < 8) {
                    cache.put(key + "+", "by the listener");
                    cache.put(key + "-", "by the listener");
                  }
                })));
    cache.put("k", "v");

    await().until(() -> cache.containsKey("k-------") && echoes.containsKey("k+++++++"));
    String result =
        cache.invoke(
            "x",
            (entry, arguments) -> {
              for (int number = 0; number < 50; number++) {
                cache.put("of the processor, " + number, "v");
              }
              return "done";
            });
    assertThat(result).isEqualTo("done");
  }

  @Test
  void moreExpiringEntriesThanNotes_areToldAllTheSame() {
    CacheManager manager = manager("expiry.limit=20");
    Set<String> heard = ConcurrentHashMap.newKeySet();
    CacheEntryExpiredListener<String, String> listener =
        events -> events.forEach(event -> heard.add(event.getKey()));
    LarderCache<?, ?> unwrapped =
        manager
            .createCache("c", strings().listener(asynchronous(listener)).build())
            .unwrap(LarderCache.class);
    @SuppressWarnings("unchecked") // the types of the cache
    LarderCache<String, String> cache = (LarderCache<String, String>) unwrapped;
    for (int number = 199; number >= 0; number--) {
      cache.put("k" + number, "v", Duration.ofMillis(500 + 10L * number));
    }

    await().atMost(30, TimeUnit.SECONDS).until(() -> heard.size() == 200);
  }
}
