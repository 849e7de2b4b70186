package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.management.CacheStatisticsMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ExpiryTest {
  private final TestCaches caches = TestCaches.inMemory();
  private final Policy policy = new Policy();
  private final RecordingListener listener = new RecordingListener();
  private final RecordingWriter writer = new RecordingWriter();
  private Cache<String, String> cache;

  @BeforeEach
  void createCache() {
    MutableConfiguration<String, String> configuration =
        TestCaches.strings()
            .setExpiryPolicyFactory(() -> policy)
            .setWriteThrough(true)
            .setCacheWriterFactory(() -> writer)
            .setStatisticsEnabled(true)
            .addCacheEntryListenerConfiguration(listener.configuration(true, true));
    cache = caches.create(configuration);
  }

  @AfterEach
  void close() {
    caches.close();
  }

  @Test
  void creationZero_isNotAddedButWritten() {
    policy.creation = Duration.ZERO;

    cache.put("k", "v");
    cache.putAll(Map.of("k", "v"));

    assertThat(cache.containsKey("k")).isFalse();
    assertThat(cache.putIfAbsent("k", "v")).isFalse();
    assertThat(listener.events).isEmpty();
    assertThat(statistics().getCachePuts()).isZero();
    assertThat(writer.calls).containsExactly("write k=v", "writeAll [k=v]", "write k=v");
  }

  @Test
  void updateZero_updatesTellsCountsAndExpires() {
    cache.put("k", "v1");
    policy.update = Duration.ZERO;

    cache.put("k", "v2");

    assertThat(cache.get("k")).isNull();
    assertThat(listener.events)
        .containsExactly("CREATED k null -> v1", "UPDATED k v1 -> v2", "EXPIRED k v2 -> v2");
    assertThat(statistics().getCachePuts()).isEqualTo(2);
  }

  @Test
  void accessZero_returnsTheValueOnce() {
    cache.put("k", "v");
    policy.access = Duration.ZERO;

    assertThat(cache.get("k")).isEqualTo("v");
    assertThat(cache.get("k")).isNull();
    assertThat(listener.events).containsExactly("CREATED k null -> v", "EXPIRED k v -> v");
  }

  @Test
  void updateNull_keepsTheExpiry() {
    policy.creation = Duration.ONE_HOUR;
    cache.put("k", "v1");
    long expiresAtMillis = TestCaches.expiresAtMillis(cache);
    policy.update = null;

    cache.put("k", "v2");

    assertThat(cache.get("k")).isEqualTo("v2");
    assertThat(TestCaches.expiresAtMillis(cache)).isEqualTo(expiresAtMillis);
  }

  @Test
  void throwingPolicy_createsForEverAndKeepsWhatIs() {
    policy.failure = new IllegalStateException("no idea");

    cache.put("k", "v1");
    cache.put("k", "v2");

    assertThat(cache.get("k")).isEqualTo("v2");
    assertThat(policy.questions).containsExactly("creation", "update", "access");
  }

  @Test
  void access_asksThePolicyEveryTime() {
    cache.put("k", "v");
    policy.questions.clear();

    cache.get("k");
    cache.getAll(Set.of("k"));
    cache.invoke("k", (entry, arguments) -> entry.getValue());
    cache.replace("k", "other", "v");
    cache.remove("k", "other");
    cache.iterator().next();
    assertThat(policy.questions).hasSize(6).containsOnly("access");

    policy.questions.clear();
    cache.containsKey("k");
    cache.putIfAbsent("k", "v");
    cache.invoke("k", (entry, arguments) -> entry.exists());
    assertThat(policy.questions).isEmpty();
  }

  @Test
  void expiry_isToldWithoutAnybodyTouchingTheEntry() {
    policy.creation = new Duration(TimeUnit.MILLISECONDS, 50);
    cache.put("k", "v");

    await().until(() -> listener.events.contains("EXPIRED k v -> v"));
    assertThat(listener.events).hasSize(2);
    assertThat(cache.containsKey("k")).isFalse();
  }

  @Test
  void expiry_isToldBeforeTheNextCreation() {
    policy.creation = new Duration(TimeUnit.MILLISECONDS, 20);
    cache.put("k", "v1");
    await().until(() -> !cache.containsKey("k"));

    cache.put("k", "v2");

    await().until(() -> listener.events.size() == 4);
    assertThat(listener.events)
        .containsExactly(
            "CREATED k null -> v1",
            "EXPIRED k v1 -> v1",
            "CREATED k null -> v2",
            "EXPIRED k v2 -> v2");
  }

  @Test
  void accessed_livesLongerWhenItIsRead() {
    Cache<String, String> sessions =
        caches
            .manager()
            .createCache(
                "sessions",
                TestCaches.strings()
                    .setExpiryPolicyFactory(AccessedExpiryPolicy.factoryOf(Duration.ONE_HOUR)));
    sessions.put("k", "v");
    long expiresAtMillis = TestCaches.expiresAtMillis(sessions);
    assertThat(expiresAtMillis).isPositive();

    await()
        .until(
            () -> {
              assertThat(sessions.get("k")).isEqualTo("v");
              return TestCaches.expiresAtMillis(sessions) > expiresAtMillis;
            });
  }

  private CacheStatisticsMXBean statistics() {
    return TestBeans.statistics(cache);
  }

  /** A policy whose answers the test sets. */
  static final class Policy implements ExpiryPolicy {
    final List<String> questions = new ArrayList<>();
    Duration creation = Duration.ETERNAL;
    Duration access;
    Duration update;
    RuntimeException failure;

    @Override
    public Duration getExpiryForCreation() {
      return answer("creation", creation);
    }

    @Override
    public Duration getExpiryForAccess() {
      return answer("access", access);
    }

    @Override
    public Duration getExpiryForUpdate() {
      return answer("update", update);
    }

    private Duration answer(String question, Duration answer) {
      questions.add(question);
      if (failure != null) {
        throw failure;
      }
      return answer;
    }
  }
}
