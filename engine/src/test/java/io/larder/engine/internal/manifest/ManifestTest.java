package io.larder.engine.internal.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.FormatVersionException;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.NotADatabaseException;
import io.larder.engine.internal.codec.FileHeader;
import io.larder.engine.internal.codec.FileType;
import io.larder.engine.internal.io.AtomicFile;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.LossModel;
import io.larder.engine.internal.table.TableMetadata;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ManifestTest {
  private static final Path DIRECTORY = Path.of("/data");
  private static final long DATABASE_ID = 42;

  private final InMemoryFileSystem fileSystem = new InMemoryFileSystem();

  @BeforeEach
  void createDirectory() throws IOException {
    fileSystem.createDirectories(DIRECTORY);
  }

  private static KeyspaceDefinition keyspace(int id) {
    return new KeyspaceDefinition(id, id, "keyspace " + id);
  }

  private static LiveTable table(long fileId) {
    byte[] first = {1};
    byte[] last = {2};
    return new LiveTable(
        fileId, new TableMetadata(fileId, 4096, 7, 10, 0, 1, first, 1, last, 1, 10, 0, 0));
  }

  /** A manifest of five edits; each defines the keyspace of its number. */
  private void writeFive() {
    try (Manifest manifest = Manifest.create(fileSystem, DIRECTORY, DATABASE_ID, Version.empty())) {
      for (int id = 1; id <= 5; id++) {
        manifest.append(new VersionEdit().setKeyspace(keyspace(id)).lastKeyspaceId(id));
      }
    }
  }

  private Manifest open() {
    return Manifest.open(fileSystem, DIRECTORY, true);
  }

  private Path file() {
    return ManifestFiles.path(DIRECTORY, 1);
  }

  private void truncateTo(long bytes) throws IOException {
    try (StorageFile file = fileSystem.open(file(), OpenMode.READ_WRITE)) {
      file.truncate(bytes);
    }
  }

  @Test
  void append_isFoundAgain() {
    Version written;
    try (Manifest manifest = Manifest.create(fileSystem, DIRECTORY, DATABASE_ID, Version.empty())) {
      manifest.append(
          new VersionEdit()
              .setKeyspace(keyspace(1))
              .setKeyspace(keyspace(2))
              .lastKeyspaceId(2)
              .addTable(table(7))
              .addTable(table(8))
              .nextFileId(9)
              .logFloor(3)
              .flushedSequence(100)
              .durableSequence(200)
              .highestClockMillis(300));
      manifest.append(new VersionEdit().removeTable(7).dropKeyspace(1));
      written = manifest.version();
    }
    try (Manifest found = open()) {
      assertThat(found.version()).isEqualTo(written);
      assertThat(found.version().keyspaces()).containsOnlyKeys(2);
      assertThat(found.version().tables()).containsOnlyKeys(8L);
      assertThat(found.databaseId()).isEqualTo(DATABASE_ID);
      assertThat(found.tornTail()).isEmpty();
    }
    fileSystem.requireNoLeaks();
  }

  @Test
  void numbers_neverGoDown() {
    Version version = Version.empty().apply(new VersionEdit().flushedSequence(9).logFloor(5));
    assertThat(version.apply(new VersionEdit().flushedSequence(3)).flushedSequence()).isEqualTo(9);
  }

  @Test
  void open_lastEditCutShort_isAsIfItNeverWas_andWritingGoesOn() throws IOException {
    writeFive();
    long whole = fileSystem.sizeBytes(file());
    int lastEditBytes = 16 + VersionEditCodec.encode(lastEdit()).length + 4;
    for (long bytes = whole - 20 - lastEditBytes + 1; bytes < whole - 20; bytes++) {
      truncateTo(bytes);
      assertThatThrownBy(() -> requireWhole(Manifest.open(fileSystem, DIRECTORY, false)))
          .isInstanceOf(CorruptionException.class);
      try (Manifest manifest = open()) {
        assertThat(manifest.tornTail()).contains("at offset");
        assertThat(manifest.version().lastKeyspaceId()).isEqualTo(4);
        manifest.append(lastEdit());
      }
      try (Manifest manifest = open()) {
        assertThat(manifest.tornTail()).isEmpty();
        assertThat(manifest.version().lastKeyspaceId()).isEqualTo(5);
      }
    }
  }

  private static VersionEdit lastEdit() {
    return new VersionEdit().setKeyspace(keyspace(5)).lastKeyspaceId(5);
  }

  private static void requireWhole(Manifest manifest) {
    try (manifest) {
      if (!manifest.tornTail().isEmpty()) {
        throw new CorruptionException(manifest.tornTail());
      }
    }
  }

  @Test
  void open_anyBitFlipped_isFoundOrHarmless() throws IOException {
    writeFive();
    long bits = fileSystem.sizeBytes(file()) * 8;
    int refused = 0;
    for (long bit = 0; bit < bits; bit++) {
      InMemoryFileSystem flipped = fileSystem.afterCrash(LossModel.PROCESS_KILLED, 0);
      flipped.flipBit(file(), bit);
      try (Manifest manifest = Manifest.open(flipped, DIRECTORY, true)) {
        assertThat(manifest.version().lastKeyspaceId()).as("bit %d", bit).isEqualTo(5);
        assertThat(manifest.version().keyspaces().values())
            .as("bit %d", bit)
            .contains(keyspace(1), keyspace(5));
      } catch (LarderException e) {
        assertThat(e.getMessage()).contains(file().toString());
        refused++;
      }
    }
    // only confirmations, six of twenty bytes each, may be harmed without a word
    assertThat(refused).isGreaterThanOrEqualTo((int) bits - 6 * 20 * 8);
  }

  @Test
  void open_currentWithAnyBitFlipped_isRefused() throws IOException {
    writeFive();
    Path current = DIRECTORY.resolve(ManifestFiles.CURRENT);
    for (long bit = 0; bit < FileHeader.BYTES * 8; bit++) {
      InMemoryFileSystem flipped = fileSystem.afterCrash(LossModel.PROCESS_KILLED, 0);
      flipped.flipBit(current, bit);
      assertThatThrownBy(() -> Manifest.open(flipped, DIRECTORY, true).close())
          .isInstanceOf(LarderException.class)
          .hasMessageContaining("CURRENT");
    }
  }

  @Test
  void append_pastTheLimit_movesToANewManifest() throws IOException {
    int edits = 0;
    try (Manifest manifest = Manifest.create(fileSystem, DIRECTORY, DATABASE_ID, Version.empty())) {
      String longName = "n".repeat(200);
      while (manifest.number() == 1) {
        manifest.append(
            new VersionEdit().setKeyspace(new KeyspaceDefinition(1, ++edits, longName)));
      }
      assertThat(edits).isBetween(10_000, 30_000);
      assertThat(fileSystem.exists(file())).isFalse();
      manifest.append(new VersionEdit().setKeyspace(keyspace(2)));
    }
    try (Manifest found = open()) {
      assertThat(found.number()).isEqualTo(2);
      assertThat(found.version().keyspaces().get(1).dataId()).isEqualTo(edits);
      assertThat(found.version().keyspaces()).containsKey(2);
    }
  }

  @Test
  void open_cutAfterItWasSealed_isRefusedAtEveryByte() throws IOException {
    writeFive();
    try (Manifest manifest = open()) {
      manifest.seal();
    }
    long size = fileSystem.sizeBytes(file());
    try (Manifest manifest = open()) {
      manifest.append(new VersionEdit().lastKeyspaceId(99)); // behind what was sealed
    }
    long longer = fileSystem.sizeBytes(file());
    InMemoryFileSystem whole = fileSystem.afterCrash(LossModel.PROCESS_KILLED, 0);
    for (long cut = longer; cut > 0; cut--) {
      truncateTo(cut);
      InMemoryFileSystem copy = fileSystem.afterCrash(LossModel.PROCESS_KILLED, 0);
      if (cut >= size - ManifestRecord.CONFIRMATION_BYTES) {
        try (Manifest found = Manifest.open(copy, DIRECTORY, true)) {
          assertThat(found.version().keyspaces()).as("cut to " + cut).hasSize(5);
        }
      } else {
        assertThatThrownBy(() -> Manifest.open(copy, DIRECTORY, true))
            .as("cut to " + cut)
            .isInstanceOf(LarderException.class);
      }
    }
    try (Manifest found = Manifest.open(whole, DIRECTORY, true)) {
      assertThat(found.version().lastKeyspaceId()).isEqualTo(99);
    }
  }

  @Test
  void open_newerFormat_isNamed() throws IOException {
    writeFive();
    ByteBuffer content = ByteBuffer.allocate(FileHeader.BYTES);
    new FileHeader(FileType.CURRENT, 9, DATABASE_ID, 1).writeTo(content, 0);
    AtomicFile.write(fileSystem, DIRECTORY.resolve(ManifestFiles.CURRENT), content);
    assertThatThrownBy(this::open)
        .isInstanceOf(FormatVersionException.class)
        .hasMessageContaining("version 9");
  }

  @Test
  void open_foreignCurrent_isNamed() throws IOException {
    AtomicFile.write(
        fileSystem,
        DIRECTORY.resolve(ManifestFiles.CURRENT),
        ByteBuffer.wrap(
            "MANIFEST-000001, as others write it"
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    assertThatThrownBy(this::open)
        .isInstanceOf(NotADatabaseException.class)
        .hasMessageContaining("CURRENT");
  }

  @Test
  void open_manifestOfAnotherDatabase_isRefused() throws IOException {
    writeFive();
    ManifestFiles.writeCurrent(fileSystem, DIRECTORY, DATABASE_ID + 1, 1, 1);
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("database id");
  }

  @Test
  void open_manifestMissing_isRefused() throws IOException {
    writeFive();
    fileSystem.delete(file());
    assertThatThrownBy(this::open)
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("missing");
  }
}
