package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.Keyspace;
import io.larder.jcache.configuration.LarderConfiguration;
import io.larder.jcache.configuration.LarderConfigurationBuilder;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryListenerException;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is done wrong: the specified exception, nothing changed, nothing locked, counted rightly. */
@Timeout(60)
final class MisuseTest {
  private final TestCaches caches = TestCaches.inMemory();

  @AfterEach
  void close() {
    caches.close();
  }

  private static LarderConfigurationBuilder<String, String> strings() {
    return LarderConfiguration.builder(String.class, String.class).statistics(true);
  }

  private LarderCache<String, String> create(LarderConfigurationBuilder<String, String> builder) {
    return (LarderCache<String, String>) caches.manager().createCache("cache", builder.build());
  }

  /** Every operation, with a key and a value that may be null. */
  private static Map<String, ThrowingCallable> operations(
      LarderCache<String, String> cache, String key, String value) {
    Set<String> keys = new java.util.HashSet<>();
    keys.add(key);
    Map<String, String> entries = new HashMap<>();
    entries.put(key, value);
    EntryProcessor<String, String, String> processor = (entry, arguments) -> entry.getValue();
    Map<String, ThrowingCallable> operations = new HashMap<>();
    operations.put("get", () -> cache.get(key));
    operations.put("getAll", () -> cache.getAll(keys));
    operations.put("containsKey", () -> cache.containsKey(key));
    operations.put("loadAll", () -> cache.loadAll(keys, true, null));
    operations.put("put", () -> cache.put(key, value));
    operations.put("put for a time", () -> cache.put(key, value, Duration.ofDays(1)));
    operations.put("putIfAbsent for a time", () -> cache.putIfAbsent(key, value, Duration.ZERO));
    operations.put("expire", () -> cache.expire(key, Duration.ofDays(1)));
    operations.put("expiryOf", () -> cache.expiryOf(key));
    operations.put("getAndPut", () -> cache.getAndPut(key, value));
    operations.put("putAll", () -> cache.putAll(entries));
    operations.put("putIfAbsent", () -> cache.putIfAbsent(key, value));
    operations.put("remove", () -> cache.remove(key));
    operations.put("remove value", () -> cache.remove(key, value));
    operations.put("getAndRemove", () -> cache.getAndRemove(key));
    operations.put("replace old", () -> cache.replace(key, value, "new"));
    operations.put("replace new", () -> cache.replace(key, "old", value));
    operations.put("replace", () -> cache.replace(key, value));
    operations.put("getAndReplace", () -> cache.getAndReplace(key, value));
    operations.put("removeAll", () -> cache.removeAll(keys));
    operations.put("invoke", () -> cache.invoke(key, processor));
    operations.put("invokeAll", () -> cache.invokeAll(keys, processor));
    return operations;
  }

