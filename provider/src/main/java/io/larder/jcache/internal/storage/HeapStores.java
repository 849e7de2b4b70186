package io.larder.jcache.internal.storage;

import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.jcache.internal.storage.HeapRules.Relocation;
import io.larder.tables.EntryCodec;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * The stores on the heap of one manager. Thread-safe; owned by the manager.
 *
 * <p>As long as nobody but the manager has the database, caches in memory may keep their entries as objects here. Before
 * anybody else gets a handle on it, and before the application gets what lies behind a cache, they are moved into the
 * database, and none are kept here from then on. A closed cache leaves its entries, for the next one of its name.
 */
public final class HeapStores implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(HeapStores.class.getName());

  /** How much a store may grow without being counted, as a part of what all may take. */
  private static final long TOLERANCE_PARTS = 16;

  private final Database database;
  private final DatabaseOptions options;
  private final long bytesMax;
  private final String threadName;
  private final Watch watch = new Watch();
  private final List<HeapEntryStore<?, ?>> stores = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows, and adding stores
  private Database.@Nullable Preparation preparation;
  private @Nullable Thread sweeper;
  private boolean shared;
  private volatile boolean closed;
  private volatile boolean full;

  /** Whether entries were forgotten that are not in the database. */
  private volatile boolean forgotten;

  /**
   * Creates an owner of no stores.
   *
   * @param heapBytes how much heap decoded values may take; 0 = caches by value keep none
   */
  public HeapStores(Database database, long heapBytes) {
    this.database = database;
    this.options = database.options();
    this.shared = heapBytes == 0 || !(database.location() instanceof DatabaseLocation.InMemory);
    this.bytesMax = Math.min(options.memoryLimitBytes(), Runtime.getRuntime().maxMemory() / 2);
    this.threadName = "larder-heap-sweep " + database.location();
  }

  /** Watches over the stores. */
  private final class Watch implements HeapRules.Owner {
    @Override
    public boolean isFull() {
      return full;
    }

    @Override
    public long bytes() {
      long bytes = 0;
      for (HeapEntryStore<?, ?> store : stores) {
        bytes += store.bytes();
      }
      return bytes;
    }

    @Override
    public void changed() {
      boolean isFull = bytes() > bytesMax;
      if (isFull != full) {
        full = isFull;
      }
    }

    @Override
    public void expires() {
      startSweeping();
    }

    @Override
    public void share() {
      HeapStores.this.share();
    }
  }

  /** Returns a new store for references, which are gone when it is removed. */
  public <K, V> HeapEntryStore<K, V> ofReferences(String name, @Nullable Limit limit) {
    return add(rules(name, limit, null));
  }

  /**
   * What a cache of values needs to keep them as objects.
   *
   * @param name its name
   * @param keyType the class of its keys
   * @param valueType the class of its values
   * @param limit how much it may hold; null = any number
   */
  public record Wish<K, V>(
      String name, Class<K> keyType, Class<V> valueType, @Nullable Limit limit) {

    boolean isPossible() {
      return ImmutableTypes.isKeyType(keyType)
          && ImmutableTypes.isScalarType(valueType)
          && (limit == null || !limit.isBytes());
    }
  }

  /**
   * Returns the store of a cache of values that keeps them as objects: the one its predecessor left, or a new one; null if
   * they have to be in the database. What a predecessor left is there then.
   *
   * @param source makes the way into the database
   */
  @SuppressWarnings("unchecked") // the table has the same types
  public <K, V> @Nullable HeapEntryStore<K, V> ofValues(Wish<K, V> wish, Source<K, V> source) {
    HeapEntryStore<?, ?> left = find(wish.name());
    if (left != null) {
      boolean isWanted = wish.isPossible() && Objects.equals(left.rules().limit(), wish.limit());
      if (isWanted && left.reopen()) {
        return (HeapEntryStore<K, V>) left;
      }
      left.relocate(); // does nothing if the entries are in the table
      remove(wish.name());
      return null;
    }
    if (!wish.isPossible() || !source.isEmpty() || !isExclusive()) {
      return null;
    }
    long tolerance = bytesMax / KeyStripes.COUNT / TOLERANCE_PARTS;
    HeapEntryStore<K, V> store =
        add(
            rules(
                wish.name(),
                wish.limit(),
                new Relocation<>(
                    source.keyspaceId(),
                    source::table,
                    source::tableClosed,
                    new EntryWeights<>(options, source::codec),
                    tolerance)));
    if (isExclusive()) {
      return store;
    }
    remove(wish.name()); // somebody came while it was made
    return null;
  }

  private <K, V> HeapRules<K, V> rules(
      String name, @Nullable Limit limit, @Nullable Relocation<K, V> relocation) {
    return new HeapRules<>(
        name, database::expiryTimeMillis, options.expiring(), limit, watch, relocation);
  }

  private <K, V> HeapEntryStore<K, V> add(HeapRules<K, V> rules) {
    HeapEntryStore<K, V> store = new HeapEntryStore<>(rules, options.lockTimeout());
    stores.add(store);
    return store;
  }

  private @Nullable HeapEntryStore<?, ?> find(String name) {
    for (HeapEntryStore<?, ?> store : stores) {
      if (store.rules().name().equals(name) && store.rules().relocation() != null) {
        return store;
      }
    }
    return null;
  }

  /** Returns whether nobody else has the database, and is told before anybody gets it. */
  private boolean isExclusive() {
    lock.lock();
    try {
      if (!shared && preparation == null) {
        preparation = database.beforeSharing(this::share);
        shared = preparation == null;
      }
      return !shared;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves all entries of caches by value into the database, where everybody may look for them from now on.
   *
   * @throws javax.cache.CacheException if those of a cache could not be moved; they are where they were, unless this was
   *     closed
   */
  public void share() {
    lock.lock();
    try {
      shared = true;
    } finally {
      lock.unlock();
    }
    stores.forEach(HeapEntryStore::relocate);
    if (forgotten) {
      throw new CacheException(
          "The cache manager that had the database was closed just now, and the database with it;"
              + " open it again");
    }
  }

  /** Forgets a cache's entries, if they are here. */
  public void remove(String name) {
    for (HeapEntryStore<?, ?> store : stores) {
      if (store.rules().name().equals(name)) {
        remove(store);
      }
    }
  }

  private void remove(HeapEntryStore<?, ?> store) {
    if (stores.remove(store)) {
      store.discard(false);
      watch.changed();
    }
  }

  /** Hears that a cache is closed: references are gone then. */
  public void closed(String name) {
    for (HeapEntryStore<?, ?> store : stores) {
      if (store.rules().name().equals(name) && store.rules().relocation() == null) {
        remove(store);
      }
    }
  }

  private void startSweeping() {
    lock.lock();
    try {
      if (sweeper == null && !closed) {
        Thread started = new Thread(this::sweep, threadName);
        started.setDaemon(true);
        sweeper = started;
        started.start();
      }
    } finally {
      lock.unlock();
    }
  }

  private void sweep() {
    long intervalNanos = options.value(EngineOptions.TTL_SWEEP).toNanos();
    while (!closed) {
      LockSupport.parkNanos(this, intervalNanos);
      if (!closed) {
        sweepAll();
      }
    }
  }

  private void sweepAll() {
    for (HeapEntryStore<?, ?> store : stores) {
      try {
        store.sweep();
      } catch (RuntimeException e) {
        LOGGER.log(
            Level.WARNING, "Expired entries of " + store.rules().name() + " were not found", e);
      }
    }
  }

  /**
   * Forgets all entries that are not in the database, which is closed with its last handle. If somebody else has come, they
   * are moved into it before; who comes from now on and would have missed some gets an error instead of the database.
   */
  @Override
  public void close() {
    shareIfJoined();
    Database.Preparation present;
    lock.lock();
    try {
      closed = true;
      present = preparation;
      LockSupport.unpark(sweeper);
    } finally {
      lock.unlock();
    }
    for (HeapEntryStore<?, ?> store : stores) {
      if (store.discard(true)) {
        forgotten = true;
      }
    }
    stores.clear(); // after it is known whether anything was forgotten
    if (present != null && !forgotten) {
      present.close();
    }
  }

  /** Moves the entries if others have opened the database: they may be about to get it. */
  private void shareIfJoined() {
    if (stores.stream().noneMatch(HeapEntryStore::isToBeMoved)) {
      return;
    }
    try {
      Database.Preparation alone = database.beforeSharing(() -> {});
      if (alone == null) {
        share();
      } else {
        alone.close();
      }
    } catch (RuntimeException e) { // who is about to get it will not, then
      LOGGER.log(Level.WARNING, "Entries of " + database.location() + " were not moved into it", e);
    }
  }

  /**
   * Where the entries of a cache of values belong.
   *
   * @param <K> the type of keys
   * @param <V> the type of values
   */
  public interface Source<K, V> {

    /** Returns the number of the table's keyspace. */
    int keyspaceId();

    /** Returns whether the table has no entry. */
    boolean isEmpty();

    /** Returns a new store in the table. */
    TableEntryStore<K, V> table();

    /** Hears that a store it returned last was closed, by who had it made. */
    void tableClosed();

    /** Returns what encodes keys and values. */
    EntryCodec<K, V> codec();
  }
}
