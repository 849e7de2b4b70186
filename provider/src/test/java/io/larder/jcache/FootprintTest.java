package io.larder.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.Databases;
import io.larder.tables.Store;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** What an application has to carry for a cache. */
final class FootprintTest {
  private static final long BYTES_MAX = 2_000_000;

  @Test
  void jarsOfOurs_areSmall() throws Exception {
    long bytes = 0;
    for (Class<?> module : List.of(Databases.class, Store.class, LarderCachingProvider.class)) {
      bytes += jarBytes(module);
    }
    assertThat(bytes).as("bytes of engine, tables and provider").isBetween(1L, BYTES_MAX);
  }

  @Test
  void calcite_isNotOnTheClassPath() {
    assertThatThrownBy(() -> Class.forName("org.apache.calcite.jdbc.Driver"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  /** Returns the size of a module's jar, or of the jar its classes would become. */
  private static long jarBytes(Class<?> member) throws IOException, URISyntaxException {
    Path place = Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isRegularFile(place)) {
      return Files.size(place);
    }
    CountingStream counted = new CountingStream();
    try (ZipOutputStream jar = new ZipOutputStream(counted);
        Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new ZipEntry(place.relativize(file).toString()));
        Files.copy(file, jar);
        jar.closeEntry();
      }
    }
    return counted.bytes;
  }

  /** Counts, and keeps nothing. */
  private static final class CountingStream extends OutputStream {
    private long bytes;

    @Override
    public void write(int one) {
      bytes++;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      bytes += length;
    }
  }
}
