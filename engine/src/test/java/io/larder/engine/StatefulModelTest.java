package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Entry;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.Reader;
import io.larder.engine.api.Snapshot;
import io.larder.engine.api.Transaction;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.LossModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random operations against a database and a {@link TreeMap}, compared all the time. A failure names the seed;
 * {@code -Dlarder.seed=N} runs that one alone.
 */
final class StatefulModelTest {
  private static final int RUNS = Integer.getInteger("larder.model.runs", 12);
  private static final int STEPS = Integer.getInteger("larder.model.steps", 3_000);
  private static final Path DIRECTORY = Path.of("/data/model");

  @Test
  void randomOperations_onDisk_agreeWithTheModel() {
    forEachSeed(true);
  }

  @Test
  void randomOperations_inMemory_agreeWithTheModel() {
    forEachSeed(false);
  }

  private static void forEachSeed(boolean onDisk) {
    Long only = Long.getLong("larder.seed");
    long first = only != null ? only : System.nanoTime() % 1_000_000;
    for (int run = 0; run < (only != null ? 1 : RUNS); run++) {
      long seed = only != null ? only : first + run;
      try {
        new Scenario(seed, onDisk).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + (onDisk ? " on disk: " : " in memory: ") + e, e);
      }
    }
  }

  /** A value with its expiry as the model keeps it. */
  private record Modelled(byte[] value, long expiresAtMillis) {}

  /** A snapshot and what it has to show. */
  private record Pinned(Snapshot snapshot, List<NavigableMap<byte[], Modelled>> expected) {}

  private static final class Scenario {
    private static final int KEYSPACES = 3;

    private final Random random;
    private final boolean onDisk;
    private final DatabaseOptions options;
    private final ManualClock clock = new ManualClock();
    private final List<NavigableMap<byte[], Modelled>> model = new ArrayList<>();
    private final List<Keyspace> keyspaces = new ArrayList<>();
    private final List<Pinned> pinned = new ArrayList<>();
    private final int keyBytes;
    private final int valueBytesMax;
    private InMemoryFileSystem fileSystem = new InMemoryFileSystem();
    private Database database;

    Scenario(long seed, boolean onDisk) {
      this.random = new Random(seed);
      this.onDisk = onDisk;
      this.keyBytes = 1 + random.nextInt(3);
      this.valueBytesMax = random.nextBoolean() ? 40 : 4_000;
      this.options =
          DatabaseOptions.defaults()
              // small, so that a memory engine has many partitions
              .with(
                  EngineOptions.MEMORY_LIMIT, onDisk ? "1GB" : valueBytesMax == 40 ? "2MB" : "16MB")
              .with(EngineOptions.SYNC, random.nextBoolean() ? "always" : "none")
              .with(EngineOptions.MEMTABLE_SIZE, random.nextBoolean() ? "64KB" : "1MB")
              .with(EngineOptions.WAL_SEGMENT, random.nextBoolean() ? "64KB" : "1MB");
      this.database = open();
      for (int index = 0; index < KEYSPACES; index++) {
        model.add(newMap());
        keyspaces.add(database.createKeyspace("k" + index));
      }
    }

    private static NavigableMap<byte[], Modelled> newMap() {
      return new TreeMap<>(Arrays::compareUnsigned);
    }

    private Database open() {
      return onDisk
          ? Databases.open(new DatabaseLocation.Directory(DIRECTORY), options, fileSystem, clock)
          : Databases.open(new DatabaseLocation.InMemory("model"), options, clock);
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        step();
      }
      compareAll(database.latest(), model);
      closeSnapshots();
      database.close();
    }

    private void step() {
      int choice = random.nextInt(1_000);
      if (choice < 450) {
        change();
      } else if (choice < 520) {
        batch();
      } else if (choice < 580) {
        transaction();
      } else if (choice < 850) {
        read();
      } else if (choice < 930) {
        scan(database.latest(), model);
      } else if (choice < 950) {
        pin();
      } else if (choice < 970) {
        checkPinned();
      } else if (choice < 982) {
        clock.advanceMillis(random.nextInt(2_000) - 200);
      } else if (choice < 988) {
        database.flush();
      } else if (choice < 990) {
        database.compact();
      } else if (choice < 994) {
        clear();
      } else {
        reopen();
      }
    }

    private byte[] key() {
      byte[] key = new byte[1 + random.nextInt(keyBytes)];
      random.nextBytes(key);
      return key;
    }

    private byte[] value() {
      byte[] value = new byte[random.nextInt(valueBytesMax)];
      random.nextBytes(value);
      return value;
    }

    private long expiry() {
      return random.nextInt(5) == 0 ? clock.currentTimeMillis() + random.nextInt(3_000) : 0;
    }

    private void change() {
      int index = random.nextInt(KEYSPACES);
      byte[] key = key();
      if (random.nextInt(4) == 0) {
        keyspaces.get(index).delete(key);
        model.get(index).remove(key);
      } else {
        Modelled modelled = new Modelled(value(), expiry());
        keyspaces.get(index).put(key, modelled.value(), modelled.expiresAtMillis());
        model.get(index).put(key, modelled);
      }
    }

    private void batch() {
      WriteBatch batch = new WriteBatch();
      for (int change = random.nextInt(20); change >= 0; change--) {
        int index = random.nextInt(KEYSPACES);
        byte[] key = key();
        if (random.nextInt(4) == 0) {
          batch.delete(keyspaces.get(index), key);
          model.get(index).remove(key);
        } else {
          Modelled modelled = new Modelled(value(), expiry());
          batch.put(keyspaces.get(index), key, modelled.value(), modelled.expiresAtMillis());
          model.get(index).put(key, modelled);
        }
      }
      database.write(batch);
    }

    private void transaction() {
      List<NavigableMap<byte[], Modelled>> own = copyOfModel();
      List<NavigableMap<byte[], Modelled>> marked = null;
      int mark = 0;
      try (Transaction transaction = database.begin()) {
        for (int change = random.nextInt(12); change >= 0; change--) {
          int index = random.nextInt(KEYSPACES);
          byte[] key = key();
          if (random.nextInt(3) == 0) {
            transaction.delete(keyspaces.get(index), key);
            own.get(index).remove(key);
          } else {
            Modelled modelled = new Modelled(value(), expiry());
            transaction.put(
                keyspaces.get(index), key, modelled.value(), modelled.expiresAtMillis());
            own.get(index).put(key, modelled);
          }
          if (random.nextInt(5) == 0) {
            mark = transaction.savepoint();
            marked = copy(own);
          }
        }
        if (marked != null && random.nextBoolean()) {
          transaction.rollbackTo(mark);
          own = marked;
        }
        scan(transaction, own);
        if (random.nextInt(4) != 0) {
          transaction.commit();
          for (int index = 0; index < KEYSPACES; index++) {
            model.set(index, own.get(index));
          }
        }
      }
    }

    private List<NavigableMap<byte[], Modelled>> copyOfModel() {
      return copy(model);
    }

    private static List<NavigableMap<byte[], Modelled>> copy(
        List<NavigableMap<byte[], Modelled>> maps) {
      List<NavigableMap<byte[], Modelled>> copies = new ArrayList<>();
      maps.forEach(map -> copies.add(new TreeMap<>(map)));
      return copies;
    }

    private boolean isLive(Modelled modelled) {
      return modelled != null
          && (modelled.expiresAtMillis() == 0
              || modelled.expiresAtMillis() > database.expiryTimeMillis());
    }

    private void read() {
      int index = random.nextInt(KEYSPACES);
      byte[] key = key();
      Modelled expected = model.get(index).get(key);
      Entry entry = keyspaces.get(index).entry(key);
      if (isLive(expected)) {
        assertThat(entry).as("key %s", HexFormat.of().formatHex(key)).isNotNull();
        assertThat(entry.value()).isEqualTo(expected.value());
        assertThat(entry.expiresAtMillis()).isEqualTo(expected.expiresAtMillis());
      } else {
        assertThat(entry).as("key %s", HexFormat.of().formatHex(key)).isNull();
      }
    }

    private void scan(Reader reader, List<NavigableMap<byte[], Modelled>> expected) {
      int index = random.nextInt(KEYSPACES);
      byte[] from = random.nextInt(3) == 0 ? null : key();
      byte[] to = random.nextInt(3) == 0 ? null : key();
      boolean descending = random.nextBoolean();
      NavigableMap<byte[], Modelled> within = within(expected.get(index), from, to);
      KeyRange range = new KeyRange(from, to);
      try (Cursor cursor =
          descending
              ? reader.cursorDescending(keyspaces.get(index), range)
              : reader.cursor(keyspaces.get(index), range)) {
        if (random.nextInt(4) == 0) {
          cursor.next();
          byte[] target = key();
          cursor.seek(target);
          within = descending ? within.headMap(target, true) : within.tailMap(target, true);
        }
        compare(cursor, descending ? within.descendingMap() : within);
      }
    }

    private static NavigableMap<byte[], Modelled> within(
        NavigableMap<byte[], Modelled> map, byte[] from, byte[] to) {
      NavigableMap<byte[], Modelled> within = newMap();
      map.forEach(
          (key, value) -> {
            if ((from == null || Arrays.compareUnsigned(key, from) >= 0)
                && (to == null || Arrays.compareUnsigned(key, to) < 0)) {
              within.put(key, value);
            }
          });
      return within;
    }

    private void compare(Cursor cursor, Map<byte[], Modelled> expected) {
      expected.forEach(
          (key, modelled) -> {
            if (isLive(modelled)) {
              assertThat(cursor.next()).as("reaches %s", HexFormat.of().formatHex(key)).isTrue();
              assertThat(cursor.key()).isEqualTo(key);
              assertThat(cursor.value()).isEqualTo(modelled.value());
              assertThat(cursor.expiresAtMillis()).isEqualTo(modelled.expiresAtMillis());
            }
          });
      assertThat(cursor.next()).isFalse();
    }

    private void compareAll(Reader reader, List<NavigableMap<byte[], Modelled>> expected) {
      for (int index = 0; index < KEYSPACES; index++) {
        try (Cursor cursor = reader.cursor(keyspaces.get(index), KeyRange.all())) {
          compare(cursor, expected.get(index));
        }
      }
    }

    private void pin() {
      if (pinned.size() < 5) {
        pinned.add(new Pinned(database.snapshot(), copyOfModel()));
      } else {
        pinned.remove(random.nextInt(pinned.size())).snapshot().close();
      }
    }

    private void checkPinned() {
      for (Pinned each : pinned) {
        scan(each.snapshot(), each.expected());
      }
    }

    private void clear() {
      int index = random.nextInt(KEYSPACES);
      database.clearKeyspace("k" + index);
      model.set(index, newMap());
    }

    private void closeSnapshots() {
      for (Pinned each : pinned) {
        compareAll(each.snapshot(), each.expected());
        each.snapshot().close();
      }
      pinned.clear();
    }

    private void reopen() {
      if (!onDisk) {
        return;
      }
      closeSnapshots();
      boolean crash = random.nextInt(3) == 0;
      if (crash) {
        database.sync();
        InMemoryFileSystem survived =
            fileSystem.afterCrash(
                LossModel.values()[random.nextInt(LossModel.values().length)], random.nextLong());
        database.close();
        fileSystem = survived;
      } else {
        database.close();
        fileSystem.requireNoLeaks();
      }
      database = open();
      for (int index = 0; index < KEYSPACES; index++) {
        keyspaces.set(index, database.keyspace("k" + index));
      }
      compareAll(database.latest(), model);
    }
  }
}
