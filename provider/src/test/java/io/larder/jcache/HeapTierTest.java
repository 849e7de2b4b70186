package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.Database;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Warm reads are answered from the heap, and never show anything but the newest. */
final class HeapTierTest {
  @TempDir Path directory;

  record Price(String currency, long cents, LocalDate since) {}

  record Basket(List<String> fruit) {}

  private void use(String parameters, Consumer<CacheManager> user) {
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      user.accept(
          provider.getCacheManager(
              TestCaches.uri(directory, parameters),
              getClass().getClassLoader(),
              new Properties()));
    }
  }

  private static <K, V> Cache<K, V> create(
      CacheManager manager, String name, Class<K> keyType, Class<V> valueType) {
    return manager.createCache(name, new MutableConfiguration<K, V>().setTypes(keyType, valueType));
  }

  @Test
  void get_ofImmutableValues_givesTheSameObjectAgain() {
    use(
        "",
        manager -> {
          Cache<String, String> names = create(manager, "names", String.class, String.class);
          Cache<Long, Price> prices = create(manager, "prices", Long.class, Price.class);
          names.put("apple", "Malus");
          prices.put(1L, new Price("EUR", 120, LocalDate.of(2026, 1, 2)));

          assertThat(names.get("apple")).isEqualTo("Malus").isSameAs(names.get("apple"));
          assertThat(prices.get(1L)).isSameAs(prices.get(1L));
          assertThat(names.getAll(Set.of("apple")).get("apple")).isSameAs(names.get("apple"));
        });
  }

  @Test
  void get_ofMutableValues_givesACopyEachTime() {
    use(
        "",
        manager -> {
          Cache<String, byte[]> images = create(manager, "images", String.class, byte[].class);
          Cache<String, Basket> baskets = create(manager, "baskets", String.class, Basket.class);
          images.put("apple", new byte[] {1, 2});
          baskets.put("mine", new Basket(new ArrayList<>(List.of("pear"))));

          images.get("apple")[0] = 9;
          assertThat(images.get("apple")).containsExactly(1, 2);
          assertThat(baskets.get("mine")).isNotSameAs(baskets.get("mine"));
        });
  }

  @Test
  void get_withoutHeap_givesACopyEachTime() {
    use(
        "heap.size=0",
        manager -> {
          Cache<String, String> names = create(manager, "names", String.class, String.class);
          names.put("apple", "Malus");

          assertThat(names.get("apple")).isEqualTo("Malus").isNotSameAs(names.get("apple"));
        });
  }

  @Test
  void get_afterAChangeThroughTheCache_showsIt() {
    use(
        "",
        manager -> {
          Cache<String, String> names = create(manager, "names", String.class, String.class);
          names.put("apple", "1");
          assertThat(names.get("apple")).isEqualTo("1");

          names.put("apple", "2");
          assertThat(names.get("apple")).isEqualTo("2");
          names.putAll(Map.of("apple", "3", "pear", "3"));
          assertThat(names.get("apple")).isEqualTo("3");
          names.invoke(
              "apple",
              (entry, arguments) -> {
                entry.setValue("4");
                return null;
              });
          assertThat(names.get("apple")).isEqualTo("4");
          assertThat(names.replace("apple", "4", "5")).isTrue();
          assertThat(names.get("apple")).isEqualTo("5");
          names.remove("apple");
          assertThat(names.get("apple")).isNull();
          assertThat(names.containsKey("apple")).isFalse();
        });
  }

  @Test
  void get_afterAChangeThroughAnotherDoor_showsIt() {
    use(
        "",
        manager -> {
          Cache<String, String> names = create(manager, "names", String.class, String.class);
          names.put("apple", "1");
          assertThat(names.get("apple")).isEqualTo("1");

          use(
              "",
              other -> {
                Cache<String, String> same = other.getCache("names", String.class, String.class);
                assertThat(same.get("apple")).isEqualTo("1");
                same.put("apple", "2");
                assertThat(names.get("apple")).isEqualTo("2");
                same.clear();
                assertThat(names.get("apple")).isNull();
                same.put("apple", "3");
                assertThat(names.get("apple")).isEqualTo("3");
              });
          Database database = manager.unwrap(Database.class);
          database.clearKeyspace("names");
          assertThat(names.get("apple")).isNull();
        });
  }

  @Test
  void get_afterTheCacheWasDestroyedAndMadeAnew_showsNothingOld() {
    use(
        "",
        manager -> {
          Cache<String, String> names = create(manager, "names", String.class, String.class);
          names.put("apple", "1");
          assertThat(names.get("apple")).isEqualTo("1");

          manager.destroyCache("names");
          Cache<String, String> anew = create(manager, "names", String.class, String.class);

          assertThat(anew.get("apple")).isNull();
        });
  }

  @Test
  void get_afterTheExpiry_findsNothing() {
    use(
        "",
        manager -> {
          Cache<String, String> names =
              manager.createCache(
                  "names",
                  new MutableConfiguration<String, String>()
                      .setTypes(String.class, String.class)
                      .setExpiryPolicyFactory(
                          CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.MILLISECONDS, 60))));
          names.put("apple", "1");
          long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
          while (names.get("apple") != null && System.nanoTime() < end) {
            Thread.onSpinWait();
          }

          assertThat(names.get("apple")).isNull();
          assertThat(names.containsKey("apple")).isFalse();
        });
  }

  @Test
  void statistics_countHitsOfTheHeapAsHits() {
    use(
        "",
        manager -> {
          Cache<String, String> names =
              manager.createCache(
                  "names",
                  new MutableConfiguration<String, String>()
                      .setTypes(String.class, String.class)
                      .setStatisticsEnabled(true));
          names.put("apple", "1");
          for (int round = 0; round < 5; round++) {
            assertThat(names.get("apple")).isEqualTo("1");
          }

          assertThat(TestBeans.statistics(names).getCacheHits()).isEqualTo(5L);
        });
  }
}
