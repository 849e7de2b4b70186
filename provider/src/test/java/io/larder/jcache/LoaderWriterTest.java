package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.management.CacheStatisticsMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When loaders and writers are called, and what is already there then. */
@Timeout(60)
final class LoaderWriterTest {
  private final TestCaches caches = TestCaches.inMemory();
  private final RecordingLoader loader = new RecordingLoader();
  private final RecordingListener listener = new RecordingListener();
  private final Writer writer = new Writer();
  private Cache<String, String> cache;

  @BeforeEach
  void createCache() {
    cache = caches.create(configuration());
  }

  private MutableConfiguration<String, String> configuration() {
    return TestCaches.strings()
        .setReadThrough(true)
        .setCacheLoaderFactory(() -> loader)
        .setWriteThrough(true)
        .setCacheWriterFactory(() -> writer)
        .setStatisticsEnabled(true)
        .addCacheEntryListenerConfiguration(listener.configuration(true, true));
  }

  @AfterEach
  void close() {
    caches.close();
  }

  @Test
  void writer_isCalledBeforeTheStoreAndTheEvent() {
    List<String> seen = new CopyOnWriteArrayList<>();
    writer.before =
        call -> seen.add(call + ": " + cache.containsKey("k") + " " + listener.events.size());

    cache.put("k", "1");
    cache.replace("k", "2");
    cache.putAll(Map.of("k", "3"));
    cache.remove("k");
    cache.putIfAbsent("k", "4");
    cache.removeAll();

    assertThat(seen)
        .containsExactly(
            "write k=1: false 0",
            "write k=2: true 1",
            "writeAll [k=3]: true 2",
            "delete k: true 3",
            "write k=4: false 4",
            "deleteAll [k]: true 5");
    assertThat(listener.events).hasSize(6);
  }

  @Test
  void writerAndStore_changeAsOne() throws Exception {
    long seed = System.nanoTime();
    List<Callable<Object>> tasks = new ArrayList<>();
    for (int number = 0; number < 4; number++) {
      int thread = number;
      Random random = new Random(seed + thread);
      tasks.add(
          () -> {
            for (int round = 0; round < 500; round++) {
              String value = thread + "." + round;
              switch (random.nextInt(5)) {
                case 0 -> cache.remove("k");
                case 1 -> cache.putAll(Map.of("k", value));
                case 2 -> cache.putIfAbsent("k", value);
                case 3 -> cache.getAndReplace("k", value);
                default -> cache.put("k", value);
              }
            }
            return null;
          });
    }

    IsolationTest.run(tasks);

    loader.source = key -> null;
    assertThat(writer.outer.get("k")).as("seed %s", seed).isEqualTo(cache.get("k"));
  }

  @Test
  void missOfManyThreads_isLoadedOnce() throws Exception {
    CyclicBarrier together = new CyclicBarrier(4);
    Callable<Object> reader =
        () -> {
          together.await();
          return cache.get("k");
        };

    IsolationTest.run(List.of(reader, reader, reader, reader));

    assertThat(loader.asked).containsExactly("k");
  }

  @Test
  void loadAll_tellsListenersButNeitherWriterNorStatistics() throws Exception {
    cache.put("there", "old");
    writer.calls.clear();
    listener.events.clear();
    CompletionListenerFuture done = new CompletionListenerFuture();

    cache.loadAll(Set.of("there", "absent"), true, done);
    done.get(30, TimeUnit.SECONDS);

    assertThat(listener.events)
        .containsExactlyInAnyOrder(
            "UPDATED there old -> loaded there", "CREATED absent null -> loaded absent");
    assertThat(writer.calls).isEmpty();
    assertThat(TestBeans.statistics(cache).getCachePuts()).isEqualTo(1);
    assertThat(TestBeans.statistics(cache).getCacheGets()).isZero();
  }

  @Test
  void loadAll_asksOnlyForWhatItWillStore() throws Exception {
    cache.put("there", "old");
    CompletionListenerFuture done = new CompletionListenerFuture();

    cache.loadAll(Set.of("there", "absent"), false, done);
    done.get(30, TimeUnit.SECONDS);

    assertThat(loader.asked).containsExactly("absent");
    assertThat(cache.get("there")).isEqualTo("old");
  }

  @Test
  void readThrough_countsNothingAsWrittenThrough() {
    cache.get("a");
    cache.getAll(Set.of("b", "c"));

    assertThat(writer.calls).isEmpty();
    assertThat(loader.asked).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(listener.events).hasSize(3).allMatch(event -> event.startsWith("CREATED"));
  }

