package io.larder.jcache.internal.storage;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Entries as references on the heap, for caches stored by reference. Thread-safe; gone when its cache is
 * closed, and seen by no other door.
 *
 * <p>Keys are excluded by stripes. An expired entry leaves the map when it is met, or when a write finds that
 * many writes have passed since the last sweep.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class HeapEntryStore<K, V> implements EntryStore<K, V> {
  private static final int STRIPES = 256;
  private static final int WRITES_BETWEEN_SWEEPS = 4096;

  private final Map<K, HeapEntry<V>> entries = new ConcurrentHashMap<>();
  private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];
  private final long lockTimeoutMillis;
  private volatile int writesSinceSweep;

  private final @Nullable Bound bound;
  private volatile Consumer<K> evictions = key -> {};

  /**
   * Creates an empty store.
   *
   * @param entriesMax how many entries it may hold; null = any number
   * @param lockTimeout how long an operation waits for a key that another thread holds
   */
  public HeapEntryStore(@Nullable Long entriesMax, Duration lockTimeout) {
    this.lockTimeoutMillis = lockTimeout.toMillis();
    this.bound =
        entriesMax == null
            ? null
            : new Bound(new Limit(false, entriesMax), this::nowMillis, this::evict);
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      stripes[stripe] = new ReentrantLock();
    }
  }

  @Override
  public Slot<K, V> slot(K key) {
    return new HeapSlot(key);
  }

  @Override
  public StoredValue<V> prepare(V value) {
    return () -> value;
  }

  @Override
  public Exclusion lockAll(Collection<? extends Slot<K, V>> slots) {
    NavigableSet<Integer> indexes = new TreeSet<>();
    for (Slot<K, V> slot : slots) {
      indexes.add(stripeOf(slot.key()));
    }
    Deque<ReentrantLock> taken = new ArrayDeque<>();
    Exclusion exclusion = () -> taken.forEach(ReentrantLock::unlock);
    try {
      for (int index : indexes) {
        take(stripes[index]);
        taken.push(stripes[index]);
      }
    } catch (CacheException e) {
      exclusion.release();
      throw e;
    }
    return exclusion;
  }

  private void take(ReentrantLock stripe) {
    if (!stripe.tryLock()) {
      await(stripe);
    }
  }

  private void await(ReentrantLock stripe) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          if (stripe.tryLock(lockTimeoutMillis, TimeUnit.MILLISECONDS)) {
            return;
          }
          throw new CacheException(
              "Waited "
                  + lockTimeoutMillis
                  + " ms (lock.timeout) for a key that another thread holds; two threads may each"
                  + " hold a key the other waits for");
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean holdsAnyKey() {
    for (ReentrantLock stripe : stripes) {
      if (stripe.isHeldByCurrentThread()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public List<@Nullable StoredEntry<V>> readAll(List<? extends Slot<K, V>> slots) {
    List<@Nullable StoredEntry<V>> found = new ArrayList<>(slots.size());
    for (Slot<K, V> slot : slots) {
      found.add(slot.read());
    }
    return found;
  }

  @Override
  public void apply(List<Change<K, V>> changes) {
    for (Change<K, V> change : changes) {
      StoredValue<V> value = change.value();
      if (value == null) {
        change.slot().delete();
      } else {
        change.slot().write(value, change.expiresAtMillis());
      }
    }
  }

  @Override
  public Scan<K, V> scan() {
    Iterator<Map.Entry<K, HeapEntry<V>>> iterator = entries.entrySet().iterator();
    return () -> {
      while (iterator.hasNext()) {
        Map.Entry<K, HeapEntry<V>> next = iterator.next();
        if (!next.getValue().isExpired(nowMillis())) {
          return new Scan.Found<>(new HeapSlot(next.getKey()), next.getValue());
        }
      }
      return null;
    };
  }

  @Override
  public void clear() {
    if (bound != null) {
      bound
          .cleared(); // first: what is written meanwhile may count too long, but is never forgotten
    }
    entries.clear();
  }

  @Override
  public long nowMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public <T> @Nullable T unwrap(Class<T> type) {
    return null;
  }

  @Override
  public void onEviction(Consumer<K> listener) {
    evictions = listener;
  }

  /** Removes an entry, unless it was written again or its key is held. */
  @SuppressWarnings("unchecked") // only keys are told to the bound
  private boolean evict(Object key) {
    ReentrantLock stripe = stripes[stripeOf(key)];
    if (!stripe.tryLock()) {
      return false;
    }
    try {
      if (bound != null && !bound.isTracked(key) && entries.remove(key) != null) {
        evictions.accept((K) key);
      }
      return true;
    } finally {
      stripe.unlock();
    }
  }

  private void put(K key, HeapEntry<V> entry) {
    entries.put(key, entry);
    if (bound != null) {
      bound.written(key, entry.expiresAtMillis, 0);
    }
  }

  private static int stripeOf(Object key) {
    int hash = key.hashCode() * 0x9E3779B9;
    return (hash ^ hash >>> 16) & STRIPES - 1;
  }

  /** Bounds what expired entries nobody asks for can hold; an approximate count is enough. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // a lost count only delays a sweep
  private void sweepNowAndThen() {
    if (++writesSinceSweep >= WRITES_BETWEEN_SWEEPS) {
      writesSinceSweep = 0;
      long now = nowMillis();
      entries.values().removeIf(entry -> entry.isExpired(now));
    }
  }

  /** A reference with its expiry; each write makes a new one. */
  private static final class HeapEntry<V> implements StoredEntry<V> {
    private final V value;
    private final long expiresAtMillis;

    HeapEntry(V value, long expiresAtMillis) {
      this.value = value;
      this.expiresAtMillis = expiresAtMillis;
    }

    @Override
    public V value() {
      return value;
    }

    @Override
    public long expiresAtMillis() {
      return expiresAtMillis;
    }

    @Override
    public boolean isSameWrite(StoredEntry<V> other) {
      return this == other;
    }

    boolean isExpired(long nowMillis) {
      return expiresAtMillis != NEVER && expiresAtMillis <= nowMillis;
    }
  }

  /** A key and its stripe. */
  private final class HeapSlot implements Slot<K, V> {
    private final K key;

    HeapSlot(K key) {
      this.key = key;
    }

    @Override
    public K key() {
      return key;
    }

    @Override
    public Exclusion lock() {
      ReentrantLock stripe = stripes[stripeOf(key)];
      take(stripe);
      return stripe::unlock;
    }

    @Override
    public @Nullable StoredEntry<V> read() {
      HeapEntry<V> entry = entries.get(key);
      if (entry != null && entry.isExpired(nowMillis())) {
        entries.remove(key, entry);
        return null;
      }
      if (entry != null && bound != null) {
        bound.used(key);
      }
      return entry;
    }

    @Override
    public boolean exists() {
      return read() != null;
    }

    @Override
    public void write(StoredValue<V> value, long expiresAtMillis) {
      put(key, new HeapEntry<>(value.value(), expiresAtMillis));
      sweepNowAndThen();
    }

    @Override
    public void touch(StoredEntry<V> entry, long expiresAtMillis) {
      put(key, new HeapEntry<>(entry.value(), expiresAtMillis));
    }

    @Override
    public void delete() {
      entries.remove(key);
      if (bound != null) {
        bound.deleted(key);
      }
    }
  }
}
