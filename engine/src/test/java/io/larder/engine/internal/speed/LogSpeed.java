package io.larder.engine.internal.speed;

import io.larder.engine.Databases;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.Keyspace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Prints puts a second of single commits, and how long openings after a kill take, with 16-byte random keys and
 * 100-byte values.
 *
 * <p>Arguments: {@code fill SYNC ENTRIES ROUNDS DIRECTORY VALUE} with a sync mode or {@code memory}; {@code commits THREADS
 * SECONDS DIRECTORY}; {@code crash ENTRIES DIRECTORY}, which leaves a database as a killed process does, with all entries in its
 * log; {@code open DIRECTORY}, which opens that; {@code recover ROUNDS DIRECTORY}, which opens copies of that again and again; {@code reopen ENTRIES VALUE ROUNDS DIRECTORY}, which tells the sizes on disk of a
 * database with values of so many bytes, and how long it takes to open it again in the same process.
 */
public final class LogSpeed {
  private LogSpeed() {}

  /** Runs what the arguments say. */
  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "fill" -> {
        int entries = Integer.parseInt(arguments[2]);
        for (int round = 0; round < Integer.parseInt(arguments[3]); round++) {
          fill(arguments[1], entries, Path.of(arguments[4]), Integer.parseInt(arguments[5]));
        }
      }
      case "commits" ->
          commits(
              Integer.parseInt(arguments[1]),
              Double.parseDouble(arguments[2]),
              Path.of(arguments[3]));
      case "crash" -> crash(Integer.parseInt(arguments[1]), Path.of(arguments[2]));
      case "open" -> open(Path.of(arguments[1]));
      case "recover" -> recover(Integer.parseInt(arguments[1]), Path.of(arguments[2]));
      case "reopen" ->
          reopen(
              Integer.parseInt(arguments[1]),
              Integer.parseInt(arguments[2]),
              Integer.parseInt(arguments[3]),
              Path.of(arguments[4]));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static byte[] key(long number) {
    long mixed = number * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
    return ByteBuffer.allocate(16).putLong(mixed ^ mixed >>> 29).putLong(number).array();
  }

  private static Database open(String sync, Path directory) {
    return sync.equals("memory")
        ? Databases.open(new DatabaseLocation.InMemory("speed"), DatabaseOptions.defaults())
        : Databases.open(
            new DatabaseLocation.Directory(directory), DatabaseOptions.of(Map.of("sync", sync)));
  }

