package io.larder.tables;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LimitExceededException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WriteBatch;
import io.larder.tables.internal.bytes.ByteInput;
import io.larder.tables.internal.key.KeyDecoder;
import io.larder.tables.internal.key.KeyEncoder;
import io.larder.tables.internal.key.OpaqueKeys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The dictionary of a store in its own keyspace. Numbers are given out from 1, never again, and never change their
 * meaning, so that whoever knows one may keep it.
 *
 * <p>A new number is written and synced before anybody can use it: no value in any state that a crash can leave
 * refers to a number that is not there. The lock guards giving out, with that write under it; lookups take none.
 */
final class KeyspaceDictionary implements TypeDictionary {
  /** All types are in memory: names that vary with the data belong into a map. */
  private static final int TYPES_MAX = 65_536;

  private static final OpaqueKeys NO_OBJECTS =
      new OpaqueKeys() {
        @Override
        public byte[] write(Object value) {
          throw new IllegalArgumentException("keys of the dictionary are numbers");
        }

        @Override
        public Object read(byte[] stream) {
          throw new CorruptionException(
              "a key of the dictionary is a serialized object, expected a number");
        }
      };

  private static final KeyEncoder KEYS = new KeyEncoder(NO_OBJECTS);
  private static final KeyDecoder KEY_DECODER = new KeyDecoder(NO_OBJECTS);

  private final Keyspace keyspace;
  private final String place;
  private final ValueWriter writer;
  private final ValueReader reader;
  private final ReentrantLock lock = new ReentrantLock();
  private final ConcurrentMap<RowType, Integer> numbers = new ConcurrentHashMap<>();
  private final ConcurrentMap<Long, RowType> types = new ConcurrentHashMap<>();
  private int highest;
  private boolean closed;

  KeyspaceDictionary(Keyspace keyspace) {
    this.keyspace = keyspace;
    this.place = "keyspace '" + keyspace.name() + "'";
    this.writer = new ValueWriter(this, place, name -> {});
    this.reader = new ValueReader(this, ClassSource.NONE, place);
    load();
  }

  private void load() {
    try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
      while (cursor.next()) {
        Object number = KEY_DECODER.get(new ByteInput(cursor.key(), place), true);
        Object value = reader.decode(cursor.value(), reader.plans(Object.class));
        if (!(number instanceof Integer known)
            || !(value instanceof List<?> list)
            || list.isEmpty()) {
          throw new CorruptionException(
              place
                  + ": found "
                  + number
                  + " = "
                  + value
                  + ", expected a number and a list of names");
        }
        highest = Math.max(highest, known);
        remember(known, typeOf(list));
      }
    }
  }

  private RowType typeOf(List<?> list) {
    List<String> names = new ArrayList<>();
    for (Object name : list.subList(1, list.size())) {
      names.add(text(name));
    }
    Object className = list.get(0);
    return new RowType(className == null ? null : text(className), List.copyOf(names));
  }

  private String text(@Nullable Object name) {
    if (name instanceof String text) {
      return text;
    }
    throw new CorruptionException(place + ": found " + name + ", expected a name");
  }

  private void remember(int number, RowType type) {
    types.put((long) number, type);
    numbers.put(type, number);
  }

  @Override
  public int numberOf(RowType type) {
    Integer known = numbers.get(type);
    return known == null ? giveOut(type) : known;
  }

  private int giveOut(RowType type) {
    lock.lock();
    try {
      Integer known = numbers.get(type);
      if (known != null) {
        return known;
      } else if (closed) {
        throw new ClosedException(place + " was closed with its store");
      }
      checkRoom();
      int number = highest + 1;
      List<@Nullable Object> stored = new ArrayList<>();
      stored.add(type.className());
      stored.addAll(type.fieldNames());
      WriteBatch batch = new WriteBatch();
      batch.put(keyspace, KEYS.encode(number), writer.encode(Collections.unmodifiableList(stored)));
      keyspace.database().write(batch, SyncMode.ALWAYS);
      highest = number;
      remember(number, type);
      return number;
    } finally {
      lock.unlock();
    }
  }

  private void checkRoom() {
    if (highest >= TYPES_MAX) {
      throw new LimitExceededException(
          place
              + " has "
              + highest
              + " shapes of rows, the limit is "
              + TYPES_MAX
              + "; store values whose names vary as maps");
    }
  }

  @Override
  public RowType typeOf(long number) {
    RowType type = types.get(number);
    if (type == null) {
      throw new CorruptionException(
          place
              + " has no type "
              + Long.toUnsignedString(number)
              + ", the highest is "
              + highestKnown());
    }
    return type;
  }

  private long highestKnown() {
    return types.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** Gives out no more numbers; returns when none is being given out. */
  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the types by number, for messages and tests. */
  Map<Long, RowType> types() {
    return Map.copyOf(types);
  }
}
