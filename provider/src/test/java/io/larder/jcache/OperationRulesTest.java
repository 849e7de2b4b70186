package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.management.CacheStatisticsMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each operation counts, that it is atomic, what expired entries are to it, and what it copies. */
@Timeout(60)
final class OperationRulesTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 500;

  private final TestCaches caches = TestCaches.inMemory();

  @AfterEach
  void close() {
    caches.close();
  }

  /** An operation on a cache of k=v, and the hits, misses, puts and removals it counts. */
  private record Counted(String name, Consumer<Cache<String, String>> operation, long... expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Counted> operations() {
    return Stream.of(
        new Counted("get", c -> c.get("k"), 1, 0, 0, 0),
        new Counted("get, absent", c -> c.get("a"), 0, 1, 0, 0),
        new Counted("getAll", c -> c.getAll(Set.of("k", "a", "b")), 1, 2, 0, 0),
        new Counted("containsKey", c -> c.containsKey("k"), 0, 0, 0, 0),
        new Counted("put", c -> c.put("k", "w"), 0, 0, 1, 0),
        new Counted("put, absent", c -> c.put("a", "w"), 0, 0, 1, 0),
        new Counted("putAll", c -> c.putAll(Map.of("k", "w", "a", "w")), 0, 0, 2, 0),
        new Counted("getAndPut", c -> c.getAndPut("k", "w"), 1, 0, 1, 0),
        new Counted("getAndPut, absent", c -> c.getAndPut("a", "w"), 0, 1, 1, 0),
        new Counted("putIfAbsent", c -> c.putIfAbsent("k", "w"), 1, 0, 0, 0),
        new Counted("putIfAbsent, absent", c -> c.putIfAbsent("a", "w"), 0, 1, 1, 0),
        new Counted("replace", c -> c.replace("k", "w"), 1, 0, 1, 0),
        new Counted("replace, absent", c -> c.replace("a", "w"), 0, 1, 0, 0),
        new Counted("replace of v", c -> c.replace("k", "v", "w"), 1, 0, 1, 0),
        new Counted("replace of another", c -> c.replace("k", "x", "w"), 1, 0, 0, 0),
        new Counted("replace of v, absent", c -> c.replace("a", "v", "w"), 0, 1, 0, 0),
        new Counted("getAndReplace", c -> c.getAndReplace("k", "w"), 1, 0, 1, 0),
        new Counted("getAndReplace, absent", c -> c.getAndReplace("a", "w"), 0, 1, 0, 0),
        new Counted("remove", c -> c.remove("k"), 0, 0, 0, 1),
        new Counted("remove, absent", c -> c.remove("a"), 0, 0, 0, 0),
        new Counted("remove of v", c -> c.remove("k", "v"), 1, 0, 0, 1),
        new Counted("remove of another", c -> c.remove("k", "x"), 1, 0, 0, 0),
        new Counted("remove of v, absent", c -> c.remove("a", "v"), 0, 1, 0, 0),
        new Counted("getAndRemove", c -> c.getAndRemove("k"), 1, 0, 0, 1),
        new Counted("getAndRemove, absent", c -> c.getAndRemove("a"), 0, 1, 0, 0),
        new Counted("removeAll of keys", c -> c.removeAll(Set.of("k", "a")), 0, 0, 0, 1),
        new Counted("removeAll", Cache::removeAll, 0, 0, 0, 1),
        new Counted("clear", Cache::clear, 0, 0, 0, 0),
        new Counted("invoke, nothing", c -> c.invoke("k", (e, x) -> null), 1, 0, 0, 0),
        new Counted("invoke, absent", c -> c.invoke("a", (e, x) -> null), 0, 1, 0, 0),
        new Counted("invoke, set", c -> c.invoke("k", OperationRulesTest::set), 1, 0, 1, 0),
        new Counted("invoke, remove", c -> c.invoke("k", OperationRulesTest::remove), 1, 0, 0, 1),
        new Counted("invokeAll", c -> c.invokeAll(Set.of("k", "a"), (e, x) -> null), 1, 1, 0, 0),
        new Counted("iterator", c -> c.iterator().next(), 1, 0, 0, 0),
        new Counted("iterator, remove", OperationRulesTest::removeByIterator, 1, 0, 0, 1));
  }

  private static Object set(
      javax.cache.processor.MutableEntry<String, String> entry, Object... arguments) {
    entry.setValue("w");
    return "done";
  }

  private static Object remove(
      javax.cache.processor.MutableEntry<String, String> entry, Object... arguments) {
    entry.remove();
    return "done";
  }

  private static void removeByIterator(Cache<String, String> cache) {
    Iterator<Cache.Entry<String, String>> iterator = cache.iterator();
    iterator.next();
    iterator.remove();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void operation_countsWhatTheStandardSays(Counted counted) {
    for (boolean byValue : new boolean[] {true, false}) {
      Cache<String, String> cache =
          caches
              .manager()
              .createCache(
                  "by value " + byValue,
                  TestCaches.strings().setStoreByValue(byValue).setStatisticsEnabled(true));
      cache.put("k", "v");
      CacheStatisticsMXBean statistics = TestBeans.statistics(cache);
      statistics.clear();

      counted.operation().accept(cache);

      assertThat(
              new long[] {
                statistics.getCacheHits(),
                statistics.getCacheMisses(),
                statistics.getCachePuts(),
                statistics.getCacheRemovals()
              })
          .as("hits, misses, puts, removals, by value: %s", byValue)
          .containsExactly(counted.expected());
      assertThat(statistics.getCacheGets())
          .isEqualTo(statistics.getCacheHits() + statistics.getCacheMisses());
      assertThat(statistics.getCacheEvictions()).isZero();
    }
  }

  @Test
  void statistics_countOnlyWhileSwitchedOnAndCanBeCleared() {
    Cache<String, String> cache = caches.create(TestCaches.strings().setStatisticsEnabled(true));
    cache.put("k", "1");

    caches.manager().enableStatistics("cache", false);
    cache.put("k", "2");
    caches.manager().enableStatistics("cache", true);
    CacheStatisticsMXBean statistics = TestBeans.statistics(cache);
    assertThat(statistics.getCachePuts()).isEqualTo(1);
    assertThat(statistics.getAveragePutTime()).isPositive();
    cache.get("absent");
    cache.remove("k");
    assertThat(statistics.getCacheMissPercentage()).isEqualTo(100);
    assertThat(statistics.getAverageRemoveTime()).isPositive();

    statistics.clear();
    assertThat(statistics.getCachePuts()).isZero();
    assertThat(statistics.getCacheMisses()).isZero();
    assertThat(statistics.getCacheRemovals()).isZero();
    assertThat(statistics.getAveragePutTime()).isZero();
    assertThat(statistics.getCacheHitPercentage()).isZero();
    assertThat(statistics.getCacheMissPercentage()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void expiredEntry_isNoneForEveryOperation(boolean byValue) {
    MutableConfiguration<String, String> configuration =
        TestCaches.strings()
            .setStoreByValue(byValue)
            .setStatisticsEnabled(true)
            .setExpiryPolicyFactory(
                CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.MILLISECONDS, 1)));
    Cache<String, String> cache = caches.create(configuration);
    List<String> keys = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
    keys.forEach(key -> cache.put(key, "v"));
    await().until(() -> keys.stream().noneMatch(cache::containsKey));

    assertThat(cache.get("a")).isNull();
    assertThat(cache.getAll(Set.of("a", "b"))).isEmpty();
    assertThat(cache).isEmpty();
    assertThat(cache.getAndPut("c", "w")).isNull();
    assertThat(cache.putIfAbsent("d", "w")).isTrue();
    assertThat(cache.remove("e")).isFalse();
    assertThat(cache.remove("f", "v")).isFalse();
    assertThat(cache.getAndRemove("g")).isNull();
    assertThat(cache.replace("h", "w")).isFalse();
    assertThat(cache.replace("i", "v", "w")).isFalse();
    assertThat(cache.getAndReplace("j", "w")).isNull();
    assertThat(cache.<Boolean>invoke("k", (entry, arguments) -> entry.exists())).isFalse();
    assertThat(TestBeans.statistics(cache).getCacheHits()).isZero();
    assertThat(TestBeans.statistics(cache).getCacheRemovals()).isZero();
    assertThat(TestBeans.statistics(cache).getCacheEvictions()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void endlessDuration_neverExpires(boolean byValue) {
    Cache<String, String> cache =
        caches.create(
            TestCaches.strings()
                .setStoreByValue(byValue)
                .setExpiryPolicyFactory(
                    CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.DAYS, Long.MAX_VALUE))));

    cache.put("k", "v");

    assertThat(cache.get("k")).isEqualTo("v");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void getAndPut_handsEachValueOverOnce(boolean byValue) throws Exception {
    Cache<String, String> cache = caches.create(TestCaches.strings().setStoreByValue(byValue));
    List<String> returned = Collections.synchronizedList(new ArrayList<>());

    onAllThreads(
        thread -> {
          for (int round = 0; round < ROUNDS; round++) {
            String before = cache.getAndPut("k", thread + "." + round);
            if (before != null) {
              returned.add(before);
            }
          }
        });

    returned.add(cache.getAndRemove("k"));
    assertThat(returned).hasSize(THREADS * ROUNDS).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void conditionalOperations_haveOneWinner(boolean byValue) throws Exception {
    Cache<String, String> cache = caches.create(TestCaches.strings().setStoreByValue(byValue));
    AtomicInteger created = new AtomicInteger();
    AtomicInteger removed = new AtomicInteger();

    onAllThreads(
        thread -> {
          for (int round = 0; round < ROUNDS; round++) {
            created.addAndGet(cache.putIfAbsent("k", "v") ? 1 : 0);
            boolean gone =
                switch (round % 3) {
                  case 0 -> cache.remove("k");
                  case 1 -> cache.remove("k", "v");
                  default -> cache.getAndRemove("k") != null;
                };
            removed.addAndGet(gone ? 1 : 0);
          }
        });

    assertThat(created.get() - removed.get()).isEqualTo(cache.containsKey("k") ? 1 : 0);
  }

  private static void onAllThreads(Consumer<Integer> body) throws Exception {
    List<Callable<Object>> tasks = new ArrayList<>();
    for (int number = 0; number < THREADS; number++) {
      int thread = number;
      tasks.add(
          () -> {
            body.accept(thread);
            return null;
          });
    }
    IsolationTest.run(tasks);
  }

  @Test
  void byValue_nothingThatIsHandedInOrOutIsTheStoredObject() {
    Cache<List<Integer>, int[]> cache =
        caches
            .manager()
            .createCache(
                "copies",
                new MutableConfiguration<List<Integer>, int[]>().setTypes(listType(), int[].class));
    List<Integer> key = new ArrayList<>(List.of(1));
    int[] value = {1};

    cache.put(key, value);
    key.add(2);
    value[0] = 2;
    cache.get(List.of(1))[0] = 3;
    cache.getAll(Set.of(List.of(1))).get(List.of(1))[0] = 4;
    Cache.Entry<List<Integer>, int[]> entry = cache.iterator().next();
    entry.getValue()[0] = 5;
    cache.invoke(List.of(1), (mutable, arguments) -> mutable.getValue()[0] = 6);

    assertThat(cache.get(List.of(1))).containsExactly(1);
    assertThat(cache.containsKey(List.of(1, 2))).isFalse();
    assertThat(cache.replace(List.of(1), new int[] {1}, new int[] {7})).isTrue();
    assertThat(cache.getAndRemove(List.of(1))).containsExactly(7);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // class literals have no type arguments
  private static Class<List<Integer>> listType() {
    return (Class) List.class;
  }

  @Test
  void getAll_leavesOutWhatIsNotThere() {
    Cache<String, String> cache = caches.create(TestCaches.strings());
    cache.putAll(Map.of("a", "1", "b", "2"));

    assertThat(cache.getAll(Set.of("a", "b", "c"))).isEqualTo(Map.of("a", "1", "b", "2"));
    assertThat(cache.getAll(Set.of())).isEmpty();
    cache.putAll(Map.of());
    cache.removeAll(Set.of());
    assertThat(cache).hasSize(2);
  }
}
