package io.larder.engine.internal.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.IoCall.Operation;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import io.larder.engine.spi.StorageFile.SyncScope;
import io.larder.engine.spi.WritableRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InMemoryFileSystemTest extends FileSystemContract {
  private final InMemoryFileSystem fileSystem = new InMemoryFileSystem();
  private final Path directory = Path.of("/disk/database");

  @BeforeEach
  void createDirectory() throws IOException {
    fileSystem.createDirectories(directory);
  }

  @Override
  FileSystem fileSystem() {
    return fileSystem;
  }

  @Override
  Path directory() {
    return directory;
  }

  @Test
  void afterCrash_unsyncedBytes_areGone() throws IOException {
    try (StorageFile file = create("a")) {
      file.write(0, text("synced"));
      file.sync(SyncScope.DATA);
      fileSystem.syncDirectory(directory);
      file.write(0, text("SYNC"));
      file.write(6, text(" and more"));
    }
    assertThat(after(LossModel.NOTHING, "a")).isEqualTo("synced");
    assertThat(after(LossModel.EVERYTHING, "a")).isEqualTo("SYNCed and more");
    assertThat(after(LossModel.SIZES_WITHOUT_DATA, "a")).isEqualTo("synced\0\0\0\0\0\0\0\0\0");
    assertThat(after(LossModel.PROCESS_KILLED, "a")).isEqualTo("SYNCed and more");
    assertThat(content("a")).isEqualTo("SYNCed and more");
  }

  @Test
  void afterCrash_mappedBytes_areGoneUnlessSynced_andStayWhenOnlyTheProcessEnds()
      throws IOException {
    Path path = directory().resolve("mapped");
    try (StorageFile file = fileSystem().open(path, OpenMode.CREATE_NEW)) {
      file.preallocate(100);
      file.sync(SyncScope.FULL);
      fileSystem().syncDirectory(directory());
      try (WritableRegion region = file.mapForWriting(0, 100)) {
        region.write(0, new byte[] {1}, 0, 1);
        file.sync(SyncScope.DATA);
        region.write(1, new byte[] {2}, 0, 1);
        assertThat(first(fileSystem.afterCrash(LossModel.PROCESS_KILLED, 0), path, 2))
            .containsExactly(1, 2);
        assertThat(first(fileSystem.afterCrash(LossModel.NOTHING, 0), path, 2))
            .containsExactly(1, 0);
        assertThat(first(fileSystem.afterCrash(LossModel.EVERYTHING, 0), path, 2))
            .containsExactly(1, 2);
      }
    }
    fileSystem.requireNoLeaks();
  }

  private static byte[] first(InMemoryFileSystem crashed, Path path, int length)
      throws IOException {
    try (StorageFile file = crashed.open(path, OpenMode.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(length);
      file.read(0, bytes);
      return bytes.array();
    }
  }

  @Test
  void afterCrash_syncedFileWhoseDirectoryWasNotSynced_hasNoName() throws IOException {
    try (StorageFile file = create("a")) {
      file.write(0, text("synced"));
      file.sync(SyncScope.FULL);
    }
    assertThat(fileSystem.afterCrash(LossModel.NOTHING, 0).exists(path("a"))).isFalse();
    assertThat(fileSystem.afterCrash(LossModel.DATA_WITHOUT_NAMES, 0).exists(path("a"))).isFalse();
    assertThat(after(LossModel.NAMES_WITHOUT_DATA, "a")).isEqualTo("synced");
    fileSystem.syncDirectory(directory);
    assertThat(after(LossModel.NOTHING, "a")).isEqualTo("synced");
  }

  @Test
  void afterCrash_renameNotSynced_isUndoneOrDoneAsAWhole() throws IOException {
    write("a", "new");
    write("b", "old");
    for (String name : new String[] {"a", "b"}) {
      try (StorageFile file = open(name, OpenMode.READ_WRITE)) {
        file.sync(SyncScope.FULL);
      }
    }
    fileSystem.syncDirectory(directory);
    fileSystem.rename(path("a"), path("b"));

    assertThat(after(LossModel.NOTHING, "a")).isEqualTo("new");
    assertThat(after(LossModel.NOTHING, "b")).isEqualTo("old");
    InMemoryFileSystem kept = fileSystem.afterCrash(LossModel.EVERYTHING, 0);
    assertThat(kept.list(directory)).containsExactly("b");
    assertThat(after(LossModel.EVERYTHING, "b")).isEqualTo("new");
  }

  @Test
  void afterCrash_tornWrite_keepsWholeSectorsInEveryCombination() throws IOException {
    try (StorageFile file = create("a")) {
      file.preallocate(1024);
      file.sync(SyncScope.FULL);
      fileSystem.syncDirectory(directory);
      file.write(256, text("x".repeat(512)));
    }
    Set<String> outcomes = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      InMemoryFileSystem torn = fileSystem.afterCrash(LossModel.TORN_SECTORS, seed);
      byte[] found = AtomicFile.read(torn, path("a"), 1024);
      outcomes.add((char) found[256] + "" + (char) found[511] + (char) found[512]);
    }
    assertThat(outcomes).containsExactlyInAnyOrder("\0\0\0", "xx\0", "\0\0x", "xxx");
  }

  @Test
  void failedSync_mayLoseItsBytesAtTheCrash_whateverIsSyncedLater() throws IOException {
    Set<String> outcomes = new HashSet<>();
    for (int i = 0; i < 30; i++) {
      String name = "file" + i;
      try (StorageFile file = create(name)) {
        file.write(0, text("good"));
        file.sync(SyncScope.FULL);
        fileSystem.syncDirectory(directory);
        file.write(0, text("lost"));
        faultOnce(Operation.SYNC, Fault.IO_ERROR);
        assertThatThrownBy(() -> file.sync(SyncScope.FULL)).isInstanceOf(IOException.class);
        file.sync(SyncScope.FULL);
      }
      assertThat(content(name)).isEqualTo("lost");
      outcomes.add(after(LossModel.EVERYTHING, name));
    }
    assertThat(outcomes).containsExactlyInAnyOrder("good", "lost");
  }

  @Test
  void faults_ofReadsAndWrites_doWhatTheirNamesSay() throws IOException {
    try (StorageFile file = create("a")) {
      file.write(0, text("12345678"));
      faultOnce(Operation.READ, Fault.SHORT);
      assertThat(file.read(0, ByteBuffer.allocate(8))).isEqualTo(4);
      faultOnce(Operation.READ, Fault.END_OF_FILE);
      assertThat(file.read(0, ByteBuffer.allocate(8))).isEqualTo(-1);
      faultOnce(Operation.READ, Fault.FLIP);
      assertThat(read(file, 0, 8)).isNotEqualTo("12345678");
      assertThat(read(file, 0, 8)).isEqualTo("12345678");
      faultOnce(Operation.WRITE, Fault.SHORT);
      assertThatThrownBy(() -> file.write(0, text("abcdefgh"))).isInstanceOf(IOException.class);
      assertThat(read(file, 0, 8)).isEqualTo("abcd5678");
      faultOnce(Operation.WRITE, Fault.DROP);
      file.write(0, text("........"));
      assertThat(read(file, 0, 8)).isEqualTo("abcd5678");
      faultOnce(Operation.WRITE, Fault.NO_SPACE);
      assertThatThrownBy(() -> file.write(0, text("!")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no space left");
      faultOnce(Operation.WRITE, Fault.POWER_OFF);
      assertThatThrownBy(() -> file.write(0, text("!"))).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> file.read(0, ByteBuffer.allocate(1)))
          .hasMessageContaining("the power is off");
    }
  }

  @Test
  void requireNoLeaks_openHandle_isNamed() throws IOException {
    StorageFile file = create("leaked");

    assertThatThrownBy(fileSystem::requireNoLeaks).hasMessageContaining("leaked");
    file.close();
    fileSystem.requireNoLeaks();
    FileSystem.Lock lock = fileSystem.lock(path("LOCK"), "me");
    assertThatThrownBy(fileSystem::requireNoLeaks).hasMessageContaining("LOCK");
    lock.close();
    fileSystem.requireNoLeaks();
  }

  private void faultOnce(Operation operation, Fault fault) {
    boolean[] done = {false};
    fileSystem.setHook(
        call -> {
          if (call.operation() != operation || done[0]) {
            return Fault.NONE;
          }
          done[0] = true;
          return fault;
        });
  }

  private String after(LossModel model, String name) throws IOException {
    InMemoryFileSystem crashed = fileSystem.afterCrash(model, 1);
    return new String(AtomicFile.read(crashed, path(name), 1 << 20), UTF_8);
  }
}
