package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.Duration;
import javax.cache.integration.CacheWriterException;
import javax.cache.management.CacheStatisticsMXBean;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import javax.cache.processor.MutableEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a processor does to its entry has one effect, as the examples of {@link EntryProcessor} have it. */
@Timeout(60)
final class ProcessorTest {
  private final TestCaches caches = TestCaches.inMemory();
  private final RecordingWriter writer = new RecordingWriter();
  private final RecordingListener listener = new RecordingListener();
  private final RecordingLoader loader = new RecordingLoader();
  private final ExpiryTest.Policy policy = new ExpiryTest.Policy();
  private Cache<String, String> cache;
  private CacheStatisticsMXBean statistics;

  @BeforeEach
  void createCache() {
    cache =
        caches.create(
            TestCaches.strings()
                .setExpiryPolicyFactory(() -> policy)
                .setReadThrough(true)
                .setCacheLoaderFactory(() -> loader)
                .setWriteThrough(true)
                .setCacheWriterFactory(() -> writer)
                .setStatisticsEnabled(true)
                .addCacheEntryListenerConfiguration(listener.configuration(true, true)));
    cache.put("k", "0");
    statistics = TestBeans.statistics(cache);
    statistics.clear();
    writer.calls.clear();
    listener.events.clear();
    policy.questions.clear();
  }

  @AfterEach
  void close() {
    caches.close();
  }

  @Test
  void getSetGetSet_isOneGetAndOnePut() {
    String seen =
        invoke(
            "k",
            entry -> {
              String before = entry.getValue();
              entry.setValue("1");
              String between = entry.getValue();
              entry.setValue("2");
              return before + between;
            });

    assertThat(seen).isEqualTo("01");
    assertThat(cache.getAll(Set.of("k"))).containsEntry("k", "2");
    assertThat(listener.events).containsExactly("UPDATED k 0 -> 2");
    assertThat(writer.calls).containsExactly("write k=2");
    assertThat(policy.questions).startsWith("access", "update").hasSize(3); // the third is getAll's
    assertThat(statistics.getCachePuts()).isEqualTo(1);
    assertThat(statistics.getCacheHits()).isEqualTo(2);
    assertThat(loader.asked).isEmpty();
  }

  @Test
  void getRemoveGetSet_isOneGetAndOnePut() {
    String seen =
        invoke(
            "k",
            entry -> {
              String before = entry.getValue();
              entry.remove();
              assertThat(entry.exists()).isFalse();
              String between = entry.getValue();
              entry.setValue("2");
              assertThat(entry.exists()).isTrue();
              return before + between;
            });

    assertThat(seen).isEqualTo("0null");
    assertThat(listener.events).containsExactly("UPDATED k 0 -> 2");
    assertThat(writer.calls).containsExactly("write k=2");
    assertThat(policy.questions).containsExactly("access", "update");
    assertThat(statistics.getCacheHits()).isEqualTo(1);
    assertThat(statistics.getCachePuts()).isEqualTo(1);
    assertThat(statistics.getCacheRemovals()).isZero();
    assertThat(loader.asked).isEmpty();
  }

  @Test
  void getSetRemove_isOneGetAndOneRemoval() {
    invoke(
        "k",
        entry -> {
          entry.getValue();
          entry.setValue("1");
          entry.remove();
          return null;
        });

    assertThat(cache.containsKey("k")).isFalse();
    assertThat(listener.events).containsExactly("REMOVED k 0 -> 0");
    assertThat(writer.calls).containsExactly("delete k");
    assertThat(policy.questions).containsExactly("access");
    assertThat(statistics.getCacheHits()).isEqualTo(1);
    assertThat(statistics.getCachePuts()).isZero();
    assertThat(statistics.getCacheRemovals()).isEqualTo(1);
  }

  @Test
  void setRemove_ofAnAbsentEntry_isNothing() {
    invoke(
        "absent",
        entry -> {
          assertThat(entry.exists()).isFalse();
          entry.setValue("1");
          entry.remove();
          return null;
        });

    assertThat(cache.containsKey("absent")).isFalse();
    assertThat(listener.events).isEmpty();
    assertThat(writer.calls).isEmpty();
    assertThat(policy.questions).isEmpty();
  }

  /** The value was in the outer store, and stayed there: the next read brought it back. */
  @Test
  void removeOfALoadedEntry_reachesTheWriter() {
    for (String newValue : new String[] {null, "1"}) {
      invoke(
          "loaded",
          entry -> {
            assertThat(entry.getValue()).isEqualTo("loaded loaded");
            if (newValue != null) {
              entry.setValue(newValue);
            }
            entry.remove();
            return null;
          });
    }

    assertThat(writer.calls).containsExactly("delete loaded", "delete loaded");
    assertThat(listener.events).isEmpty();
    assertThat(statistics.getCacheRemovals()).isZero();
    assertThat(statistics.getCacheMisses()).isEqualTo(2);
  }

