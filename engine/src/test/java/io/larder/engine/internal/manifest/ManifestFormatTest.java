package io.larder.engine.internal.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.internal.io.AtomicFile;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** FORMAT.md is right: its examples are what the code reads, and what it writes. */
final class ManifestFormatTest {
  private static final Path DIRECTORY = Path.of("/database");
  private static final long TIME = 1_700_000_000_000L;

  private final InMemoryFileSystem fileSystem = new InMemoryFileSystem();

  @BeforeEach
  void createDirectory() throws IOException {
    fileSystem.createDirectories(DIRECTORY);
  }

  @Test
  void example_isReadAsItsTextSays() throws IOException {
    write(ManifestFiles.path(DIRECTORY, 1), example("manifest"));
    write(DIRECTORY.resolve(ManifestFiles.CURRENT), example("current"));
    try (Manifest manifest = Manifest.open(fileSystem, DIRECTORY, false)) {
      Version version = manifest.version();
      assertThat(manifest.databaseId()).isEqualTo(0x1122334455667788L);
      assertThat(version.keyspaces())
          .containsOnly(Map.entry(1, new KeyspaceDefinition(1, 2, "fruit")));
      assertThat(version.lastKeyspaceId()).isEqualTo(2);
      assertThat(version.durableSequence()).isEqualTo(300);
      assertThat(version.highestClockMillis()).isEqualTo(TIME);
      assertThat(version.logFloor()).isEqualTo(1);
    }
  }

  @Test
  void example_isWhatTheCodeWrites() throws IOException {
    Version first = Version.empty().apply(new VersionEdit().logFloor(1));
    try (Manifest manifest = Manifest.create(fileSystem, DIRECTORY, 0x1122334455667788L, first)) {
      manifest.append(
          new VersionEdit().setKeyspace(new KeyspaceDefinition(1, 1, "fruit")).lastKeyspaceId(1));
      manifest.append(
          new VersionEdit()
              .setKeyspace(new KeyspaceDefinition(1, 2, "fruit"))
              .lastKeyspaceId(2)
              .durableSequence(300)
              .highestClockMillis(TIME));
      manifest.seal();
    }
    assertThat(hex(read(ManifestFiles.path(DIRECTORY, 1)))).isEqualTo(hex(example("manifest")));
    assertThat(hex(read(DIRECTORY.resolve(ManifestFiles.CURRENT))))
        .isEqualTo(hex(example("current")));
  }

  private void write(Path path, byte[] content) throws IOException {
    try (StorageFile file = fileSystem.open(path, OpenMode.CREATE_NEW)) {
      file.write(0, ByteBuffer.wrap(content));
    }
  }

  private byte[] read(Path path) throws IOException {
    return AtomicFile.read(fileSystem, path, 1 << 16);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** Reads a marked block from FORMAT.md: offset, bytes, explanation. */
  private static byte[] example(String name) throws IOException {
    String document = Files.readString(Path.of("..", "FORMAT.md"));
    String mark = "```" + name + "\n";
    int from = document.indexOf(mark) + mark.length();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String line : document.substring(from, document.indexOf("```", from)).split("\n")) {
      assertThat(HexFormat.fromHexDigits(line, 0, 4)).isEqualTo(bytes.size());
      bytes.writeBytes(HexFormat.of().parseHex(line.substring(6, 53).strip().replace(" ", "")));
    }
    return bytes.toByteArray();
  }
}
