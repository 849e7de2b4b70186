package io.larder.engine.internal.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.internal.codec.BatchEncoder;
import io.larder.engine.internal.codec.FileHeader;
import io.larder.engine.internal.codec.FileType;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.SystemClock;
import io.larder.engine.internal.wal.SegmentLayout.Header;
import io.larder.engine.internal.wal.SegmentLayout.Mark;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** FORMAT.md is right: its example is what the code reads, and what it writes. */
class LogFormatTest {
  private static final long DATABASE_ID = 0x1122334455667788L;
  private static final long SALT = 0x5A17000000C0FFEEL;
  private static final long TIME = 1_700_000_000_000L;
  private static final int SIZE_BYTES = 8192;

  @Test
  void example_isRecoveredAsItsTextSays() throws IOException {
    InMemoryFileSystem fileSystem = new InMemoryFileSystem();
    Path directory = Path.of("/database");
    fileSystem.createDirectories(directory);
    try (StorageFile file =
        fileSystem.open(directory.resolve("0000000000000001.wal"), OpenMode.CREATE_NEW)) {
      file.write(0, ByteBuffer.wrap(example()));
    }
    List<String> changes = new ArrayList<>();
    WriteAheadLog log =
        WriteAheadLog.recover(
            fileSystem,
            SystemClock.instance(),
            directory,
            new LogOptions(DATABASE_ID, SIZE_BYTES, 0),
            new LogStart(1, 0, 0),
            (first, count, time, reader) -> {
              changes.add("commit " + (time - TIME));
              while (reader.next()) {
                byte[] value = reader.value();
                changes.add(
                    reader.sequence()
                        + " "
                        + reader.keyspaceId()
                        + " "
                        + text(reader.key())
                        + " "
                        + (value == null ? "deleted" : text(value))
                        + " "
                        + reader.expiresAtMillis());
              }
            });
    log.close();

    assertThat(log.recovery().cleanShutdown()).isTrue();
    assertThat(changes)
        .containsExactly(
            "commit 5",
            "1 7 apple red 0",
            "2 7 pear deleted 0",
            "3 300 fig ripe " + (TIME + 60_000));
  }

  @Test
  void example_isWhatTheCodeWrites() throws IOException {
    ByteBuffer segment = ByteBuffer.allocate(SIZE_BYTES);
    FileHeader header = new FileHeader(FileType.WAL_SEGMENT, 3, DATABASE_ID, 1);
    segment.put(SegmentLayout.headerBlock(new Header(header, SALT, SIZE_BYTES)));
    BatchEncoder batch =
        new BatchEncoder()
            .put(7, bytes("apple"), bytes("red"), 0)
            .delete(7, bytes("pear"))
            .put(300, bytes("fig"), bytes("ripe"), TIME + 60_000)
            .finish();
    Frame frame = new Frame(batch.length(), batch.checksum(), 3, 1, 0, TIME + 5);
    new FrameWriter().write(segment, SALT, 4096, frame, batch.bytes(), 0);
    Mark start = new Mark(1, 0, 4096, TIME);
    Mark end = new Mark(4, 3, segment.position(), TIME + 9);
    for (int copy = 0; copy < 1024; copy += 512) {
      segment.put(512 + copy, SegmentLayout.mark(1, SALT, start).array());
      segment.put(1536 + copy, SegmentLayout.mark(2, SALT, end).array());
    }

    assertThat(HexFormat.of().formatHex(segment.array()))
        .isEqualTo(HexFormat.of().formatHex(example()));
  }

  /** Reads the block marked {@code wal-segment} from FORMAT.md: offset, bytes, explanation. */
  private static byte[] example() throws IOException {
    String document = Files.readString(Path.of("..", "FORMAT.md"));
    int from = document.indexOf("```wal-segment\n") + "```wal-segment\n".length();
    String block = document.substring(from, document.indexOf("```", from));
    ByteBuffer segment = ByteBuffer.allocate(SIZE_BYTES);
    for (String line : block.split("\n")) {
      int offset = HexFormat.fromHexDigits(line, 0, 4);
      String hex = line.substring(6, 53).strip().replace(" ", "");
      segment.put(offset, HexFormat.of().parseHex(hex));
    }
    return segment.array();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
