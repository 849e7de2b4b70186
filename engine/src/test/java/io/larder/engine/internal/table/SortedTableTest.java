package io.larder.engine.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.NotADatabaseException;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.EntryModel;
import io.larder.engine.internal.codec.EntryModel.Key;
import io.larder.engine.internal.codec.EntryModel.Version;
import io.larder.engine.internal.codec.Lookup;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.spi.FileSystem;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SortedTableTest {
  static final TableIdentity IDENTITY = new TableIdentity(0x1122334455667788L, 42);

  @TempDir Path directory;
  private final FileSystem fileSystem = LocalFileSystem.instance();

  private static EntryModel randomModel(Random random, int operations, int variety, int keyspaces) {
    EntryModel model = new EntryModel();
    for (int sequence = 1; sequence <= operations; sequence++) {
      Key key = EntryModel.randomKey(random, keyspaces, variety);
      model.add(EntryModel.randomVersion(random, key, sequence));
    }
    return model;
  }

  private TableMetadata write(Path path, EntryModel model, TableOptions options) {
    return write(path, model.versions(false), options);
  }

  private TableMetadata write(Path path, List<Version> versions, TableOptions options) {
    try (TableWriter writer = TableWriter.create(fileSystem, path, IDENTITY, options)) {
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

  private SortedTable open(Path path, TableMetadata metadata) {
    return SortedTable.open(fileSystem, path, IDENTITY, metadata);
  }

  @ParameterizedTest(name = "seed {0}: {1} operations, variety {2}, {3} keyspaces, block {4}")
  @CsvSource({
    "1, 1, 1, 1, 4096, true, true",
    "2, 40, 20, 1, 4096, true, true",
    "3, 3000, 1000000, 1, 4096, true, true",
    "4, 5000, 300, 5, 256, true, true",
    "5, 5000, 1000000, 5, 1, true, true",
    "6, 20000, 1000000, 3, 4096, false, true",
    "7, 3000, 800, 4, 512, true, false",
    "8, 3000, 800, 4, 4096, false, false",
    "9, 4000, 5, 1, 4096, true, true",
    "10, 5000, 300, 5, 65536, true, true",
    "11, 20000, 1000000, 2, 262144, true, true"
  })
  void everyRead_randomVersions_equalsModel(
      long seed,
      int operations,
      int variety,
      int keyspaces,
      int blockSizeBytes,
      boolean filter,
      boolean hashIndex) {
    Random random = new Random(seed);
    EntryModel model = randomModel(random, operations, variety, keyspaces);
    Path path = directory.resolve("table");
    TableMetadata metadata =
        write(path, model, new TableOptions(blockSizeBytes, filter, hashIndex));
    assertThat(metadata.entryCount()).isEqualTo(operations);
    assertThat(metadata.minSequence()).isEqualTo(1);
    assertThat(metadata.maxSequence()).isEqualTo(operations);
    try (SortedTable table = open(path, metadata)) {
      assertPoints(table, model, random, keyspaces, variety, operations);
      assertCursors(table, model, random, keyspaces, variety);
      table.verify();
      long entries = table.keyspaces().stream().mapToLong(KeyspaceProperties::entryCount).sum();
      long keys = table.keyspaces().stream().mapToLong(KeyspaceProperties::keyCount).sum();
      assertThat(entries).isEqualTo(operations);
      assertThat(keys).isEqualTo(model.keys().size());
    }
  }

  private static void assertPoints(
      SortedTable table,
      EntryModel model,
      Random random,
      int keyspaces,
      int variety,
      int operations) {
    Lookup lookup = new Lookup();
    TableRecord byOrder = new TableRecord();
    for (Key key : model.keys()) {
      Version newest = model.newest(key, Long.MAX_VALUE);
      assertLookup(table, key, Long.MAX_VALUE, newest, lookup);
      long maxSequence = random.nextInt(operations + 2);
      assertLookup(table, key, maxSequence, model.newest(key, maxSequence), lookup);
      assertThat(table.mayContain(key.keyspaceId(), key.bytes())).isTrue();
      assertThat(table.newestSequence(key.keyspaceId(), key.bytes())).isEqualTo(newest.sequence());
      assertThat(
              table.getByOrder(
                  key.keyspaceId(), key.bytes(), byOrder, new TableBlock(table.pages())))
          .isTrue();
      assertThat(byOrder.sequence).isEqualTo(newest.sequence());
    }
    for (int i = 0; i < 2000; i++) {
      Key key = EntryModel.randomKey(random, keyspaces + 1, variety * 2);
      assertLookup(table, key, Long.MAX_VALUE, model.newest(key, Long.MAX_VALUE), lookup);
    }
  }

  private static void assertLookup(
      SortedTable table, Key key, long maxSequence, Version expected, Lookup lookup) {
    boolean found = table.get(key.keyspaceId(), key.bytes(), maxSequence, lookup);
    assertThat(found).isEqualTo(expected != null).isEqualTo(lookup.isFound());
    if (expected != null) {
      byte[] value = lookup.isDelete() ? null : lookup.copyValue();
      Version actual = new Version(key, lookup.sequence(), value, lookup.expiresAtMillis());
      assertThat(actual).isEqualTo(expected);
    }
  }

  private static void assertCursors(
      SortedTable table, EntryModel model, Random random, int keyspaces, int variety) {
    for (boolean descending : new boolean[] {false, true}) {
      try (EntryCursor cursor = descending ? table.cursorDescending() : table.cursor()) {
        List<Version> all = model.versions(descending);
        assertThat(EntryModel.drain(cursor)).isEqualTo(all);
        cursor.rewind();
        assertThat(EntryModel.drainKeys(cursor)).isEqualTo(EntryModel.firstOfEachKey(all));
        for (int i = 0; i < 100; i++) {
          Key target = EntryModel.randomKey(random, keyspaces + 1, variety);
          cursor.seek(target.keyspaceId(), target.bytes());
          List<Version> expected = model.versionsFrom(target, descending);
          int steps = Math.min(expected.size(), 40);
          for (int step = 0; step < steps; step++) {
            assertThat(cursor.next()).isTrue();
            assertThat(EntryModel.current(cursor)).isEqualTo(expected.get(step));
          }
          assertThat(steps == 40 || !cursor.next()).isTrue();
        }
      }
    }
  }

  @Test
  void write_largeValuesAndKeys_areReadBack() {
    EntryModel model = new EntryModel();
    Random random = new Random(5);
    int sequence = 0;
    for (int size : new int[] {0, 1, 127, 128, 4095, 4096, 5000, 70_000, 2_000_000, 3}) {
      byte[] key = new byte[1 + (sequence * 37) % 1000];
      byte[] value = new byte[size];
      random.nextBytes(key);
      random.nextBytes(value);
      model.add(new Version(new Key(1, key), ++sequence, value, Long.MAX_VALUE));
    }
    Path path = directory.resolve("table");
    TableMetadata metadata = write(path, model, TableOptions.defaults());
    try (SortedTable table = open(path, metadata)) {
      assertThat(EntryModel.drain(table.cursor())).isEqualTo(model.versions(false));
      Lookup lookup = new Lookup();
      for (Key key : model.keys()) {
        assertLookup(table, key, Long.MAX_VALUE, model.newest(key, Long.MAX_VALUE), lookup);
      }
      table.verify();
    }
  }

  @Test
  void filter_absentKeys_areMostlyRefused() {
    EntryModel model = new EntryModel();
    for (int i = 0; i < 20_000; i++) {
      model.add(new Version(new Key(1, intKey(i)), i + 1, new byte[0], 0));
    }
    Path path = directory.resolve("table");
    TableMetadata metadata = write(path, model, TableOptions.defaults());
    try (SortedTable table = open(path, metadata)) {
      int passed = 0;
      for (int i = 0; i < 20_000; i++) {
        assertThat(table.mayContain(1, intKey(i))).isTrue();
        passed += table.mayContain(1, intKey(1_000_000 + i)) ? 1 : 0;
        assertThat(table.mayContain(2, intKey(i))).isFalse();
      }
      assertThat(passed).isLessThan(20_000 / 128);
    }
  }

  private static byte[] intKey(int number) {
    return ByteBuffer.allocate(16).putLong(0x6162636465666768L).putLong(number).array();
  }

  @Test
  void write_sharedPrefixes_areStoredOncePerBlock() {
    EntryModel model = new EntryModel();
    byte[] key = new byte[100];
    for (int i = 0; i < 2000; i++) {
      ByteBuffer.wrap(key).putInt(96, i);
      model.add(new Version(new Key(1, key.clone()), i + 1, new byte[10], 0));
    }
    TableMetadata metadata =
        write(directory.resolve("table"), model, new TableOptions(4096, true, true));
    assertThat(metadata.sizeBytes()).isLessThan(2000 * 40);
  }

  @Test
  void add_outOfOrder_isRefused() {
    try (TableWriter writer = create("table")) {
      writer.add(2, new byte[] {5}, 9, null, 0);
      assertThatThrownBy(() -> writer.add(2, new byte[] {5}, 9, null, 0))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> writer.add(2, new byte[] {4}, 3, null, 0))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> writer.add(1, new byte[] {9}, 3, null, 0))
          .isInstanceOf(IllegalArgumentException.class);
      writer.add(2, new byte[] {5}, 8, null, 0);
      writer.add(2, new byte[] {(byte) 0x80}, 8, null, 0);
      assertThat(writer.finish().entryCount()).isEqualTo(3);
    }
  }

  private TableWriter create(String name) {
    return TableWriter.create(
        fileSystem, directory.resolve(name), IDENTITY, TableOptions.defaults());
  }

  @Test
  void close_withoutFinish_deletesTheFile() {
    try (TableWriter writer = create("table")) {
      writer.add(1, new byte[] {1}, 1, new byte[10], 0);
      assertThat(directory.resolve("table")).exists();
    }
    assertThat(directory.resolve("table")).doesNotExist();
    try (TableWriter writer = create("table")) {
      assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void metadata_encodedAndDecoded_isEqual() {
    EntryModel model = randomModel(new Random(3), 100, 50, 3);
    TableMetadata metadata = write(directory.resolve("table"), model, TableOptions.defaults());
    byte[] encoded = metadata.encode();
    ByteBuffer source = ByteBuffer.allocate(encoded.length + 3).put(encoded).position(0);
    assertThat(TableMetadata.decode(source)).isEqualTo(metadata);
    assertThat(source.position()).isEqualTo(encoded.length);
    for (int length = 0; length < encoded.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(encoded, 0, length);
      assertThatThrownBy(() -> TableMetadata.decode(cut)).isInstanceOf(CorruptionException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void read_anyByteFlipped_isDetectedOrHarmless(boolean indexes) throws Exception {
    EntryModel model = randomModel(new Random(77), 60, 40, 3);
    Path path = directory.resolve("table");
    TableMetadata metadata = write(path, model, new TableOptions(300, indexes, indexes));
    byte[] good = Files.readAllBytes(path);
    Random random = new Random(1);
    for (int position = 0; position < good.length; position++) {
      byte[] bad = good.clone();
      bad[position] ^= (byte) (1 << random.nextInt(8));
      assertThat(detects(bad, path, metadata, model)).as("flip at %d", position).isTrue();
    }
    assertThat(detects(good, path, metadata, model)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 64, 512, 4096})
  void read_zeroedSectors_areDetected(int sectorBytes) throws Exception {
    EntryModel model = randomModel(new Random(78), 200, 90, 3);
    Path path = directory.resolve("table");
    TableMetadata metadata = write(path, model, TableOptions.defaults());
    byte[] good = Files.readAllBytes(path);
    for (int start = 0; start < good.length; start += Math.max(sectorBytes, 150)) {
      byte[] bad = good.clone();
      int end = Math.min(start + sectorBytes, good.length);
      Arrays.fill(bad, start, end, (byte) 0);
      boolean changed = !Arrays.equals(good, bad);
      assertThat(detects(bad, path, metadata, model)).isEqualTo(changed);
    }
  }

  /** Reads all of a table in every way: each read is right or reports corruption; verify never misses it. */
  private static boolean detects(
      byte[] content, Path path, TableMetadata metadata, EntryModel model) {
    try (SortedTable table = SortedTable.open(OneFile.of(content), path, IDENTITY, metadata)) {
      for (Key key : model.keys()) {
        requireRightOrCorrupt(path, () -> readsNewest(table, key, model));
      }
      for (boolean descending : new boolean[] {false, true}) {
        List<Version> expected = model.versions(descending);
        requireRightOrCorrupt(
            path,
            () -> {
              try (EntryCursor cursor = descending ? table.cursorDescending() : table.cursor()) {
                return EntryModel.drain(cursor).equals(expected);
              }
            });
      }
      table.verify();
      return false;
    } catch (CorruptionException | NotADatabaseException e) {
      assertThat(e).hasMessageContaining(path.toString());
      return true;
    }
  }

  private static boolean readsNewest(SortedTable table, Key key, EntryModel model) {
    Lookup lookup = new Lookup();
    Version expected = model.newest(key, Long.MAX_VALUE);
    return table.get(key.keyspaceId(), key.bytes(), Long.MAX_VALUE, lookup)
        && lookup.sequence() == expected.sequence()
        && (lookup.isDelete()
            ? expected.isDelete()
            : Arrays.equals(lookup.copyValue(), expected.value()));
  }

  private static void requireRightOrCorrupt(Path path, BooleanSupplier read) {
    try {
      assertThat(read.getAsBoolean()).isTrue();
    } catch (CorruptionException e) {
      assertThat(e).hasMessageContaining(path.toString());
    }
  }

  @Test
  void open_anyTruncationOrExtension_isRefused() throws Exception {
    EntryModel model = randomModel(new Random(8), 60, 40, 2);
    Path path = directory.resolve("table");
    TableMetadata metadata = write(path, model, TableOptions.defaults());
    byte[] good = Files.readAllBytes(path);
    for (int length = 0; length < good.length; length += 1 + length / 50) {
      Files.write(path, Arrays.copyOf(good, length));
      assertThatThrownBy(() -> open(path, metadata)).isInstanceOf(CorruptionException.class);
    }
    Files.write(path, Arrays.copyOf(good, good.length + 1));
    assertThatThrownBy(() -> open(path, metadata)).isInstanceOf(CorruptionException.class);
  }

  @Test
  void open_anotherIdentityOrContent_isRefused() throws Exception {
    EntryModel model = randomModel(new Random(8), 60, 40, 2);
    Path path = directory.resolve("table");
    TableMetadata metadata = write(path, model, TableOptions.defaults());
    TableIdentity otherFile = new TableIdentity(IDENTITY.databaseId(), IDENTITY.fileId() + 1);
    TableIdentity otherDatabase = new TableIdentity(IDENTITY.databaseId() + 1, IDENTITY.fileId());
    for (TableIdentity identity : List.of(otherFile, otherDatabase)) {
      assertThatThrownBy(() -> SortedTable.open(fileSystem, path, identity, metadata))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(path.toString());
    }
    Path older = directory.resolve("older");
    EntryModel olderModel = randomModel(new Random(8), 59, 40, 2);
    TableMetadata olderMetadata = write(older, olderModel, TableOptions.defaults());
    Files.write(path, Files.readAllBytes(older));
    assertThatThrownBy(() -> open(path, metadata)).isInstanceOf(CorruptionException.class);
    try (SortedTable table = open(path, olderMetadata)) {
      table.verify();
    }
  }

  @Test
  void open_missingFile_namesIt() {
    TableMetadata metadata =
        new TableMetadata(1, 500, 0, 1, 0, 1, new byte[1], 1, new byte[1], 1, 1, 1, 1);
    assertThatThrownBy(() -> open(directory.resolve("nothing"), metadata))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("nothing");
  }
}
