package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.engine.Databases;
import io.larder.engine.api.Database;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.jcache.configuration.LarderConfiguration;
import io.larder.jcache.configuration.LarderConfigurationBuilder;
import io.larder.tables.Store;
import io.larder.tables.Table;
import java.lang.ref.WeakReference;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Caches in memory keep objects until somebody else could look for their bytes; nobody notices when. */
@Timeout(120)
final class RelocationTest {
  private final LarderCachingProvider provider = new LarderCachingProvider();
  private final URI uri = TestCaches.memoryUri();
  private final CacheManager manager = manager("");
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    threads.shutdownNow();
    provider.close();
  }

  private CacheManager manager(String parameters) {
    return provider.getCacheManager(
        URI.create(uri + parameters), getClass().getClassLoader(), new Properties());
  }

  private static LarderConfigurationBuilder<String, String> strings() {
    return LarderConfiguration.builder(String.class, String.class);
  }

  private Database open() {
    return Databases.open(LarderUri.parse(uri.toString()));
  }

  @SuppressWarnings("unchecked") // the types of the cache
  private static LarderCache<String, String> own(Cache<String, String> cache) {
    return cache.unwrap(LarderCache.class);
  }

  /** An object of its own, which no other has the identity of. */
  private static String unique(String text) {
    return new String(text.toCharArray());
  }

  @Test
  void aCacheAlone_keepsObjects_andCopiesNothing() {
    Cache<String, String> cache = manager.createCache("c", strings().build());
    String value = unique("v");
    cache.put("k", value);
    assertThat(cache.get("k")).isSameAs(value);

    cache.close();
    assertThat(manager.<String, String>getCache("c").get("k")).isSameAs(value);
  }

  @Test
  void withoutHeap_theyAreBytesAtOnce() {
    try (CacheManager none =
        provider.getCacheManager(
            TestCaches.memoryUri(), getClass().getClassLoader(), properties("heap.size", "0"))) {
      Cache<String, String> cache = none.createCache("c", strings().build());
      String value = unique("v");
      cache.put("k", value);
      assertThat(cache.get("k")).isEqualTo("v").isNotSameAs(value);
    }
  }

  private static Properties properties(String name, String value) {
    Properties properties = new Properties();
    properties.setProperty(name, value);
    return properties;
  }

  @Test
  void nextOpener_findsAllEntries_andBothDoorsShowTheSame() {
    Cache<String, String> cache = manager.createCache("c", strings().build());
    for (int number = 0; number < 3_000; number++) {
      cache.put("k" + number, "v" + number);
    }
    own(cache).expire("k1", Duration.ofHours(1));

    try (LarderCachingProvider others = new LarderCachingProvider()) {
      CacheManager other =
          others.getCacheManager(uri, getClass().getClassLoader(), new Properties());
      Cache<String, String> same = other.getCache("c");
      assertThat(same).hasSize(3_000);
      assertThat(own(same).expiryOf("k1")).isPresent();
      assertThat(own(same).expiryOf("k2")).isEmpty();
      same.put("k1", "theirs");
      cache.remove("k2");
      assertThat(cache.get("k1")).isEqualTo("theirs");
      assertThat(same.containsKey("k2")).isFalse();

      Cache<String, String> later = manager.createCache("later", strings().build());
      later.put("k", "v");
      assertThat(other.<String, String>getCache("later").get("k")).isEqualTo("v");
    }
    cache.close();
    assertThat(manager.<String, String>getCache("c")).hasSize(2_999);
  }

  @Test
  void whatLiesBehind_isThereOnceAskedFor() {
    List<Class<?>> doors = List.of(Table.class, Keyspace.class, Database.class);
    for (Class<?> door : doors) {
      try (TestCaches alone = TestCaches.inMemory()) {
        Cache<String, String> cache = alone.create(TestCaches.strings());
        cache.put("k", "v");
        Object behind = cache.unwrap(door);
        Keyspace keyspace =
            behind instanceof Table table
                ? table.keyspace()
                : behind instanceof Database database
                    ? database.keyspace("cache")
                    : (Keyspace) behind;
        assertThat(keyspace.statistics().entriesEstimated()).isOne();
      }
    }
    for (Class<?> door : List.of(Store.class, Database.class)) {
      try (TestCaches alone = TestCaches.inMemory()) {
        alone.create(TestCaches.strings()).put("k", "v");
        Object behind = alone.manager().unwrap(door);
        Database database = behind instanceof Store store ? store.database() : (Database) behind;
        assertThat(database.keyspace("cache").statistics().entriesEstimated()).isOne();
      }
    }
  }

  @Test
  void destroyedCache_leavesNothing() {
    manager.createCache("c", strings().build()).put("k", "v");
    manager.destroyCache("c");
    assertThat(manager.createCache("c", strings().build()).get("k")).isNull();
  }

  /** What opens inside a callback would have to wait for its own key. */
  @Test
  void openingInsideACallback_isRefusedAndNamesTheWayOut() {
    Cache<String, String> cache = manager.createCache("c", strings().build());
    cache.put("k", "v");
    EntryProcessor<String, String, Void> opens =
        (entry, arguments) -> {
          open().close();
          return null;
        };
    assertThatThrownBy(() -> cache.invoke("k", opens))
        .hasRootCauseInstanceOf(CacheException.class)
        .hasStackTraceContaining("heap.size=0");

    try (Database opened = open()) {
      assertThat(opened.keyspace("c").statistics().entriesEstimated()).isOne();
      assertThat(cache.get("k")).isEqualTo("v");
    }
  }

  @Test
  void databaseWithoutRoom_refusesTheOpener_andNothingIsLost() {
    try (LarderCachingProvider full = new LarderCachingProvider()) {
      URI small = URI.create(TestCaches.memoryUri() + "?memory.limit=2MB");
      CacheManager alone =
          full.getCacheManager(small, getClass().getClassLoader(), new Properties());
      Cache<String, String> cache = alone.createCache("c", strings().build());
      Cache<String, Object> other =
          alone.createCache(
              "bytes", LarderConfiguration.builder(String.class, Object.class).build());
      for (int number = 0; number < 1_000; number++) {
        cache.put("k" + number, "v".repeat(500));
      }
      fill(other);

      assertThatThrownBy(() -> Databases.open(LarderUri.parse(small.toString())))
          .hasMessageContaining("memory.limit");
      assertThat(cache).hasSize(1_000);
      cache.put("k1", "still mine");

      other.removeAll();
      try (Database opened = awaitOpen(small)) {
        assertThat(opened.keyspace("c").statistics().entriesEstimated()).isGreaterThan(900);
        assertThat(cache).hasSize(1_000);
        assertThat(cache.get("k1")).isEqualTo("still mine");
      }
    }
  }

  private static Database awaitOpen(URI uri) {
    return await()
        .ignoreExceptionsInstanceOf(CacheException.class)
        .until(() -> Databases.open(LarderUri.parse(uri.toString())), opened -> true);
  }

  private static void fill(Cache<String, Object> cache) {
    try {
      for (int number = 0; number < 100_000; number++) {
        cache.put("b" + number, new byte[1_000]);
      }
    } catch (CacheException e) {
      assertThat(e).hasMessageContaining("memory.limit");
    }
  }

  @Test
  void moreThanMemoryMayTake_isBoundedAsEver() {
    URI small = URI.create(TestCaches.memoryUri() + "?memory.limit=4MB");
    try (LarderCachingProvider full = new LarderCachingProvider()) {
      Cache<String, String> cache =
          full.getCacheManager(small, getClass().getClassLoader(), new Properties())
              .createCache("c", strings().build());
      assertThatThrownBy(
              () -> {
                for (int number = 0; number < 100_000; number++) {
                  cache.put("k" + number, "v".repeat(100));
                }
              })
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("memory.limit");
      assertThat(cache.get("k1")).isEqualTo("v".repeat(100));
      assertThat(cache.unwrap(Database.class).statistics().get("memtable.bytes"))
          .isBetween(1L << 20, 4L << 20);
    }
  }

  @Test
  void tooLargeKeysAndValues_areRefusedAsTheDatabaseWould() {
    Cache<String, String> cache = manager.createCache("c", strings().build());
    cache.put("k".repeat(1_000), "v");
    cache.put("k", "v".repeat(1_000_000));
    assertThatThrownBy(() -> cache.put("k".repeat(2_000), "v"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("key.limit");
    assertThatThrownBy(() -> cache.put("k", "v".repeat(1 << 20)))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("value.limit");

    try (Database opened = open()) {
      assertThat(opened.keyspace("c").statistics().entriesEstimated()).isEqualTo(2);
    }
  }

  @Test
  void expiredEntries_leaveTheHeapUntouched() {
    CacheManager sweeping =
        provider.getCacheManager(
            URI.create(TestCaches.memoryUri() + "?ttl.sweep=10ms"),
            getClass().getClassLoader(),
            new Properties());
    Cache<String, String> cache =
        sweeping.createCache("c", strings().expireAfterCreation(Duration.ofMillis(20)).build());
    WeakReference<String> value = put(cache);
    await()
        .until(
            () -> {
              System.gc();
              return value.refersTo(null);
            });
  }

  private static WeakReference<String> put(Cache<String, String> cache) {
    String value = unique("v");
    cache.put("k", value);
    return new WeakReference<>(value);
  }

  @Test
  void aBoundInEntries_holdsBeforeAndAfter() {
    Cache<String, String> cache = manager.createCache("c", strings().maxEntries(50).build());
    for (int number = 0; number < 200; number++) {
      cache.put("k" + number, "v");
    }
    assertThat(cache).hasSize(50);
    try (Database opened = open()) {
      for (int number = 200; number < 400; number++) {
        cache.put("k" + number, "v");
      }
      assertThat(cache).hasSize(50);
      assertThat(opened.keyspace("c").statistics().entriesEstimated()).isPositive();
    }
  }

  /** Every class that may be kept as an object comes back from bytes as it was. */
  @Test
  void everyScalar_isTheSameAfterTheMove() {
    Instant instant = Instant.parse("2026-11-23T04:05:06.123456789Z");
    List<Object> scalars =
        List.of(
            "",
            "text",
            "\ud800 alone",
            "\ud83d\ude00",
            Integer.MIN_VALUE,
            Long.MAX_VALUE,
            (short) -3,
            (byte) 7,
            'x',
            '\udfff',
            true,
            -0.0f,
            Float.NaN,
            Double.MIN_VALUE,
            -0.0,
            new UUID(1, -1),
            new BigInteger("-123456789012345678901234567890"),
            new BigDecimal("1.00"),
            new BigDecimal("-1E+30"),
            BigDecimal.ZERO.setScale(5),
            LocalDate.MIN,
            LocalDate.MAX,
            LocalTime.MAX,
            LocalDateTime.MIN,
            instant,
            Instant.MIN,
            Instant.MAX,
            Duration.ofSeconds(Long.MIN_VALUE),
            Duration.ofNanos(-1),
            OffsetDateTime.parse("2026-11-23T04:05:06.000000001+13:45"),
            OffsetDateTime.MAX);
    List<Cache<Object, Object>> byKey = new ArrayList<>();
    List<Cache<Object, Object>> byValue = new ArrayList<>();
    for (int index = 0; index < scalars.size(); index++) {
      Object scalar = scalars.get(index);
      byValue.add(cache("v" + index, Integer.class, scalar.getClass()));
      byValue.get(index).put(1, scalar);
      boolean mayBeKey = !(scalar instanceof String text && text.isEmpty());
      byKey.add(cache("k" + index, mayBeKey ? scalar.getClass() : Integer.class, Integer.class));
      byKey.get(index).put(mayBeKey ? scalar : 1, 1);
    }
    open().close();
    for (int index = 0; index < scalars.size(); index++) {
      Object scalar = scalars.get(index);
      assertThat(byValue.get(index).get(1)).isEqualTo(scalar).hasSameClassAs(scalar);
      assertThat(byKey.get(index)).hasSize(1);
      boolean mayBeKey = !(scalar instanceof String text && text.isEmpty());
      assertThat(byKey.get(index).get(mayBeKey ? scalar : 1)).isEqualTo(1);
    }
  }

  @SuppressWarnings("unchecked") // what is put is of the classes
  private Cache<Object, Object> cache(String name, Class<?> keys, Class<?> values) {
    return (Cache<Object, Object>)
        (Cache<?, ?>) manager.createCache(name, LarderConfiguration.builder(keys, values).build());
  }

  /** Counters add up, whatever moves under them. */
  @RepeatedTest(5)
  void increments_areNeitherLostNorDoubled_whileAnotherHandleIsOpened() throws Exception {
    Cache<String, Long> counters =
        manager.createCache("c", LarderConfiguration.builder(String.class, Long.class).build());
    for (int number = 0; number < 2_000; number++) {
      counters.put("ballast" + number, 0L);
    }
    AtomicBoolean moved = new AtomicBoolean();
    EntryProcessor<String, Long, Long> increment =
        (entry, arguments) -> {
          long next = entry.exists() ? entry.getValue() + 1 : 1;
          entry.setValue(next);
          return next;
        };
    List<Callable<long[]>> tasks = new ArrayList<>();
    for (int thread = 0; thread < 3; thread++) {
      int first = thread;
      tasks.add(
          () -> {
            long[] done = new long[8];
            int after = 0;
            for (int round = first; after < 400; round++) {
              int number = round % done.length;
              add(counters, increment, number, round);
              done[number]++;
              after += moved.get() ? 1 : 0;
            }
            return done;
          });
    }
    List<Future<long[]>> adding = new ArrayList<>();
    tasks.forEach(task -> adding.add(threads.submit(task)));
    Future<Boolean> walking = threads.submit(() -> walk(counters, moved));
    await().until(() -> counters.containsKey("k7"));
    try (Database opened = open()) {
      moved.set(true);
      long[] expected = new long[8];
      for (Future<long[]> each : adding) {
        long[] done = each.get(60, TimeUnit.SECONDS);
        IntStream.range(0, done.length).forEach(number -> expected[number] += done[number]);
      }
      assertThat(walking.get(60, TimeUnit.SECONDS)).isTrue();
      for (int number = 0; number < expected.length; number++) {
        assertThat(counters.get("k" + number)).isEqualTo(expected[number]);
      }
      assertThat(counters).hasSize(2_008);
      assertThat(opened.keyspace("c").statistics().entriesEstimated()).isGreaterThan(2_000);
    }
  }

  private static void add(
      Cache<String, Long> counters,
      EntryProcessor<String, Long, Long> increment,
      int number,
      int round) {
    String key = "k" + number;
    if (round % 3 == 0) {
      Long before = counters.get(key);
      while (before == null
          ? !counters.putIfAbsent(key, 1L)
          : !counters.replace(key, before, before + 1)) {
        before = counters.get(key);
      }
    } else if (round % 3 == 1) {
      counters.invokeAll(Set.of(key), increment);
    } else {
      counters.invoke(key, increment);
    }
  }

  /** Walks and reads meanwhile: nothing is shown twice, nothing that stays is missed, nothing runs backwards. */
  private static boolean walk(Cache<String, Long> counters, AtomicBoolean moved) {
    long highest = 0;
    boolean again = true;
    while (again) {
      again = !moved.get();
      Set<String> seen = new HashSet<>();
      for (Cache.Entry<String, Long> entry : counters) {
        assertThat(seen.add(entry.getKey())).as("%s once", entry.getKey()).isTrue();
      }
      assertThat(seen).hasSizeGreaterThanOrEqualTo(2_000);
      Long now = counters.get("k3");
      assertThat(now == null ? 0 : now).isGreaterThanOrEqualTo(highest);
      highest = now == null ? 0 : now;
    }
    return true;
  }

  /** A batch is seen whole or not at all, before, during and after the move. */
  @RepeatedTest(3)
  void putAll_isSeenWhole_whileAnotherHandleIsOpened() throws Exception {
    Cache<String, String> cache = manager.createCache("c", strings().build());
    Set<String> keys = Set.of("a", "b", "c", "d", "e", "f", "g", "h");
    AtomicBoolean done = new AtomicBoolean();
    AtomicBoolean moved = new AtomicBoolean();
    cache.putAll(all(keys, "0"));
    Future<?> writing =
        threads.submit(
            () -> {
              int rest = 300;
              for (int round = 1; rest > 0; round++) {
                cache.putAll(all(keys, "" + round));
                rest -= moved.get() ? 1 : 0;
              }
              done.set(true);
            });
    Future<?> reading =
        threads.submit(
            () -> {
              while (!done.get()) {
                Map<String, String> found = cache.getAll(keys);
                assertThat(found).hasSize(keys.size());
                assertThat(new HashSet<>(found.values())).hasSize(1);
              }
            });
    try (Database opened = open()) {
      moved.set(true);
      writing.get(60, TimeUnit.SECONDS);
      reading.get(60, TimeUnit.SECONDS);
      assertThat(opened.keyspace("c").statistics().entriesEstimated()).isEqualTo(keys.size());
    }
  }

  private static Map<String, String> all(Set<String> keys, String value) {
    Map<String, String> entries = new HashMap<>();
    keys.forEach(key -> entries.put(key, value));
    return entries;
  }

  /** Clearing waits for nobody, and what it cleared does not come back with the move. */
  @RepeatedTest(20)
  void clear_whileAnotherHandleIsOpened_leavesNothing() throws Exception {
    Cache<String, String> cache = manager.createCache("c", strings().build());
    for (int number = 0; number < 500; number++) {
      cache.put("k" + number, "v");
    }
    Future<?> clearing = threads.submit(cache::clear);
    try (Database opened = open()) {
      clearing.get(60, TimeUnit.SECONDS);
      assertThat(opened.keyspace("c").statistics().entriesEstimated()).isZero();
      assertThat(cache).isEmpty();
      cache.put("k", "v");
      assertThat(cache).hasSize(1);
    }
  }

  /** A callback that holds a key delays the move, and goes on with other keys meanwhile. */
  @Test
  void opener_waitsForCallbacks_whichMayUseOtherKeys() throws Exception {
    Cache<String, String> cache = manager.createCache("c", strings().build());
    CountDownLatch inside = new CountDownLatch(1);
    EntryProcessor<String, String, Void> slow =
        (entry, arguments) -> {
          inside.countDown();
          for (int number = 0; number < 2_000; number++) {
            cache.put("other" + number, "v");
          }
          entry.setValue("done");
          return null;
        };
    Future<?> running = threads.submit(() -> cache.invoke("k", slow));
    assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();
    try (Database opened = open()) {
      assertThat(cache.get("k")).isEqualTo("done");
      running.get(60, TimeUnit.SECONDS);
      assertThat(cache).hasSize(2_001);
      assertThat(opened.keyspace("c").statistics().entriesEstimated()).isEqualTo(2_001);
    }
  }
}
