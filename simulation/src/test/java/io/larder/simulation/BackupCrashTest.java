package io.larder.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.Backups;
import io.larder.engine.Databases;
import io.larder.engine.Integrity;
import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.BackupOptions;
import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.RestoreOptions;
import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import io.larder.engine.internal.io.LossModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Crashes backup, restore, replacement, pruning and repair before every call that changes the disk, with every loss
 * model, and lets every call fail once. The database that is backed up is never harmed, every backup that is listed is
 * whole, and a target is what it was, or what was restored, or refuses to open.
 */
@Timeout(300)
class BackupCrashTest {
  private static final Path SHOP = Path.of("/disk/shop");
  private static final Path KEPT = Path.of("/disk/kept");
  private static final Path TARGET = Path.of("/disk/target");
  private static final DatabaseOptions OPTIONS =
      DatabaseOptions.defaults()
          .with(EngineOptions.MEMTABLE_SIZE, "64KB")
          .with(EngineOptions.WAL_SEGMENT, "64KB");

  private final ManualClock clock = new ManualClock();
  private InMemoryFileSystem fileSystem = new InMemoryFileSystem();
  private Map<String, Map<String, String>> expected = Map.of();
  private int states;

  /** Something done to backups; runs with the database closed, and opens it itself if need be. */
  @FunctionalInterface
  private interface Operation {
    void run(InMemoryFileSystem files);
  }

  @BeforeEach
  void makeDatabaseAndBackup() throws IOException {
    fileSystem.createDirectories(SHOP.getParent());
    try (Database database = open(fileSystem, SHOP)) {
      fill(database, 0, 600);
      database.flush();
      fill(database, 500, 620);
      backUp(database, BackupOptions.full().withName("first"));
      expected = DatabaseModel.read(database);
    }
  }

  private Database open(InMemoryFileSystem files, Path directory) {
    return Databases.open(new DatabaseLocation.Directory(directory), OPTIONS, files, clock);
  }

  private static void fill(Database database, int from, int to) {
    Keyspace keyspace = database.openKeyspace("orders");
    for (int i = from; i < to; i++) {
      byte[] key = ("key" + i).getBytes(StandardCharsets.ISO_8859_1);
      keyspace.put(key, new byte[100]);
    }
  }

  private static BackupInfo backUp(Database database, BackupOptions options) {
    return database.backup(KEPT, options, ProgressListener.none());
  }

  private void backUp(InMemoryFileSystem files, BackupOptions options) {
    try (Database database = open(files, SHOP)) {
      backUp(database, options);
    }
  }

  private void restore(InMemoryFileSystem files, Path target, boolean replacing) {
    Backups.in(KEPT, files, clock)
        .restore(
            RestoreOptions.to(target).withBackup("first").withReplacing(replacing),
            ProgressListener.none());
  }

  private Operation backingUp(BackupOptions options) {
    return files -> backUp(files, options.withName("second"));
  }

  @Test
  void backup_crashedAnywhere() {
    crashEverywhere(backingUp(BackupOptions.full()));
    crashEverywhere(backingUp(BackupOptions.full().withIncremental(true)));
    crashEverywhere(backingUp(BackupOptions.full().withSingleFile(true)));
  }

  @Test
  void restore_crashedAnywhere() {
    crashEverywhere(files -> restore(files, TARGET, false));
  }

  @Test
  void replacement_crashedAnywhere() throws IOException {
    try (Database other = open(fileSystem, TARGET)) {
      other.createKeyspace("old").put(new byte[] {1}, new byte[] {1});
    }
    crashEverywhere(files -> restore(files, TARGET, true));
  }

  @Test
  void pruning_crashedAnywhere() {
    backUp(fileSystem, BackupOptions.full().withIncremental(true).withName("second"));
    crashEverywhere(
        files -> {
          long id = Backups.in(KEPT, files, clock).list().get(0).databaseId();
          Backups.in(KEPT, files, clock).prune(id, 1, null);
        });
  }

  @Test
  void repair_crashedAnywhere() {
    crashEverywhere(
        files -> Integrity.of(SHOP, files, clock).repair(TARGET, ProgressListener.none()));
  }

