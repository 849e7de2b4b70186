package io.larder.jcache.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.InvalidOptionException;
import io.larder.jcache.LarderCachingProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManagerUriTest {
  @TempDir Path directory;

  @Test
  void resolve_ofADatabase_isThat() {
    ManagerUri resolved = ManagerUri.resolve(URI.create("larder:mem:x?sync=none"));

    assertThat(resolved.database().location()).isEqualTo(new DatabaseLocation.InMemory("x"));
    assertThat(resolved.database().parameters()).containsOnlyKeys("sync");
    assertThat(resolved.properties()).isEmpty();
  }

  @Test
  void resolve_ofAFile_isWhatStandsInIt() throws IOException {
    URI file = write("larder.uri = larder:mem:y\ncache.a.statistics = on\n");

    ManagerUri resolved = ManagerUri.resolve(file);

    assertThat(resolved.database().location()).isEqualTo(new DatabaseLocation.InMemory("y"));
    assertThat(resolved.properties()).containsOnlyKeys("cache.a.statistics");
  }

  @Test
  void resolve_ofAFileInAJar_isWhatStandsInIt() throws IOException {
    Path jar = directory.resolve("caches.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      entries.putNextEntry(new ZipEntry("caches.properties"));
      entries.write("larder.uri = larder:mem:z".getBytes(StandardCharsets.UTF_8));
    }

    ManagerUri resolved =
        ManagerUri.resolve(URI.create("jar:" + jar.toUri() + "!/caches.properties"));

    assertThat(resolved.database().location()).isEqualTo(new DatabaseLocation.InMemory("z"));
  }

  @Test
  void resolve_ofWhatIsNoConfiguration_namesIt() throws IOException {
    URI nameless = write("cache.a.statistics = on\n");
    URI absent = directory.resolve("absent.properties").toUri();

    assertThatThrownBy(() -> ManagerUri.resolve(nameless))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContainingAll(nameless.toString(), "names no database", "larder.uri");
    assertThatThrownBy(() -> ManagerUri.resolve(absent))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining(absent.toString());
    assertThatThrownBy(() -> ManagerUri.resolve(URI.create("http://localhost/caches.properties")))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("http");
  }

  @Test
  void manager_ofAFile_hasItsUriAndItsCaches() throws IOException {
    URI file = write("larder.uri = larder:mem:file\ncache.a.expiry = 1h\n");
    try (LarderCachingProvider provider = new LarderCachingProvider();
        CacheManager manager = provider.getCacheManager(file, null)) {
      assertThat(manager.getURI()).isEqualTo(file);
      assertThat(manager.getCacheNames()).containsExactly("a");
      assertThat(provider.getCacheManager(file, null)).isSameAs(manager);
    }
  }

  @Test
  void manager_ofAFileWithAMistake_isRefusedWithThePlace() throws IOException {
    URI file = write("larder.uri = larder:mem:file\ncache.a.expiry = soon\n");
    try (LarderCachingProvider provider = new LarderCachingProvider()) {
      assertThatThrownBy(() -> provider.getCacheManager(file, null))
          .isInstanceOf(CacheException.class)
          .hasMessageContainingAll("cache.a.expiry", "soon", "the cache configuration");
    }
  }

  private URI write(String text) throws IOException {
    return Files.writeString(directory.resolve("caches.properties"), text).toUri();
  }
}
