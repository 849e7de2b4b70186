package io.larder.tables;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WriteBatch;
import io.larder.tables.internal.bytes.ByteInput;
import io.larder.tables.internal.bytes.ByteOutput;
import io.larder.tables.internal.key.KeyDecoder;
import io.larder.tables.internal.key.KeyEncoder;
import io.larder.tables.internal.key.OpaqueKeys;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The catalog of a store in its keyspace: one entry a table, and the schema version. Each change is one batch with the
 * version, synced before it returns. Used under the lock of its store.
 *
 * <pre>
 * key ("table", name)  -> a map: see DefinitionCodec, with the state of the table
 * key ("version")      -> a number
 * </pre>
 */
final class Catalog {
  private static final String TABLE = "table";
  private static final String VERSION = "version";

  /** Keys and values here are texts, numbers, lists and maps: no rows, no objects. */
  private static final TypeDictionary NO_TYPES =
      new TypeDictionary() {
        @Override
        public int numberOf(RowType type) {
          throw new IllegalArgumentException("the catalog has no rows");
        }

        @Override
        public RowType typeOf(long number) {
          throw new CorruptionException(
              "the catalog refers to row type " + number + ", but has no rows");
        }
      };

  private static final OpaqueKeys NO_OBJECTS =
      new OpaqueKeys() {
        @Override
        public byte[] write(Object value) {
          throw new IllegalArgumentException("the catalog has no objects");
        }

        @Override
        public Object read(byte[] stream) {
          throw new CorruptionException(
              "a key of the catalog is a serialized object, expected text");
        }
      };

  private static final KeyEncoder KEYS = new KeyEncoder(NO_OBJECTS);
  private static final KeyDecoder KEY_DECODER = new KeyDecoder(NO_OBJECTS);

  /** How far a table has come; the texts are on disk. */
  enum State {
    /** There for everybody. */
    LIVE("live"),
    /** Its end has begun: it is to be finished, and not to be shown. */
    DROPPING("dropping"),
    /** Not published yet; whoever fills it is gone if an opening finds it, and it is to be dropped. */
    STAGED("staged"),
    /** Published: the keyspace it came from is to take the place of the one of its name, if it has not yet. */
    MOVING("moving");

    private final String text;

    State(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }

    static State of(@Nullable Object text) {
      for (State state : values()) {
        if (state.text.equals(text)) {
          return state;
        }
      }
      throw new IllegalArgumentException("there is no state '" + text + "'");
    }
  }

  /**
   * A table as the catalog has it.
   *
   * @param source the keyspace that a moving table was filled in, null for others
   */
  record Entry(TableDefinition definition, State state, @Nullable String source) {
    Entry(TableDefinition definition, State state) {
      this(definition, state, null);
    }
  }

  private final Keyspace keyspace;
  private final String place;
  private final ValueWriter writer;
  private final ValueReader reader;
  private final DefinitionCodec definitions;
  private long version;

  Catalog(Keyspace keyspace) {
    this.keyspace = keyspace;
    this.place = "keyspace '" + keyspace.name() + "'";
    this.writer = new ValueWriter(NO_TYPES, place, name -> {});
    this.reader = new ValueReader(NO_TYPES, ClassSource.NONE, place);
    this.definitions = new DefinitionCodec(place);
    byte[] stored = keyspace.get(KEYS.encode(VERSION));
    this.version = stored == null ? 0 : number(decode(stored));
  }

  private @Nullable Object decode(byte[] value) {
    return reader.decode(value, reader.plans(Object.class));
  }

  private long number(@Nullable Object value) {
    if (value instanceof Long number) {
      return number;
    }
    throw new CorruptionException(place + ": found " + value + " as version, expected a number");
  }

  /** Returns the number of changes so far. */
  long version() {
    return version;
  }

  /** Reads all tables, sorted by name. */
  Map<String, Entry> load() {
    Map<String, Entry> entries = new TreeMap<>();
    try (Cursor cursor = keyspace.cursor(KeyRange.prefix(tableKey("", false)))) {
      while (cursor.next()) {
        ByteInput key = new ByteInput(cursor.key(), place);
        KeyDecoder.skip(key);
        String name = String.valueOf(KEY_DECODER.get(key, true));
        if (!(decode(cursor.value()) instanceof Map<?, ?> map)) {
          throw new CorruptionException(
              place + ": the definition of table '" + name + "' is no map");
        }
        entries.put(name, definitions.decode(name, map));
      }
    }
    return entries;
  }

  /** Writes a table, new or changed. */
  void put(TableDefinition definition, State state) {
    WriteBatch batch = new WriteBatch();
    put(batch, new Entry(definition, state));
    write(batch);
  }

  /** Writes that a staged table is published: from here on it is to move, whatever happens. */
  void move(TableDefinition definition, String source) {
    WriteBatch batch = new WriteBatch();
    put(batch, new Entry(definition, State.MOVING, source));
    batch.delete(keyspace, tableKey(source, true));
    write(batch);
  }

  private void put(WriteBatch batch, Entry entry) {
    byte[] value = writer.encode(definitions.encode(entry));
    batch.put(keyspace, tableKey(entry.definition().name(), true), value);
  }

  /** Forgets a table. */
  void remove(String name) {
    write(new WriteBatch().delete(keyspace, tableKey(name, true)));
  }

  private void write(WriteBatch batch) {
    batch.put(keyspace, KEYS.encode(VERSION), writer.encode(version + 1));
    keyspace.database().write(batch, SyncMode.ALWAYS);
    version++;
  }

  private static byte[] tableKey(String name, boolean withName) {
    ByteOutput output = ByteOutput.borrow();
    KEYS.put(output, TABLE, false);
    if (withName) {
      KEYS.put(output, name, true);
    }
    return output.finish();
  }
}
