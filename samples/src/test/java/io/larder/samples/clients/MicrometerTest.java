package io.larder.samples.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.JCacheMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.List;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What Micrometer and JMX show is what happened. */
class MicrometerTest {
  @Test
  void metrics_showWhatHappened() throws Exception {
    try (CacheManager manager =
        Caching.getCachingProvider().getCacheManager(URI.create("larder:mem:metrics"), null)) {
      Cache<String, String> cache =
          manager.createCache(
              "sessions",
              new MutableConfiguration<String, String>()
                  .setTypes(String.class, String.class)
                  .setManagementEnabled(true)
                  .setStatisticsEnabled(true));
      MeterRegistry registry = new SimpleMeterRegistry();
      JCacheMetrics.monitor(registry, cache, List.of());

      cache.put("a", "1");
      cache.put("b", "2");
      cache.get("a");
      cache.get("a");
      cache.get("c");
      cache.remove("b");

      assertThat(registry.get("cache.gets").tag("result", "hit").functionCounter().count())
          .isEqualTo(2);
      assertThat(registry.get("cache.gets").tag("result", "miss").functionCounter().count())
          .isEqualTo(1);
      assertThat(registry.get("cache.puts").functionCounter().count()).isEqualTo(2);
      assertThat(registry.get("cache.removals").gauge().value()).isEqualTo(1);
      assertThat(registry.get("cache.evictions").functionCounter().count()).isZero();
      assertThat(attribute("CacheStatistics", "CacheHits")).isEqualTo(2L);
      assertThat(attribute("CacheConfiguration", "ManagementEnabled")).isEqualTo(true);
    }
  }

  private static Object attribute(String type, String attribute) throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name =
        new ObjectName(
            "javax.cache:type=" + type + ",CacheManager=larder.mem.metrics,Cache=sessions");
    return server.getAttribute(name, attribute);
  }
}
