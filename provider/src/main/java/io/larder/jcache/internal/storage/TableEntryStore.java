package io.larder.jcache.internal.storage;

import io.larder.engine.api.ChangeStamps;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.Entry;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.NoSuchKeyspaceException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WriteBatch;
import io.larder.tables.DataType;
import io.larder.tables.EntryCodec;
import io.larder.tables.Table;
import io.larder.tables.TableDefinition;
import io.larder.tables.ValueKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Predicate;
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
  private final @Nullable HeapTier<K, V> tier;
  private final @Nullable SyncMode syncMode;
  private final KeyspaceBound.@Nullable Participant participant;
  private final @Nullable KeyspaceBound bound;

  /** The class of values that come back as they were put, so that they may be held when they are. */
  private final @Nullable Class<?> exactType;

  /** Whether values of any class of the JDK come back as they were put. */
  private final boolean isOfAnything;

  private volatile Consumer<K> evictions = key -> {};

  /** Whether a key itself is its name in a bound, or else its encoding is. */
  private final boolean isNamedByKey;

  /**
   * What a store is beside its table and types.
   *
   * @param tier what holds decoded values, if anything does
   * @param syncMode when writes are acknowledged; null = as the database says
   * @param limit how much it may hold; null = any number of entries
   */
  public record Behaviour<K, V>(
      @Nullable HeapTier<K, V> tier, @Nullable SyncMode syncMode, @Nullable Limit limit) {}

  /** Creates the store of a table whose classes come from the loader. */
  public TableEntryStore(
      Table table,
      Class<K> keyType,
      Class<V> valueType,
      ClassLoader loader,
      Behaviour<K, V> behaviour) {
    this.table = table;
    this.syncMode = behaviour.syncMode;
    this.tier = behaviour.tier;
    this.isNamedByKey = ImmutableTypes.isKeyType(keyType);
    this.exactType =
        valueType.getName().equals(table.definition().attribute(TableDefinition.VALUE_CLASS))
            ? valueType
            : null;
    this.isOfAnything =
        table.definition().valueKind() == ValueKind.SCALAR
            && table.definition().valueColumns().get(0).type() == DataType.ANY;
    this.keyspace = table.keyspace();
    this.database = keyspace.database();
    this.codec = table.entries(keyType, valueType, loader);
    Limit limit = behaviour.limit;
    this.participant =
        limit == null ? null : new KeyspaceBound.Participant(keyspace, this::evicted);
    this.bound =
        limit == null || participant == null
            ? null
            : KeyspaceBound.join(participant, limit, new KeyNames());
  }

  @Override
  public void onEviction(Consumer<K> listener) {
    evictions = listener;
  }

  private void evicted(byte[] key) {
    evictions.accept(codec.decodeKey(key));
  }

  @Override
  public void close() {
    if (bound != null && participant != null) {
      bound.leave(participant);
    }
  }

  /** Tells the bound that an entry was read. */
  private void used(K key, byte @Nullable [] encoded) {
    if (bound != null) {
      bound.used(
          isNamedByKey
              ? key
              : new KeyspaceBound.EncodedKey(encoded == null ? encode(key) : encoded));
    }
  }

  /** Keys are known to the bound as themselves, or where that would not do, as their encodings. */
  private final class KeyNames implements KeyspaceBound.KeyNames {
    @Override
    public Object name(byte[] key) {
      return isNamedByKey ? codec.decodeKey(key) : new KeyspaceBound.EncodedKey(key);
    }

    @Override
    @SuppressWarnings("unchecked") // names that are keys were decoded as such
    public byte[] key(Object name) {
      return name instanceof KeyspaceBound.EncodedKey encoded
          ? encoded.bytes()
          : codec.encodeKey((K) name);
    }
  }

  @Override
  public Slot<K, V> slot(K key) {
    boolean mayBeHeld = tier != null && ImmutableTypes.isKey(key);
    return mayBeHeld ? new TableSlot(key, null, tier) : new TableSlot(key, encode(key), null);
  }

  @Override
  public @Nullable StoredEntry<V> find(K key) {
    if (tier == null || !ImmutableTypes.isKey(key)) {
      return new TableSlot(key, encode(key), null).readStored();
    }
    HeapTier.Held<V> found = tier.lookUp(key);
    HeapTier.Held<V> newest = tier.newest(found);
    if (newest != null) { // the warm path: nothing is encoded, nothing allocated
      used(key, null);
      return newest;
    }
    return new TableSlot(key, tier, found).readStored();
  }

  /** Writes entries of a store on the heap into the table, which nobody else uses yet. */
  void fill(Map<K, HeapEntry<V>> entries, Predicate<HeapEntry<V>> isWanted) {
    List<Change<K, V>> changes = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<K, HeapEntry<V>> next : entries.entrySet()) {
      HeapEntry<V> entry = next.getValue();
      if (isWanted.test(entry)) {
        changes.add(
            new Change<>(slot(next.getKey()), prepare(entry.value()), entry.expiresAtMillis()));
        bytes += entry.weight();
        if (changes.size() >= PAGE_ENTRIES || bytes >= PAGE_BYTES) {
          apply(changes);
          changes.clear();
          bytes = 0;
        }
      }
    }
    apply(changes);
  }

  private byte[] encode(K key) {
    try {
      return codec.encodeKey(key);
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    }
  }

  @Override
  public StoredValue<V> prepare(V value) {
    try {
      return new EncodedValue(codec.encodeValue(value), isExact(value) ? value : null);
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    }
  }

  /** Whether an object is what its encoding would be decoded to, and everybody may have it. */
  private boolean isExact(V value) {
    Class<?> type = value.getClass();
    return (type == exactType || (isOfAnything && type.getClassLoader() == null))
        && ImmutableTypes.isValue(value);
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
  public boolean holdsAnyKey() {
    return keyspace.holdsAnyLock();
  }

  @Override
  public List<@Nullable StoredEntry<V>> readAll(List<? extends Slot<K, V>> slots) {
    List<@Nullable StoredEntry<V>> held = tier == null ? null : readHeld(tier, slots);
    if (held != null) {
      return held;
    }
    try {
      for (Slot<K, V> slot : slots) {
        ((TableSlot) slot).markPlace();
      }
      List<@Nullable Entry> entries = keyspace.entries(encodedKeys(slots));
      List<@Nullable StoredEntry<V>> found = new ArrayList<>(slots.size());
      for (int index = 0; index < entries.size(); index++) {
        Entry entry = entries.get(index);
        TableSlot slot = (TableSlot) slots.get(index);
        found.add(entry == null ? null : new EncodedEntry(entry, slot));
        if (entry != null) {
          used(slot.key, slot.encoded);
        }
      }
      return found;
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    }
  }

  /** Returns the entries if all of them are held, and none was changed until the last was found. */
  private @Nullable List<@Nullable StoredEntry<V>> readHeld(
      HeapTier<K, V> heap, List<? extends Slot<K, V>> slots) {
    List<@Nullable StoredEntry<V>> found = new ArrayList<>(slots.size());
    for (Slot<K, V> slot : slots) {
      HeapTier.Held<V> entry = ((TableSlot) slot).findHeld();
      if (entry == null) {
        return null;
      }
      found.add(entry);
    }
    for (StoredEntry<V> entry : found) {
      if (!heap.isNewest((HeapTier.Held<V>) Objects.requireNonNull(entry))) {
        return null;
      }
    }
    slots.forEach(slot -> used(slot.key(), null));
    return found;
  }

  @Override
  public void apply(List<Change<K, V>> changes) {
    if (changes.isEmpty()) {
      return;
    }
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
      commit(batch);
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    }
  }

  private void commit(WriteBatch batch) {
    if (syncMode == null) {
      database.write(batch);
    } else {
      database.write(batch, syncMode);
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
  public @Nullable Integer keyspaceId() {
    return keyspace.id();
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
    return ((TableSlot) slot).encoded();
  }

  private byte[] bytes(StoredValue<V> value) {
    return encodedValue(value).bytes;
  }

  /** Values come from this store, or from one on the heap that was emptied into it. */
  @SuppressWarnings("unchecked") // of this store
  private EncodedValue encodedValue(StoredValue<V> value) {
    boolean isEncoded = value instanceof TableEntryStore<?, ?>.EncodedValue;
    return (EncodedValue) (isEncoded ? value : prepare(value.value()));
  }

  /** A value as bytes, and as the object that was encoded if that may be handed out. */
  private class EncodedValue implements StoredValue<V> {
    final byte[] bytes;
    final @Nullable V shared;

    EncodedValue(byte[] bytes, @Nullable V shared) {
      this.bytes = bytes;
      this.shared = shared;
    }

    @Override
    public V value() {
      if (shared != null) {
        return shared;
      }
      try {
        return codec.decodeValue(bytes);
      } catch (LarderException e) {
        throw EngineFailures.translate(e);
      }
    }
  }

  /** An entry as the engine gave it. */
  private final class EncodedEntry extends EncodedValue implements WrittenEntry<V> {
    private final long expiresAtMillis;
    private final long sequence;
    private final @Nullable TableSlot slot;

    /** Creates an entry; with its slot, the value is held once it is decoded. */
    EncodedEntry(Entry entry, @Nullable TableSlot slot) {
      super(entry.value(), null);
      this.expiresAtMillis = entry.expiresAtMillis();
      this.sequence = entry.sequence();
      this.slot = slot;
    }

    @Override
    public V value() {
      V value = super.value();
      if (slot != null) {
        slot.holdRead(value, this);
      }
      return value;
    }

    @Override
    public long expiresAtMillis() {
      return expiresAtMillis;
    }

    @Override
    public long sequence() {
      return sequence;
    }
  }

  /** A key, encoded when it has to be; and its exclusion, once taken. */
  private final class TableSlot implements Slot<K, V>, Exclusion {
    private static final int NO_STRIPE = -1;

    private final K key;
    private final @Nullable HeapTier<K, V> heap;
    private byte @Nullable [] encoded;
    private Keyspace.@Nullable KeyLock lock;
    private HeapTier.@Nullable Held<V> lookedUp;
    private boolean hasLookedUp;
    private int stripe = NO_STRIPE;

    /** The stripe's stamp before the entry was read. */
    private long stamp;

    TableSlot(K key, byte @Nullable [] encoded, @Nullable HeapTier<K, V> heap) {
      this.key = key;
      this.encoded = encoded;
      this.heap = heap;
    }

    /** Creates the slot of a key that was just looked up in the tier. */
    TableSlot(K key, HeapTier<K, V> heap, HeapTier.@Nullable Held<V> lookedUp) {
      this(key, null, heap);
      this.lookedUp = lookedUp;
      this.hasLookedUp = true;
    }

    byte[] encoded() {
      byte[] present = encoded;
      if (present == null) {
        present = encode(key);
        encoded = present;
      }
      return present;
    }

    @Override
    public K key() {
      return key;
    }

    @Override
    public Exclusion lock() {
      try {
        lock = keyspace.lock(encoded());
        return this;
      } catch (LarderException e) {
        throw EngineFailures.translate(e);
      }
    }

    /** Gives up the exclusion; taken twice, it is the same one, and given up twice. */
    @Override
    public void release() {
      Keyspace.KeyLock taken = lock;
      if (taken != null) {
        taken.close();
      }
    }

    @Override
    public @Nullable StoredEntry<V> read() {
      HeapTier.Held<V> found = findHeld();
      if (found != null) {
        used(key, encoded);
        return found;
      }
      return readStored();
    }

    HeapTier.@Nullable Held<V> findHeld() {
      if (heap == null) {
        return null;
      }
      lookedUp = heap.lookUp(key);
      hasLookedUp = true;
      return heap.newest(lookedUp);
    }

    /** Notes the stamp of the key, before its entry is read. */
    void markPlace() {
      if (heap != null) {
        if (stripe == NO_STRIPE) {
          stripe = heap.stripe(encoded());
        }
        stamp = heap.stamp(stripe);
      }
    }

    @Nullable StoredEntry<V> readStored() {
      try {
        markPlace();
        Entry entry = keyspace.entry(encoded());
        if (entry == null) {
          return null;
        }
        used(key, encoded);
        return new EncodedEntry(entry, this);
      } catch (LarderException e) {
        throw EngineFailures.translate(e);
      }
    }

    /** Holds a value that was read after its place was marked, if it may be shared. */
    void holdRead(V value, EncodedEntry entry) {
      if (heap != null && stripe != NO_STRIPE && ImmutableTypes.isValue(value)) {
        int weight = HeapTier.weight(lookedUp, encoded().length + (long) entry.bytes.length);
        heap.hold(
            key,
            new HeapTier.Held<>(
                value, entry.expiresAtMillis, entry.sequence, stripe, stamp, weight));
      }
    }

    @Override
    public long expiry() {
      HeapTier.Held<V> found = findHeld();
      if (found != null) {
        return found.expiresAtMillis();
      }
      try {
        long expiry = keyspace.expiry(encoded());
        return expiry == Keyspace.ABSENT ? ABSENT : expiry;
      } catch (LarderException e) {
        throw EngineFailures.translate(e);
      }
    }

    @Override
    public boolean exists() {
      try {
        return findHeld() != null || keyspace.exists(encoded());
      } catch (LarderException e) {
        throw EngineFailures.translate(e);
      }
    }

    @Override
    public void write(StoredValue<V> value, long expiresAtMillis) {
      EncodedValue written = encodedValue(value);
      V shared = written.shared;
      HeapTier.Held<V> replaced = heap == null || shared == null ? null : heldBefore(heap);
      try {
        if (replaced != null) {
          markPlace();
        }
        if (syncMode == null) {
          keyspace.put(encoded(), written.bytes, expiresAtMillis);
        } else {
          commit(new WriteBatch().put(keyspace, encoded(), written.bytes, expiresAtMillis));
        }
      } catch (LarderException e) {
        throw EngineFailures.translate(e);
      }
      if (heap != null && shared != null && replaced != null) {
        long after = heap.stamp(stripe);
        if (ChangeStamps.isNext(stamp, after)) { // nobody else has changed a key of the stripe
          int weight = HeapTier.weight(replaced, encoded().length + (long) written.bytes.length);
          heap.hold(
              key,
              new HeapTier.Held<>(
                  shared, expiresAtMillis, WrittenEntry.UNKNOWN, stripe, after, weight));
        }
      }
    }

    /** Returns what is held for the key, be it the newest or not. */
    private HeapTier.@Nullable Held<V> heldBefore(HeapTier<K, V> heap) {
      return hasLookedUp ? lookedUp : heap.lookUp(key);
    }

    @Override
    public void touch(StoredEntry<V> entry, long expiresAtMillis) {
      try {
        database.write(
            new WriteBatch().put(keyspace, encoded(), bytes(entry), expiresAtMillis),
            SyncMode.NONE);
      } catch (LarderException e) {
        throw EngineFailures.translate(e);
      }
    }

    @Override
    public void delete() {
      try {
        if (syncMode == null) {
          keyspace.delete(encoded());
        } else {
          commit(new WriteBatch().delete(keyspace, encoded()));
        }
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
          TableSlot slot = new TableSlot(codec.decodeKey(key), key, null);
          page.add(new Found<>(slot, new EncodedEntry(entry, null)));
        }
      }
    }
  }
}
