package io.larder.jcache.internal.storage;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.Entry;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.NoSuchKeyspaceException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WriteBatch;
import io.larder.tables.EntryCodec;
import io.larder.tables.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Entries encoded in a table of the database, so that SQL sees the same. Thread-safe; the table belongs to
 * the manager's handle of the database.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class TableEntryStore<K, V> implements EntryStore<K, V> {
  private static final int PAGE_ENTRIES = 256;
  private static final int PAGE_BYTES = 1 << 20;

  private final Table table;
  private final Keyspace keyspace;
  private final Database database;
  private final EntryCodec<K, V> codec;

  /** Creates the store of a table whose classes come from the loader. */
  public TableEntryStore(Table table, Class<K> keyType, Class<V> valueType, ClassLoader loader) {
    this.table = table;
    this.keyspace = table.keyspace();
    this.database = keyspace.database();
    this.codec = table.entries(keyType, valueType, loader);
  }

  @Override
  public Slot<K, V> slot(K key) {
    try {
      return new TableSlot(key, codec.encodeKey(key));
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    }
  }

  @Override
  public StoredValue<V> prepare(V value) {
    try {
      return new EncodedValue(codec.encodeValue(value));
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    }
  }

  @Override
  public Exclusion lockAll(Collection<? extends Slot<K, V>> slots) {
    try {
      Keyspace.KeyLock lock = keyspace.lockAll(encodedKeys(slots));
      return lock::close;
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    }
  }

  @Override
  public List<@Nullable StoredEntry<V>> readAll(List<? extends Slot<K, V>> slots) {
    try {
      List<@Nullable StoredEntry<V>> found = new ArrayList<>(slots.size());
      for (Entry entry : keyspace.entries(encodedKeys(slots))) {
        found.add(entry == null ? null : new EncodedEntry(entry));
      }
      return found;
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    }
  }

  @Override
  public void apply(List<Change<K, V>> changes) {
    WriteBatch batch = new WriteBatch();
    for (Change<K, V> change : changes) {
      StoredValue<V> value = change.value();
      if (value == null) {
        batch.delete(keyspace, encodedKey(change.slot()));
      } else {
        batch.put(keyspace, encodedKey(change.slot()), bytes(value), change.expiresAtMillis());
      }
    }
    try {
      database.write(batch);
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    }
  }

  @Override
  public Scan<K, V> scan() {
    return new TableScan();
  }

  @Override
  public void clear() {
    try {
      String name = keyspace.name();
      if (database.keyspace(name).id() != keyspace.id()) {
        throw new NoSuchKeyspaceException(
            "The cache '" + name + "' was dropped, and another one of that name made since");
      }
      database.clearKeyspace(name);
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    }
  }

  @Override
  public long nowMillis() {
    try {
      return database.expiryTimeMillis();
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    }
  }

  @Override
  public <T> @Nullable T unwrap(Class<T> type) {
    for (Object candidate : List.of(table, keyspace, database)) {
      if (type.isInstance(candidate)) {
        return type.cast(candidate);
      }
    }
    return null;
  }

  private List<byte[]> encodedKeys(Collection<? extends Slot<K, V>> slots) {
    List<byte[]> keys = new ArrayList<>(slots.size());
    for (Slot<K, V> slot : slots) {
      keys.add(encodedKey(slot));
    }
    return keys;
  }

  private byte[] encodedKey(Slot<K, V> slot) {
    return ((TableSlot) slot).encoded;
  }

  private byte[] bytes(StoredValue<V> value) {
    return ((TableEntryStore<?, ?>.EncodedValue) value).bytes;
  }

  /** A value as bytes. */
  private class EncodedValue implements StoredValue<V> {
    final byte[] bytes;

    EncodedValue(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public V value() {
      try {
        return codec.decodeValue(bytes);
      } catch (LarderException e) {
        throw EngineFailures.translate(e);
      }
    }
  }

  /** An entry as the engine gave it. */
  private final class EncodedEntry extends EncodedValue implements StoredEntry<V> {
    private final long expiresAtMillis;
    private final long sequence;

    EncodedEntry(Entry entry) {
      super(entry.value());
      this.expiresAtMillis = entry.expiresAtMillis();
      this.sequence = entry.sequence();
    }

    @Override
    public long expiresAtMillis() {
      return expiresAtMillis;
    }

    @Override
    public boolean isSameWrite(StoredEntry<V> other) {
      return sequence == ((TableEntryStore<?, ?>.EncodedEntry) other).sequence;
    }
  }

  /** A key with its encoding. */
  private final class TableSlot implements Slot<K, V> {
    private final K key;
    private final byte[] encoded;

    TableSlot(K key, byte[] encoded) {
      this.key = key;
      this.encoded = encoded;
    }

    @Override
    public K key() {
      return key;
    }

    @Override
    public Exclusion lock() {
      try {
        Keyspace.KeyLock lock = keyspace.lock(encoded);
        return lock::close;
      } catch (LarderException e) {
        throw EngineFailures.translate(e);
      }
    }

    @Override
    public @Nullable StoredEntry<V> read() {
      try {
        Entry entry = keyspace.entry(encoded);
        return entry == null ? null : new EncodedEntry(entry);
      } catch (LarderException e) {
        throw EngineFailures.translate(e);
      }
    }

    @Override
    public boolean exists() {
      try {
        return keyspace.exists(encoded);
      } catch (LarderException e) {
        throw EngineFailures.translate(e);
      }
    }

    @Override
    public void write(StoredValue<V> value, long expiresAtMillis) {
      try {
        keyspace.put(encoded, bytes(value), expiresAtMillis);
      } catch (LarderException e) {
        throw EngineFailures.translate(e);
      }
    }

    @Override
    public void touch(StoredEntry<V> entry, long expiresAtMillis) {
      try {
        database.write(
            new WriteBatch().put(keyspace, encoded, bytes(entry), expiresAtMillis), SyncMode.NONE);
      } catch (LarderException e) {
        throw EngineFailures.translate(e);
      }
    }

    @Override
    public void delete() {
      try {
        keyspace.delete(encoded);
      } catch (LarderException e) {
        throw EngineFailures.translate(e);
      }
    }
  }

  /** Reads page by page, so that a walk left unfinished pins nothing. */
  private final class TableScan implements Scan<K, V> {
    private final Queue<Found<K, V>> page = new ArrayDeque<>();
    private byte @Nullable [] resumeAt = new byte[0];

    @Override
    public @Nullable Found<K, V> next() {
      if (page.isEmpty() && resumeAt != null) {
        try {
          fill(resumeAt);
        } catch (LarderException e) {
          throw EngineFailures.translate(e);
        }
      }
      return page.poll();
    }

    private void fill(byte[] from) {
      resumeAt = null;
      int bytes = 0;
      KeyRange range = from.length == 0 ? KeyRange.all() : new KeyRange(from, null);
      try (Cursor cursor = keyspace.cursor(range)) {
        while (cursor.next()) {
          byte[] key = cursor.key();
          if (page.size() == PAGE_ENTRIES || bytes > PAGE_BYTES) {
            resumeAt = key;
            return;
          }
          Entry entry = new Entry(cursor.value(), cursor.expiresAtMillis(), cursor.sequence());
          bytes += key.length + entry.value().length;
          page.add(new Found<>(new TableSlot(codec.decodeKey(key), key), new EncodedEntry(entry)));
        }
      }
    }
  }
}
