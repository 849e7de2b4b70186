package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.engine.Databases;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.jcache.configuration.LarderConfiguration;
import io.larder.jcache.configuration.LarderConfigurationBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bounded cache holds what its bound says, in memory and on disk, and keeps what is used. */
@Timeout(60)
final class BoundsTest {
  private static final int MOST = 500;

  /** What may be in the cache above its bound while two threads write: see the manual. */
  private static final int SLACK = 8;

  @TempDir Path directory;

  private static LarderConfigurationBuilder<Integer, String> bounded() {
    return LarderConfiguration.builder(Integer.class, String.class)
        .maxEntries(MOST)
        .statistics(true);
  }

  private static long count(Cache<?, ?> cache) {
    long count = 0;
    try (Cursor cursor = cache.unwrap(Keyspace.class).cursor(KeyRange.all())) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }

  @Test
  void entries_neverExceedTheBound_underTwoThreads() throws Exception {
    try (TestCaches caches = TestCaches.in(directory);
        AutoCloseableExecutor executor = new AutoCloseableExecutor()) {
      Cache<Integer, String> cache = caches.manager().createCache("c", bounded().build());
      long most = 0;
      CountDownLatch writing = new CountDownLatch(2);
      Future<?> one = executor.submit(() -> fill(cache, 0, writing));
      Future<?> two = executor.submit(() -> fill(cache, 1, writing));
      do {
        most = Math.max(most, count(cache));
      } while (writing.getCount() > 0);
      one.get();
      two.get();

      assertThat(most).isLessThanOrEqualTo(MOST + SLACK);
      assertThat(count(cache)).isEqualTo(MOST);
      assertThat(TestBeans.statistics(cache).getCacheEvictions())
          .isEqualTo(2 * 4_000 - count(cache));
      assertThat(TestBeans.statistics(cache).getCacheRemovals()).isZero();
    }
  }

  private static void fill(Cache<Integer, String> cache, int first, CountDownLatch writing) {
    try {
      for (int number = 0; number < 4_000; number++) {
        cache.put(2 * number + first, "value " + number);
      }
    } finally {
      writing.countDown();
    }
  }

  private static final class AutoCloseableExecutor implements AutoCloseable {
    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    Future<?> submit(Runnable task) {
      return executor.submit(task);
    }

    @Override
    public void close() {
      executor.shutdownNow();
    }
  }