  private void crashEverywhere(Operation operation) {
    InMemoryFileSystem running = fileSystem.afterCrash(LossModel.PROCESS_KILLED, 0);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    int before = states;
    running.setHook(
        call -> {
          if (call.operation().isChanging() && failure.get() == null) {
            crash(running, call, failure);
          }
          return failure.get() == null ? Fault.NONE : Fault.POWER_OFF;
        });
    try {
      operation.run(running);
    } catch (LarderException e) {
      failure.compareAndSet(null, e);
    }
    if (failure.get() != null) {
      throw new AssertionError(failure.get().getMessage(), failure.get());
    }
    running.setHook(call -> Fault.NONE);
    check(running);
    running.requireNoLeaks();
    assertThat(states - before).isGreaterThan(50);
  }

  private void crash(InMemoryFileSystem running, IoCall call, AtomicReference<Throwable> failure) {
    for (LossModel loss : LossModel.values()) {
      states++;
      try {
        check(running.afterCrash(loss, call.index()));
      } catch (RuntimeException | AssertionError e) {
        failure.compareAndSet(
            null,
            new AssertionError("crash before " + call + ", " + loss + ": " + e.getMessage(), e));
        return;
      }
    }
  }

  /** Checks everything there is, and that work can go on. */
  private void check(InMemoryFileSystem files) {
    try (Database database = open(files, SHOP)) {
      assertThat(DatabaseModel.read(database)).isEqualTo(expected);
    }
    Backups backups = Backups.in(KEPT, files, clock);
    List<BackupInfo> listed = backups.list();
    assertThat(listed).isNotEmpty();
    for (BackupInfo each : listed) {
      backups.verify(each.name(), ProgressListener.none());
    }
    checkTarget(files);
    Path elsewhere = Path.of("/disk/elsewhere");
    backups.restore(
        RestoreOptions.to(elsewhere).withBackup(listed.get(listed.size() - 1).name()),
        ProgressListener.none());
    try (Database restored = open(files, elsewhere)) {
      assertThat(DatabaseModel.read(restored)).isEqualTo(expected);
    }
  }

  private void checkTarget(InMemoryFileSystem files) {
    try {
      if (!files.exists(TARGET) || files.list(TARGET).isEmpty()) {
        if (files.exists(TARGET.resolveSibling("target.restoring").resolve("CURRENT"))) {
          return; // opening is refused, see below
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    try (Database database = open(files, TARGET)) {
      Map<String, Map<String, String>> content = DatabaseModel.read(database);
      boolean known = content.isEmpty() || content.equals(expected) || content.containsKey("old");
      assertThat(known).as("a target of %s", content.keySet()).isTrue();
    } catch (CorruptionException e) {
      assertThat(e.getMessage()).contains("a restore was cut short");
    }
  }

  @Test
  void everyCall_failingOnce_harmsNothing() {
    List<Operation> operations =
        List.of(
            backingUp(BackupOptions.full()),
            backingUp(BackupOptions.full().withIncremental(true)),
            backingUp(BackupOptions.full().withSingleFile(true)),
            files -> restore(files, TARGET, false));
    for (Operation operation : operations) {
      boolean reached = true;
      for (long call = 0; reached; call++) {
        InMemoryFileSystem files = fileSystem.afterCrash(LossModel.PROCESS_KILLED, 0);
        reached = failAt(files, call, operation);
        files.setHook(each -> Fault.NONE);
        check(files);
        files.requireNoLeaks();
      }
    }
  }

  private static boolean failAt(InMemoryFileSystem files, long index, Operation operation) {
    boolean[] failed = {false};
    long[] calls = {0};
    Fault fault = index % 2 == 0 ? Fault.IO_ERROR : Fault.NO_SPACE;
    files.setHook(
        call -> {
          failed[0] |= calls[0] == index;
          return calls[0]++ == index ? fault : Fault.NONE;
        });
    try {
      operation.run(files);
    } catch (LarderException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
    return failed[0];
  }
}
