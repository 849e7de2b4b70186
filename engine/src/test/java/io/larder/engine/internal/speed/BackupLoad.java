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
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WriteBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Measures what writers notice of a backup, beside what they notice of a plain copy of the same tables, and how long both
 * take with and without them. Arguments: megabytes, directory, writing threads, rounds, sync modes.
 */
final class BackupLoad {
  private static final int VALUE_BYTES = 100;
  private static final int ENTRY_BYTES = 116;
  private static final int CHANGED_KEYS = 200_000;
  private static final int ALONE_MILLIS = 1_500;

  private final Path directory;
  private final int threads;
  private final AtomicLong written = new AtomicLong();
  private int copies;
  private Path kept;
  private long lastMillis;
  private long lastBytes;
  private String lastPhases = "";

  private BackupLoad(Path directory, int threads) {
    this.directory = directory;
    this.threads = threads;
    this.kept = directory;
  }

  public static void main(String[] arguments) throws Exception {
    int entries = (int) (Long.parseLong(arguments[0]) * 1_000_000 / ENTRY_BYTES);
    Path directory = Path.of(arguments[1]);
    int threads = Integer.parseInt(arguments[2]);
    int rounds = Integer.parseInt(arguments[3]);
    fill(directory.resolve("shop"), entries);
    for (int i = 4; i < arguments.length; i++) {
      new BackupLoad(directory, threads).measure(arguments[i], rounds);
    }
  }

  private static Database open(Path shop, String sync) {
    return Databases.open(
        new DatabaseLocation.Directory(shop),
        DatabaseOptions.defaults().with(EngineOptions.SYNC, sync));
  }

  private static void fill(Path shop, int entries) {
    try (Database database = open(shop, "none")) {
      Keyspace keyspace = database.createKeyspace("a");
      Random random = new Random(1);
      for (int i = 0; i < entries; i += 1000) {
        WriteBatch batch = new WriteBatch();
        for (int j = i; j < i + 1000; j++) {
          byte[] value = new byte[VALUE_BYTES];
          random.nextBytes(value);
          batch.put(keyspace, key(j), value);
        }
        database.write(batch, SyncMode.NONE);
      }
      database.compact();
    }
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(16).putInt(12, number).array();
  }

  private void measure(String sync, int rounds) throws Exception {
    try (Database database = open(directory.resolve("shop"), sync)) {
      System.out.printf("sync=%s, %d writers%n", sync, threads);
      for (int round = 0; round < rounds; round++) {
        kept = backUp(database);
        long quietCopy = copy(kept);
        kept = backUp(database);
        System.out.printf(
            "  quiet: backup %,d ms (%s), plain copy %,d ms, %,d bytes%n",
            lastMillis, lastPhases, quietCopy, lastBytes);
        beside(database, database.keyspace("a"));
      }
    }
  }

  private Path backUp(Database database) {
    long start = System.nanoTime();
    Path backups = directory.resolve("kept");
    StringBuilder told = new StringBuilder();
    String[] phase = {""};
    ProgressListener phases =
        (name, done, total) -> {
          if (!name.equals(phase[0])) {
            phase[0] = name;
            told.append(' ').append(name).append(" from ");
            told.append((System.nanoTime() - start) / 1_000_000).append(" ms");
          }
          return true;
        };
    BackupInfo info = database.backup(backups, BackupOptions.full(), phases);
    lastPhases = told.toString();
    lastMillis = (System.nanoTime() - start) / 1_000_000;
    lastBytes = info.ownBytes();
    Backups.in(backups).prune(info.databaseId(), 1, null);
    return info.path();
  }

  /** Copies and syncs the tables, as the simplest careful program would; then deletes them. */
  private long copy(Path from) throws IOException {
    long start = System.nanoTime();
    Path to = Files.createDirectories(directory.resolve("copy" + copies++));
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".table")).toList()) {
        Path copy = to.resolve(file.getFileName());
        Files.copy(file, copy);
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    try (Stream<Path> files = Files.list(to)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    return millis;
  }

  private void beside(Database database, Keyspace keyspace) throws Exception {
    AtomicBoolean ending = new AtomicBoolean();
    Thread[] writers = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      int seed = i;
      writers[i] =
          new Thread(
              () -> {
                byte[] value = new byte[VALUE_BYTES];
                Random random = new Random(seed);
                while (!ending.get()) {
                  keyspace.put(key(random.nextInt(CHANGED_KEYS)), value);
                  written.incrementAndGet();
                }
              });
      writers[i].start();
    }
    Path source = kept;
    pause();
    double before = rate(this::pause);
    long[] copied = new long[1];
    double besideCopy = rate(() -> copied[0] = copyUnchecked(source));
    double between = rate(this::pause);
    double besideBackup = rate(() -> kept = backUp(database));
    double after = rate(this::pause);
    ending.set(true);
    for (Thread writer : writers) {
      writer.join();
    }
    double alone = (before + 2 * between + after) / 4;
    System.out.printf(
        "  writers: %,.0f/s alone (%,.0f %,.0f %,.0f); beside a plain copy of %,d ms %,.0f (%.0f %%);"
            + " beside a backup of %,d ms (%s) %,.0f (%.0f %%)%n",
        alone,
        before,
        between,
        after,
        copied[0],
        besideCopy,
        200 * besideCopy / (before + between),
        lastMillis,
        lastPhases,
        besideBackup,
        200 * besideBackup / (between + after));
  }

  private long copyUnchecked(Path source) {
    try {
      return copy(source);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private double rate(Runnable work) {
    long count = written.get();
    long start = System.nanoTime();
    work.run();
    return (written.get() - count) * 1e9 / (System.nanoTime() - start);
  }

  private void pause() {
    try {
      Thread.sleep(ALONE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
