package io.larder.engine.internal.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.LarderException;
import io.larder.engine.internal.manifest.KeyspaceDefinition;
import io.larder.engine.internal.manifest.Version;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** FORMAT.md is right about backups and archives, and what is hostile is refused before anything is done with it. */
final class BackupFormatTest {
  private static final Path PATH = Path.of("/kept/monday/INVENTORY");
  private static final long DATABASE = 0x1122334455667788L;
  private static final long TIME = 1_700_000_000_000L;

  private static Inventory inventory(BackupFile... files) {
    Version version =
        new Version(
            Map.of(1, new KeyspaceDefinition(1, 1, "fruit")), Map.of(), 1, 2, 0, 3, TIME, 1);
    return new Inventory(DATABASE, 3, TIME + 5, TIME, "", version, List.of(files));
  }

  private static final BackupFile SEGMENT =
      new BackupFile("0000000000000001.wal", 1 << 20, 0x01020304, false);

  @Test
  void inventory_isWrittenAndReadAsDocumented() throws IOException {
    Inventory written = inventory(SEGMENT);
    assertThat(hex(written.encode())).isEqualTo(example("inventory"));
    assertThat(Inventory.decode(written.encode(), PATH)).isEqualTo(written);
  }

  @Test
  void fileHeldByAnotherBackup_makesItFormatTwo_andNamesOnlyABackup() {
    Inventory written = inventory(SEGMENT.heldBy("monday"));
    assertThat(written.encode().getShort(10)).isEqualTo((short) 2);
    assertThat(inventory(SEGMENT).encode().getShort(10)).isEqualTo((short) 1);
    assertThat(Inventory.decode(written.encode(), PATH)).isEqualTo(written);
    assertThat(written.holders()).containsExactly("monday");
    for (String name : List.of("../x", "/x", "LOCK", "x.partial")) {
      Inventory hostile = inventory(SEGMENT.heldBy(name));
      assertThatThrownBy(() -> Inventory.decode(hostile.encode(), PATH), name)
          .isInstanceOf(LarderException.class)
          .hasMessageContaining("no backup that holds");
    }
  }

  @Test
  void seal_isWrittenAndReadAsDocumented() throws IOException {
    ArchiveSeal written = new ArchiveSeal(DATABASE, 7, 100, 250, 65_536, 0x01020304);
    assertThat(hex(written.encode())).isEqualTo(example("seal"));
    assertThat(ArchiveSeal.decode(written.encode(), PATH, DATABASE, 7)).isEqualTo(written);
    assertThatThrownBy(() -> ArchiveSeal.decode(written.encode(), PATH, DATABASE, 8))
        .isInstanceOf(LarderException.class);
  }

  @Test
  void everyFlippedBit_andEveryCut_isRefused() {
    ByteBuffer good = inventory(SEGMENT).encode();
    ByteBuffer seal = new ArchiveSeal(DATABASE, 7, 100, 250, 65_536, 0x01020304).encode();
    for (int bit = 0; bit < good.limit() * 8; bit++) {
      ByteBuffer damaged = ByteBuffer.wrap(bytes(good));
      damaged.put(bit / 8, (byte) (damaged.get(bit / 8) ^ 1 << bit % 8));
      assertThatThrownBy(() -> Inventory.decode(damaged, PATH), "bit " + bit)
          .isInstanceOf(LarderException.class);
    }
    for (int bit = 0; bit < seal.limit() * 8; bit++) {
      ByteBuffer damaged = ByteBuffer.wrap(bytes(seal));
      damaged.put(bit / 8, (byte) (damaged.get(bit / 8) ^ 1 << bit % 8));
      assertThatThrownBy(() -> ArchiveSeal.decode(damaged, PATH, DATABASE, 7), "seal, bit " + bit)
          .isInstanceOf(LarderException.class);
    }
    for (int length = 0; length < good.limit(); length++) {
      ByteBuffer cut = ByteBuffer.wrap(bytes(good), 0, length).slice();
      assertThatThrownBy(() -> Inventory.decode(cut, PATH), "cut at " + length)
          .isInstanceOf(LarderException.class);
    }
  }

  @Test
  void namesThatLeadElsewhere_areRefused() {
    for (String name :
        List.of(
            "../../../../etc/passwd",
            "/etc/cron.d/x.wal",
            "000000000000000g.wal",
            "0000000000000001.wal/../x",
            "0000000000000001.manifest",
            "..0000000000000.wal",
            "CURRENT",
            "LOCK",
            "")) {
      Inventory hostile = inventory(new BackupFile(name, 1, 1, false));
      assertThatThrownBy(() -> Inventory.decode(hostile.encode(), PATH), name)
          .isInstanceOf(LarderException.class)
          .hasMessageContaining("neither table nor log segment");
    }
    Inventory twice = inventory(SEGMENT, SEGMENT);
    assertThatThrownBy(() -> Inventory.decode(twice.encode(), PATH)).hasMessageContaining("twice");
    Inventory unknown = inventory(new BackupFile("0000000000000009.table", 1, 1, false));
    assertThatThrownBy(() -> Inventory.decode(unknown.encode(), PATH))
        .hasMessageContaining("found 1 tables, expected 0");
    Inventory base = new Inventory(DATABASE, 3, TIME, TIME, "../x", Version.empty(), List.of());
    assertThatThrownBy(() -> Inventory.decode(base.encode(), PATH))
        .hasMessageContaining("no name of a backup");
  }

  private static String hex(ByteBuffer bytes) {
    return HexFormat.of().formatHex(bytes(bytes));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.limit()];
    buffer.get(0, bytes);
    return bytes;
  }

  /** Reads a marked block from FORMAT.md: offset, bytes, explanation. */
  private static String example(String name) throws IOException {
    String document = Files.readString(Path.of("..", "FORMAT.md"));
    String mark = "```" + name + "\n";
    int from = document.indexOf(mark) + mark.length();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String line : document.substring(from, document.indexOf("```", from)).split("\n")) {
      if (!line.isEmpty()) {
        assertThat(HexFormat.fromHexDigits(line, 0, 4)).isEqualTo(bytes.size());
        bytes.writeBytes(
            HexFormat.of()
                .parseHex(line.substring(6, Math.min(line.length(), 53)).strip().replace(" ", "")));
      }
    }
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
