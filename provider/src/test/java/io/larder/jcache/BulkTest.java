package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** More entries than fit in one page of a walk or one chunk of a batch, in both kinds of store. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
final class BulkTest {
  private static final int ENTRIES = 2_500;

  private final TestCaches caches = TestCaches.inMemory();
  private final Cache<String, String> cache;
  private final Map<String, String> entries = new HashMap<>();

  BulkTest(boolean byValue) {
    cache = caches.create(TestCaches.strings().setStoreByValue(byValue).setStatisticsEnabled(true));
    for (int number = 0; number < ENTRIES; number++) {
      entries.put("key " + number, "value " + number);
    }
  }

  @BeforeEach
  void putAll() {
    cache.putAll(entries);
  }

  @AfterEach
  void close() {
    caches.close();
  }

  @Test
  void putAll_isFoundByGetAllAndWalk() {
    assertThat(cache.getAll(entries.keySet())).isEqualTo(entries);

    Map<String, String> walked = new HashMap<>();
    for (Cache.Entry<String, String> entry : cache) {
      assertThat(walked.put(entry.getKey(), entry.getValue())).isNull();
    }
    assertThat(walked).isEqualTo(entries);
    assertThat(TestBeans.statistics(cache).getCachePuts()).isEqualTo(ENTRIES);
    assertThat(TestBeans.statistics(cache).getCacheHits()).isEqualTo(2 * ENTRIES);
  }

  @Test
  void walk_skipsWhatHasGoneAndRemovesWhatItIsTold() {
    Iterator<Cache.Entry<String, String>> iterator = cache.iterator();
    assertThatThrownBy(iterator::remove).isInstanceOf(IllegalStateException.class);
    Set<String> gone = new HashSet<>();
    for (int number = 0; number < ENTRIES; number += 2) {
      gone.add("key " + number);
    }
    cache.removeAll(gone);

    int seen = 0;
    while (iterator.hasNext()) {
      assertThat(gone).doesNotContain(iterator.next().getKey());
      iterator.remove();
      assertThatThrownBy(iterator::remove).isInstanceOf(IllegalStateException.class);
      seen++;
    }

    assertThat(seen).isEqualTo(ENTRIES - gone.size());
    assertThat(cache).isEmpty();
    assertThat(TestBeans.statistics(cache).getCacheRemovals()).isEqualTo(ENTRIES);
  }

  @Test
  void removeAll_removesAndCountsEverything() {
    cache.removeAll();

    assertThat(cache).isEmpty();
    assertThat(TestBeans.statistics(cache).getCacheRemovals()).isEqualTo(ENTRIES);
  }

  @Test
  void clear_removesEverythingAndCountsNothing() {
    cache.clear();

    assertThat(cache).isEmpty();
    assertThat(TestBeans.statistics(cache).getCacheRemovals()).isZero();
    cache.put("k", "v");
    assertThat(cache).hasSize(1);
  }
}