  private static void fill(String sync, int entries, Path directory, int valueBytes)
      throws IOException {
    delete(directory);
    try (Database database = open(sync, directory)) {
      Keyspace keyspace = database.createKeyspace("entries");
      byte[] value = new byte[valueBytes];
      long allocated = allocated();
      long start = System.nanoTime();
      long cpu = cpu();
      for (int i = 0; i < entries; i++) {
        keyspace.put(key(i), value);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "fill %s %d: %.0f puts/s, %.0f CPU ns and %.0f B a put, late segments %s of %s%n",
          sync,
          entries,
          entries / seconds,
          (double) (cpu() - cpu) / entries,
          (double) (allocated() - allocated) / entries,
          database.statistics().values().get("wal.segments.late"),
          database.statistics().values().get("wal.segments.created"));
    }
    delete(directory);
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  /** One commit. */
  @FunctionalInterface
  private interface Commit {
    void run(long number) throws Exception;
  }

  private static void commits(int threads, double seconds, Path directory) throws Exception {
    delete(directory);
    Files.createDirectories(directory);
    try (Database database = open("always", directory.resolve("database"));
        BareLoop loop = new BareLoop(directory.resolve("bare"))) {
      Keyspace keyspace = database.createKeyspace("entries");
      double[] sums = new double[2];
      for (int round = 0; round < 6; round++) {
        double bare = rate(threads, seconds, number -> loop.commit(136));
        double ours = rate(threads, seconds, number -> keyspace.put(key(number), new byte[100]));
        if (round > 0) {
          sums[0] += bare;
          sums[1] += ours;
        }
        System.out.printf(
            Locale.ROOT,
            "synced commits, %d threads: %.0f a second, bare loop %.0f: %.2f%n",
            threads,
            ours,
            bare,
            ours / bare);
      }
      System.out.printf(Locale.ROOT, "all but the first round: %.2f%n", sums[1] / sums[0]);
    }
    delete(directory);
  }

  private static double rate(int threads, double seconds, Commit commit) throws Exception {
    long[] counts = new long[threads * 8];
    CountDownLatch begin = new CountDownLatch(1);
    long[] end = new long[1];
    Thread[] workers = new Thread[threads];
    for (int t = 0; t < threads; t++) {
      int own = t;
      workers[t] =
          new Thread(
              () -> {
                try {
                  begin.await();
                  for (long i = 0; System.nanoTime() - end[0] < 0; i++) {
                    commit.run(i * 100 + own);
                    counts[own * 8]++;
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      workers[t].start();
    }
    long start = System.nanoTime();
    end[0] = start + (long) (seconds * 1e9);
    begin.countDown();
    long all = 0;
    for (int t = 0; t < threads; t++) {
      workers[t].join();
      all += counts[t * 8];
    }
    return all / ((System.nanoTime() - start) / 1e9);
  }

  /** What the machine allows: bytes appended to a preallocated file, and a sync for all who wait. */
  private static final class BareLoop implements AutoCloseable {
    private final FileChannel file;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition done = lock.newCondition();
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
    private long appendedBytes;
    private long syncedBytes;
    private boolean leading;

    BareLoop(Path path) throws IOException {
      file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      for (int i = 0; i < 64; i++) {
        file.write(zeros.clear(), (long) i << 20);
      }
      file.force(true);
    }

    void commit(int bytes) throws IOException {
      lock.lock();
      try {
        appendedBytes += bytes;
        long own = appendedBytes;
        while (syncedBytes < own) {
          if (leading) {
            done.awaitUninterruptibly();
          } else {
            lead();
          }
        }
      } finally {
        lock.unlock();
      }
    }

    private void lead() throws IOException {
      leading = true;
      long from = syncedBytes;
      long to = appendedBytes;
      lock.unlock();
      try {
        int length = (int) Math.min(to - from, zeros.capacity());
        file.write(zeros.clear().limit(length), from % (63 << 20));
        file.force(false);
      } finally {
        lock.lock();
        leading = false;
        done.signalAll();
      }
      syncedBytes = to;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private static void crash(int entries, Path directory) throws IOException {
    delete(directory);
    Database database = openLarge(directory);
    Keyspace keyspace = database.createKeyspace("entries");
    for (int i = 0; i < entries; i++) {
      keyspace.put(key(i), new byte[100]);
    }
    System.out.println("flushes before the crash: " + database.statistics().get("flushes"));
    database.sync();
    keyspace.put(key(entries), new byte[100]); // says that what is before it is synced
    Runtime.getRuntime().halt(0);
  }

  /** Opens a database whose log takes all there is: give it eight times as much heap. */
  private static Database openLarge(Path directory) {
    return Databases.open(
        new DatabaseLocation.Directory(directory),
        DatabaseOptions.of(
            Map.of(
                "sync",
                "none",
                "memtable.size",
                "1GB",
                "memory.limit",
                "8GB",
                "wal.limit",
                "8GB")));
  }

  /** The databases stay open, so that each round is a recovery and nothing else. */
  private static void recover(int rounds, Path directory) throws IOException {
    for (int round = 0; round < rounds; round++) {
      Path copy = directory.resolveSibling(directory.getFileName() + "." + round);
      delete(copy);
      Files.createDirectories(copy);
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.copy(file, copy.resolve(file.getFileName()));
        }
      }
      long start = System.nanoTime();
      long cpu = cpu();
      Database database = openLarge(copy);
      double seconds = (System.nanoTime() - start) / 1e9;
      long entries = database.statistics().get("recovery.entries");
      System.out.printf(
          Locale.ROOT,
          "recovered %d entries in %.0f ms, %.0f ms of it on this thread's processor: %.2f M/s%n",
          entries,
          seconds * 1e3,
          (cpu() - cpu) / 1e6,
          entries / seconds / 1e6);
      delete(copy);
    }
    System.exit(0);
  }

  private static void open(Path directory) {
    long start = System.nanoTime();
    Database database = openLarge(directory);
    long opened = System.nanoTime();
    byte[] found = database.keyspace("entries").get(key(7));
    long read = System.nanoTime();
    System.out.printf(
        Locale.ROOT,
        "open %.0f ms, first get %.1f ms (%d bytes), since JVM start %d ms; %s%n",
        (opened - start) / 1e6,
        (read - opened) / 1e6,
        found == null ? -1 : found.length,
        System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime(),
        List.of(
            database.statistics().values().get("recovery.entries"),
            database.statistics().values().get("recovery.millis")));
    Runtime.getRuntime().halt(0);
  }

  private static void reopen(int entries, int valueBytes, int rounds, Path directory)
      throws IOException {
    delete(directory);
    try (Database database = open("none", directory)) {
      Keyspace keyspace = database.createKeyspace("entries");
      for (int i = 0; i < entries; i++) {
        keyspace.put(key(i), new byte[valueBytes]);
      }
      tellSize("filled", directory);
      database.flush();
      tellSize("flushed", directory);
      database.compact();
      tellSize("merged", directory);
    }
    tellSize("closed", directory);
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      long cpu = cpu();
      Database database = open("none", directory);
      long opened = System.nanoTime();
      database.keyspace("entries").get(key(7));
      long read = System.nanoTime();
      cpu = cpu() - cpu;
      if (round % 3 == 2) {
        database.keyspace("entries").put(key(round), new byte[valueBytes]);
      }
      long put = System.nanoTime();
      database.close();
      System.out.printf(
          Locale.ROOT,
          "open %.1f ms, first get %.2f ms (CPU %.1f ms), put in every third round %.1f ms, close %.1f"
              + " ms%n",
          (opened - start) / 1e6,
          (read - opened) / 1e6,
          cpu / 1e6,
          (put - read) / 1e6,
          (System.nanoTime() - put) / 1e6);
    }
    tellSize("at last", directory);
    delete(directory);
  }

  private static void tellSize(String when, Path directory) throws IOException {
    long[] sums = new long[3];
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        sums[name.endsWith(".wal") ? 0 : name.endsWith(".spare") ? 1 : 2] += Files.size(file);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%s: log %.1f MiB, spare %.1f MiB, others %.1f MiB%n",
        when,
        sums[0] / 1048576.0,
        sums[1] / 1048576.0,
        sums[2] / 1048576.0);
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
