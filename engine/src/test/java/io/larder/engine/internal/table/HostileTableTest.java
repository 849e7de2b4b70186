package io.larder.engine.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.LarderException;
import io.larder.engine.internal.codec.Checksums;
import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.EntryModel;
import io.larder.engine.internal.codec.EntryModel.Key;
import io.larder.engine.internal.codec.EntryModel.Version;
import io.larder.engine.internal.codec.Lookup;
import io.larder.engine.internal.io.LocalFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tables whose checksums are right and whose content is not: what somebody could write on purpose. Reading them may give
 * wrong entries, but ends, takes no memory beyond the file's, and fails only with the engine's own exceptions.
 */
class HostileTableTest {
  private static final TableIdentity IDENTITY = new TableIdentity(3, 4);
  private static final int ROUNDS = 600;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void read_damagedWithRightChecksums_endsWithEntriesOrOwnException(long seed) throws IOException {
    Random random = new Random(seed);
    EntryModel model = new EntryModel();
    for (int sequence = 1; sequence <= 80; sequence++) {
      Key key = EntryModel.randomKey(random, 3, 50);
      model.add(EntryModel.randomVersion(random, key, sequence));
    }
    Path path = directory.resolve("table");
    TableMetadata metadata = write(path, model.versions(false));
    byte[] good = Files.readAllBytes(path);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bad = good.clone();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        mutate(bad, random);
      }
      repairChecksums(bad);
      TableMetadata repaired = withChecksum(metadata, Checksums.crc32c(bad, 0, bad.length));
      refused += isRefused(bad, path, repaired, model) ? 1 : 0;
    }
    assertThat(refused).isBetween(ROUNDS / 4, ROUNDS);
  }

  private static TableMetadata write(Path path, List<Version> versions) {
    try (TableWriter writer =
        TableWriter.create(
            LocalFileSystem.instance(), path, IDENTITY, new TableOptions(200, true, true))) {
      for (Version version : versions) {
        Key key = version.key();
        writer.add(
            key.keyspaceId(),
            key.bytes(),
            version.sequence(),
            version.value(),
            version.expiresAtMillis());
      }
      return writer.finish();
    }
  }

  private static void mutate(byte[] content, Random random) {
    int position = 32 + random.nextInt(content.length - 32);
    switch (random.nextInt(4)) {
      case 0 -> content[position] = (byte) random.nextInt();
      case 1 -> content[position] = (byte) 0xFF;
      case 2 -> content[position] ^= (byte) (1 << random.nextInt(8));
      default -> {
        int length = Math.min(1 + random.nextInt(10), content.length - position);
        for (int i = 0; i < length; i++) {
          content[position + i] = (byte) (random.nextBoolean() ? 0x80 : 0xFF);
        }
      }
    }
  }

  /** Makes the checksums of pages and footer right again, as far as the footer still says where they are. */
  private static void repairChecksums(byte[] content) {
    ByteBuffer file = ByteBuffer.wrap(content);
    int footer = content.length - TableLayout.FOOTER_BYTES;
    int checksums = file.getInt(footer + 32);
    if (checksums > 0 && checksums < footer) {
      for (int start = 0; start < checksums; start += TableLayout.PAGE_BYTES) {
        int length = Math.min(TableLayout.PAGE_BYTES, checksums - start);
        int place = checksums + start / TableLayout.PAGE_BYTES * TableLayout.CHECKSUM_BYTES;
        if (place + TableLayout.CHECKSUM_BYTES <= footer) {
          file.putInt(place, Checksums.crc32c(content, start, length));
        }
      }
      file.putInt(footer + 48, Checksums.crc32c(content, checksums, footer - checksums));
    }
    file.putLong(footer + 52, 0x4C41524445522E45L);
    file.putInt(footer + 60, Checksums.crc32c(content, footer, 60));
  }

  private static TableMetadata withChecksum(TableMetadata of, int checksum) {
    return new TableMetadata(
        of.fileId(),
        of.sizeBytes(),
        checksum,
        of.entryCount(),
        of.deleteCount(),
        of.firstKeyspaceId(),
        of.firstKey(),
        of.lastKeyspaceId(),
        of.lastKey(),
        of.minSequence(),
        of.maxSequence(),
        of.minExpiryMillis(),
        of.maxExpiryMillis());
  }

  private static boolean isRefused(
      byte[] content, Path path, TableMetadata metadata, EntryModel model) {
    boolean refused = false;
    try (SortedTable table = SortedTable.open(OneFile.of(content), path, IDENTITY, metadata)) {
      Lookup lookup = new Lookup();
      for (Key key : model.keys()) {
        refused |= fails(() -> read(table, key, lookup));
        refused |= fails(() -> seek(table.cursor(), key));
        refused |= fails(() -> seek(table.cursorDescending(), key));
      }
      refused |= fails(() -> EntryModel.drain(table.cursor()));
      refused |= fails(() -> EntryModel.drain(table.cursorDescending()));
      refused |= fails(table::verify);
    } catch (LarderException e) {
      refused = true;
    }
    return refused;
  }

  private static void read(SortedTable table, Key key, Lookup lookup) {
    if (table.get(key.keyspaceId(), key.bytes(), 40, lookup)) {
      assertThat(lookup.copyValue()).hasSize(lookup.valueLength());
    }
  }

  private static void seek(EntryCursor cursor, Key key) {
    cursor.seek(key.keyspaceId(), key.bytes());
    if (cursor.next()) {
      assertThat(EntryModel.current(cursor)).isNotNull();
    }
  }

  private static boolean fails(Runnable read) {
    try {
      read.run();
      return false;
    } catch (LarderException e) {
      return true;
    }
  }
}
