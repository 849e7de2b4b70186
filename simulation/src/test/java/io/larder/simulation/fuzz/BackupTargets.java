package io.larder.simulation.fuzz;

import io.larder.engine.Backups;
import io.larder.engine.Databases;
import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.BackupOptions;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.RestoreOptions;
import io.larder.engine.internal.io.AtomicFile;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.LossModel;
import io.larder.engine.internal.io.SystemClock;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Lists, verifies, restores and prunes small backups one file of which was changed. Whatever is in the file: it ends,
 * takes no memory beyond what the file justifies, fails with the engine's own exceptions only, and touches nothing but
 * the backups and the target. Stateless but for the backups it starts from.
 */
final class BackupTargets {
  private static final Path ROOT = Path.of("/disk");
  private static final Path BACKUPS = ROOT.resolve("backups");
  private static final Path TARGET = ROOT.resolve("target");
  private static final DatabaseOptions OPTIONS =
      DatabaseOptions.defaults().with(EngineOptions.WAL_SEGMENT, "64KB");
  private static final InMemoryFileSystem PRISTINE = create();

  private BackupTargets() {}

  private static InMemoryFileSystem create() {
    Logger.getLogger("io.larder").setLevel(Level.OFF);
    InMemoryFileSystem disk = new InMemoryFileSystem();
    try {
      disk.createDirectories(BACKUPS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    DatabaseLocation.Directory location = new DatabaseLocation.Directory(ROOT.resolve("database"));
    BackupOptions archive = BackupOptions.full().withSingleFile(true);
    try (Database database = Databases.open(location, OPTIONS, disk, SystemClock.instance())) {
      Keyspace some = database.createKeyspace("some");
      for (int i = 0; i < 40; i++) {
        some.put(("key " + i).getBytes(StandardCharsets.US_ASCII), new byte[i]);
      }
      database.flush();
      database.backup(BACKUPS, BackupOptions.full().withName("a"), ProgressListener.none());
      some.delete(new byte[] {1});
      database.backup(
          BACKUPS, archive.withName("b").withIncremental(true), ProgressListener.none());
    }
    return disk;
  }

  /** Changes a file whose name ends so, repairs its checksums, and works with the backups. */
  static boolean changed(String suffix, byte[] changes) {
    return run(suffix, changes, true);
  }

  /** Replaces a file whose name ends so, and works with the backups. */
  static boolean replaced(String suffix, byte[] content) {
    return run(suffix, content, false);
  }

  /** Returns whether anything was refused. */
  private static boolean run(String suffix, byte[] input, boolean changes) {
    InMemoryFileSystem disk = PRISTINE.afterCrash(LossModel.PROCESS_KILLED, 0);
    boolean refused = false;
    try {
      Path file =
          suffix.startsWith(".") ? BACKUPS.resolve("b.backup") : BACKUPS.resolve("a/INVENTORY");
      byte[] content = input;
      if (changes) {
        content = FileTargets.change(AtomicFile.read(disk, file, Integer.MAX_VALUE), input);
        Seals.repair(String.valueOf(file.getFileName()), content);
      }
      disk.delete(file);
      try (StorageFile created = disk.open(file, OpenMode.CREATE_NEW)) {
        created.write(0, ByteBuffer.wrap(content));
      }
      Set<String> before = new TreeSet<>(disk.list(ROOT));
      refused = use(disk);
      Set<String> after = new TreeSet<>(disk.list(ROOT));
      after.removeAll(before);
      after.remove("target");
      if (!after.isEmpty()) {
        throw new AssertionError("something was left at " + after);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    disk.requireNoLeaks();
    return refused;
  }

  private static boolean use(InMemoryFileSystem disk) throws IOException {
    Backups backups = Backups.in(BACKUPS, disk, SystemClock.instance());
    List<BackupInfo> listed = backups.list();
    boolean refused = listed.size() < 2;
    for (String name : List.of("a", "b")) {
      try {
        backups.verify(name, ProgressListener.none());
        backups.restore(RestoreOptions.to(TARGET).withBackup(name), ProgressListener.none());
        for (String file : disk.list(TARGET)) {
          disk.delete(TARGET.resolve(file));
        }
      } catch (LarderException e) {
        refused = true;
      }
    }
    for (BackupInfo each : listed) {
      backups.prune(each.databaseId(), 1, null);
    }
    return refused;
  }
}
