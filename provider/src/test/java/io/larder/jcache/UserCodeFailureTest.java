package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriterException;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class UserCodeFailureTest {
  private final TestCaches caches = TestCaches.inMemory();
  private final RecordingWriter writer = new RecordingWriter();
  private final RecordingListener listener = new RecordingListener();
  private Function<String, String> source = key -> "loaded " + key;
  private Cache<String, String> cache;

  @BeforeEach
  void createCache() {
    MutableConfiguration<String, String> configuration =
        TestCaches.strings()
            .setWriteThrough(true)
            .setCacheWriterFactory(() -> writer)
            .setReadThrough(true)
            .setCacheLoaderFactory(Loader::new)
            .setStatisticsEnabled(true)
            .addCacheEntryListenerConfiguration(listener.configuration(true, true));
    cache = caches.create(configuration);
  }

  @AfterEach
  void close() {
    caches.close();
  }

  @Test
  void writerFailure_suppressesStoreEventAndCount() {
    writer.refused = Set.of("k");

    assertThatThrownBy(() -> cache.put("k", "v"))
        .isInstanceOf(CacheWriterException.class)
        .hasRootCauseMessage("refused k");
    assertThatThrownBy(() -> cache.getAndPut("k", "v")).isInstanceOf(CacheWriterException.class);
    assertThatThrownBy(() -> cache.putIfAbsent("k", "v")).isInstanceOf(CacheWriterException.class);
    assertThatThrownBy(() -> cache.remove("k")).isInstanceOf(CacheWriterException.class);
    assertThatThrownBy(() -> cache.invoke("k", setting("v")))
        .isInstanceOf(CacheWriterException.class);

    assertThat(cache.containsKey("k")).isFalse();
    assertThat(listener.events).isEmpty();
    assertThat(TestBeans.statistics(cache).getCachePuts()).isZero();
    assertThat(TestBeans.statistics(cache).getCacheRemovals()).isZero();
  }

  @Test
  void partialWriterFailure_storesWhatWasWritten() {
    writer.refused = Set.of("b");

    assertThatThrownBy(() -> cache.putAll(Map.of("a", "1", "b", "2", "c", "3")))
        .isInstanceOf(CacheWriterException.class);
    assertThat(cache.containsKey("a")).isTrue();
    assertThat(cache.containsKey("b")).isFalse();
    assertThat(cache.containsKey("c")).isTrue();

    writer.refused = Set.of("a");
    assertThatThrownBy(() -> cache.removeAll(Set.of("a", "c")))
        .isInstanceOf(CacheWriterException.class);
    assertThat(cache.containsKey("a")).isTrue();
    assertThat(cache.containsKey("c")).isFalse();
  }

  @Test
  void delete_reachesTheWriterForAbsentKeys() {
    cache.remove("absent");
    cache.removeAll(Set.of("other"));

    assertThat(writer.calls).containsExactly("delete absent", "deleteAll [other]");
  }

  @Test
  void loaderFailure_isWrappedAndNothingIsStored() throws Exception {
    source =
        key -> {
          throw new IllegalStateException("no " + key);
        };

    assertThatThrownBy(() -> cache.get("k"))
        .isInstanceOf(CacheLoaderException.class)
        .hasRootCauseMessage("no k");
    assertThatThrownBy(() -> cache.getAll(Set.of("k"))).isInstanceOf(CacheLoaderException.class);
    CompletionListenerFuture done = new CompletionListenerFuture();
    cache.loadAll(Set.of("k"), true, done);
    assertThatThrownBy(() -> done.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(CacheLoaderException.class);
    assertThat(cache.containsKey("k")).isFalse();

    source = key -> "good";
    assertThat(cache.get("k")).isEqualTo("good");
  }

  @Test
  void load_isAMissAndNoPut() {
    assertThat(cache.get("k")).isEqualTo("loaded k");
    String loaded = cache.invoke("l", (entry, arguments) -> entry.getValue());
    assertThat(loaded).isEqualTo("loaded l");

    assertThat(TestBeans.statistics(cache).getCacheMisses()).isEqualTo(2);
    assertThat(TestBeans.statistics(cache).getCachePuts()).isZero();
    assertThat(writer.calls).isEmpty();
    assertThat(listener.events)
        .containsExactly("CREATED k null -> loaded k", "CREATED l null -> loaded l");
  }

  @Test
  void processorFailure_isWrappedAndChangesNothing() {
    cache.put("k", "v");

    assertThatThrownBy(
            () ->
                cache.invoke(
                    "k",
                    (entry, arguments) -> {
                      entry.setValue("changed");
                      throw new IllegalStateException("from the processor");
                    }))
        .isInstanceOf(EntryProcessorException.class)
        .hasRootCauseMessage("from the processor");
    assertThat(cache.get("k")).isEqualTo("v");
  }

  @Test
  void invokeAll_keepsEachFailureWithItsKey() {
    cache.put("a", "1");
    cache.put("b", "2");
    EntryProcessor<String, String, String> processor =
        (entry, arguments) -> {
          if (entry.getKey().equals("b")) {
            throw new IllegalStateException("not b");
          }
          return entry.getValue();
        };

    Map<String, EntryProcessorResult<String>> results =
        cache.invokeAll(Set.of("a", "b"), processor);

    assertThat(results.get("a").get()).isEqualTo("1");
    assertThatThrownBy(() -> results.get("b").get())
        .isInstanceOf(EntryProcessorException.class)
        .hasRootCauseMessage("not b");
  }

  @Test
  void noOpProcessor_countsHitOrMiss() {
    cache.put("k", "v");

    cache.invoke("k", (entry, arguments) -> null);
    cache.invoke("absent", (entry, arguments) -> null);

    assertThat(TestBeans.statistics(cache).getCacheHits()).isEqualTo(1);
    assertThat(TestBeans.statistics(cache).getCacheMisses()).isEqualTo(1);
  }

  @Test
  void callbacks_mayUseTheSameKey() {
    cache.put("k", "1");
    source = key -> cache.containsKey(key) ? "there" : "not there";

    String result =
        cache.invoke(
            "k",
            (entry, arguments) -> {
              cache.put("k", "2");
              return cache.get("k");
            });

    assertThat(result).isEqualTo("2");
    assertThat(cache.get("l")).isEqualTo("not there");
  }

  private static EntryProcessor<String, String, Void> setting(String value) {
    return (entry, arguments) -> {
      entry.setValue(value);
      return null;
    };
  }

  /** Loads from what the test says. */
  private final class Loader implements CacheLoader<String, String> {
    @Override
    public String load(String key) {
      return source.apply(key);
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      Map<String, String> loaded = new java.util.HashMap<>();
      keys.forEach(key -> loaded.put(key, load(key)));
      return loaded;
    }
  }
}
