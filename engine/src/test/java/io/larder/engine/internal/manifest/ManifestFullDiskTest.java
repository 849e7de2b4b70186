package io.larder.engine.internal.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.DiskFullException;
import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import io.larder.engine.internal.io.IoCall.Operation;
import io.larder.engine.internal.io.LossModel;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A manifest on a disk without room: what finds none leaves everything as it was, and what needs none is done. */
final class ManifestFullDiskTest {
  private static final Path DIRECTORY = Path.of("/data");
  private static final Path FIRST = ManifestFiles.path(DIRECTORY, 1);
  private static final int CONFIRMATION_BYTES = ManifestRecord.CONFIRMATION_BYTES;

  private final InMemoryFileSystem disk = new InMemoryFileSystem();

  @BeforeEach
  void create() throws IOException {
    disk.createDirectories(DIRECTORY);
    try (Manifest manifest = Manifest.create(disk, DIRECTORY, 42, Version.empty())) {
      manifest.append(keyspace(1));
    }
  }

  @AfterEach
  void requireNoLeaks() {
    disk.requireNoLeaks();
  }

  private static VersionEdit keyspace(int id) {
    return new VersionEdit()
        .setKeyspace(new KeyspaceDefinition(id, id, "keyspace " + id))
        .lastKeyspaceId(id);
  }

  private void refuse(Predicate<IoCall> calls) {
    disk.setHook(call -> calls.test(call) ? Fault.NO_SPACE : Fault.NONE);
  }

  private void refuseNewFiles() {
    refuse(call -> call.operation() == Operation.CREATE);
  }

  private void release() {
    refuse(call -> false);
  }

  private Manifest open() {
    return Manifest.open(disk, DIRECTORY, true);
  }

  private void requireKeyspaces(Integer... ids) throws IOException {
    for (LossModel model : new LossModel[] {LossModel.NOTHING, LossModel.PROCESS_KILLED}) {
      InMemoryFileSystem crashed = disk.afterCrash(model, 0);
      try (Manifest manifest = Manifest.open(crashed, DIRECTORY, true)) {
        assertThat(manifest.version().keyspaces()).as(model.toString()).containsOnlyKeys(ids);
      }
    }
  }

  /** A crash between an edit and its confirmation. */
  private void loseTheLastConfirmation() throws IOException {
    try (StorageFile file = disk.open(FIRST, OpenMode.READ_WRITE)) {
      file.truncate(file.sizeBytes() - CONFIRMATION_BYTES);
    }
  }

  @Test
  void openedUnconfirmed_editsGoOn_andIntoANewFileOnceThereIsRoom() throws IOException {
    loseTheLastConfirmation();
    refuseNewFiles();
    try (Manifest manifest = open()) {
      manifest.append(keyspace(2));
      requireKeyspaces(1, 2);
      manifest.append(new VersionEdit().dropKeyspace(1));
      assertThat(manifest.number()).isEqualTo(1);
    }
    requireKeyspaces(2);
    loseTheLastConfirmation();
    try (Manifest manifest = open()) {
      release();
      manifest.append(keyspace(3));
      assertThat(manifest.number()).isEqualTo(2);
    }
    requireKeyspaces(2, 3);
  }

  @Test
  void newFileThatFindsNoRoom_isDeleted_whereverItFails() throws IOException {
    loseTheLastConfirmation();
    for (Operation failing : new Operation[] {Operation.CREATE, Operation.WRITE, Operation.SYNC}) {
      for (String name : new String[] {"0000000000000002.manifest", "CURRENT.new"}) {
        refuse(call -> call.operation() == failing && call.path().endsWith(name));
        try (Manifest manifest = open()) {
          assertThat(manifest.number()).isEqualTo(1);
          assertThat(disk.list(DIRECTORY))
              .as("%s of %s", failing, name)
              .containsExactly("0000000000000001.manifest", "CURRENT");
        }
      }
    }
    requireKeyspaces(1);
  }

  @Test
  void rewriteThatOnlyTheSizeAsksFor_waitsForRoom() throws IOException {
    try (Manifest manifest = open()) {
      int id = 2;
      while (disk.sizeBytes(FIRST) <= 4 << 20) {
        String name = "long".repeat(100_000);
        manifest.append(
            new VersionEdit()
                .setKeyspace(new KeyspaceDefinition(id, id, name))
                .lastKeyspaceId(id)
                .dropKeyspace(id - 1));
        id++;
      }
      refuseNewFiles();
      manifest.append(keyspace(id));
      assertThat(manifest.number()).isEqualTo(1);
      requireKeyspaces(id - 1, id);
      release();
      manifest.append(keyspace(id + 1));
      assertThat(manifest.number()).isEqualTo(2);
      requireKeyspaces(id - 1, id, id + 1);
    }
  }

  @Test
  void editThatFindsNoRoom_isRefused_andCanBeMadeLater() throws IOException {
    try (Manifest manifest = open()) {
      refuse(call -> call.operation() == Operation.WRITE);
      assertThatThrownBy(() -> manifest.append(keyspace(2)))
          .isInstanceOf(DiskFullException.class)
          .hasMessageContaining(DIRECTORY.toString())
          .hasMessageContaining("no space left");
      assertThat(manifest.version().keyspaces()).containsOnlyKeys(1);
      requireKeyspaces(1);
      release();
      manifest.append(keyspace(3));
      requireKeyspaces(1, 3);
    }
    requireKeyspaces(1, 3);
  }

  @Test
  void confirmationThatFindsNoRoom_isMadeBeforeTheNextEdit() throws IOException {
    try (Manifest manifest = open()) {
      refuse(
          call ->
              call.operation() == Operation.CREATE
                  || call.operation() == Operation.WRITE
                      && call.lengthBytes() == CONFIRMATION_BYTES);
      manifest.append(keyspace(2));
      requireKeyspaces(1, 2);
      assertThatThrownBy(() -> manifest.append(keyspace(3))).isInstanceOf(DiskFullException.class);
      requireKeyspaces(1, 2);
      refuseNewFiles();
      manifest.append(keyspace(3));
      manifest.append(keyspace(4));
      assertThat(manifest.number()).isEqualTo(1);
      manifest.seal(); // finds no room for another CURRENT
      requireKeyspaces(1, 2, 3, 4);
    }
    release();
    try (Manifest manifest = open()) {
      assertThat(manifest.tornTail()).isEmpty();
      assertThat(manifest.number()).isEqualTo(1);
    }
  }
}
