package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EventsTest {
  private final TestCaches caches = TestCaches.inMemory();
  private final Cache<String, String> cache = caches.create(TestCaches.strings());
  private final RecordingListener listener = new RecordingListener();

  @AfterEach
  void close() {
    caches.close();
  }

  @Test
  void everyChange_isTold() {
    cache.registerCacheEntryListener(listener.configuration(true, true));

    cache.put("k", "1");
    cache.replace("k", "1", "2");
    cache.getAndPut("k", "3");
    cache.invoke(
        "k",
        (entry, arguments) -> {
          entry.setValue("4");
          return null;
        });
    cache.remove("k", "4");
    cache.putAll(Map.of("a", "1"));
    cache.removeAll(Set.of("a", "b"));
    cache.put("c", "1");
    cache.removeAll();
    cache.put("d", "1");
    Iterator<Cache.Entry<String, String>> iterator = cache.iterator();
    iterator.next();
    iterator.remove();

    assertThat(listener.events)
        .containsExactly(
            "CREATED k null -> 1",
            "UPDATED k 1 -> 2",
            "UPDATED k 2 -> 3",
            "UPDATED k 3 -> 4",
            "REMOVED k 4 -> 4",
            "CREATED a null -> 1",
            "REMOVED a 1 -> 1",
            "CREATED c null -> 1",
            "REMOVED c 1 -> 1",
            "CREATED d null -> 1",
            "REMOVED d 1 -> 1");
  }

  /** The put was stored, and then failed with NoSuchElementException where a clear had emptied the watch. */
  @Test
  void put_whileOthersClear_neverFails() throws Exception {
    Cache<String, String> shortLived =
        caches
            .manager()
            .createCache(
                "shortLived",
                TestCaches.strings()
                    .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(Duration.ONE_HOUR)));
    shortLived.registerCacheEntryListener(listener.configuration(false, true));
    AtomicBoolean ended = new AtomicBoolean();
    Thread clearing =
        new Thread(
            () -> {
              while (!ended.get()) {
                shortLived.clear();
              }
            });
    clearing.start();
    try {
      for (int round = 0; round < 20_000; round++) {
        shortLived.put("k", "1");
        shortLived.remove("k");
      }
    } finally {
      ended.set(true);
      clearing.join();
    }
  }

  @Test
  void clear_tellsNothing() {
    cache.registerCacheEntryListener(listener.configuration(true, true));
    cache.put("k", "1");
    listener.events.clear();

    cache.clear();

    assertThat(cache.containsKey("k")).isFalse();
    assertThat(listener.events).isEmpty();
  }

  @Test
  void oldValue_isGivenOnlyIfRequired() {
    cache.registerCacheEntryListener(listener.configuration(false, true));

    cache.put("k", "1");
    cache.put("k", "2");
    cache.remove("k");

    assertThat(listener.events)
        .containsExactly("CREATED k null -> 1", "UPDATED k null -> 2", "REMOVED k null -> null");
  }

  @Test
  void filter_letsPassWhatItWants() {
    cache.registerCacheEntryListener(
        listener.filtered(event -> event.getKey().startsWith("a"), true, true));

    cache.put("a", "1");
    cache.put("b", "1");

    assertThat(listener.events).containsExactly("CREATED a null -> 1");
  }

  @Test
  void failingSynchronousListener_reachesTheCallerAndUndoesNothing() {
    cache.registerCacheEntryListener(listener.configuration(true, true));
    listener.afterwards =
        () -> {
          throw new IllegalStateException("from the listener");
        };

    assertThatThrownBy(() -> cache.put("k", "1"))
        .isInstanceOf(CacheEntryListenerException.class)
        .hasRootCauseMessage("from the listener");
    assertThat(cache.get("k")).isEqualTo("1");
    assertThatThrownBy(() -> cache.putAll(Map.of("a", "1", "b", "1")))
        .isInstanceOf(CacheEntryListenerException.class);
    assertThat(cache.getAll(Set.of("a", "b"))).hasSize(2);
    assertThat(listener.events).hasSize(3);
  }

  @Test
  void failingFilter_reachesTheCallerAndUndoesNothing() {
    cache.registerCacheEntryListener(
        listener.filtered(
            event -> {
              throw new IllegalStateException("from the filter");
            },
            true,
            true));

    assertThatThrownBy(() -> cache.put("k", "1"))
        .isInstanceOf(CacheEntryListenerException.class)
        .hasRootCauseMessage("from the filter");
    assertThat(cache.get("k")).isEqualTo("1");
  }

  @Test
  void asynchronousListener_hearsAllInOrderAndItsFailuresStayAway() {
    cache.registerCacheEntryListener(listener.configuration(true, false));
    listener.afterwards =
        () -> {
          throw new IllegalStateException("from the listener");
        };

    List<String> values = IntStream.range(0, 200).mapToObj(String::valueOf).toList();
    values.forEach(value -> cache.put("k", value));

    await().until(() -> listener.events.size() == values.size());
    assertThat(listener.events).startsWith("CREATED k null -> 0", "UPDATED k 0 -> 1");
    assertThat(listener.events).endsWith("UPDATED k 198 -> 199");
  }

  @Test
  void closing_letsQueuedEventsGoOutFirst() {
    cache.registerCacheEntryListener(listener.configuration(true, false));

    for (int number = 0; number < 500; number++) {
      cache.put("k", String.valueOf(number));
    }
    cache.close();

    await().until(() -> listener.closed);
    assertThat(listener.events).hasSize(500);
  }

  @Test
  void listener_mayUseTheCache() {
    cache.registerCacheEntryListener(listener.configuration(true, true));
    listener.afterwards =
        () -> {
          listener.afterwards = () -> {};
          cache.put("k", "from the listener");
        };

    cache.put("k", "1");

    assertThat(cache.get("k")).isEqualTo("from the listener");
  }

  @Test
  void register_twiceIsRefused() {
    CacheEntryListenerConfiguration<String, String> configuration =
        listener.configuration(true, true);
    cache.registerCacheEntryListener(configuration);

    assertThatThrownBy(() -> cache.registerCacheEntryListener(configuration))
        .isInstanceOf(IllegalArgumentException.class);

    cache.deregisterCacheEntryListener(configuration);
    cache.put("k", "1");
    assertThat(listener.events).isEmpty();
  }

  @Test
  void values_areCopies() {
    Cache<String, int[]> arrays =
        caches
            .manager()
            .createCache(
                "arrays",
                new javax.cache.configuration.MutableConfiguration<String, int[]>()
                    .setTypes(String.class, int[].class));
    int[] value = {1};

    arrays.put("k", value);
    value[0] = 2;
    arrays.get("k")[0] = 3;

    assertThat(arrays.get("k")).containsExactly(1);
  }
}