  private static final Set<String> WITHOUT_VALUE =
      Set.of(
          "get",
          "getAll",
          "containsKey",
          "loadAll",
          "expire",
          "expiryOf",
          "remove",
          "getAndRemove",
          "removeAll",
          "invoke",
          "invokeAll");

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nulls_areRefusedByEveryOperation(boolean byValue) {
    LarderCache<String, String> cache = create(strings().storeByValue(byValue));
    cache.put("k", "v");

    operations(cache, null, "v")
        .forEach(
            (name, call) ->
                assertThatThrownBy(call).as(name).isInstanceOf(NullPointerException.class));
    Map<String, ThrowingCallable> withoutValue = operations(cache, "k", null);
    withoutValue.keySet().removeAll(WITHOUT_VALUE);
    withoutValue.forEach(
        (name, call) -> assertThatThrownBy(call).as(name).isInstanceOf(NullPointerException.class));
    assertThatThrownBy(() -> cache.getAll(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> cache.putAll(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> cache.removeAll(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> cache.loadAll(null, true, null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> cache.invoke("k", null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> cache.registerCacheEntryListener(null))
        .isInstanceOf(NullPointerException.class);

    assertThat(cache).hasSize(1);
    assertThat(cache.get("k")).isEqualTo("v");
    assertThat(TestBeans.statistics(cache).getCachePuts()).isEqualTo(1);
    assertThat(TestBeans.statistics(cache).getCacheRemovals()).isZero();
  }

  @Test
  void closedCache_refusesEverything() {
    LarderCache<String, String> cache = create(strings());
    cache.put("k", "v");
    cache.close();

    operations(cache, "k", "v")
        .forEach(
            (name, call) ->
                assertThatThrownBy(call).as(name).isInstanceOf(IllegalStateException.class));
    List<ThrowingCallable> others =
        List.of(
            cache::iterator,
            cache::clear,
            cache::removeAll,
            () -> cache.registerCacheEntryListener(null),
            () -> cache.deregisterCacheEntryListener(null));
    others.forEach(call -> assertThatThrownBy(call).isInstanceOf(IllegalStateException.class));
    assertThat(caches.manager().<String, String>getCache("cache").get("k")).isEqualTo("v");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @SuppressWarnings({"unchecked", "rawtypes"}) // what a program without types does
  void wrongTypes_areRefusedWhereverTheyComeFrom(boolean byValue) throws Exception {
    CacheLoader loader =
        new CacheLoader() {
          @Override
          public Object load(Object key) {
            return 7;
          }

          @Override
          public Map loadAll(Iterable keys) {
            return Map.of("k", 7, "never asked for", "x");
          }
        };
    Cache cache = create(strings().storeByValue(byValue).readThrough(() -> loader));

    assertThatThrownBy(() -> cache.put(1, "v")).isInstanceOf(ClassCastException.class);
    assertThatThrownBy(() -> cache.put("k", 1)).isInstanceOf(ClassCastException.class);
    assertThatThrownBy(() -> cache.putAll(Map.of("k", 1))).isInstanceOf(ClassCastException.class);
    assertThatThrownBy(() -> cache.get(1)).isInstanceOf(ClassCastException.class);
    assertThatThrownBy(() -> cache.get("k"))
        .isInstanceOf(CacheLoaderException.class)
        .hasMessageContaining("java.lang.Integer, expected java.lang.String");
    assertThatThrownBy(() -> cache.getAll(Set.of("k"))).isInstanceOf(CacheLoaderException.class);
    CompletionListenerFuture done = new CompletionListenerFuture();
    cache.loadAll(Set.of("k"), true, done);
    assertThatThrownBy(() -> done.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(CacheLoaderException.class);
    EntryProcessor processor =
        (entry, arguments) -> {
          entry.setValue(7);
          return null;
        };
    assertThatThrownBy(() -> cache.invoke("k", processor))
        .isInstanceOf(EntryProcessorException.class)
        .hasCauseInstanceOf(ClassCastException.class);

    assertThat((Iterable<?>) cache).isEmpty();
    assertThat(TestBeans.statistics(cache).getCachePuts()).isZero();
  }

  /** What cannot be stored, for a reason of its own. */
  private static final class Unwritable implements Serializable {
    private static final long serialVersionUID = 1L;

    private void writeObject(ObjectOutputStream out) {
      throw new UnsupportedOperationException("not today");
    }
  }

  @Test
  void keysAndValuesThatDoNotSerialize_areCacheExceptionsWithTheirCause() {
    Cache<Object, Object> cache =
        caches.manager().createCache("objects", new MutableConfiguration<>());
    cache.put("k", "v");
    Map<String, ThrowingCallable> calls =
        Map.of(
            "put", () -> cache.put("k", new Unwritable()),
            "put of a key", () -> cache.put(new Unwritable(), "v"),
            "get of a key", () -> cache.get(new Unwritable()),
            "putAll", () -> cache.putAll(Map.of("k", new Unwritable())),
            "replace", () -> cache.replace("k", new Unwritable()),
            "inside", () -> cache.put("k", new ArrayList<>(List.of(new Unwritable()))));
    calls.forEach(
        (name, call) ->
            assertThatThrownBy(call)
                .as(name)
                .isInstanceOf(CacheException.class)
                .hasRootCauseInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining(Unwritable.class.getName()));
    assertThat(cache).hasSize(1);
    assertThat(cache.get("k")).isEqualTo("v");
  }

  /** A key or value whose methods fail when they are told to. */
  static final class Touchy implements Serializable {
    private static final long serialVersionUID = 1L;
    private static boolean failing;
    private final int number;

    Touchy(int number) {
      this.number = number;
    }

    private static void mayFail(String what) {
      if (failing) {
        throw new UnsupportedOperationException(what);
      }
    }

    @Override
    public boolean equals(Object other) {
      mayFail("equals");
      return other instanceof Touchy touchy && touchy.number == number;
    }

    @Override
    public int hashCode() {
      mayFail("hashCode");
      return number;
    }

    private Object writeReplace() {
      mayFail("writeReplace");
      return this;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void failingKeysAndValues_changeNothing_andHoldNothing(boolean byValue) throws Exception {
    Cache<Touchy, Touchy> cache =
        caches
            .manager()
            .createCache(
                "touchy",
                LarderConfiguration.builder(Touchy.class, Touchy.class)
                    .storeByValue(byValue)
                    .build());
    Touchy one = new Touchy(1);
    cache.put(one, new Touchy(10));
    Touchy.failing = true;
    try {
      List<ThrowingCallable> calls =
          List.of(
              () -> cache.replace(one, new Touchy(10), new Touchy(11)),
              () -> cache.remove(one, new Touchy(10)),
              () -> cache.put(new Touchy(2), new Touchy(20)),
              () -> cache.getAll(Set.of(one)),
              () -> cache.putAll(Map.of(new Touchy(3), new Touchy(30))));
      calls.forEach(call -> assertThatThrownBy(call).isInstanceOf(RuntimeException.class));
    } finally {
      Touchy.failing = false;
    }

    assertThat(cache).hasSize(1);
    Thread other = new Thread(() -> cache.put(one, new Touchy(12))); // needs the key
    other.start();
    other.join();
    assertThat(cache.get(one)).isEqualTo(new Touchy(12));
  }

  @Test
  void errorsOfUserCode_passThrough_andFreeTheKey() throws Exception {
    LarderCache<String, String> cache = create(strings());
    cache.put("k", "v");
    EntryProcessor<String, String, Void> processor =
        (entry, arguments) -> {
          entry.setValue("never");
          throw new AssertionError("of the processor");
        };

    assertThatThrownBy(() -> cache.invoke("k", processor)).isInstanceOf(AssertionError.class);

    Thread other = new Thread(() -> cache.put("k", cache.get("k") + "!"));
    other.start();
    other.join();
    assertThat(cache.get("k")).isEqualTo("v!");
  }

  @Test
  void filterThatFails_isToldToTheCaller_andUndoesNothing() {
    List<String> heard = new ArrayList<>();
    CacheEntryCreatedListener<String, String> listener =
        events -> events.forEach(event -> heard.add(event.getKey()));
    LarderCache<String, String> cache =
        create(
            strings()
                .listener(
                    new MutableCacheEntryListenerConfiguration<>(
                        () -> listener,
                        () ->
                            event -> {
                              throw new IllegalStateException("of the filter");
                            },
                        false,
                        true))
                .listener(
                    new MutableCacheEntryListenerConfiguration<>(
                        () -> listener, null, false, true)));

    assertThatThrownBy(() -> cache.put("k", "v"))
        .isInstanceOf(CacheEntryListenerException.class)
        .hasRootCauseMessage("of the filter");
    assertThat(cache.get("k")).isEqualTo("v");
    assertThat(heard).containsExactly("k");
    assertThat(TestBeans.statistics(cache).getCachePuts()).isEqualTo(1);
  }

  @Test
  void factoriesThatFail_leaveNoCacheBehind() {
    assertThatThrownBy(
            () ->
                create(
                    strings()
                        .listener(
                            new MutableCacheEntryListenerConfiguration<>(
                                () -> {
                                  throw new IllegalStateException("of the factory");
                                },
                                null,
                                false,
                                true))))
        .hasMessageContaining("of the factory");
    assertThatThrownBy(
            () ->
                create(
                    strings()
                        .expiry(
                            () -> {
                              throw new IllegalStateException("of the factory");
                            })))
        .hasMessageContaining("of the factory");

    assertThat(caches.manager().getCacheNames()).isEmpty();
    assertThat(TestBeans.query("javax.cache:*,Cache=cache")).isEmpty();
    assertThat(create(strings()).get("k")).isNull();
  }

  @Test
  void callbacksMayCloseOrDestroyTheirCache() {
    LarderCache<String, String> cache = create(strings());
    EntryProcessor<String, String, Void> destroys =
        (entry, arguments) -> {
          caches.manager().destroyCache("cache");
          entry.setValue("never");
          return null;
        };
    assertThatThrownBy(() -> cache.invoke("k", destroys))
        .isInstanceOfAny(IllegalStateException.class, CacheException.class);

    LarderCache<String, String> again = create(strings());
    EntryProcessor<String, String, Void> closes =
        (entry, arguments) -> {
          entry.setValue("last words");
          again.close();
          return null;
        };
    again.invoke("k", closes);
    assertThat(again.isClosed()).isTrue();
    Cache<String, String> reopened = caches.manager().getCache("cache");
    assertThat(reopened.get("k")).isEqualTo("last words");

    EntryProcessor<String, String, Void> closesAll =
        (entry, arguments) -> {
          caches.manager().close();
          entry.setValue("never");
          return null;
        };
    assertThatThrownBy(() -> reopened.invoke("k", closesAll))
        .isInstanceOfAny(IllegalStateException.class, CacheException.class);
  }

  @Test
  void listenersMayUseTheirCache() {
    LarderCache<String, String> cache = create(strings());
    CacheEntryCreatedListener<String, String> listener =
        events ->
            events.forEach(
                event -> {
                  if (event.getKey().length() < 5) {
                    cache.put(event.getKey() + "+", event.getValue());
                    cache.remove(event.getKey());
                  }
                });
    cache.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(() -> listener, null, false, true));

    cache.putAll(Map.of("a", "1", "b", "2"));

    assertThat(cache).hasSize(2);
    assertThat(cache.get("a++++")).isEqualTo("1");
    assertThat(cache.get("b++++")).isEqualTo("2");
    assertThat(TestBeans.statistics(cache).getCachePuts()).isEqualTo(10);
    assertThat(TestBeans.statistics(cache).getCacheRemovals()).isEqualTo(8);
  }

  @Test
  void damagedEntry_isNamed_andCanBeReplaced() {
    LarderCache<String, String> cache = create(strings());
    cache.put("k", "v");
    Keyspace keyspace = cache.unwrap(Keyspace.class);
    try (io.larder.engine.api.Cursor cursor =
        keyspace.cursor(io.larder.engine.api.KeyRange.all())) {
      assertThat(cursor.next()).isTrue();
      keyspace.put(cursor.key(), new byte[] {(byte) 0xEE, 1, 2, 3});
    }

    assertThatThrownBy(() -> cache.get("k"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("cache");
    cache.put("k", "w");
    assertThat(cache.get("k")).isEqualTo("w");
  }
}
