package io.larder.jcache.internal.storage;

import org.jspecify.annotations.Nullable;

/**
 * The place of one key in a store. Cheap, made for each operation; used by one thread at a time.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public interface Slot<K, V> {

  /** Returns the key. */
  K key();

  /** Waits for the exclusion of the key; reentrant by thread. */
  Exclusion lock();

  /** Returns the live entry, or null. */
  @Nullable StoredEntry<V> read();

  /** Returns when the live entry expires, {@link EntryStore#NEVER}, or {@link EntryStore#ABSENT} if there is none. */
  default long expiry() {
    StoredEntry<V> entry = read();
    return entry == null ? EntryStore.ABSENT : entry.expiresAtMillis();
  }

  /** Returns whether there is a live entry. */
  boolean exists();

  /** Sets the entry. */
  void write(StoredValue<V> value, long expiresAtMillis);

  /** Gives an entry just read another expiry; not synced, so that a crash may undo it. */
  void touch(StoredEntry<V> entry, long expiresAtMillis);

  /** Deletes the entry, if there is one. */
  void delete();
}
