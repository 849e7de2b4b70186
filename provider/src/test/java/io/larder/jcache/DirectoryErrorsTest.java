package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryErrorsTest {
  @TempDir Path directory;

  private final LarderCachingProvider provider = new LarderCachingProvider();

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void fileInPlaceOfDirectory_isRefusedAndLeftAlone() throws IOException {
    Path file = Files.writeString(directory.resolve("notes.txt"), "mine");

    assertThatThrownBy(() -> open(TestCaches.uri(file, "")))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(file.toString());
    assertThat(file).hasContent("mine");
  }

  @Test
  void foreignDirectory_isRefusedAndLeftAlone() throws IOException {
    Path file = Files.writeString(directory.resolve("notes.txt"), "mine");

    assertThatThrownBy(() -> open(TestCaches.uri(directory, "")))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(directory.toString());
    assertThat(file).hasContent("mine");
    assertThat(directory.toFile().list()).containsExactly("notes.txt");
  }

  @Test
  void missingDatabase_isNotCreatedAgainstTheUsersWill() {
    assertThatThrownBy(() -> open(TestCaches.uri(directory.resolve("none"), "create=false")))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("none");
  }

  private CacheManager open(URI uri) {
    return provider.getCacheManager(uri, getClass().getClassLoader(), new Properties());
  }
}
