package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.Database;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
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

  @Test
  void put_overAHeldValue_isHeldAtOnce() {
    use(
        "",
        manager -> {
          Cache<String, String> names = create(manager, "names", String.class, String.class);
          Cache<Object, Object> anything = create(manager, "any", Object.class, Object.class);
          String malus = "Malus";
          names.put("apple", "to be replaced");
          anything.put("pear", "to be replaced");
          assertThat(names.get("apple")).isEqualTo(anything.get("pear"));
          names.put("apple", malus);
          anything.put("pear", malus);
          assertThat(names.get("apple")).isSameAs(malus);
          assertThat(anything.get("pear")).isSameAs(malus);

          String longer = "Malus domestica, ".repeat(100);
          assertThat(names.getAndReplace("apple", longer)).isSameAs(malus);
          assertThat(names.get("apple")).isSameAs(longer);
        });
  }

  /** What a put leaves on the heap must be what everybody else reads. */
  @Test
  void heldValues_areWhatTheirEncodingsBecome() {
    List<Object> samples =
        List.of(
            "text \u00e4 \ud83c\udf4e",
            1,
            Long.MIN_VALUE,
            (short) -3,
            (byte) 7,
            'x',
            true,
            1.5f,
            Float.NaN,
            -0.0,
            Double.MIN_VALUE,
            new BigInteger("123456789012345678901234567890"),
            new BigDecimal("1.00"),
            new BigDecimal("-1E+20"),
            new UUID(1, -2),
            LocalDate.of(-5, 1, 2),
            LocalTime.of(1, 2, 3, 4),
            LocalDateTime.of(2026, 1, 2, 3, 4, 5, 6),
            Instant.ofEpochSecond(-5, 6),
            java.time.Duration.ofSeconds(-1, 2),
            OffsetDateTime.of(LocalDateTime.of(2026, 1, 2, 3, 4), ZoneOffset.ofHours(2)));
    use(
        "heap.size=0",
        manager -> {
          Cache<Object, Object> cache = create(manager, "any", Object.class, Object.class);
          for (Object sample : samples) {
            cache.put("k", sample);
            assertThat(cache.get("k")).isEqualTo(sample).hasSameClassAs(sample);
          }
          Cache<Long, Price> prices = create(manager, "prices", Long.class, Price.class);
          Price price = new Price("EUR", -1, LocalDate.MAX);
          prices.put(1L, price);
          assertThat(prices.get(1L)).isEqualTo(price);
        });
  }

  @Test
  void accessedEntries_liveOn_alsoWhenAPutHoldsThem() {
    use(
        "",
        manager -> {
          Cache<String, String> names =
              manager.createCache(
                  "names",
                  new MutableConfiguration<String, String>()
                      .setTypes(String.class, String.class)
                      .setExpiryPolicyFactory(
                          TouchedExpiryPolicy.factoryOf(new Duration(TimeUnit.MINUTES, 30))));
          names.put("apple", "Malus");
          @SuppressWarnings("unchecked") // the types of the cache
          LarderCache<String, String> own = names.unwrap(LarderCache.class);
          assertThat(own.expire("apple", java.time.Duration.ofMinutes(1))).isTrue();
          assertThat(names.get("apple")).isEqualTo("Malus");
          assertThat(TestCaches.expiresAtMillis(names))
              .isGreaterThan(System.currentTimeMillis() + 1_200_000);
        });
  }

  /** A commit to another key of the stripe between the read and the touch once dropped the touch. */
  @Test
  void accessedEntries_liveOn_alsoWhenTheStampsChangeMeanwhile() {
    use(
        "",
        manager -> {
          Cache<String, String> other = create(manager, "other", String.class, String.class);
          MeanwhilePolicy policy = new MeanwhilePolicy();
          Cache<String, String> names =
              manager.createCache(
                  "names",
                  new MutableConfiguration<String, String>()
                      .setTypes(String.class, String.class)
                      .setExpiryPolicyFactory(() -> policy));
          names.put("apple", "Malus");
          names.get("apple"); // holds it
          names.put("apple", "Pyrus"); // holds what was put
          policy.meanwhile = other::clear; // changes all stamps
          assertThat(names.get("apple")).isEqualTo("Pyrus");
          assertThat(TestCaches.expiresAtMillis(names))
              .isGreaterThan(System.currentTimeMillis() + 1_800_000);
        });
  }

  /** Something else happens while it is asked about an access, which prolongs a life of a minute to an hour. */
  private static final class MeanwhilePolicy implements ExpiryPolicy {
    private Runnable meanwhile = () -> {};

    @Override
    public Duration getExpiryForCreation() {
      return Duration.ONE_MINUTE;
    }

    @Override
    public Duration getExpiryForAccess() {
      meanwhile.run();
      return Duration.ONE_HOUR;
    }

    @Override
    public Duration getExpiryForUpdate() {
      return Duration.ONE_MINUTE;
    }
  }
}
