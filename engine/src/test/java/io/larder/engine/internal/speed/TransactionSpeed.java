package io.larder.engine.internal.speed;

import io.larder.engine.Databases;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.IsolationLevel;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.Transaction;
import io.larder.engine.internal.memtable.Memtable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Prints what serializable transactions cost, in thread-CPU nanoseconds, and how long the hash index of a memtable makes
 * an add wait when it begins to grow.
 *
 * <p>Arguments: {@code isolation} or {@code growth}, the number of entries, rounds.
 */
public final class TransactionSpeed {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final byte[] VALUE = new byte[100];
  private static final int READS = 100;
  private static final int RANGE = 100;
  private static final long STEP_NANOS = 150_000_000;

  private TransactionSpeed() {}

  private interface Step {
    void run(int number);
  }

  /** Runs what the arguments say. */
  public static void main(String[] arguments) {
    int entries = Integer.parseInt(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    for (int round = 0; round < rounds; round++) {
      if (arguments[0].equals("growth")) {
        growth(entries);
      } else {
        isolation(entries);
      }
    }
  }

  private static byte[] key(int number) {
    long mixed = number * 0x9E3779B97F4A7C15L;
    return ByteBuffer.allocate(16).putLong(mixed ^ mixed >>> 29).putLong(number).array();
  }

  private static void isolation(int entries) {
    try (Database database =
        Databases.open(new DatabaseLocation.InMemory("transactions"), DatabaseOptions.defaults())) {
      Keyspace keyspace = database.createKeyspace("entries");
      for (int number = 0; number < entries; number++) {
        keyspace.put(key(number), VALUE);
      }
      for (IsolationLevel level :
          new IsolationLevel[] {
            IsolationLevel.SNAPSHOT, IsolationLevel.SERIALIZABLE, IsolationLevel.SNAPSHOT
          }) {
        System.out.printf("%s:", level);
        measure("begin and commit", 1, number -> write(database, keyspace, level, number, 0));
        measure("with 100 gets", READS, number -> write(database, keyspace, level, number, READS));
        measure("with a range of 100", RANGE, number -> walk(database, keyspace, level, number));
        System.out.println();
      }
      measure("plain put, nobody serializable", 1, number -> put(keyspace, number, entries));
      try (Transaction open = database.begin(IsolationLevel.SERIALIZABLE)) {
        open.get(keyspace, key(0));
        measure("beside one that is open", 1, number -> put(keyspace, number, entries));
      }
      System.out.println();
    }
  }

  private static void put(Keyspace keyspace, int number, int entries) {
    keyspace.put(key(number % entries), VALUE);
  }

  private static void write(
      Database database, Keyspace keyspace, IsolationLevel level, int number, int reads) {
    try (Transaction transaction = database.begin(level)) {
      for (int read = 0; read < reads; read++) {
        transaction.get(keyspace, key(number * reads + read & 0xFFFF));
      }
      transaction.put(keyspace, key(number & 0xFFFF), VALUE);
      transaction.commit();
    }
  }

  private static void walk(Database database, Keyspace keyspace, IsolationLevel level, int number) {
    try (Transaction transaction = database.begin(level)) {
      try (Cursor cursor = transaction.cursor(keyspace, new KeyRange(key(number & 0xFFFF), null))) {
        for (int read = 0; read < RANGE && cursor.next(); read++) {
          cursor.valueView();
        }
      }
      transaction.put(keyspace, key(number & 0xFFFF), VALUE);
      transaction.commit();
    }
  }

  /** Prints nanoseconds a step after a warm-up, and how many that is for each read. */
  private static void measure(String name, int reads, Step step) {
    int number = 0;
    for (long end = System.nanoTime() + STEP_NANOS; System.nanoTime() < end; ) {
      step.run(number++);
    }
    int counted = 0;
    long start = THREADS.getCurrentThreadCpuTime();
    for (long end = System.nanoTime() + STEP_NANOS; System.nanoTime() < end; ) {
      for (int i = 0; i < 10; i++) {
        step.run(number++);
        counted++;
      }
    }
    double each = (double) (THREADS.getCurrentThreadCpuTime() - start) / counted;
    System.out.printf(Locale.ROOT, "  %s %.0f", name, each);
    if (reads > 1) {
      System.out.printf(Locale.ROOT, " (%.0f each)", each / reads);
    }
  }

  /** Prints how long those adds took at which the hash index begins to grow, by the number of keys there are then. */
  private static void growth(int entries) {
    Memtable memtable = new Memtable(7);
    byte[] key = new byte[16];
    long start = System.nanoTime();
    int next = 1 << 10;
    StringBuilder text = new StringBuilder();
    for (int number = 0; number < entries; number++) {
      ByteBuffer.wrap(key).putLong(0, number * 0x9E3779B97F4A7C15L).putLong(8, number);
      int grows = next / 8 * 5;
      long before = System.nanoTime();
      memtable.add(1, key, number + 1, VALUE, 0);
      if (number == grows) {
        text.append(
            String.format(
                Locale.ROOT, "%n  %d: %.3f ms", grows, (System.nanoTime() - before) / 1e6));
        next <<= 1;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d adds, %.0f ns each; those that began a larger index:%s%n",
        entries,
        (System.nanoTime() - start) / (double) entries,
        text);
  }
}
