package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Entry;
import io.larder.engine.api.IsolationLevel;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.Reader;
import io.larder.engine.api.Snapshot;
import io.larder.engine.api.SyncMode;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random operations against a database and a {@link TreeMap}, compared all the time, under random options.
 *
 * <p>{@code larder.model.runs} for each engine (25) of {@code larder.model.steps} (20,000). A failure names the seed, the
 * step and the command that runs it alone; with fewer steps that run is the same up to there.
 */
final class StatefulModelTest {
  private static final int RUNS = Integer.getInteger("larder.model.runs", 25);
  private static final int STEPS = Integer.getInteger("larder.model.steps", 20_000);
  private static final Path DIRECTORY = Path.of("/data/model");

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 10, unit = TimeUnit.HOURS)
  void randomOperations_agreeWithTheModel(EngineKind kind) {
    Long only = Long.getLong("larder.model.seed");
    long first = only != null ? only : System.nanoTime() % 1_000_000;
    for (long seed = first; seed < first + (only != null ? 1 : RUNS); seed++) {
      Scenario scenario = new Scenario(seed, kind == EngineKind.DISK);
      try {
        scenario.run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(scenario.replay() + "\n" + e, e);
      }
    }
  }

  /** A value with its expiry as the model keeps it. */
  private record Modelled(byte[] value, long expiresAtMillis) {}

  /** A keyspace and what it has to contain. */
  private static final class Slot {
    Keyspace keyspace;
    NavigableMap<byte[], Modelled> entries;

    Slot(Keyspace keyspace, NavigableMap<byte[], Modelled> entries) {
      this.keyspace = keyspace;
      this.entries = entries;
    }
  }

  /** A snapshot and what it has to show. */
  private record Pinned(Snapshot snapshot, List<Slot> expected) {}

  /** What undoes a change of the model. */
  private record Undo(Slot slot, byte[] key, Modelled before) {}

  private static final class Scenario {
    private static final int KEYSPACES = 3;

    private final long seed;
    private final Random random;
    private final boolean onDisk;
    private final DatabaseOptions options;
    private final ManualClock clock = new ManualClock();
    private final List<Slot> slots = new ArrayList<>();
    private final List<Pinned> pinned = new ArrayList<>();
    private final List<Undo> undos = new ArrayList<>();
    private final int keyBytes;
    private final int valueBytesMax;
    private InMemoryFileSystem fileSystem = new InMemoryFileSystem();
    private Database database;
    private int step;
    private int names;

    /** Whether keys come from a part of the range for a while, so that merges leave other tables as they are. */
    private final boolean clustered;

    private int cluster;

    Scenario(long seed, boolean onDisk) {
      this.seed = seed;
      this.random = new Random(seed);
      this.onDisk = onDisk;
      this.clustered = random.nextBoolean();
      this.keyBytes = 1 + random.nextInt(3);
      this.valueBytesMax = random.nextInt(4) == 0 ? 4_000 : 40;
      DatabaseOptions chosen =
          DatabaseOptions.defaults()
              // small, so that a memory engine has many partitions
              .with(
                  EngineOptions.MEMORY_LIMIT, onDisk ? "1GB" : valueBytesMax == 40 ? "2MB" : "16MB")
              .with(EngineOptions.SYNC, random.nextBoolean() ? "always" : "none")
              .with(EngineOptions.TTL, random.nextInt(6) == 0 ? "off" : "on");
      this.options =
          !onDisk
              ? chosen
              : chosen
                  .with(EngineOptions.MEMTABLE_SIZE, random.nextBoolean() ? "64KB" : "1MB")
                  // small, so that runs have many tables
                  .with(EngineOptions.TABLE_SIZE, random.nextInt(3) > 0 ? "64KB" : "1MB")
                  .with(EngineOptions.WAL_SEGMENT, random.nextBoolean() ? "64KB" : "1MB");
      this.database = open();
      for (int index = 0; index < KEYSPACES; index++) {
        slots.add(new Slot(database.createKeyspace(newName()), newMap()));
      }
    }

    String replay() {
      return "seed "
          + seed
          + ", step "
          + step
          + (onDisk ? ", on disk, " : ", in memory, ")
          + options
          + "\n  replay: mvn -Pfast -pl engine -am test -Dtest=StatefulModelTest"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dlarder.test.args=-Dlarder.model.seed="
          + seed;
    }

    private String newName() {
      return "k" + names++;
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
      for (step = 0; step < STEPS; step++) {
        if (step % 400 == 0) {
          cluster = random.nextInt(256);
        }
        step();
      }
      compareAll(database.latest(), slots);
      closeSnapshots();
      database.close();
    }

    private void step() {
      int choice = random.nextInt(10_000);
      if (choice < 4_500) {
        change();
      } else if (choice < 5_200) {
        batch();
      } else if (choice < 5_800) {
        transaction();
      } else if (choice < 8_500) {
        read(database.latest(), anySlot());
      } else if (choice < 9_300) {
        scan(database.latest(), anySlot());
      } else if (choice < 9_500) {
        pin();
      } else if (choice < 9_700) {
        checkPinned();
      } else if (choice < 9_850) {
        stepClock();
      } else if (choice < 9_910) {
        database.flush();
      } else if (choice < 9_920) {
        database.compact();
      } else if (choice < 9_970) {
        changeKeyspaces();
      } else {
        reopen();
      }
    }

    private void stepClock() {
      int by = random.nextInt(20) == 0 ? random.nextInt(200_000) - 100_000 : random.nextInt(2_000);
      clock.advanceMillis(by - 200);
    }

    private Slot anySlot() {
      return slots.get(random.nextInt(slots.size()));
    }

    private byte[] key() {
      byte[] key = new byte[1 + random.nextInt(keyBytes)];
      random.nextBytes(key);
      if (clustered) {
        key[0] = (byte) (cluster + (key[0] & 7));
      }
      if (key.length == 3) {
        key[1] &= 15; // few enough that keys are met again
      }
      return key;
    }

    private Modelled modelled() {
      byte[] value = new byte[random.nextInt(valueBytesMax)];
      random.nextBytes(value);
      boolean expires = random.nextInt(5) == 0;
      return new Modelled(value, expires ? clock.currentTimeMillis() + random.nextInt(3_000) : 0);
    }

    /** Changes the model and remembers how it was; null deletes. */
    private void model(Slot slot, byte[] key, Modelled modelled) {
      Modelled before =
          modelled == null ? slot.entries.remove(key) : slot.entries.put(key, modelled);
      undos.add(new Undo(slot, key, before));
    }

    private void undoTo(int mark) {
      while (undos.size() > mark) {
        Undo undo = undos.remove(undos.size() - 1);
        if (undo.before() == null) {
          undo.slot().entries.remove(undo.key());
        } else {
          undo.slot().entries.put(undo.key(), undo.before());
        }
      }
    }

    private void change() {
      Slot slot = anySlot();
      byte[] key = key();
      if (random.nextInt(4) == 0) {
        slot.keyspace.delete(key);
        slot.entries.remove(key);
      } else {
        Modelled modelled = modelled();
        slot.keyspace.put(key, modelled.value(), modelled.expiresAtMillis());
        slot.entries.put(key, modelled);
      }
    }

    private void batch() {
      WriteBatch batch = new WriteBatch();
      for (int change = random.nextInt(20); change >= 0; change--) {
        Slot slot = anySlot();
        byte[] key = key();
        if (random.nextInt(4) == 0) {
          batch.delete(slot.keyspace, key);
          slot.entries.remove(key);
        } else {
          Modelled modelled = modelled();
          batch.put(slot.keyspace, key, modelled.value(), modelled.expiresAtMillis());
          slot.entries.put(key, modelled);
        }
      }
      database.write(batch, SyncMode.values()[random.nextInt(3)]);
    }

    private void transaction() {
      undos.clear();
      IsolationLevel level = IsolationLevel.values()[random.nextInt(2)];
      List<int[]> marks = new ArrayList<>();
      try (Transaction transaction = database.begin(level)) {
        for (int change = random.nextInt(12); change >= 0; change--) {
          Slot slot = anySlot();
          byte[] key = key();
          if (random.nextInt(3) == 0) {
            transaction.delete(slot.keyspace, key);
            model(slot, key, null);
          } else {
            Modelled modelled = modelled();
            transaction.put(slot.keyspace, key, modelled.value(), modelled.expiresAtMillis());
            model(slot, key, modelled);
          }
          if (random.nextInt(4) == 0) {
            marks.add(new int[] {transaction.savepoint(), undos.size()});
          }
          if (!marks.isEmpty() && random.nextInt(6) == 0) {
            int chosen = random.nextInt(marks.size());
            transaction.rollbackTo(marks.get(chosen)[0]);
            undoTo(marks.get(chosen)[1]);
            marks.subList(chosen + 1, marks.size()).clear();
          }
        }
        read(transaction, anySlot());
        scan(transaction, anySlot());
        if (random.nextInt(4) != 0) {
          transaction.commit();
        } else {
          undoTo(0);
        }
      }
    }

    private boolean isLive(Modelled modelled) {
      return modelled != null
          && (modelled.expiresAtMillis() == 0
              || !options.expiring()
              || modelled.expiresAtMillis() > database.expiryTimeMillis());
    }

    private void read(Reader reader, Slot slot) {
      byte[] key = key();
      Modelled expected = slot.entries.get(key);
      String name = HexFormat.of().formatHex(key);
      boolean live = isLive(expected);
      byte[] value = live ? expected.value() : null;
      switch (random.nextInt(4)) {
        case 0 -> assertThat(reader.get(slot.keyspace, key)).as(name).isEqualTo(value);
        case 1 -> assertThat(reader.exists(slot.keyspace, key)).as(name).isEqualTo(live);
        case 2 -> {
          byte[] other = key();
          List<Entry> entries = reader.entries(slot.keyspace, List.of(key, other));
          require(entries.get(0), expected, name);
          require(entries.get(1), slot.entries.get(other), HexFormat.of().formatHex(other));
        }
        default -> require(reader.entry(slot.keyspace, key), expected, name);
      }
    }

    private void require(Entry entry, Modelled expected, String name) {
      if (isLive(expected)) {
        assertThat(entry).as(name).isNotNull();
        assertThat(entry.value()).as(name).isEqualTo(expected.value());
        assertThat(entry.expiresAtMillis()).as(name).isEqualTo(expected.expiresAtMillis());
      } else {
        assertThat(entry).as(name).isNull();
      }
    }

    private void scan(Reader reader, Slot slot) {
      KeyRange range =
          random.nextInt(3) == 0
              ? KeyRange.prefix(key())
              : new KeyRange(
                  random.nextInt(3) == 0 ? null : key(), random.nextInt(3) == 0 ? null : key());
      boolean descending = random.nextBoolean();
      NavigableMap<byte[], Modelled> within = within(slot.entries, range);
      try (Cursor cursor =
          descending
              ? reader.cursorDescending(slot.keyspace, range)
              : reader.cursor(slot.keyspace, range)) {
        if (random.nextInt(4) == 0) {
          cursor.next();
          byte[] target = key();
          cursor.seek(target);
          within = sought(within, target, descending);
        }
        int most = random.nextInt(3) == 0 ? random.nextInt(10) : 200;
        compare(cursor, descending ? within.descendingMap() : within, most);
      }
    }

    private static NavigableMap<byte[], Modelled> within(
        NavigableMap<byte[], Modelled> map, KeyRange range) {
      NavigableMap<byte[], Modelled> within = map;
      byte[] from = range.from();
      byte[] to = range.to();
      if (from != null && to != null && Arrays.compareUnsigned(from, to) >= 0) {
        return newMap();
      }
      if (from != null) {
        within = within.tailMap(from, true);
      }
      return to == null ? within : within.headMap(to, false);
    }

    private static NavigableMap<byte[], Modelled> sought(
        NavigableMap<byte[], Modelled> within, byte[] target, boolean descending) {
      NavigableMap<byte[], Modelled> sought = newMap();
      // a view of a view refuses bounds outside its own, and ranges here are short
      within.forEach(
          (key, value) -> {
            int order = Arrays.compareUnsigned(key, target);
            if (descending ? order <= 0 : order >= 0) {
              sought.put(key, value);
            }
          });
      return sought;
    }

    private void compare(Cursor cursor, Map<byte[], Modelled> expected, int most) {
      int compared = 0;
      for (Map.Entry<byte[], Modelled> each : expected.entrySet()) {
        if (compared == most) {
          return;
        }
        Modelled modelled = each.getValue();
        if (isLive(modelled)) {
          compared++;
          if (!cursor.next() || !Arrays.equals(cursor.key(), each.getKey())) {
            throw new AssertionError("cursor misses " + HexFormat.of().formatHex(each.getKey()));
          }
          if (!Arrays.equals(cursor.value(), modelled.value())
              || cursor.expiresAtMillis() != modelled.expiresAtMillis()) {
            throw new AssertionError("wrong value of " + HexFormat.of().formatHex(each.getKey()));
          }
        }
      }
      if (cursor.next()) {
        throw new AssertionError("cursor shows " + HexFormat.of().formatHex(cursor.key()));
      }
    }

    private void compareAll(Reader reader, List<Slot> expected) {
      for (Slot slot : expected) {
        try (Cursor cursor = reader.cursor(slot.keyspace, KeyRange.all())) {
          compare(cursor, slot.entries, Integer.MAX_VALUE);
        }
      }
    }

    private void pin() {
      if (pinned.size() < 5) {
        List<Slot> copies = new ArrayList<>();
        slots.forEach(slot -> copies.add(new Slot(slot.keyspace, new TreeMap<>(slot.entries))));
        pinned.add(new Pinned(database.snapshot(), copies));
      } else {
        pinned.remove(random.nextInt(pinned.size())).snapshot().close();
      }
    }

    private void checkPinned() {
      for (Pinned each : pinned) {
        Slot slot = each.expected().get(random.nextInt(KEYSPACES));
        scan(each.snapshot(), slot);
        read(each.snapshot(), slot);
      }
    }

    private void changeKeyspaces() {
      Slot slot = anySlot();
      String name = slot.keyspace.name();
      switch (random.nextInt(3)) {
        case 0 -> {
          database.clearKeyspace(name);
          slot.entries = newMap();
        }
        case 1 -> database.renameKeyspace(name, newName());
        default -> {
          database.dropKeyspace(name);
          slot.keyspace = database.createKeyspace(random.nextBoolean() ? name : newName());
          slot.entries = newMap();
        }
      }
      List<String> expected = slots.stream().map(each -> each.keyspace.name()).sorted().toList();
      assertThat(database.keyspaceNames()).isEqualTo(expected);
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
      List<String> names = slots.stream().map(slot -> slot.keyspace.name()).toList();
      long shown = database.expiryTimeMillis();
      boolean crash = random.nextInt(3) == 0;
      if (crash) {
        database.sync(); // what may be lost without it is DatabaseCrashTest's to judge
        InMemoryFileSystem survived =
            fileSystem.afterCrash(
                LossModel.values()[random.nextInt(LossModel.values().length)], random.nextLong());
        database.close();
        fileSystem = survived;
        // a crash may set back the highest time ever shown, but expired entries were seen as such
        clock.advanceMillis(Math.max(0, shown - clock.currentTimeMillis()));
      } else {
        database.close();
        fileSystem.requireNoLeaks();
      }
      database = open();
      if (!crash) {
        assertThat(database.expiryTimeMillis()).isGreaterThanOrEqualTo(shown);
      }
      for (int index = 0; index < KEYSPACES; index++) {
        slots.get(index).keyspace = database.keyspace(names.get(index));
      }
      compareAll(database.latest(), slots);
    }
  }
}
