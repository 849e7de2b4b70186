package io.larder.jcache.internal.storage;

import io.larder.engine.api.Database;
import io.larder.engine.api.Keyspace;
import io.larder.jcache.internal.storage.HeapRules.Relocation;
import io.larder.tables.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Entries as references on the heap: for caches stored by reference for good, and for caches of immutable values in memory until
 * somebody else could look for their bytes. Thread-safe.
 *
 * <p>Then {@link #relocate} moves the entries into the database, once and for all: it takes all keys, writes what lives
 * in batches, and then publishes that the entries are there. What is under way goes on like this:
 *
 * <ul>
 *   <li>Who changes an entry holds its key, so the move waits for it; who waits for a key meanwhile finds, once it has
 *       the key, that the entries have moved, and takes the key there instead. A change is made in one place or the
 *       other, and never in what has been copied already.
 *   <li>Who only reads holds nothing. It finds either the map on the heap or, once published, the database. The map is not
 *       changed from the moment the move has all keys: what a late reader finds there was the truth until the
 *       publication, which was after the reader had begun. Nobody has written into the database before it, so no
 *       reader can have seen anything newer.
 *   <li>Clearing waits for nobody: it puts an empty map in the place of the full one. A change under way then goes into
 *       the old map, as if it had been made just before, unless its own thread clears, in a callback. A move that
 *       finds the map replaced begins anew with the empty one.
 *   <li>Walks go on over the map they began with, and ask for each entry's newest state, wherever it is.
 * </ul>
 *
 * <p>If the database does not take the entries they stay here, as they were.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class HeapEntryStore<K, V> implements EntryStore<K, V> {
  /** By which part entries have to shrink before a move that failed is tried again. */
  private static final int RETRY_PART = 8;

  /** How long what is written waits for a move that makes room. */
  private static final long ROOM_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final HeapRules<K, V> rules;
  private final @Nullable Relocation<K, V> relocation;
  private final KeyStripes stripes;
  private final long lockTimeoutMillis;
  private final @Nullable Bound bound;
  private final ReentrantLock moving = new ReentrantLock(); // one move at a time; before keys
  private final ReentrantLock replacing = new ReentrantLock(); // guards generation; after keys
  private volatile Consumer<K> evictions = key -> {};

  /** The entries; null once they are in the table. */
  private volatile @Nullable HeapGeneration<K, V> generation;

  /** Where the entries are, once they are not here. */
  private volatile @Nullable TableEntryStore<K, V> table;

  /** Why the last move failed; what is written is refused while there is no room here. */
  private volatile @Nullable Refusal refusal;

  private volatile boolean discarded;

  /** Whether entries were discarded that somebody could still have wanted moved. */
  private volatile boolean forgotten;

  /** How many caches have it open: one after the other, but the next may open before the last is done closing. */
  private int openings = 1; // guarded by replacing

  private boolean tableClosed; // guarded by replacing

  /** Whether a move that failed may have left entries in the table. */
  private boolean leftovers; // guarded by moving

  /** Creates an empty store. */
  HeapEntryStore(HeapRules<K, V> rules, Duration lockTimeout) {
    this.rules = rules;
    this.relocation = rules.relocation();
    this.lockTimeoutMillis = lockTimeout.toMillis();
    this.stripes = new KeyStripes(lockTimeout);
    Limit limit = rules.limit();
    this.bound = limit == null ? null : new Bound(limit, rules.nowMillis(), this::evict);
    this.generation = new HeapGeneration<>(rules);
  }

  /**
   * Why the database did not take the entries.
   *
   * @param cause what it said
   * @param bytes how much all entries on the heap took
   */
  private record Refusal(RuntimeException cause, long bytes) {}

  /** Returns the table after the move. */
  private TableEntryStore<K, V> table() {
    return Objects.requireNonNull(table);
  }

  /** Returns whether there may be entries here that belong into the database. */
  boolean isToBeMoved() {
    return relocation != null && generation != null;
  }

  /** Returns about how many bytes the entries take on the heap. */
  long bytes() {
    HeapGeneration<K, V> present = generation;
    return present == null ? 0 : present.bytes();
  }

  HeapRules<K, V> rules() {
    return rules;
  }

  /** Takes out what has expired. */
  void sweep() {
    HeapGeneration<K, V> present = generation;
    if (present != null && rules.isExpiring()) {
      present.sweep(stripes, rules.nowMillis().getAsLong());
    }
  }

  /** Opens the store for another cache, which finds the entries; false if they are in the database, and it is not open. */
  boolean reopen() {
    replacing.lock();
    try {
      if (generation == null) {
        return false;
      }
      openings++;
      return true;
    } finally {
      replacing.unlock();
    }
  }

  /**
   * Forgets the entries for good, if they are here; nobody uses the store any more.
   *
   * @param tells whether who wants them moved is told from now on that they are gone
   * @return whether there may have been any, if it tells
   */
  boolean discard(boolean tells) {
    moving.lock();
    try {
      forgotten = tells && isToBeMoved();
      discarded = true;
      clearHere();
    } finally {
      moving.unlock();
    }
    closeTable(0);
    return forgotten;
  }

  /**
   * Moves the entries into the database; does nothing if they are there, or nowhere.
   *
   * @throws CacheException if this thread holds a key, if another one does not give a key up in time, or if the database
   *     does not take the entries; they stay here then
   */
  void relocate() {
    Relocation<K, V> way = relocation;
    if (way == null || isNothingToMove()) {
      return;
    }
    if (stripes.holdsAny()) {
      throw new CacheException(
          "The entries of the cache '"
              + rules.name()
              + "' are kept as objects and would have to be moved into the database now, because"
              + " something else than the cache is to have access to it; but this thread holds a"
              + " key of the cache. Open connections and managers, and unwrap, outside of entry"
              + " processors, loaders, writers and listeners; or keep no objects with heap.size=0");
    }
    if (!KeyStripes.await(moving, TimeUnit.MILLISECONDS.toNanos(lockTimeoutMillis))) {
      throw new CacheException(
          "Waited "
              + lockTimeoutMillis
              + " ms (lock.timeout) for another thread to move the cache '"
              + rules.name()
              + "' into the database");
    }
    try {
      if (isNothingToMove()) {
        return;
      }
      stripes.takeAll();
      relocateAndRelease(way);
    } finally {
      moving.unlock();
    }
    rules.owner().changed();
  }

  /** Moves the entries unless keys or the move itself are taken for longer than a moment. */
  private void relocateUnlessBusy(Relocation<K, V> way) {
    if (!KeyStripes.await(moving, ROOM_WAIT_NANOS)) {
      return;
    }
    try {
      if (isNothingToMove() || !stripes.tryTakeAll(ROOM_WAIT_NANOS)) {
        return;
      }
      relocateAndRelease(way);
    } finally {
      moving.unlock();
    }
    rules.owner().changed();
  }

  private boolean isNothingToMove() {
    if (forgotten) {
      throw new CacheException(
          "The cache manager that had the cache '"
              + rules.name()
              + "' was closed just now, and its database with it; open the database again");
    }
    return generation == null || discarded;
  }

  /** Moves the entries; all keys are taken, and are given up. */
  private void relocateAndRelease(Relocation<K, V> way) {
    try {
      relocate(way);
      refusal = null;
    } catch (RuntimeException e) {
      refusal = new Refusal(e, rules.owner().bytes());
      throw e;
    } finally {
      stripes.releaseAll();
    }
  }

  private void relocate(Relocation<K, V> way) {
    TableEntryStore<K, V> destination = way.destination().get();
    try {
      if (leftovers) {
        destination.clear();
      }
      leftovers = true;
      HeapGeneration<K, V> copied;
      do {
        copied = Objects.requireNonNull(generation); // only a move makes it null
        destination.fill(copied.entries, entry -> !isExpired(entry));
      } while (!publish(copied, destination));
    } catch (RuntimeException | Error e) {
      try {
        destination.clear();
        leftovers = false;
      } catch (RuntimeException suppressed) {
        e.addSuppressed(suppressed); // the next move clears
      }
      try {
        destination.close();
        way.forgetDestination().run();
      } catch (RuntimeException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    closeTable(0); // the cache may be closed
  }

  /** Lets go of what the table shares with others, if nobody has the store open any more, and there is a table. */
  private void closeTable(int closings) {
    replacing.lock();
    try {
      openings -= closings;
      TableEntryStore<K, V> unused = openings <= 0 || discarded ? table : null;
      if (unused != null && relocation != null && !tableClosed) {
        tableClosed = true;
        unused.close();
        relocation.forgetDestination().run();
      }
    } finally {
      replacing.unlock();
    }
  }

  /** Lets everybody see that the entries have moved; false if they were cleared meanwhile, and the table then, too. */
  private boolean publish(HeapGeneration<K, V> copied, TableEntryStore<K, V> destination) {
    replacing.lock();
    try {
      if (generation == copied) {
        destination.onEviction(key -> evictions.accept(key));
        table = destination;
        generation = null;
        return true;
      }
    } finally {
      replacing.unlock();
    }
    destination.clear();
    return false;
  }

  /** Makes room before something is written; what is under way in a callback goes above what there is room for. */
  private void requireRoom() {
    Relocation<K, V> way = relocation;
    if (way == null || !rules.owner().isFull() || generation == null) {
      return;
    }
    Refusal known = refusal;
    if (known != null && rules.owner().bytes() > known.bytes - known.bytes / RETRY_PART) {
      throw new CacheException(known.cause.getMessage(), known.cause);
    }
    if (!stripes.holdsAny() && !discarded) {
      relocateUnlessBusy(way);
    }
  }

  @Override
  public Slot<K, V> slot(K key) {
    return new HeapSlot(key);
  }

  @Override
  public @Nullable StoredEntry<V> find(K key) {
    HeapGeneration<K, V> present = generation;
    return present == null ? table().find(key) : find(present, key);
  }

  private @Nullable HeapEntry<V> find(HeapGeneration<K, V> present, K key) {
    HeapEntry<V> entry = present.entries.get(key);
    if (entry == null) {
      return null;
    }
    if (isExpired(entry)) {
      present.drop(stripes, key, entry);
      return null;
    }
    if (bound != null) {
      bound.used(key);
    }
    return entry;
  }

  private boolean isExpired(HeapEntry<V> entry) {
    return entry.expiresAtMillis() != NEVER
        && rules.isExpiring()
        && entry.expiresAtMillis() <= rules.nowMillis().getAsLong();
  }

  @Override
  public StoredValue<V> prepare(V value) {
    requireRoom();
    return generation == null ? table().prepare(value) : new HeapEntry<>(value);
  }

  @Override
  public boolean putEternal(K key, V value) {
    requireRoom();
    int stripe = KeyStripes.of(key);
    stripes.take(stripe);
    try {
      HeapGeneration<K, V> present = generation;
      if (present == null) {
        return false;
      }
      putEternal(present, key, stripe, new HeapEntry<V>(value).written(weigh(key, value)));
      return true;
    } finally {
      stripes.release(stripe);
    }
  }

  @Override
  public boolean putAllEternal(Map<? extends K, ? extends V> values) {
    requireRoom();
    List<Map.Entry<K, HeapEntry<V>>> written = new ArrayList<>(values.size());
    KeyStripes.Several several = new KeyStripes.Several();
    values.forEach(
        (key, value) -> {
          written.add(Map.entry(key, new HeapEntry<V>(value).written(weigh(key, value))));
          several.add(KeyStripes.of(key));
        });
    several.take(stripes);
    try {
      HeapGeneration<K, V> present = generation;
      if (present == null) {
        return false;
      }
      present.asOne(
          () -> {
            for (Map.Entry<K, HeapEntry<V>> next : written) {
              putEternal(present, next.getKey(), KeyStripes.of(next.getKey()), next.getValue());
            }
          });
      return true;
    } finally {
      several.release(stripes);
    }
  }

  /** Sets the entry of a key the caller holds; it keeps the expiry of the one before. */
  private void putEternal(HeapGeneration<K, V> present, K key, int stripe, HeapEntry<V> entry) {
    HeapEntry<V> before = present.put(key, stripe, entry);
    if (before != null && before.expiresAtMillis() != NEVER && !isExpired(before)) {
      put(present, key, stripe, entry, before.expiresAtMillis());
    } else if (bound != null) {
      bound.written(key, NEVER, 0);
    }
  }

  /** Returns what an entry weighs that is about to be written. */
  private int weigh(K key, V value) {
    Relocation<K, V> way = relocation;
    if (way == null) {
      return 1;
    }
    if (discarded) {
      throw new IllegalStateException(
          "The cache '" + rules.name() + "' was destroyed, or its database is closed");
    }
    return way.weights().weigh(key, value);
  }

  private void put(
      HeapGeneration<K, V> present, K key, int stripe, StoredValue<V> value, long expiresAtMillis) {
    put(present, key, stripe, written(key, value, expiresAtMillis));
  }

  /** Returns the entry to write, which is not refused any more. */
  private HeapEntry<V> written(K key, StoredValue<V> value, long expiresAtMillis) {
    HeapEntry<V> entry = HeapEntry.of(value, expiresAtMillis);
    return entry.written(weigh(key, entry.value()));
  }

  private void put(HeapGeneration<K, V> present, K key, int stripe, HeapEntry<V> written) {
    long expiresAtMillis = written.expiresAtMillis();
    if (expiresAtMillis != NEVER) {
      present.expires();
    }
    present.put(key, stripe, written);
    if (bound != null) {
      bound.written(key, expiresAtMillis, 0);
    }
  }

  private void remove(HeapGeneration<K, V> present, K key, int stripe) {
    present.remove(key, stripe);
    if (bound != null) {
      bound.deleted(key);
    }
  }

  @Override
  public Exclusion lockAll(Collection<? extends Slot<K, V>> slots) {
    KeyStripes.Several several = new KeyStripes.Several();
    slots.forEach(slot -> several.add(heapSlot(slot).stripe));
    several.take(stripes);
    HeapGeneration<K, V> present = generation;
    if (present == null) {
      several.release(stripes);
      return table().lockAll(relocated(slots));
    }
    slots.forEach(slot -> heapSlot(slot).hold(present));
    return () -> {
      slots.forEach(slot -> heapSlot(slot).letGo());
      several.release(stripes);
    };
  }

  private HeapSlot heapSlot(Slot<K, V> slot) {
    return (HeapSlot) slot;
  }

  private List<Slot<K, V>> relocated(Collection<? extends Slot<K, V>> slots) {
    List<Slot<K, V>> moved = new ArrayList<>(slots.size());
    for (Slot<K, V> slot : slots) {
      moved.add(heapSlot(slot).inTable());
    }
    return moved;
  }

  @Override
  public boolean holdsAnyKey() {
    TableEntryStore<K, V> elsewhere = table;
    return stripes.holdsAny() || (elsewhere != null && elsewhere.holdsAnyKey());
  }

  @Override
  public List<@Nullable StoredEntry<V>> readAll(List<? extends Slot<K, V>> slots) {
    HeapGeneration<K, V> present = slots.isEmpty() ? generation : heapSlot(slots.get(0)).present();
    if (present == null) {
      return table().readAll(relocated(slots));
    }
    List<K> keys = new ArrayList<>(slots.size());
    boolean isHeld = true;
    for (Slot<K, V> slot : slots) {
      keys.add(slot.key());
      isHeld &= heapSlot(slot).holds > 0;
    }
    List<@Nullable HeapEntry<V>> found = isHeld ? present.look(keys) : present.readAll(keys);
    return found == null ? readAllLocked(slots, keys) : live(keys, found);
  }

  /** Reads what is written all the time. */
  private List<@Nullable StoredEntry<V>> readAllLocked(
      List<? extends Slot<K, V>> slots, List<K> keys) {
    Exclusion exclusion = lockAll(slots);
    try {
      HeapGeneration<K, V> present = heapSlot(slots.get(0)).present();
      return present == null ? table().readAll(relocated(slots)) : live(keys, present.look(keys));
    } finally {
      exclusion.release();
    }
  }

  private List<@Nullable StoredEntry<V>> live(List<K> keys, List<@Nullable HeapEntry<V>> found) {
    List<@Nullable StoredEntry<V>> live = new ArrayList<>(found.size());
    for (int index = 0; index < found.size(); index++) {
      HeapEntry<V> entry = found.get(index);
      boolean isLive = entry != null && !isExpired(entry);
      live.add(isLive ? entry : null);
      if (isLive && bound != null) {
        bound.used(keys.get(index));
      }
    }
    return live;
  }

  @Override
  public void apply(List<Change<K, V>> changes) {
    if (changes.isEmpty()) {
      return;
    }
    HeapGeneration<K, V> present = heapSlot(changes.get(0).slot()).present();
    if (present == null) {
      List<Change<K, V>> moved = new ArrayList<>(changes.size());
      for (Change<K, V> change : changes) {
        Slot<K, V> slot = heapSlot(change.slot()).inTable();
        moved.add(new Change<>(slot, change.value(), change.expiresAtMillis()));
      }
      table().apply(moved);
      return;
    }
    List<@Nullable HeapEntry<V>> written = new ArrayList<>(changes.size());
    for (Change<K, V> change : changes) { // before the first is made, since it may be refused
      StoredValue<V> value = change.value();
      written.add(
          value == null ? null : written(change.slot().key(), value, change.expiresAtMillis()));
    }
    present.asOne(
        () -> {
          for (int index = 0; index < changes.size(); index++) {
            apply(present, changes.get(index), written.get(index));
          }
        });
  }

  private void apply(
      HeapGeneration<K, V> present, Change<K, V> change, @Nullable HeapEntry<V> written) {
    HeapSlot slot = heapSlot(change.slot());
    if (written == null) {
      remove(present, slot.key, slot.stripe);
    } else {
      put(present, slot.key, slot.stripe, written);
    }
  }

  @Override
  public Scan<K, V> scan() {
    HeapGeneration<K, V> present = generation;
    if (present == null) {
      return table().scan();
    }
    Iterator<Map.Entry<K, HeapEntry<V>>> iterator = present.entries.entrySet().iterator();
    return () -> {
      while (iterator.hasNext()) {
        Map.Entry<K, HeapEntry<V>> next = iterator.next();
        if (!isExpired(next.getValue())) {
          return new Scan.Found<>(new HeapSlot(next.getKey()), next.getValue());
        }
      }
      return null;
    };
  }

  @Override
  public void clear() {
    if (bound != null) {
      // first: what is written meanwhile may count too long, but is never forgotten
      bound.cleared();
    }
    if (!clearHere()) {
      table().clear();
    }
  }

  private boolean clearHere() {
    replacing.lock();
    try {
      HeapGeneration<K, V> replaced = generation;
      if (replaced == null) {
        return false;
      }
      HeapGeneration<K, V> empty = new HeapGeneration<>(rules);
      replaced.replacedBy(empty);
      generation = empty;
    } finally {
      replacing.unlock();
    }
    refusal = null;
    rules.owner().changed();
    return true;
  }

  @Override
  public long nowMillis() {
    return rules.nowMillis().getAsLong();
  }

  @Override
  public @Nullable Integer keyspaceId() {
    return relocation == null ? null : relocation.keyspaceId();
  }

  @Override
  public <T> @Nullable T unwrap(Class<T> type) {
    for (Class<?> behind : List.of(Table.class, Keyspace.class, Database.class)) {
      if (relocation != null && generation != null && type.isAssignableFrom(behind)) {
        rules.owner().share();
      }
    }
    TableEntryStore<K, V> elsewhere = table;
    return elsewhere == null ? null : elsewhere.unwrap(type);
  }

  @Override
  public void onEviction(Consumer<K> listener) {
    evictions = listener;
  }

  /** Lets go of what is shared with others once the entries are in the table, now or later; one call for each opening. */
  @Override
  public void close() {
    closeTable(1);
  }

  /** Removes an entry, unless it was written again or its key is held. */
  @SuppressWarnings("unchecked") // only keys are told to the bound
  private boolean evict(Object key) {
    int stripe = KeyStripes.of(key);
    if (!stripes.tryTake(stripe)) {
      return false;
    }
    try {
      HeapGeneration<K, V> present = generation;
      if (present != null
          && bound != null
          && !bound.isTracked(key)
          && present.remove((K) key, stripe) != null) {
        evictions.accept((K) key);
      }
      return true;
    } finally {
      stripes.release(stripe);
    }
  }

  /** A key and its stripe, and once it has moved, its place in the table. */
  private final class HeapSlot implements Slot<K, V>, Exclusion {
    private final K key;
    private final int stripe;
    private @Nullable HeapGeneration<K, V> held;
    private int holds;
    private @Nullable Slot<K, V> moved;

    HeapSlot(K key) {
      this.key = key;
      this.stripe = KeyStripes.of(key);
    }

    /** Returns the entries: those the operation began with, if it holds the key; null if they are in the table. */
    @Nullable HeapGeneration<K, V> present() {
      HeapGeneration<K, V> begun = held;
      return holds > 0 && begun != null ? begun.latestOfThisThread() : generation;
    }

    Slot<K, V> inTable() {
      Slot<K, V> slot = moved;
      if (slot == null) {
        slot = table().slot(key);
        moved = slot;
      }
      return slot;
    }

    void hold(HeapGeneration<K, V> present) {
      if (holds++ == 0) {
        held = present;
      }
    }

    void letGo() {
      holds--;
    }

    @Override
    public K key() {
      return key;
    }

    @Override
    public Exclusion lock() {
      stripes.take(stripe);
      HeapGeneration<K, V> present = generation;
      if (present == null) {
        stripes.release(stripe);
        return inTable().lock();
      }
      hold(present);
      return this;
    }

    @Override
    public void release() {
      letGo();
      stripes.release(stripe);
    }

    @Override
    public @Nullable StoredEntry<V> read() {
      HeapGeneration<K, V> present = present();
      return present == null ? inTable().read() : find(present, key);
    }

    @Override
    public boolean exists() {
      HeapGeneration<K, V> present = present();
      return present == null ? inTable().exists() : find(present, key) != null;
    }

    @Override
    public long expiry() {
      HeapGeneration<K, V> present = present();
      if (present == null) {
        return inTable().expiry();
      }
      HeapEntry<V> entry = present.entries.get(key);
      return entry == null || isExpired(entry) ? ABSENT : entry.expiresAtMillis();
    }

    @Override
    public void write(StoredValue<V> value, long expiresAtMillis) {
      HeapGeneration<K, V> present = present();
      if (present == null) {
        inTable().write(value, expiresAtMillis);
      } else {
        put(present, key, stripe, value, expiresAtMillis);
      }
    }

    @Override
    public void touch(StoredEntry<V> entry, long expiresAtMillis) {
      HeapGeneration<K, V> present = present();
      if (present == null) {
        inTable().touch(entry, expiresAtMillis);
      } else {
        put(present, key, stripe, entry, expiresAtMillis);
      }
    }

    @Override
    public void delete() {
      HeapGeneration<K, V> present = present();
      if (present == null) {
        inTable().delete();
      } else {
        remove(present, key, stripe);
      }
    }
  }
}
