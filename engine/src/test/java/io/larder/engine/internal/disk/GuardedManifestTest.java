package io.larder.engine.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.DiskFullException;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.io.FaultHook;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import io.larder.engine.internal.manifest.Manifest;
import io.larder.engine.internal.manifest.Version;
import io.larder.engine.internal.manifest.VersionEdit;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GuardedManifestTest {
  private static final Path DIRECTORY = Path.of("/data/guarded");

  @Test
  void edit_afterClose_isRefusedAndTouchesNothing() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    disk.createDirectories(DIRECTORY);
    Health health = new Health(DIRECTORY);
    GuardedManifest manifest =
        new GuardedManifest(
            Manifest.create(disk, DIRECTORY, 42, Version.empty()),
            health,
            disk.lock(DIRECTORY.resolve("LOCK"), "this test"));
    manifest.edit(new VersionEdit().lastKeyspaceId(1));
    manifest.close();
    long calls = disk.calls();

    assertThatThrownBy(() -> manifest.edit(new VersionEdit().lastKeyspaceId(2)))
        .isInstanceOf(ClosedException.class)
        .hasMessageContaining(DIRECTORY.toString());

    assertThat(disk.calls()).isEqualTo(calls);
    assertThat(health.failure()).isNull();
    assertThat(manifest.version().lastKeyspaceId()).isEqualTo(1);
  }

  @Test
  void edit_afterTheLockFileWasDeleted_isRefusedAndStopsWrites() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    disk.createDirectories(DIRECTORY);
    Health health = new Health(DIRECTORY);
    Path lockFile = DIRECTORY.resolve("LOCK");
    try (GuardedManifest manifest =
        new GuardedManifest(
            Manifest.create(disk, DIRECTORY, 42, Version.empty()),
            health,
            disk.lock(lockFile, "this test"))) {
      disk.delete(lockFile);

      assertThatThrownBy(() -> manifest.edit(new VersionEdit().lastKeyspaceId(2)))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("lock file was deleted");

      assertThat(health.failure()).isNotNull();
      assertThat(manifest.version().lastKeyspaceId()).isZero();
    }
  }

  @Test
  void edit_withoutRoom_isRefused_andWritesGoOn() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    disk.createDirectories(DIRECTORY);
    Health health = new Health(DIRECTORY);
    try (GuardedManifest manifest =
        new GuardedManifest(
            Manifest.create(disk, DIRECTORY, 42, Version.empty()),
            health,
            disk.lock(DIRECTORY.resolve("LOCK"), "this test"))) {
      disk.setHook(
          call ->
              call.operation() == IoCall.Operation.WRITE
                  ? FaultHook.Fault.NO_SPACE
                  : FaultHook.Fault.NONE);
      assertThatThrownBy(() -> manifest.edit(new VersionEdit().lastKeyspaceId(2)))
          .isInstanceOf(DiskFullException.class);
      disk.setHook(call -> FaultHook.Fault.NONE);
      manifest.edit(new VersionEdit().lastKeyspaceId(3));
      assertThat(manifest.version().lastKeyspaceId()).isEqualTo(3);
      assertThat(health.failure()).isNull();
    }
  }
}