  /** Counters kept by processors alone expired in the middle of their use. */
  @Test
  void getThenSet_isAnAccessForThePolicy() {
    policy.creation = Duration.ONE_HOUR;
    cache.remove("k");
    cache.put("k", "0");
    long expiresAtMillis = TestCaches.expiresAtMillis(cache);
    policy.access = Duration.ONE_DAY;
    policy.update = null;

    invoke(
        "k",
        entry -> {
          entry.setValue(entry.getValue() + "1");
          return null;
        });

    assertThat(TestCaches.expiresAtMillis(cache))
        .isGreaterThan(expiresAtMillis + TimeUnit.HOURS.toMillis(20));
  }

  @Test
  void setWithoutGet_isNoAccess() {
    invoke(
        "k",
        entry -> {
          entry.setValue("1");
          return entry.getValue();
        });

    assertThat(policy.questions).containsExactly("update");
  }

  @Test
  void changes_areInvisibleUntilTheProcessorHasReturned() throws Exception {
    AtomicReference<String> seenByOthers = new AtomicReference<>();

    invoke(
        "k",
        entry -> {
          entry.setValue("1");
          seenByOthers.set(CompletableFuture.supplyAsync(() -> cache.get("k")).join());
          return null;
        });

    assertThat(seenByOthers).hasValue("0");
    assertThat(cache.get("k")).isEqualTo("1");
  }

  /** Languages without checked exceptions throw them from anywhere. */
  @Test
  void checkedException_isWrapped() {
    assertThatThrownBy(
            () ->
                invoke("k", entry -> RecordingLoader.sneak(new IOException("from the processor"))))
        .isInstanceOf(EntryProcessorException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void invokeAll_keepsWhatTheCacheThrowsWithItsKey() {
    writer.refused = Set.of("b");
    Cache<String, Object> untyped =
        caches.manager().createCache("untyped", new MutableConfiguration<>());

    Map<String, EntryProcessorResult<String>> results =
        cache.invokeAll(
            Set.of("a", "b"),
            (entry, arguments) -> {
              entry.setValue("1");
              return "done";
            });
    Map<String, EntryProcessorResult<String>> unstored =
        untyped.invokeAll(
            Set.of("a", "b"),
            (entry, arguments) -> {
              entry.setValue(entry.getKey().equals("b") ? new Unwritable() : "1");
              return "done";
            });

    assertThat(results.get("a").get()).isEqualTo("done");
    assertThatThrownBy(() -> results.get("b").get())
        .isInstanceOf(EntryProcessorException.class)
        .hasCauseInstanceOf(CacheWriterException.class);
    assertThat(unstored.get("a").get()).isEqualTo("done");
    assertThatThrownBy(() -> unstored.get("b").get()).isInstanceOf(EntryProcessorException.class);
    assertThat(untyped.containsKey("b")).isFalse();
  }

  @Test
  void failure_leavesExpiryAndWriterAlone() {
    assertThatThrownBy(
            () ->
                invoke(
                    "k",
                    entry -> {
                      entry.getValue();
                      entry.remove();
                      throw new IllegalStateException("from the processor");
                    }))
        .isInstanceOf(EntryProcessorException.class);

    assertThat(cache.containsKey("k")).isTrue();
    assertThat(policy.questions).isEmpty();
    assertThat(writer.calls).isEmpty();
    assertThat(listener.events).isEmpty();
  }

  @Test
  void unwrap_ofAForeignType_isRefused() {
    List<Object> entries = new CopyOnWriteArrayList<>();

    invoke(
        "k",
        entry -> {
          Object unwrapped = entry.unwrap(MutableEntry.class);
          entries.add(unwrapped);
          assertThatThrownBy(() -> entry.unwrap(String.class))
              .isInstanceOf(IllegalArgumentException.class);
          return null;
        });

    assertThat(entries).hasSize(1);
  }

  private String invoke(String key, Body body) {
    return cache.invoke(key, (entry, arguments) -> body.process(entry));
  }

  /** What cannot be stored, for a reason of its own. */
  private static final class Unwritable implements Serializable {
    private static final long serialVersionUID = 1L;

    private void writeObject(ObjectOutputStream out) {
      throw new IllegalStateException("not today");
    }
  }

  /** A processor without arguments. */
  private interface Body {
    String process(MutableEntry<String, String> entry);
  }
}
