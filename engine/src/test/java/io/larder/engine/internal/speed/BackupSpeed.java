package io.larder.engine.internal.speed;

import io.larder.engine.Backups;
import io.larder.engine.Databases;
import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.BackupOptions;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.api.RestoreOptions;
import io.larder.engine.api.WriteBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Measures backups of all kinds beside a plain copy of the same files; {@link BackupLoad} what writers notice of one.
 * Arguments: entries, directory, sync mode.
 */
final class BackupSpeed {
  private static final int ROUNDS = 3;

  private BackupSpeed() {}

  public static void main(String[] arguments) throws Exception {
    int entries = Integer.parseInt(arguments[0]);
    Path directory = Path.of(arguments[1]);
    DatabaseOptions options = DatabaseOptions.defaults().with(EngineOptions.SYNC, arguments[2]);
    Path shop = directory.resolve("shop");
    Path kept = directory.resolve("kept");
    try (Database database = Databases.open(new DatabaseLocation.Directory(shop), options)) {
      Keyspace keyspace = database.createKeyspace("a");
      Random random = new Random(1);
      for (int i = 0; i < entries; i += 1000) {
        WriteBatch batch = new WriteBatch();
        for (int j = i; j < i + 1000; j++) {
          byte[] value = new byte[100];
          random.nextBytes(value);
          batch.put(keyspace, key(j), value);
        }
        database.write(batch);
      }
      database.compact();
      for (int round = 0; round < ROUNDS; round++) {
        System.out.printf("round %d%n", round);
        Path full = backUp("full", database, kept, BackupOptions.full());
        System.out.printf(
            "  plain copy     %,6d ms%n", plainCopy(full, directory.resolve("copy" + round)));
        backUp("linked", database, kept, BackupOptions.full().withLinking(true));
        backUp("incremental", database, kept, BackupOptions.full().withIncremental(true));
        backUp("single file", database, kept, BackupOptions.full().withSingleFile(true));
        long start = System.nanoTime();
        Backups.in(kept)
            .restore(
                RestoreOptions.to(directory.resolve("restored" + round)), ProgressListener.none());
        System.out.printf("  restore        %,6d ms%n", (System.nanoTime() - start) / 1_000_000);
      }
    }
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(16).putInt(12, number).array();
  }

  private static Path backUp(String what, Database database, Path kept, BackupOptions options) {
    long start = System.nanoTime();
    BackupInfo info = database.backup(kept, options, ProgressListener.none());
    System.out.printf(
        "  %-14s %,6d ms, %,d bytes, %,d new%n",
        what, (System.nanoTime() - start) / 1_000_000, info.bytes(), info.ownBytes());
    return info.path();
  }

  /** Copies and syncs the tables, as the simplest careful program would. */
  private static long plainCopy(Path from, Path to) throws IOException {
    long start = System.nanoTime();
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".table")).toList()) {
        Path copy = to.resolve(file.getFileName());
        Files.copy(file, copy);
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
    return (System.nanoTime() - start) / 1_000_000;
  }
}
