package io.larder.cli.bench;

import io.larder.cli.terminal.Progress;
import io.larder.engine.Databases;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Measures a disk and a database on it, step by step, in a directory of its own that is deleted at
 * the end. Keys are 16 bytes in random order; each operation is timed on its own where that costs
 * little against it. Used once.
 */
public final class Bench {
  private static final int KEY_BYTES = 16;
  private static final int THREADS = 4;
  private static final int WARM_UP = 50_000;
  private static final long SEED = 42;

  private final Path parent;
  private final int entries;
  private final byte[] value;
  private final long timeNanos;
  private final List<Measurement> results = new ArrayList<>();

  /** Creates a measurement below a directory. */
  public Bench(Path parent, int entries, int valueBytes, Duration time) {
    this.parent = parent;
    this.entries = entries;
    this.value = new byte[valueBytes];
    this.timeNanos = time.toNanos();
    new SplittableRandom(SEED).nextBytes(value);
  }

  /** Something done again and again. */
  private interface Operation {
    void run(long number) throws IOException;
  }

  /** Measures all steps. */
  public List<Measurement> run() throws IOException {
    Path directory = Files.createTempDirectory(parent, "larder-bench-");
    try (Progress progress = Progress.quiet("measuring", 5)) {
      syncAlone(directory.resolve("sync"));
      progress.reached(1);
      durablePuts(directory.resolve("durable"), 1);
      progress.reached(2);
      durablePuts(directory.resolve("durable"), THREADS);
      progress.reached(3);
      Path filled = directory.resolve("filled");
      fillAndRead(filled, progress);
      opening(filled);
      progress.reached(5);
      return results;
    } finally {
      delete(directory);
    }
  }

  private void syncAlone(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1 << 20));
      channel.force(true);
      ByteBuffer block = ByteBuffer.wrap(value);
      int places = Math.max(1, (1 << 20) / value.length - 1);
      Samples samples = new Samples();
      long nanos =
          timed(
              samples,
              number -> {
                block.clear();
                channel.write(block, number % places * value.length);
                channel.force(false);
              });
      results.add(
          Measurement.of(
              "sync alone", nanos, samples.toArray(), "a value written and synced, no database"));
    }
  }

  private long timed(Samples samples, Operation operation) throws IOException {
    long start = System.nanoTime();
    long end = start + timeNanos;
    long before = start;
    for (long number = 0; before < end; number++) {
      operation.run(number);
      long after = System.nanoTime();
      samples.add(after - before);
      before = after;
    }
    return before - start;
  }

  private static Database open(Path directory, String sync) {
    return Databases.open(
        new DatabaseLocation.Directory(directory),
        DatabaseOptions.defaults().with(EngineOptions.SYNC, sync));
  }

  private void durablePuts(Path directory, int threads) throws IOException {
    List<Samples> samples = new ArrayList<>();
    long nanos = 0;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try (Database database = open(directory, "always")) {
      Keyspace keyspace = database.openKeyspace("bench");
      long start = System.nanoTime();
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        Samples own = new Samples();
        samples.add(own);
        long first = (long) thread << 32;
        running.add(
            executor.submit(() -> timed(own, number -> keyspace.put(key(first + number), value))));
      }
      for (Future<?> each : running) {
        each.get();
      }
      nanos = System.nanoTime() - start;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the measurement was interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException("durable puts failed: " + e.getCause(), e.getCause());
    } finally {
      executor.shutdownNow();
    }
    results.add(
        Measurement.of(
            threads == 1 ? "durable puts" : "durable puts, " + threads + " threads",
            nanos,
            Samples.together(samples),
            threads == 1 ? "sync=always: on disk when it returns" : "threads share syncs"));
  }

  private void fillAndRead(Path directory, Progress progress) throws IOException {
    try (Database database = open(directory, "none")) {
      Keyspace keyspace = database.openKeyspace("bench");
      repeat("puts without sync", "sync=none", number -> keyspace.put(key(number), value));
      long start = System.nanoTime();
      database.flush();
      results.add(
          Measurement.whole("flush", 1, System.nanoTime() - start, "what was left in memory"));
      progress.reached(4);
      SplittableRandom random = new SplittableRandom(SEED);
      Operation hit = number -> require(keyspace.get(key(random.nextInt(entries))) != null);
      Operation miss = number -> require(keyspace.get(key(-1 - number)) == null);
      for (int i = 0; i < Math.min(entries, WARM_UP); i++) {
        hit.run(i);
        miss.run(i);
      }
      repeat("gets", "random, every key is there", hit);
      repeat("gets of nothing", "no key is there", miss);
      scan(keyspace);
    }
  }

  private void repeat(String name, String note, Operation operation) throws IOException {
    long[] each = new long[entries];
    long start = System.nanoTime();
    long before = start;
    for (int i = 0; i < entries; i++) {
      operation.run(i);
      long after = System.nanoTime();
      each[i] = after - before;
      before = after;
    }
    results.add(Measurement.of(name, before - start, each, note));
  }

  private void scan(Keyspace keyspace) {
    long start = System.nanoTime();
    long count = 0;
    try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
      while (cursor.next()) {
        require(cursor.value().length == value.length);
        count++;
      }
    }
    require(count == entries);
    results.add(
        Measurement.whole("scan", count, System.nanoTime() - start, "entries in key order"));
  }

  private void opening(Path directory) {
    Samples samples = new Samples();
    long start = System.nanoTime();
    for (int i = 0; i < 5; i++) {
      long before = System.nanoTime();
      try (Database database = open(directory, "none")) {
        require(database.keyspace("bench").get(key(i)) != null);
        samples.add(System.nanoTime() - before);
      }
    }
    results.add(
        Measurement.of(
            "openings", System.nanoTime() - start, samples.toArray(), "and a first get"));
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalStateException("the database gave back something else than was put");
    }
  }

  /** Numbers well mixed (Stafford's mix 13), so that their order says nothing. */
  private static byte[] key(long number) {
    long mixed = number;
    mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    mixed ^= mixed >>> 31;
    return ByteBuffer.allocate(KEY_BYTES).putLong(mixed).putLong(number).array();
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
