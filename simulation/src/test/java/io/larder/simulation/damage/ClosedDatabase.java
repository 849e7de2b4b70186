package io.larder.simulation.damage;

import io.larder.engine.Databases;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.LossModel;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A database of about 200 KB, closed in order several times while it grew: tables of two runs, a log with entries that
 * no table has, keyspaces renamed and dropped. Built by one thread, read by any.
 */
final class ClosedDatabase {
  static final Path DIRECTORY = Path.of("/disk/pantry");
  private static final int GENERATIONS = 6;
  private static final int ABSENT_KEYS = 20;

  private final InMemoryFileSystem disk = new InMemoryFileSystem();
  private final List<Map<String, byte[]>> generations = new ArrayList<>();
  private final Map<String, NavigableMap<String, byte[]>> content = new TreeMap<>();
  private final Random random;
  private final Clock clock;

  /** What comes of opening a damaged database. */
  enum Outcome {
    /** It was refused, or a read was. */
    DETECTED,
    /** Everything is there. */
    HARMLESS
  }

  private static final class Ticking implements Clock {
    private final AtomicLong millis;

    Ticking(long startMillis) {
      millis = new AtomicLong(startMillis);
    }

    @Override
    public long currentTimeMillis() {
      return millis.incrementAndGet();
    }

    @Override
    public long nanoTime() {
      return millis.incrementAndGet() * 1_000_000L;
    }
  }

  ClosedDatabase(long seed) throws IOException {
    random = new Random(seed);
    clock = new Ticking(1_700_000_000_000L + seed);
    disk.createDirectories(DIRECTORY.getParent());
    for (int generation = 0; generation < GENERATIONS; generation++) {
      try (Database database = open(disk)) {
        grow(database, generation);
      }
      generations.add(Files.contents(disk, DIRECTORY));
    }
  }

  private Database open(FileSystem fileSystem) {
    return open(fileSystem, DIRECTORY, clock);
  }

  static Database open(FileSystem fileSystem, Path directory, Clock clock) {
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .with(EngineOptions.WAL_SEGMENT, "64KB")
            .with(EngineOptions.MEMTABLE_SIZE, "1MB");
    return Databases.open(new DatabaseLocation.Directory(directory), options, fileSystem, clock);
  }

  private void grow(Database database, int generation) {
    for (String name : List.of("fruit", "spices")) {
      Keyspace keyspace = database.openKeyspace(name);
      NavigableMap<String, byte[]> entries = content.computeIfAbsent(name, key -> new TreeMap<>());
      for (int batch = 0; batch < 8; batch++) {
        WriteBatch changes = new WriteBatch();
        for (int i = 0; i < 12; i++) {
          change(changes, keyspace, entries);
        }
        database.write(changes);
      }
    }
    switch (generation) {
      case 0 -> database.flush();
      case 1 -> {
        database.createKeyspace("herbs");
        content.put("herbs", new TreeMap<>());
        WriteBatch some = new WriteBatch();
        change(some, database.keyspace("herbs"), content.get("herbs"));
        database.write(some);
        database.compact();
      }
      case 2 -> {
        database.renameKeyspace("herbs", "leaves");
        content.put("leaves", content.remove("herbs"));
        database.createKeyspace("gone");
        content.put("gone", new TreeMap<>());
      }
      case 3 -> {
        database.dropKeyspace("gone");
        content.remove("gone");
        database.flush();
      }
      case 4 -> {
        database.clearKeyspace("leaves");
        content.get("leaves").clear();
      }
      default -> {
        // the last entries stay in the log
      }
    }
  }

  private void change(WriteBatch batch, Keyspace keyspace, Map<String, byte[]> entries) {
    String key = "key" + random.nextInt(300);
    if (random.nextInt(6) == 0) {
      batch.delete(keyspace, key.getBytes(StandardCharsets.US_ASCII));
      entries.remove(key);
      return;
    }
    byte[] value = new byte[random.nextInt(400)];
    random.nextBytes(value);
    batch.put(keyspace, key.getBytes(StandardCharsets.US_ASCII), value);
    entries.put(key, value);
  }

  /** Returns a disk of its own with the database on it. */
  InMemoryFileSystem copy() {
    return disk.afterCrash(LossModel.PROCESS_KILLED, 0);
  }

  /** Returns the files as they were after each orderly close. */
  List<Map<String, byte[]>> generations() {
    return generations;
  }

  /** Returns the files as they are. */
  Map<String, byte[]> files() {
    return generations.get(GENERATIONS - 1);
  }

  /**
   * Opens a damaged copy and reads everything.
   *
   * @throws AssertionError if something else than what was written is read, or something stays open
   */
  Outcome judge(InMemoryFileSystem damaged, String what) {
    Outcome outcome = judge(damaged, DIRECTORY, what);
    try {
      damaged.requireNoLeaks();
    } catch (IllegalStateException e) {
      throw new AssertionError(what + ": " + e.getMessage(), e);
    }
    return outcome;
  }

  /** The same, wherever it lies. */
  Outcome judge(FileSystem fileSystem, Path directory, String what) {
    try (Database database = open(fileSystem, directory, new Ticking(1_700_000_000_000L))) {
      requireAll(database, what);
      return Outcome.HARMLESS;
    } catch (LarderException e) {
      return Outcome.DETECTED;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new AssertionError(what + ": " + e, e);
    }
  }

  private void requireAll(Database database, String what) {
    if (!database.keyspaceNames().equals(List.copyOf(content.keySet()))) {
      throw new AssertionError(
          what + ": found keyspaces " + database.keyspaceNames() + " without an error");
    }
    content.forEach((name, entries) -> requireAll(database.keyspace(name), entries, what));
  }

  private static void requireAll(
      Keyspace keyspace, NavigableMap<String, byte[]> entries, String what) {
    try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        boolean same =
            cursor.next()
                && Arrays.equals(cursor.key(), entry.getKey().getBytes(StandardCharsets.US_ASCII))
                && Arrays.equals(cursor.value(), entry.getValue());
        require(same, what, keyspace, entry.getKey());
      }
      require(!cursor.next(), what, keyspace, "one more");
    }
    try (Cursor cursor = keyspace.cursorDescending(KeyRange.all())) {
      for (String key : entries.descendingKeySet()) {
        boolean same =
            cursor.next() && Arrays.equals(cursor.key(), key.getBytes(StandardCharsets.US_ASCII));
        require(same, what, keyspace, key + " backwards");
      }
    }
    entries.forEach(
        (key, value) -> {
          byte[] found = keyspace.get(key.getBytes(StandardCharsets.US_ASCII));
          require(Arrays.equals(value, found), what, keyspace, key + " looked up");
        });
    for (int i = 0; i < ABSENT_KEYS; i++) {
      byte[] found = keyspace.get(("absent" + i).getBytes(StandardCharsets.US_ASCII));
      require(found == null, what, keyspace, "a key that is not there");
    }
  }

  private static void require(boolean right, String what, Keyspace keyspace, String place) {
    if (!right) {
      throw new AssertionError(
          what
              + ": read something else in "
              + keyspace.name()
              + " at "
              + place
              + " without an error");
    }
  }
}
