package io.larder.benchmarks.engine;

import io.larder.benchmarks.harness.Contestant;
import io.larder.engine.Databases;
import io.larder.engine.api.ByteView;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.Entry;
import io.larder.engine.api.EntryReader;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.WriteBatch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Larder's engines, below JCache and SQL.
 *
 * @param id what the report calls it
 * @param role how it counts in ratios
 * @param inMemory whether the memory engine is meant, or the disk engine
 * @param unsyncedMode the {@code sync} option of the disk engine where commits need not be synced
 */
record LarderContestant(String id, Contestant.Role role, boolean inMemory, String unsyncedMode)
    implements EngineContestant {

  private static final AtomicLong NAMES = new AtomicLong();

  static LarderContestant onDisk() {
    return new LarderContestant("larder", Contestant.Role.LARDER, false, "none");
  }

  static LarderContestant inMemoryOnly() {
    return new LarderContestant("larder", Contestant.Role.LARDER, true, "none");
  }

  @Override
  public Contestant describe() {
    if (inMemory) {
      return new Contestant(
          id,
          role,
          "Larder memory engine, default options: ordered, versioned; get copies, scans read views");
    }
    return new Contestant(
        id,
        role,
        "Larder disk engine, default options, flushed and compacted before reads, get copies the"
            + " value, views through an EntryReader, scans read the cursor's views; no sync: sync="
            + unsyncedMode
            + "; synced: sync=always");
  }

  @Override
  public OpenEngine open(Path directory, Durability durability, DataShape shape) {
    if (inMemory) {
      Database database =
          Databases.open(
              new DatabaseLocation.InMemory("benchmark-" + NAMES.incrementAndGet()),
              DatabaseOptions.defaults());
      return new Store(database, database.openKeyspace("entries"));
    }
    String sync = durability == Durability.SYNC_EACH_COMMIT ? "always" : unsyncedMode;
    Database database =
        Databases.open(
            new DatabaseLocation.Directory(directory), DatabaseOptions.of(Map.of("sync", sync)));
    return new Store(database, database.openKeyspace("entries"));
  }

  private record Store(Database database, Keyspace keyspace) implements OpenEngine {

    @Override
    public void put(byte[] key, byte[] value) {
      keyspace.put(key, value);
    }

    @Override
    public void write(byte[][] keys, byte[][] values) {
      WriteBatch batch = new WriteBatch();
      for (int place = 0; place < keys.length; place++) {
        batch.put(keyspace, keys[place], values[place]);
      }
      database.write(batch);
    }

    @Override
    public void delete(byte[] key) {
      keyspace.delete(key);
    }

    @Override
    public void deleteAll(byte[][] keys) {
      WriteBatch batch = new WriteBatch();
      for (byte[] key : keys) {
        batch.delete(keyspace, key);
      }
      database.write(batch);
    }

    @Override
    public EngineReader reader() {
      return new Reader(keyspace);
    }

    @Override
    public void settle() {
      database.flush();
      database.compact();
    }

    @Override
    public void close() {
      database.close();
    }
  }

  private static final class Reader implements EngineReader {

    private final Keyspace keyspace;
    private final ValueView seen = new ValueView();
    private final EntryReader<ValueView> look =
        (value, expiresAtMillis, sequence) -> {
          int start = value.position();
          int length = value.remaining();
          seen.see(value.getLong(start), value.getLong(start + length - Long.BYTES), length);
          return seen;
        };

    Reader(Keyspace keyspace) {
      this.keyspace = keyspace;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
      return keyspace.get(key);
    }

    @Override
    public boolean view(byte[] key, ValueView view) {
      if (keyspace.read(key, look) == null) {
        return false;
      }
      view.see(seen.head(), seen.tail(), seen.length());
      return true;
    }

    @Override
    public void getAll(byte[][] keys, byte[] @Nullable [] values) {
      List<@Nullable Entry> found = keyspace.entries(Arrays.asList(keys));
      for (int place = 0; place < values.length; place++) {
        Entry entry = found.get(place);
        values[place] = entry == null ? null : entry.value();
      }
    }

    @Override
    public void scan(byte @Nullable [] from, long limit, EntrySum sum) {
      try (Cursor cursor = keyspace.cursor(new KeyRange(from, null))) {
        while (sum.entries() < limit && cursor.next()) {
          ByteView value = cursor.valueView();
          sum.add(cursor.keyView().getLong(0), value.getLong(0), value.length());
        }
      }
    }

    @Override
    public void close() {}
  }
}
