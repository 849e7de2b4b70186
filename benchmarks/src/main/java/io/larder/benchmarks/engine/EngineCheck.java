package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Directories;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares a product with a sorted map: puts, batches, overwrites, deletes, then every kind of
 * read, before and after settling and a reopen. Confined to one thread.
 */
final class EngineCheck {

  private static final int ENTRIES = 500;
  private static final int OVERWRITTEN = 50;
  private static final int DELETED = 120;
  private static final int SCANNED = 7;
  private static final int VALUE_BYTES = 100;
  private static final DataShape SHAPE = new DataShape(ENTRIES, VALUE_BYTES);

  private final EngineContestant contestant;
  private final NavigableMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
  private long compared;

  private EngineCheck(EngineContestant contestant) {
    this.contestant = contestant;
  }

  /**
   * Checks a product in every durability it has.
   *
   * @return how many answers were compared
   * @throws IllegalStateException if one was wrong
   */
  static long check(EngineContestant contestant, Path directory) throws Exception {
    long compared = 0;
    for (Durability durability : Durability.values()) {
      if (durability == Durability.NO_SYNC || contestant.abilities().contains(Ability.SYNC)) {
        EngineCheck check = new EngineCheck(contestant);
        check.run(Directories.recreate(directory.resolve("check-" + durability)), durability);
        compared += check.compared;
      }
    }
    return compared;
  }

  private void run(Path directory, Durability durability) throws Exception {
    try (OpenEngine engine = contestant.open(directory, durability, SHAPE)) {
      for (int number = 0; number < ENTRIES / 2; number++) {
        put(engine, number, number);
      }
      byte[][] keys = new byte[ENTRIES / 2][];
      byte[][] values = new byte[ENTRIES / 2][];
      for (int place = 0; place < keys.length; place++) {
        keys[place] = Records.key(ENTRIES / 2 + place);
        values[place] = Records.value(ENTRIES / 2 + place, VALUE_BYTES);
        model.put(keys[place], values[place]);
      }
      engine.write(keys, values);
      compare(engine);
      change(engine);
      compare(engine);
      engine.settle();
      compare(engine);
    }
    try (OpenEngine engine = contestant.open(directory, durability, SHAPE)) {
      compare(engine);
      put(engine, DELETED - 1, DELETED);
      compare(engine);
    }
  }

  private void put(OpenEngine engine, long number, long valueNumber) throws Exception {
    byte[] value = Records.value(valueNumber, VALUE_BYTES);
    engine.put(Records.key(number), value);
    model.put(Records.key(number), value.clone());
  }

  private void change(OpenEngine engine) throws Exception {
    for (int number = 0; number < OVERWRITTEN; number++) {
      put(engine, number, number + 1);
    }
    engine.delete(Records.key(OVERWRITTEN));
    model.remove(Records.key(OVERWRITTEN));
    byte[][] deleted = new byte[DELETED - OVERWRITTEN - 1][];
    for (int place = 0; place < deleted.length; place++) {
      deleted[place] = Records.key(OVERWRITTEN + 1 + place);
      model.remove(deleted[place]);
    }
    engine.deleteAll(deleted);
  }

  private void compare(OpenEngine engine) throws Exception {
    try (EngineReader reader = engine.reader()) {
      for (int number = 0; number < ENTRIES + SCANNED; number++) {
        byte[] key = Records.key(number);
        comparePoint(reader, key);
        if (contestant.abilities().contains(Ability.ORDER)) {
          compareScan(reader, key, 1);
          compareScan(reader, key, SCANNED);
        }
      }
      compareAll(reader);
      if (contestant.abilities().contains(Ability.ORDER)) {
        compareScan(reader, null, Long.MAX_VALUE);
      }
    }
  }

  private void comparePoint(EngineReader reader, byte[] key) throws Exception {
    byte[] expected = model.get(key);
    require(Arrays.equals(expected, reader.get(key)), "get", key);
    if (contestant.abilities().contains(Ability.VIEW)) {
      ValueView view = new ValueView();
      boolean found = reader.view(key, view);
      require(found == (expected != null), "view", key);
      if (expected != null) {
        require(
            view.length() == expected.length
                && view.head() == Records.head(expected)
                && view.tail() == Records.longAt(expected, expected.length - Long.BYTES),
            "view",
            key);
      }
    }
  }

  private void compareAll(EngineReader reader) throws Exception {
    byte[][] keys = new byte[DELETED + SCANNED][];
    for (int place = 0; place < keys.length; place++) {
      keys[place] = Records.key(place);
    }
    byte[] @Nullable [] values = new byte[keys.length][];
    reader.getAll(keys, values);
    for (int place = 0; place < keys.length; place++) {
      require(Arrays.equals(model.get(keys[place]), values[place]), "getAll", keys[place]);
    }
  }

  private void compareScan(EngineReader reader, byte @Nullable [] from, long limit)
      throws Exception {
    EntrySum expected = new EntrySum();
    NavigableMap<byte[], byte[]> tail = from == null ? model : model.tailMap(from, true);
    for (Map.Entry<byte[], byte[]> entry : tail.entrySet()) {
      if (expected.entries() < limit) {
        byte[] value = entry.getValue();
        expected.add(Records.head(entry.getKey()), Records.head(value), value.length);
      }
    }
    EntrySum found = new EntrySum();
    reader.scan(from, limit, found);
    require(
        found.entries() == expected.entries() && found.sum() == expected.sum(),
        "scan of " + limit + " from",
        from == null ? new byte[0] : from);
  }

  private void require(boolean right, String what, byte[] key) {
    compared++;
    if (!right) {
      List<String> state = List.of(what, Arrays.toString(key), model.size() + " entries");
      throw new IllegalStateException(contestant.describe().id() + " answers wrongly: " + state);
    }
  }
}
