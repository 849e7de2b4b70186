package io.larder.samples.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.grid.jcache.Bucket4jJCache;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A rate limit that nobody gets around by killing the process. */
class Bucket4jTest {
  private static final int CAPACITY = 1_000_000;
  private static final int CONSUMED = 50;

  @TempDir Path directory;

  @Test
  @Timeout(120)
  void limit_afterAKill_remembersEveryTokenTaken() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Consumer.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int consumed = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      while (consumed < CONSUMED && lines.readLine() != null) {
        consumed++;
      }
      process.toHandle().destroyForcibly(); // leaves what it printed to be read
      while (lines.readLine() != null) { // what it said before the signal reached it
        consumed++;
      }
    }
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(consumed).isGreaterThanOrEqualTo(CONSUMED);

    try (CacheManager manager = manager(directory)) {
      long available = bucket(manager).getAvailableTokens();
      // one token may have been taken whose line was not printed any more
      assertThat(available).isBetween(CAPACITY - consumed - 1L, (long) CAPACITY - consumed);
    }
  }

  private static CacheManager manager(Path directory) {
    return Caching.getCachingProvider()
        .getCacheManager(URI.create("larder:" + directory + "?sync=always"), null);
  }

  private static Bucket bucket(CacheManager manager) {
    Cache<String, byte[]> cache = manager.getCache("limits", String.class, byte[].class);
    if (cache == null) {
      cache =
          manager.createCache(
              "limits",
              new MutableConfiguration<String, byte[]>().setTypes(String.class, byte[].class));
    }
    BucketConfiguration configuration =
        BucketConfiguration.builder()
            .addLimit(limit -> limit.capacity(CAPACITY).refillIntervally(1, Duration.ofDays(1_000)))
            .build();
    return Bucket4jJCache.entryProcessorBasedBuilder(cache)
        .build()
        .builder()
        .build("somebody", () -> configuration);
  }

  /** Takes a token after the other, and says so after each, until it is killed. */
  static final class Consumer {
    private Consumer() {}

    public static void main(String[] arguments) throws IOException {
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      try (CacheManager manager = manager(Path.of(arguments[0]))) {
        Bucket bucket = bucket(manager);
        while (bucket.tryConsume(1)) {
          out.println("taken");
        }
      }
    }
  }
}
