package io.larder.jcache.internal.storage;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one cache. Thread-safe; owned by its cache, and lives as long as the database behind it.
 *
 * <p>Entries carry an absolute expiry in milliseconds since the epoch, 0 = never; an expired entry is absent.
 * Nothing here calls user code other than what encoding needs ({@code equals}, {@code hashCode},
 * serialization hooks).
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public interface EntryStore<K, V> {

  /** Expiry of an entry that lives until it is removed. */
  long NEVER = 0;

  /** Stands for the expiry of an entry that is not there. */
  long ABSENT = -2;

  /** Returns the place of a key, whether or not there is an entry. */
  Slot<K, V> slot(K key);

  /** Returns the live entry of a key, or null; cheaper than by its slot. */
  @Nullable StoredEntry<V> find(K key);

  /**
   * Sets an entry that lives until it is removed, or keeps the expiry of the one it replaces, if the store has a short way to do
   * that; false if it has none, and has done nothing. Takes the key by itself.
   */
  default boolean putEternal(K key, V value) {
    return false;
  }

  /** Sets entries as one, each as {@link #putEternal} does; false if the store has no short way, and has done nothing. */
  default boolean putAllEternal(Map<? extends K, ? extends V> values) {
    return false;
  }

  /** Brings a value into its stored form; what is stored is isolated from the object if stored by value. */
  StoredValue<V> prepare(V value);

  /** Takes the exclusion of several keys in an order that cannot deadlock. */
  Exclusion lockAll(Collection<? extends Slot<K, V>> slots);

  /** Returns whether this thread has any key of the store; not cheap. */
  boolean holdsAnyKey();

  /** Returns the live entries in the order of the slots, null where absent, all from one point in time. */
  List<@Nullable StoredEntry<V>> readAll(List<? extends Slot<K, V>> slots);

  /** Applies changes as one, durably as far as the database is; the caller holds their keys. */
  void apply(List<Change<K, V>> changes);

  /** Starts a walk over all live entries. */
  Scan<K, V> scan();

  /** Removes every entry. */
  void clear();

  /** Returns the time by which expiry is judged, in milliseconds since the epoch. */
  long nowMillis();

  /** Sets who hears of the keys whose entries are evicted, by the thread that evicts and while it holds the key. */
  default void onEviction(Consumer<K> listener) {}

  /** Lets go of what is shared with other caches; the entries stay. */
  default void close() {}

  /** Returns the number of the keyspace the entries belong to; null if to none. */
  @Nullable Integer keyspaceId();

  /** Returns what lies behind, if it is of the type. */
  <T> @Nullable T unwrap(Class<T> type);

  /**
   * One change of several.
   *
   * @param slot the key's place
   * @param value the new value, or null to delete
   * @param expiresAtMillis absolute expiry of the new value
   * @param <K> the type of keys
   * @param <V> the type of values
   */
  record Change<K, V>(Slot<K, V> slot, @Nullable StoredValue<V> value, long expiresAtMillis) {}
}
