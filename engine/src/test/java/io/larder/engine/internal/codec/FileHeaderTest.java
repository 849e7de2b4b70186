package io.larder.engine.internal.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.FormatVersionException;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.NotADatabaseException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FileHeaderTest {
  private static final Path PATH = Path.of("some", "file");
  private static final FileHeader HEADER = new FileHeader(FileType.MANIFEST, 3, 77, 5);

  @Test
  void write_thenRead_givesTheSameHeader() {
    assertThat(read(bytes(), FileType.MANIFEST, 1, 3)).isEqualTo(HEADER);
  }

  @Test
  void read_anyFlippedBit_isRefused() {
    for (int bit = 0; bit < FileHeader.BYTES * 8; bit++) {
      ByteBuffer damaged = bytes();
      damaged.put(bit / 8, (byte) (damaged.get(bit / 8) ^ 1 << bit % 8));

      assertThatThrownBy(() -> read(damaged, FileType.MANIFEST, 1, 3))
          .as("bit %d", bit)
          .isInstanceOf(LarderException.class)
          .hasMessageContaining(PATH.toString());
    }
  }

  @Test
  void read_foreignFile_isNotADatabase() {
    ByteBuffer text = ByteBuffer.wrap("#!/bin/sh echo 'this is no header at all'".getBytes(UTF_8));

    assertThatThrownBy(() -> read(text, FileType.MANIFEST, 1, 3))
        .isInstanceOf(NotADatabaseException.class);
  }

  @Test
  void read_shortFile_isCorruption() {
    assertThatThrownBy(() -> read(bytes().limit(31), FileType.MANIFEST, 1, 3))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("31 bytes")
        .hasMessageContaining("32 bytes");
  }

  @Test
  void read_otherVersionOrType_isRefused() {
    assertThatThrownBy(() -> read(bytes(), FileType.MANIFEST, 1, 2))
        .isInstanceOf(FormatVersionException.class)
        .hasMessageContaining("version 3")
        .hasMessageContaining("1 to 2");
    assertThatThrownBy(() -> read(bytes(), FileType.MANIFEST, 4, 5))
        .isInstanceOf(FormatVersionException.class);
    assertThatThrownBy(() -> read(bytes(), FileType.WAL_SEGMENT, 1, 3))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("file type 3");
  }

  @Test
  void requireIdentity_otherDatabaseOrFile_isCorruption() {
    HEADER.requireIdentity(PATH, 77, 5);
    assertThatThrownBy(() -> HEADER.requireIdentity(PATH, 78, 5))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("database id");
    assertThatThrownBy(() -> HEADER.requireIdentity(PATH, 77, 6))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("file id 5, expected 6");
  }

  private static ByteBuffer bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(FileHeader.BYTES);
    HEADER.writeTo(bytes, 0);
    return bytes;
  }

  private static FileHeader read(ByteBuffer bytes, FileType type, int oldest, int newest) {
    return FileHeader.read(bytes, 0, PATH, type, oldest, newest);
  }
}
