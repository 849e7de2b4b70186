package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.management.CacheStatisticsMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StatisticsTest {
  private final TestCaches caches = TestCaches.inMemory();
  private final Cache<String, String> cache =
      caches.create(TestCaches.strings().setStatisticsEnabled(true).setManagementEnabled(true));
  private final CacheStatisticsMXBean statistics = TestBeans.statistics(cache);

  @AfterEach
  void close() {
    caches.close();
  }

  @Test
  void lookups_countHitsAndMisses() {
    cache.put("k", "v");

    cache.get("k");
    cache.get("absent");
    cache.getAll(Set.of("k", "absent", "missing"));
    cache.containsKey("k");

    assertThat(statistics.getCacheHits()).isEqualTo(2);
    assertThat(statistics.getCacheMisses()).isEqualTo(3);
    assertThat(statistics.getCacheGets()).isEqualTo(5);
    assertThat(statistics.getCacheHitPercentage()).isEqualTo(40);
    assertThat(statistics.getAverageGetTime()).isPositive();
  }

  @Test
  void changes_countPutsAndRemovals() {
    cache.putAll(Map.of("a", "1", "b", "2", "c", "3"));
    cache.putIfAbsent("a", "other");
    cache.putIfAbsent("d", "4");
    cache.remove("a");
    cache.remove("absent");
    cache.removeAll();

    assertThat(statistics.getCachePuts()).isEqualTo(4);
    assertThat(statistics.getCacheRemovals()).isEqualTo(4);
  }

  @Test
  void clear_countsNothing() {
    cache.put("k", "v");

    cache.clear();

    assertThat(statistics.getCacheRemovals()).isZero();
  }

  @Test
  void beans_areGoneWithTheManager() {
    String uri = caches.manager().getURI().toString().replace(':', '.');
    String pattern = "javax.cache:CacheManager=" + uri + ",*";
    assertThat(TestBeans.query(pattern)).hasSize(2);

    caches.manager().close();

    assertThat(TestBeans.query(pattern)).isEmpty();
  }

  @Test
  void switchingOff_unregistersTheBean() {
    caches.manager().enableStatistics("cache", false);
    caches.manager().enableManagement("cache", false);

    assertThat(TestBeans.names(cache, "CacheStatistics")).isEmpty();
    assertThat(TestBeans.names(cache, "CacheConfiguration")).isEmpty();
  }

  @Test
  void beanNames_areSanitised() {
    Cache<String, String> odd =
        caches
            .manager()
            .createCache("a,b:c=d*e?f\"g", TestCaches.strings().setStatisticsEnabled(true));

    assertThat(odd.isClosed()).isFalse();
    assertThat(TestBeans.query("javax.cache:Cache=a.b.c.d.e.f.g,*")).hasSize(1);
  }
}