  @Test
  void usedEntries_stay() {
    try (TestCaches caches = TestCaches.inMemory()) {
      Cache<Integer, String> cache = caches.manager().createCache("c", bounded().build());
      for (int number = 0; number < MOST; number++) {
        cache.put(number, "v");
      }
      for (int round = 0; round < 5; round++) {
        for (int number = 0; number < 100; number++) {
          assertThat(cache.get(number)).isEqualTo("v");
        }
      }
      for (int number = MOST; number < 10 * MOST; number++) {
        cache.put(number, "v");
      }

      int kept = 0;
      for (int number = 0; number < 100; number++) {
        kept += cache.containsKey(number) ? 1 : 0;
      }
      assertThat(kept).isGreaterThan(90);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bytes_areBoundedToo(boolean mutable) {
    try (TestCaches caches = TestCaches.in(directory)) {
      LarderConfigurationBuilder<Object, Object> configuration =
          LarderConfiguration.builder(Object.class, Object.class).maxBytes(100_000);
      Cache<Object, Object> cache = caches.manager().createCache("c", configuration.build());
      for (int number = 0; number < 500; number++) {
        cache.put("key " + number, mutable ? new byte[1_000] : "v".repeat(1_000));
      }

      assertThat(count(cache)).isBetween(90L, 100L);
    }
  }

  @Test
  void reopening_countsWhatIsThere_andASmallerBoundEvicts() {
    use(
        manager -> {
          Cache<Integer, String> cache = manager.createCache("c", bounded().build());
          for (int number = 0; number < MOST; number++) {
            cache.put(number, "v");
          }
        });

    use(
        manager -> {
          Cache<Integer, String> cache = manager.getCache("c");
          assertThat(count(cache)).isEqualTo(MOST);
          cache.put(-1, "v");
          assertThat(count(cache)).isEqualTo(MOST);
        });
    use(
        manager ->
            assertThat(count(manager.createCache("c", bounded().maxEntries(20).build())))
                .isEqualTo(20));
    use(manager -> assertThat(count(manager.getCache("c"))).isEqualTo(20));
  }

  /** A cache whose bound was lowered could not be opened on a database that takes no writes: not even to be read. */
  @Test
  void smallerBound_whereWritesHaveStopped_opensAndEvictsLater() throws IOException {
    use(
        manager -> {
          Cache<Integer, String> cache = manager.createCache("c", bounded().build());
          for (int number = 0; number < MOST; number++) {
            cache.put(number, "v");
          }
        });
    LarderUri uri = LarderUri.parse(TestCaches.uri(directory, "sync=none").toString());
    try (Database stopped = Databases.open(uri)) {
      Files.delete(directory.resolve("LOCK"));
      assertThatThrownBy(() -> stopped.createKeyspace("other"))
          .hasStackTraceContaining("lock file");
      assertThat(stopped.statistics().writesStopped()).isTrue();
      use(
          "sync=none&cache.c.max.entries=20",
          manager -> {
            Cache<Integer, String> cache = manager.getCache("c", Integer.class, String.class);
            assertThat(cache.get(7)).isEqualTo("v");
            assertThat(count(cache)).isEqualTo(MOST);
          });
    }
    use(
        "sync=none&cache.c.max.entries=20",
        manager -> assertThat(count(manager.getCache("c"))).isEqualTo(20));
  }

  @Test
  void otherDoors_areBoundedAlike() {
    use(
        manager -> {
          Cache<Integer, String> cache = manager.createCache("c", bounded().build());
          Keyspace keyspace = manager.unwrap(Database.class).keyspace("c");
          use(
              other -> {
                Cache<Integer, String> same = other.getCache("c");
                for (int number = 0; number < 2 * MOST; number++) {
                  same.put(number, "v");
                }
              });
          assertThat(count(cache)).isEqualTo(MOST);
          assertThat(TestBeans.statistics(cache).getCacheEvictions()).isPositive();

          keyspace.database().clearKeyspace("c");
          for (int number = 0; number < MOST; number++) {
            cache.put(number, "v");
          }
          assertThat(count(cache)).isEqualTo(MOST);
        });
  }

  @Test
  void evictions_areNoEvents() {
    try (TestCaches caches = TestCaches.inMemory()) {
      RecordingListener listener = new RecordingListener();
      Cache<String, String> cache =
          caches
              .manager()
              .createCache(
                  "c",
                  LarderConfiguration.builder(String.class, String.class)
                      .maxEntries(10)
                      .expireAfterCreation(Duration.ofMillis(400))
                      .listener(listener.configuration(true, true))
                      .build());
      for (int number = 0; number < 100; number++) {
        cache.put("k" + number, "v");
      }
      await()
          .until(() -> listener.events.stream().filter(e -> e.startsWith("EXPIRED")).count() == 10);

      assertThat(listener.events).hasSize(110).noneMatch(event -> event.startsWith("REMOVED"));
    }
  }

  @Test
  void references_areBoundedInEntries() {
    try (TestCaches caches = TestCaches.inMemory()) {
      Cache<Integer, String> cache =
          caches.manager().createCache("c", bounded().storeByValue(false).build());
      for (int number = 0; number < 3 * MOST; number++) {
        cache.put(number, "v");
      }

      assertThat(cache).hasSize(MOST);
      assertThat(TestBeans.statistics(cache).getCacheEvictions()).isEqualTo(2L * MOST);
    }
  }

  @Test
  void callbacksThatHoldKeys_delayEvictionOnly() {
    try (TestCaches caches = TestCaches.inMemory()) {
      Cache<Integer, String> cache = caches.manager().createCache("c", bounded().build());
      cache.invoke(
          0,
          (entry, arguments) -> {
            for (int number = 1; number < 3 * MOST; number++) {
              cache.put(number, "v");
            }
            entry.setValue("mine");
            return null;
          });
      cache.put(-1, "v");

      assertThat(count(cache)).isEqualTo(MOST);
    }
  }

  @Test
  void expiredEntries_leaveTheDiskUntouched() {
    use(
        "ttl.sweep=100ms&merge.rate=0",
        manager -> {
          Database database = fillWithWhatExpires(manager);
          database.flush();
          await()
              .atMost(40, TimeUnit.SECONDS)
              .until(() -> database.statistics().get("table.bytes") < 50_000);
        });
  }

  @Test
  void expiredEntries_leaveMemoryUntouched() {
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      CacheManager manager =
          provider.getCacheManager(
              URI.create(TestCaches.memoryUri() + "?ttl.sweep=100ms"),
              getClass().getClassLoader(),
              new Properties());
      Database database = fillWithWhatExpires(manager);
      await()
          .atMost(40, TimeUnit.SECONDS)
          .until(() -> database.statistics().get("memtable.entries") < 500);
    }
  }

  private static Database fillWithWhatExpires(CacheManager manager) {
    Cache<String, String> cache =
        manager.createCache(
            "c",
            LarderConfiguration.builder(String.class, String.class)
                .expireAfterCreation(Duration.ofMillis(50))
                .build());
    for (int number = 0; number < 5_000; number++) {
      cache.put("k" + number, "v".repeat(200));
    }
    return manager.unwrap(Database.class);
  }

  private void use(Consumer<CacheManager> user) {
    use("sync=none", user);
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