  /** Languages without checked exceptions throw them from anywhere. */
  @Test
  void checkedExceptions_areWrapped() {
    loader.source = key -> RecordingLoader.sneak(new IOException("from the loader"));
    writer.before = call -> RecordingLoader.sneak(new IOException("from the writer"));

    assertThatThrownBy(() -> cache.get("k"))
        .isInstanceOf(CacheLoaderException.class)
        .hasCauseInstanceOf(IOException.class);
    assertThatThrownBy(() -> cache.getAll(Set.of("k"))).isInstanceOf(CacheLoaderException.class);
    assertThatThrownBy(() -> cache.put("k", "1"))
        .isInstanceOf(CacheWriterException.class)
        .hasCauseInstanceOf(IOException.class);
    assertThatThrownBy(() -> cache.removeAll(Set.of("k"))).isInstanceOf(CacheWriterException.class);
    assertThat(cache.containsKey("k")).isFalse();
  }

  @Test
  void exceptionsOfTheStandard_reachTheCallerAsTheyAre() {
    CacheLoaderException ofLoader = new CacheLoaderException("mine");
    CacheWriterException ofWriter = new CacheWriterException("mine");
    loader.source =
        key -> {
          throw ofLoader;
        };
    writer.before =
        call -> {
          throw ofWriter;
        };

    assertThatThrownBy(() -> cache.get("k")).isSameAs(ofLoader);
    assertThatThrownBy(() -> cache.put("k", "1")).isSameAs(ofWriter);
  }

  @Test
  void conditionsThatFail_areNotWritten() {
    cache.put("k", "1");
    writer.calls.clear();

    assertThat(cache.putIfAbsent("k", "2")).isFalse();
    assertThat(cache.replace("k", "other", "2")).isFalse();
    assertThat(cache.replace("absent", "2")).isFalse();
    assertThat(cache.getAndReplace("absent", "2")).isNull();
    assertThat(cache.remove("k", "other")).isFalse();

    assertThat(writer.calls).isEmpty();
  }

  @Test
  void emptyCache_isRemovedWithoutTheWriter() {
    cache.removeAll();
    cache.put("k", "1");
    cache.clear();

    assertThat(writer.calls).containsExactly("write k=1");
    assertThat(listener.events).containsExactly("CREATED k null -> 1");
  }

  @Test
  void expiry_isNoDelete() {
    MutableConfiguration<String, String> expiring =
        configuration()
            .setReadThrough(false)
            .setExpiryPolicyFactory(
                CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.MILLISECONDS, 1)));
    Cache<String, String> moments = caches.manager().createCache("moments", expiring);

    moments.put("k", "1");
    await().until(() -> listener.events.contains("EXPIRED k 1 -> 1"));

    assertThat(writer.calls).containsExactly("write k=1");
  }

  @Test
  void writtenEntry_isIndependentOfTheCache() {
    AtomicReference<Cache.Entry<? extends String, ? extends String>> written =
        new AtomicReference<>();
    writer.entries = written::set;

    cache.put("k", "1");
    Cache.Entry<? extends String, ? extends String> first = written.get();
    cache.put("k", "2");

    assertThat(first.getValue()).isEqualTo("1");
    assertThat(first.getKey()).isEqualTo("k");
  }

  @Test
  void timeOfTheLoader_isNoTimeOfTheCache() {
    CacheStatisticsMXBean statistics = TestBeans.statistics(cache);
    List<Float> averages = new CopyOnWriteArrayList<>();
    loader.source =
        key -> {
          averages.add(statistics.getAverageGetTime());
          return "loaded";
        };

    cache.get("k");
    averages.add(statistics.getAverageGetTime());
    statistics.clear();
    cache.getAll(Set.of("l"));
    averages.add(statistics.getAverageGetTime());

    assertThat(averages).hasSize(4).doesNotContain(0F);
    assertThat(averages.get(1)).isEqualTo(averages.get(0));
    assertThat(averages.get(3)).isEqualTo(averages.get(2));
  }

  /** The store behind the cache, that shows who calls it when. */
  private static final class Writer implements CacheWriter<String, String> {
    final Map<String, String> outer = new ConcurrentHashMap<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    volatile java.util.function.Consumer<String> before = call -> {};
    volatile java.util.function.Consumer<Cache.Entry<? extends String, ? extends String>> entries =
        entry -> {};

    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {
      called("write " + entry);
      entries.accept(entry);
      outer.put(entry.getKey(), entry.getValue());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> written) {
      called("writeAll " + written);
      written.forEach(entry -> outer.put(entry.getKey(), entry.getValue()));
      written.clear();
    }

    @Override
    public void delete(Object key) {
      called("delete " + key);
      outer.remove(key);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      called("deleteAll " + keys);
      keys.forEach(outer::remove);
      keys.clear();
    }

    private void called(String call) {
      calls.add(call);
      before.accept(call);
    }
  }
}
