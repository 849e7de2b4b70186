package io.larder.jcache.internal.storage;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a store on the heap has to know of where it belongs. Immutable.
 *
 * @param name the cache's name, for messages
 * @param nowMillis the time by which expiry is judged
 * @param isExpiring whether expiry is judged at all
 * @param limit how many entries it may hold; null = any number
 * @param owner who watches over all stores on the heap
 * @param relocation what leads into the database; null = the entries stay on the heap for good
 * @param <K> the type of keys
 * @param <V> the type of values
 */
record HeapRules<K, V>(
    String name,
    LongSupplier nowMillis,
    boolean isExpiring,
    @Nullable Limit limit,
    Owner owner,
    @Nullable Relocation<K, V> relocation) {

  /**
   * The way into the database.
   *
   * @param keyspaceId the number of the keyspace where the entries belong
   * @param destination makes the store in that keyspace, which is empty
   * @param forgetDestination gives up what that store had of other caches' room, when it is closed
   * @param weights what entries weigh, and whether the database would take them
   * @param toleranceBytes how much a part of the entries may grow without being counted
   */
  record Relocation<K, V>(
      int keyspaceId,
      Supplier<TableEntryStore<K, V>> destination,
      Runnable forgetDestination,
      EntryWeights<K, V> weights,
      long toleranceBytes) {}

  /** Who watches over all stores on the heap of one database. Thread-safe. */
  interface Owner {

    /** Returns whether the entries kept as objects take more than they may; cheap. */
    boolean isFull();

    /** Returns about how many bytes the entries of all stores take. */
    long bytes();

    /** Hears that the entries of a store have grown or shrunk; does not wait. */
    void changed();

    /** Hears that a store has entries that expire; does not wait. */
    void expires();

    /** Lets everybody look into the database from now on. */
    void share();
  }
}
