package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class CrashTest {
  @TempDir Path directory;
  @TempDir Path outputDirectory;

  private Path output;

  @BeforeEach
  void nameOutput() {
    output = outputDirectory.resolve("child.txt");
  }

  @Test
  void killedProcess_losesNothingAcknowledged() throws Exception {
    long acknowledged;
    try (ChildProcess child = ChildProcess.start(directory, output, Long.MAX_VALUE)) {
      child.awaitAcknowledged(500);
      acknowledged = child.kill();
    }

    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      Cache<String, String> cache =
          provider
              .getCacheManager(
                  TestCaches.uri(directory, ""), getClass().getClassLoader(), new Properties())
              .getCache("cache", String.class, String.class);
      for (long number = 0; number <= acknowledged; number++) {
        assertThat(cache.get("key " + number)).isEqualTo("value " + number);
      }
      assertThat(cache).hasSizeBetween((int) acknowledged + 1, (int) acknowledged + 2);
    }
  }

  @Test
  void directoryInUse_namesTheProcessThatHasIt() throws IOException {
    try (ChildProcess child = ChildProcess.start(directory, output, 1);
        LarderCachingProvider provider = new LarderCachingProvider()) {
      child.awaitAcknowledged(0);

      assertThatThrownBy(
              () ->
                  provider.getCacheManager(
                      TestCaches.uri(directory, ""), getClass().getClassLoader(), new Properties()))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining(Long.toString(child.pid()));
    }
  }
}
