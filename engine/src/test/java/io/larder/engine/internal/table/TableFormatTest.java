package io.larder.engine.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.internal.codec.EntryModel;
import io.larder.engine.internal.codec.EntryModel.Key;
import io.larder.engine.internal.codec.EntryModel.Version;
import io.larder.engine.internal.codec.Lookup;
import io.larder.engine.internal.io.LocalFileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FORMAT.md is right: its example is what the code reads, and what it writes. */
class TableFormatTest {
  private static final TableIdentity IDENTITY = new TableIdentity(0x1122334455667788L, 42);
  private static final int SIZE_BYTES = 379;
  private static final int HEX_COLUMN = 6;
  private static final int TEXT_COLUMN = 54;

  private static final List<Version> ENTRIES =
      List.of(
          version(1, "pear:1", 9, "red", 0),
          version(1, "pear:1", 3, "green", 0),
          version(1, "pear:22", 7, null, 0),
          version(2, "x", 8, "y", 1_700_000_000_000L));

  @TempDir Path directory;

  private static Version version(
      int keyspaceId, String key, long sequence, String value, long expiry) {
    return new Version(
        new Key(keyspaceId, bytes(key)), sequence, value == null ? null : bytes(value), expiry);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private TableMetadata write(Path path) {
    try (TableWriter writer =
        TableWriter.create(LocalFileSystem.instance(), path, IDENTITY, TableOptions.defaults())) {
      for (Version entry : ENTRIES) {
        Key key = entry.key();
        writer.add(
            key.keyspaceId(),
            key.bytes(),
            entry.sequence(),
            entry.value(),
            entry.expiresAtMillis());
      }
      return writer.finish();
    }
  }

  @Test
  void example_isWhatTheCodeWrites() throws IOException {
    Path path = directory.resolve("table");
    write(path);
    assertThat(Files.readAllBytes(path)).isEqualTo(example());
  }

  @Test
  void example_isReadAsItsTextSays() throws IOException {
    TableMetadata metadata = write(directory.resolve("table"));
    Path path = directory.resolve("example");
    try (SortedTable table = SortedTable.open(OneFile.of(example()), path, IDENTITY, metadata)) {
      assertThat(EntryModel.drain(table.cursor())).isEqualTo(ENTRIES);
      Lookup lookup = new Lookup();
      assertThat(table.get(1, bytes("pear:1"), 8, lookup)).isTrue();
      assertThat(lookup.copyValue()).isEqualTo(bytes("green"));
      table.verify();
    }
  }

  private static byte[] example() throws IOException {
    byte[] content = new byte[SIZE_BYTES];
    boolean inside = false;
    for (String line : Files.readAllLines(formatFile())) {
      if (inside && line.equals("```")) {
        return content;
      }
      if (inside) {
        int offset = Integer.parseInt(line.substring(0, 4), 16);
        String hex = line.substring(HEX_COLUMN, Math.min(TEXT_COLUMN, line.length())).trim();
        byte[] part = HexFormat.ofDelimiter(" ").parseHex(hex);
        System.arraycopy(part, 0, content, offset, part.length);
      }
      inside |= line.equals("```sorted-table");
    }
    throw new AssertionError("FORMAT.md has no example of a sorted table");
  }

  private static Path formatFile() {
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null && !Files.exists(directory.resolve("FORMAT.md"))) {
      directory = directory.getParent();
    }
    assertThat(directory).as("a directory with FORMAT.md above this one").isNotNull();
    return directory.resolve("FORMAT.md");
  }
}
