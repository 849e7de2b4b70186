package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryListener;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.event.EventType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In which order listeners hear of changes, on which thread, and what the events carry. */
@Timeout(60)
final class EventOrderTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 400;

  private final TestCaches caches = TestCaches.inMemory();
  private final Cache<String, String> cache = caches.create(TestCaches.strings());

  @AfterEach
  void close() {
    caches.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eventsOfAKey_comeInTheOrderOfItsChanges(boolean synchronous) throws Exception {
    List<CacheEntryEvent<? extends String, ? extends String>> events = new CopyOnWriteArrayList<>();
    AtomicInteger changes = new AtomicInteger();
    cache.registerCacheEntryListener(listening((Changes<String>) events::add, true, synchronous));
    long seed = System.nanoTime();
    List<Callable<Object>> tasks = new ArrayList<>();
    for (int number = 0; number < THREADS; number++) {
      int thread = number;
      tasks.add(
          () -> {
            Random random = new Random(seed + thread);
            for (int round = 0; round < ROUNDS; round++) {
              if (changeAtRandom(random, thread + "." + round)) {
                changes.incrementAndGet();
              }
            }
            return null;
          });
    }

    IsolationTest.run(tasks);

    await().until(() -> events.size() == changes.get());
    String value = null;
    for (CacheEntryEvent<? extends String, ? extends String> event : events) {
      assertThat(event.getOldValue()).as("seed %s, %s", seed, event).isEqualTo(value);
      boolean wasThere = event.getEventType() != EventType.CREATED;
      assertThat(wasThere).as("seed %s, %s", seed, event).isEqualTo(value != null);
      value = event.getEventType() == EventType.REMOVED ? null : event.getValue();
    }
    assertThat(cache.get("k")).as("seed %s", seed).isEqualTo(value);
  }

  private boolean changeAtRandom(Random random, String value) {
    return switch (random.nextInt(5)) {
      case 0 -> cache.remove("k");
      case 1 -> cache.putIfAbsent("k", value);
      case 2 -> cache.replace("k", value);
      case 3 -> {
        cache.putAll(Map.of("k", value));
        yield true;
      }
      default ->
          cache.invoke(
              "k",
              (entry, arguments) -> {
                entry.setValue(value);
                return true;
              });
    };
  }

  @Test
  void synchronousListener_runsInTheCallerAfterTheChange() {
    List<String> seen = new ArrayList<>();
    Thread caller = Thread.currentThread();
    cache.registerCacheEntryListener(
        listening(
            (Changes<String>)
                event -> {
                  assertThat(Thread.currentThread()).isSameAs(caller);
                  seen.add(event.getEventType() + " " + cache.get("k"));
                },
            false,
            true));

    cache.put("k", "1");
    cache.put("k", "2");
    cache.remove("k");

    assertThat(seen).containsExactly("CREATED 1", "UPDATED 2", "REMOVED null");
  }

  @Test
  void asynchronousListener_doesNotHoldUpTheCaller() {
    Cache<String, String> other = caches.manager().createCache("other", TestCaches.strings());
    List<String> seen = new CopyOnWriteArrayList<>();
    other.registerCacheEntryListener(
        listening(
            (Changes<String>)
                event -> {
                  await().until(() -> cache.containsKey("returned"));
                  seen.add(event.getKey());
                },
            false,
            false));

    other.put("k", "1");
    cache.put("returned", "1");

    await().until(() -> seen.contains("k"));
  }

  @Test
  void event_carriesSourceTypeAndValues() {
    List<CacheEntryEvent<? extends String, ? extends String>> events = new ArrayList<>();
    cache.registerCacheEntryListener(listening((Changes<String>) events::add, true, true));

    cache.put("k", "1");
    cache.put("k", "2");
    cache.remove("k");

    assertThat(events)
        .extracting(CacheEntryEvent::getEventType)
        .containsExactly(EventType.CREATED, EventType.UPDATED, EventType.REMOVED);
    assertThat(events).extracting(CacheEntryEvent::getSource).containsOnly(cache);
    assertThat(events)
        .extracting(CacheEntryEvent::isOldValueAvailable)
        .containsExactly(false, true, true);
    assertThat(events.get(2).getValue()).isEqualTo(events.get(2).getOldValue()).isEqualTo("2");
    Object unwrapped = events.get(0).unwrap(CacheEntryEvent.class);
    assertThat(unwrapped).isSameAs(events.get(0));
    assertThatThrownBy(() -> events.get(0).unwrap(String.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void listenerOfOneKind_hearsOnlyThat() {
    List<String> created = new ArrayList<>();
    CacheEntryCreatedListener<String, String> listener =
        events -> events.forEach(event -> created.add(event.getValue()));
    cache.registerCacheEntryListener(listening(listener, true, true));

    cache.put("k", "1");
    cache.put("k", "2");
    cache.remove("k");

    assertThat(created).containsExactly("1");
  }

  @Test
  void removalOfAnAbsentKey_isNoEvent() {
    List<Object> events = new ArrayList<>();
    cache.registerCacheEntryListener(listening((Changes<String>) events::add, true, true));

    cache.remove("absent");
    cache.getAndRemove("absent");
    cache.removeAll(java.util.Set.of("absent"));
    cache.removeAll();

    assertThat(events).isEmpty();
  }

  @Test
  void failingListener_keepsNobodyFromHearing() {
    List<Object> events = new ArrayList<>();
    for (int number = 0; number < 2; number++) {
      cache.registerCacheEntryListener(
          listening(
              (Changes<String>)
                  event -> {
                    events.add(event);
                    RecordingLoader.sneak(new IOException("from the listener"));
                  },
              true,
              true));
    }

    assertThatThrownBy(() -> cache.put("k", "1"))
        .isInstanceOf(CacheEntryListenerException.class)
        .hasCauseInstanceOf(IOException.class)
        .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
    assertThat(events).hasSize(2);
    assertThat(cache.get("k")).isEqualTo("1");
  }

  @Test
  void closedCache_tellsNothingMore() {
    List<Object> events = new ArrayList<>();
    cache.registerCacheEntryListener(listening((Changes<String>) events::add, true, true));
    cache.put("k", "1");

    cache.close();
    caches.manager().getCache("cache", String.class, String.class).put("k", "2");

    assertThat(events).hasSize(1);
  }

  @Test
  void configuration_listsWhoListens() {
    CacheEntryListenerConfiguration<String, String> listener =
        listening((Changes<String>) event -> {}, true, true);

    cache.registerCacheEntryListener(listener);
    assertThat(listeners()).containsExactly(listener);
    cache.deregisterCacheEntryListener(listener);
    assertThat(listeners()).isEmpty();
    cache.deregisterCacheEntryListener(listener); // unknown: nothing happens
  }

  @SuppressWarnings("unchecked") // the types of the cache
  private Iterable<CacheEntryListenerConfiguration<String, String>> listeners() {
    CompleteConfiguration<String, String> configuration =
        cache.getConfiguration(CompleteConfiguration.class);
    return configuration.getCacheEntryListenerConfigurations();
  }

  @Test
  void valuesOfEvents_areCopies() {
    Cache<String, int[]> arrays =
        caches
            .manager()
            .createCache(
                "arrays",
                new MutableConfiguration<String, int[]>().setTypes(String.class, int[].class));
    List<Integer> seen = new ArrayList<>();
    for (int number = 0; number < 2; number++) {
      arrays.registerCacheEntryListener(
          listening(
              (Changes<int[]>)
                  event -> {
                    int[] value = event.getValue();
                    seen.add(value[0]++);
                  },
              true,
              true));
    }

    arrays.put("k", new int[] {1});

    assertThat(seen).containsExactly(1, 1);
    assertThat(arrays.get("k")).containsExactly(1);
  }

  private static <V> CacheEntryListenerConfiguration<String, V> listening(
      CacheEntryListener<String, V> listener, boolean oldValueRequired, boolean synchronous) {
    return new MutableCacheEntryListenerConfiguration<>(
        () -> listener, null, oldValueRequired, synchronous);
  }

  /** Hears of creations, updates and removals, one by one. */
  private interface Changes<V>
      extends CacheEntryCreatedListener<String, V>,
          CacheEntryUpdatedListener<String, V>,
          CacheEntryRemovedListener<String, V> {
    void changed(CacheEntryEvent<? extends String, ? extends V> event);

    @Override
    default void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends V>> events) {
      events.forEach(this::changed);
    }

    @Override
    default void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends V>> events) {
      events.forEach(this::changed);
    }

    @Override
    default void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends V>> events) {
      events.forEach(this::changed);
    }
  }
}
