package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class IsolationTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 2_000;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void increments_areNotLost(boolean byValue) throws Exception {
    try (TestCaches caches = TestCaches.inMemory()) {
      Cache<String, Long> cache =
          caches.manager().createCache("counters", counters().setStoreByValue(byValue));
      EntryProcessor<String, Long, Void> increment =
          (entry, arguments) -> {
            entry.setValue(entry.exists() ? entry.getValue() + 1 : 1L);
            return null;
          };
      List<Callable<Object>> tasks = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        boolean processor = thread % 2 == 0;
        tasks.add(
            () -> {
              for (int round = 0; round < ROUNDS; round++) {
                if (processor) {
                  cache.invoke("counter", increment);
                } else {
                  addByReplacing(cache);
                }
              }
              return null;
            });
      }

      run(tasks);

      assertThat(cache.get("counter")).isEqualTo(THREADS * ROUNDS);
    }
  }

  @Test
  void increments_ofTwoManagersAreNotLost() throws Exception {
    URI uri = TestCaches.memoryUri();
    try (LarderCachingProvider one = new LarderCachingProvider();
        LarderCachingProvider two = new LarderCachingProvider()) {
      List<Callable<Object>> tasks = new ArrayList<>();
      for (LarderCachingProvider provider : List.of(one, two)) {
        Cache<String, Long> cache =
            provider.getCacheManager(uri, null).createCache("counters", counters());
        tasks.add(
            () -> {
              IntStream.range(0, ROUNDS).forEach(round -> addByReplacing(cache));
              return null;
            });
      }

      run(tasks);

      assertThat(one.getCacheManager(uri, null).getCache("counters").get("counter"))
          .isEqualTo(2L * ROUNDS);
    }
  }

  private static void addByReplacing(Cache<String, Long> cache) {
    boolean done = false;
    while (!done) {
      Long value = cache.get("counter");
      done =
          value == null
              ? cache.putIfAbsent("counter", 1L)
              : cache.replace("counter", value, value + 1);
    }
  }

  private static MutableConfiguration<String, Long> counters() {
    return new MutableConfiguration<String, Long>().setTypes(String.class, Long.class);
  }

  /** Runs tasks side by side, and throws what one of them throws. */
  static void run(List<Callable<Object>> tasks) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
    try {
      for (Future<Object> future : executor.invokeAll(tasks)) {
        future.get(50, TimeUnit.SECONDS);
      }
    } finally {
      executor.shutdownNow();
    }
  }
}
