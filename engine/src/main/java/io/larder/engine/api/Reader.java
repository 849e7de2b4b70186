package io.larder.engine.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something entries can be read from: the newest state, a snapshot, or a transaction with its own
 * changes. Expired entries are absent for every reader.
 */
public interface Reader {

  /** Returns the value of a key, or null. */
  byte @Nullable [] get(Keyspace keyspace, byte[] key);

  /** Returns the value of a key with its expiry and sequence number, or null. */
  @Nullable Entry entry(Keyspace keyspace, byte[] key);

  /**
   * Lets a reader look at an entry where it is stored, and returns what the reader made of it, or null if the
   * key is absent. Nothing of the entry is copied, so this is the cheapest way to use a part of a value or to
   * decode it.
   */
  <R> @Nullable R read(Keyspace keyspace, byte[] key, EntryReader<R> reader);

  /** Returns whether the key is present, without reading its value. */
  boolean exists(Keyspace keyspace, byte[] key);

  /** Returns entries in the order of the keys, null where a key is absent, all from one point in time. */
  List<@Nullable Entry> entries(Keyspace keyspace, List<byte[]> keys);

  /** Opens an ascending cursor over a range of keys. */
  Cursor cursor(Keyspace keyspace, KeyRange range);

  /** Opens a descending cursor over a range of keys. */
  Cursor cursorDescending(Keyspace keyspace, KeyRange range);
}
