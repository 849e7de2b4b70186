package io.larder.engine.internal.speed;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.Lookup;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.memtable.Memtable;
import io.larder.engine.internal.merge.CompactionCursor;
import io.larder.engine.internal.merge.MergingCursor;
import io.larder.engine.internal.table.SortedTable;
import io.larder.engine.internal.table.TableIdentity;
import io.larder.engine.internal.table.TableMetadata;
import io.larder.engine.internal.table.TableOptions;
import io.larder.engine.internal.table.TableWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Prints thread-CPU nanoseconds of memtable and sorted table operations with 16-byte random keys and 100-byte values.
 *
 * <p>Arguments: what to run ({@code memtable}, {@code table}, {@code merge}), the number of entries, rounds, and a
 * directory for the table.
 */
public final class StorageSpeed {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int KEYSPACE = 5;
  private static final byte[] VALUE = new byte[100];
  private static long sink;

  private StorageSpeed() {}

  /** Runs what the arguments say. */
  public static void main(String[] arguments) throws IOException {
    int entries = Integer.parseInt(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    for (int round = 0; round < rounds; round++) {
      switch (arguments[0]) {
        case "memtable" -> memtable(entries, round);
        case "skiplist" -> skipList(entries);
        case "table" -> table(entries, Path.of(arguments[3]), true);
        case "table-nofilter" -> table(entries, Path.of(arguments[3]), false);
        case "merge" -> merge(entries, Path.of(arguments[3]));
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
    System.out.println("(" + sink + ")");
  }

  private static byte[] key(long number, byte[] key) {
    long mixed = number * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
    ByteBuffer.wrap(key).putLong(mixed ^ mixed >>> 29).putLong(number);
    return key;
  }

  private interface Work {
    void run() throws IOException;
  }

  private static double measure(String name, long operations, Work work) throws IOException {
    long start = THREADS.getCurrentThreadCpuTime();
    work.run();
    double each = (double) (THREADS.getCurrentThreadCpuTime() - start) / operations;
    System.out.printf(Locale.ROOT, "  %s %.0f", name, each);
    return each;
  }

  private static void memtable(int entries, int round) throws IOException {
    Memtable memtable = new Memtable(round * 77L + 1);
    byte[] key = new byte[16];
    System.out.print("memtable " + entries + " ns:");
    measure(
        "insert",
        entries,
        () -> {
          for (int i = 0; i < entries; i++) {
            memtable.add(KEYSPACE, key(i, key), i + 1, VALUE, 0);
          }
        });
    points(entries, (number, lookup) -> memtable.get(KEYSPACE, key(number, key), entries, lookup));
    scan(entries, memtable.cursor());
    scan(entries, memtable.cursorDescending());
    measure(
        "update",
        entries / 4,
        () -> {
          SplittableRandom random = new SplittableRandom(1);
          for (int i = 0; i < entries / 4; i++) {
            memtable.add(KEYSPACE, key(random.nextInt(entries), key), entries + i + 1, VALUE, 0);
          }
        });
    double overhead =
        (double) (memtable.bytes() - memtable.shadowedBytes()) / entries - key.length - 100;
    System.out.printf(Locale.ROOT, "  overhead %.0f B%n", overhead);
  }

  /** The yardstick: what the JDK's ordered concurrent map does with the same entries at the same time. */
  private static void skipList(int entries) throws IOException {
    ConcurrentSkipListMap<byte[], byte[]> map =
        new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
    System.out.print("skip list " + entries + " ns:");
    measure(
        "insert",
        entries,
        () -> {
          for (int i = 0; i < entries; i++) {
            map.put(key(i, new byte[16]), VALUE.clone());
          }
        });
    byte[] key = new byte[16];
    points(
        entries,
        (number, lookup) -> {
          byte[] value = map.get(key(number, key));
          if (value != null) {
            lookup.setArray(1, false, 0, value, 0, value.length);
          }
          return value != null;
        });
    measure("scan", entries, () -> map.forEach((k, v) -> sink += k[0] + v[3]));
    System.out.println();
  }

  private interface PointRead {
    boolean read(long number, Lookup lookup);
  }

  private static void points(int entries, PointRead read) throws IOException {
    Lookup lookup = new Lookup();
    byte[] copy = new byte[100];
    int reads = Math.min(entries, 1_000_000);
    for (int warm = 0; warm < 2; warm++) {
      SplittableRandom random = new SplittableRandom(2 + warm);
      measure(
          warm == 0 ? "(hit" : "hit",
          reads,
          () -> {
            for (int i = 0; i < reads; i++) {
              if (read.read(random.nextInt(entries), lookup)) {
                lookup.copyValue(copy, 0);
                sink += copy[5] + 1;
              }
            }
          });
      measure(
          warm == 0 ? "miss)" : "miss",
          reads,
          () -> {
            for (int i = 0; i < reads; i++) {
              sink += read.read(entries + random.nextLong(1L << 40), lookup) ? 1 : 0;
            }
          });
    }
  }

  private static void scan(int entries, EntryCursor cursor) throws IOException {
    byte[] copy = new byte[100];
    try (cursor) {
      measure(
          cursor.isDescending() ? "scan-desc" : "scan",
          entries,
          () -> {
            while (cursor.nextKey()) {
              sink += cursor.keyArray()[cursor.keyOffset()];
              cursor.copyValue(copy, 0);
              sink += copy[3];
            }
          });
      byte[] key = new byte[16];
      SplittableRandom random = new SplittableRandom(3);
      int seeks = 20_000;
      measure(
          "seek+50",
          seeks,
          () -> {
            for (int i = 0; i < seeks; i++) {
              cursor.seek(KEYSPACE, key(random.nextInt(entries), key));
              for (int step = 0; step < 50 && cursor.nextKey(); step++) {
                cursor.copyValue(copy, 0);
                sink += copy[3];
              }
            }
          });
    }
  }

  private static TableMetadata write(Path path, int entries, TableIdentity identity, boolean filter)
      throws IOException {
    Files.deleteIfExists(path);
    Memtable memtable = new Memtable();
    byte[] key = new byte[16];
    for (int i = 0; i < entries; i++) {
      memtable.add(KEYSPACE, key(i, key), i + 1, VALUE, 0);
    }
    TableOptions options = new TableOptions(4096, filter, true);
    TableMetadata[] metadata = new TableMetadata[1];
    measure(
        "write",
        entries,
        () -> {
          try (TableWriter writer =
                  TableWriter.create(LocalFileSystem.instance(), path, identity, options);
              EntryCursor cursor = memtable.cursor()) {
            while (cursor.next()) {
              writer.add(cursor);
            }
            metadata[0] = writer.finish();
          }
        });
    System.out.printf(Locale.ROOT, " (%.1f B/entry)", (double) metadata[0].sizeBytes() / entries);
    return metadata[0];
  }

  private static void table(int entries, Path directory, boolean filter) throws IOException {
    System.out.print("table " + entries + " ns:");
    TableIdentity identity = new TableIdentity(1, 1);
    Path path = directory.resolve("speed.table");
    TableMetadata metadata = write(path, entries, identity, filter);
    System.gc();
    long start = System.nanoTime();
    try (SortedTable table =
        SortedTable.open(LocalFileSystem.instance(), path, identity, metadata)) {
      System.out.print("  open " + (System.nanoTime() - start) / 1000 + " us");
      byte[] key = new byte[16];
      points(
          entries,
          (number, lookup) -> table.get(KEYSPACE, key(number, key), Long.MAX_VALUE, lookup));
      scan(entries, table.cursor());
      scan(entries, table.cursor());
      scan(entries, table.cursorDescending());
      measure("verify", entries, table::verify);
    }
    System.out.println();
    Files.delete(path);
  }

  private static void merge(int entries, Path directory) throws IOException {
    System.out.print("merge of 4, " + entries + " ns:");
    List<SortedTable> tables = new ArrayList<>();
    byte[] key = new byte[16];
    for (int part = 0; part < 4; part++) {
      Memtable memtable = new Memtable();
      for (int i = part; i < entries; i += 4) {
        memtable.add(KEYSPACE, key(i, key), i + 1, VALUE, 0);
      }
      Path path = directory.resolve("speed.part" + part);
      Files.deleteIfExists(path);
      TableIdentity identity = new TableIdentity(1, part);
      try (TableWriter writer =
              TableWriter.create(
                  LocalFileSystem.instance(), path, identity, TableOptions.defaults());
          EntryCursor cursor = memtable.cursor()) {
        while (cursor.next()) {
          writer.add(cursor);
        }
        tables.add(SortedTable.open(LocalFileSystem.instance(), path, identity, writer.finish()));
      }
    }
    List<EntryCursor> cursors = new ArrayList<>();
    tables.forEach(table -> cursors.add(table.cursor()));
    scan(entries, MergingCursor.of(cursors, false));
    Path path = directory.resolve("speed.merged");
    Files.deleteIfExists(path);
    cursors.clear();
    tables.forEach(table -> cursors.add(table.cursor()));
    measure(
        "merge",
        entries,
        () -> {
          try (TableWriter writer =
                  TableWriter.create(
                      LocalFileSystem.instance(),
                      path,
                      new TableIdentity(1, 9),
                      TableOptions.defaults());
              EntryCursor cursor =
                  new CompactionCursor(
                      MergingCursor.of(cursors, false), new long[0], true, 0, id -> true)) {
            while (cursor.next()) {
              writer.add(cursor);
            }
            sink += writer.finish().sizeBytes();
          }
        });
    System.out.println();
    for (SortedTable table : tables) {
      table.close();
      Files.delete(table.path());
    }
    Files.delete(path);
  }
}
