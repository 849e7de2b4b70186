package io.larder.jdbc.internal.access;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.Entry;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.Reader;
import io.larder.tables.RowReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries found by an access path, one after the other. Not thread-safe; closed by its opener. */
interface EntrySource extends AutoCloseable {

  /** Moves on and returns whether there is an entry. */
  boolean next();

  byte[] key();

  /** Fills the target with the columns a reader reads of the entry. */
  void read(RowReader reader, @Nullable Object[] target);

  @Override
  void close();

  /** Returns a source without entries. */
  static EntrySource empty() {
    return new Points(null, null, List.of());
  }

  /** Returns the entries of some keys, in the keys' order. */
  static EntrySource points(Reader reader, Keyspace keyspace, List<byte[]> keys) {
    return new Points(reader, keyspace, keys);
  }

  /** Returns the entries a cursor walks over; closes it. */
  static EntrySource of(Cursor cursor) {
    return new Walk(cursor);
  }

  /** Looks keys up one by one. */
  final class Points implements EntrySource {
    private final @Nullable Reader reader;
    private final @Nullable Keyspace keyspace;
    private final List<byte[]> keys;
    private int position;
    private byte @Nullable [] key;
    private @Nullable Entry entry;

    private Points(@Nullable Reader reader, @Nullable Keyspace keyspace, List<byte[]> keys) {
      this.reader = reader;
      this.keyspace = keyspace;
      this.keys = keys;
    }

    @Override
    public boolean next() {
      if (reader == null || keyspace == null) {
        return false;
      }
      while (position < keys.size()) {
        key = keys.get(position++);
        entry = reader.entry(keyspace, key);
        if (entry != null) {
          return true;
        }
      }
      return false;
    }

    private Entry current() {
      if (entry == null) {
        throw new IllegalStateException("not on an entry");
      }
      return entry;
    }

    @Override
    public byte[] key() {
      if (key == null) {
        throw new IllegalStateException("not on an entry");
      }
      return key;
    }

    @Override
    public void read(RowReader reader, @Nullable Object[] target) {
      Entry found = current();
      reader.read(key(), found.value(), found.expiresAtMillis(), target);
    }

    @Override
    public void close() {
      position = keys.size();
    }
  }

  /**
   * Walks a range.
   *
   * @param cursor the engine's cursor, owned
   */
  record Walk(Cursor cursor) implements EntrySource {
    @Override
    public boolean next() {
      return cursor.next();
    }

    @Override
    public byte[] key() {
      return cursor.key();
    }

    @Override
    public void read(RowReader reader, @Nullable Object[] target) {
      reader.read(cursor, target);
    }

    @Override
    public void close() {
      cursor.close();
    }
  }
}
