package io.larder.engine.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.DiskFullException;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.manifest.KeyspaceDefinition;
import io.larder.engine.internal.manifest.KeyspaceRecord;
import io.larder.engine.internal.manifest.Manifest;
import io.larder.engine.internal.manifest.Version;
import io.larder.engine.internal.mvcc.PreparedBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the log says of the keyspaces is what the manifest says, whoever tells it at the same time. */
final class KeyspaceChangesTest {
  private static final Path DIRECTORY = Path.of("/data/changes");
  private static final KeyspaceDefinition OLD = new KeyspaceDefinition(1, 1, "old");
  private static final KeyspaceDefinition NEW = new KeyspaceDefinition(2, 2, "new");

  private final Map<Integer, KeyspaceDefinition> logged = new TreeMap<>();
  private final InMemoryFileSystem disk = new InMemoryFileSystem();
  private Runnable beforeCommit = () -> {};
  private GuardedManifest manifest;
  private KeyspaceChanges changes;

  @BeforeEach
  void open() throws IOException {
    disk.createDirectories(DIRECTORY);
    manifest =
        new GuardedManifest(
            Manifest.create(disk, DIRECTORY, 42, Version.empty()),
            new Health(DIRECTORY),
            disk.lock(DIRECTORY.resolve("LOCK"), "this test"));
    changes = new KeyspaceChanges(manifest, (batch, sync) -> commit(batch));
    changes.save(List.of(OLD), List.of(), 1);
  }

  @AfterEach
  void close() {
    manifest.close();
  }

  /** Commits as an engine does: who commits anything asks first whether the log must be told. */
  private void commit(PreparedBatch batch) {
    changes.logAllIfDue();
    beforeCommit.run();
    synchronized (logged) {
      for (int i = 0; i < batch.size(); i++) {
        KeyspaceRecord.apply(batch.key(i), batch.value(i), logged);
      }
    }
  }

  private void requireLoggedAsInManifest() {
    synchronized (logged) {
      assertThat(logged).isEqualTo(manifest.version().keyspaces());
    }
  }

  @Test
  void changeWhileTheListIsOnItsWay_isNotUndoneByIt() throws InterruptedException {
    Thread other = new Thread(() -> changes.save(List.of(NEW), List.of(1), 2));
    changes.logMayDiffer();
    beforeCommit =
        () -> { // the list was read
          beforeCommit = () -> {};
          other.start();
          Awaitility.await()
              .until(
                  () ->
                      other.getState() == Thread.State.WAITING
                          || other.getState() == Thread.State.TERMINATED);
        };
    changes.logAllIfDue();
    other.join(TimeUnit.SECONDS.toMillis(30));
    assertThat(manifest.version().keyspaces()).containsOnlyKeys(2);
    requireLoggedAsInManifest();
  }

  @Test
  void listThatFindsNoRoom_isDueStill_andNobodyCommitsBeforeIt() {
    changes.logMayDiffer();
    logged.put(3, new KeyspaceDefinition(3, 3, "of a change that was never made"));
    beforeCommit =
        () -> {
          throw new DiskFullException("no room", new IOException("No space left on device"));
        };
    assertThatThrownBy(() -> commit(new PreparedBatch(1))).isInstanceOf(DiskFullException.class);
    assertThat(changes.isLogDue()).isTrue();
    beforeCommit = () -> {};
    commit(new PreparedBatch(1));
    assertThat(changes.isLogDue()).isFalse();
    requireLoggedAsInManifest();
  }

  @Test
  void changeThatDoesNotReachTheManifest_isTakenBackInTheLog() {
    manifest.close();
    assertThatThrownBy(() -> changes.save(List.of(NEW), List.of(1), 2));
    changes.logAllIfDue();
    requireLoggedAsInManifest();
  }
}
