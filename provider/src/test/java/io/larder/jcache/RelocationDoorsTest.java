package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.jcache.configuration.LarderConfiguration;
import io.larder.tables.Table;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Objects kept for a while are nobody's surprise: by side doors, in callbacks, in batches and without room. */
@Timeout(120)
final class RelocationDoorsTest {
  private final LarderCachingProvider provider = new LarderCachingProvider();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    threads.shutdownNow();
    provider.close();
  }

  private CacheManager manager(String parameters) {
    return provider.getCacheManager(
        URI.create(TestCaches.memoryUri() + parameters),
        getClass().getClassLoader(),
        new Properties());
  }

  private static Cache<String, String> strings(CacheManager manager, String name) {
    return manager.createCache(
        name, LarderConfiguration.builder(String.class, String.class).build());
  }

  private static int entries(Database database, String name) {
    int count = 0;
    try (Cursor cursor = database.keyspace(name).cursor(KeyRange.all())) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }

  /** A cache that never kept objects leads to the tables of those that do. */
  @Test
  void whatLiesBehindATable_showsAllCaches() {
    for (Class<?> door : new Class<?>[] {Database.class, Keyspace.class, Table.class}) {
      CacheManager manager = manager("");
      Cache<String, String> objects = strings(manager, "objects");
      objects.put("k", "v");
      Cache<String, Object> table =
          manager.createCache(
              "table", LarderConfiguration.builder(String.class, Object.class).build());
      Object behind = table.unwrap(door);
      Database database =
          behind instanceof Database itself
              ? itself
              : behind instanceof Keyspace keyspace
                  ? keyspace.database()
                  : ((Table) behind).keyspace().database();
      assertThat(entries(database, "objects")).isOne();
      database.clearKeyspace("objects");
      assertThat(objects.get("k")).isNull();
    }
  }

  @Test
  void unwrappingToNothingKnown_movesNothing() {
    Cache<String, String> cache = strings(manager(""), "c");
    String value = new String("v".toCharArray());
    cache.put("k", value);
    assertThatThrownBy(() -> cache.unwrap(Integer.class))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(cache.get("k")).isSameAs(value);
  }

  /** What a processor sets after it has cleared the cache stays, before the move as after it. */
  @Test
  void aProcessorThatClearsAndSets_keepsWhatItSets() {
    for (boolean isMoved : new boolean[] {false, true}) {
      Cache<String, String> cache = strings(manager(""), "c");
      if (isMoved) {
        cache.unwrap(Database.class);
      }
      cache.put("k", "old");
      cache.put("other", "old");
      EntryProcessor<String, String, Void> clearing =
          (entry, arguments) -> {
            cache.clear();
            cache.put("meanwhile", "v");
            cache.clear();
            entry.setValue("new");
            return null;
          };
      cache.invoke("k", clearing);
      assertThat(cache).hasSize(1);
      assertThat(cache.get("k")).isEqualTo("new");
    }
  }

  /** Hears of entries created. */
  public static final class Ignoring implements CacheEntryCreatedListener<String, String> {
    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      throw new IllegalStateException("nothing is created");
    }
  }

  @Test
  void aBatchWithOneValueTooLarge_isRefusedAsAWhole() {
    for (boolean isMoved : new boolean[] {false, true}) {
      CacheManager manager = manager("");
      Cache<String, String> cache = strings(manager, "c");
      cache.registerCacheEntryListener(
          new MutableCacheEntryListenerConfiguration<>(
              FactoryBuilder.factoryOf(Ignoring.class), null, false, true));
      if (isMoved) {
        cache.unwrap(Database.class);
      }
      Map<String, String> batch = new LinkedHashMap<>();
      for (int number = 0; number < 20; number++) {
        batch.put("k" + number, number == 15 ? "v".repeat(2 << 20) : "v");
      }
      assertThatThrownBy(() -> cache.putAll(batch))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("value.limit");
      assertThat(cache).isEmpty();
    }
  }

  /** A callback that holds a key keeps the move waiting that would make room, but nobody who writes. */
  @Test
  void fullHeap_whileACallbackHoldsAKey_takesWhatIsWritten() throws Exception {
    CacheManager manager = manager("?memory.limit=8MB&lock.timeout=100ms");
    Cache<String, String> cache = strings(manager, "c");
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    EntryProcessor<String, String, Boolean> slow =
        (entry, arguments) -> {
          inside.countDown();
          try {
            return done.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        };
    Future<Boolean> running = threads.submit(() -> cache.invoke("held", slow));
    assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
    String value = "v".repeat(400_000);
    for (int number = 0; number < 14; number++) {
      cache.put("k" + number, value);
    }
    assertThat(cache).hasSize(14);
    done.countDown();
    assertThat(running.get(60, TimeUnit.SECONDS)).isTrue();
  }
}
