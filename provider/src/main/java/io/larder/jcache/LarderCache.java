package io.larder.jcache;

import io.larder.jcache.configuration.LarderConfiguration;
import io.larder.jcache.internal.events.EventDispatcher;
import io.larder.jcache.internal.events.ExpiryWatch;
import io.larder.jcache.internal.management.ConfigurationBean;
import io.larder.jcache.internal.management.ManagementRegistry;
import io.larder.jcache.internal.management.ManagementRegistry.Kind;
import io.larder.jcache.internal.management.OperationStatistics;
import io.larder.jcache.internal.operations.BulkOperations;
import io.larder.jcache.internal.operations.CacheParts;
import io.larder.jcache.internal.operations.EntryIterator;
import io.larder.jcache.internal.operations.ExpiryRules;
import io.larder.jcache.internal.operations.Integration;
import io.larder.jcache.internal.operations.LoadOperations;
import io.larder.jcache.internal.operations.ProcessorOperations;
import io.larder.jcache.internal.operations.ReadOperations;
import io.larder.jcache.internal.operations.RemoveOperations;
import io.larder.jcache.internal.operations.WriteOperations;
import io.larder.jcache.internal.storage.EntryStore;
import io.larder.tables.Store;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.Factory;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CompletionListener;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * A cache. Thread-safe; owned by its manager. Checks what comes through the door and hands it to the
 * operations behind it.
 *
 * <p>{@link #close} keeps the entries, {@link CacheManager#destroyCache} deletes them. User code (writers,
 * processors, synchronous listeners, loaders on a miss) runs while the operation holds the key it is about, and may
 * use the cache, that key included; of two callbacks on two threads that wait for each other's keys, one gets a {@link
 * javax.cache.CacheException} after {@code lock.timeout}, and what it was about is not changed.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class LarderCache<K, V> implements Cache<K, V> {
  private static final Logger LOGGER = System.getLogger(LarderCache.class.getName());

  private final LarderCacheManager manager;
  private final String name;
  private final Class<K> keyType;
  private final Class<V> valueType;
  private final CacheParts<K, V> parts;
  private final ManagementRegistry management;
  private final ReadOperations<K, V> reads;
  private final WriteOperations<K, V> writes;
  private final RemoveOperations<K, V> removals;
  private final BulkOperations<K, V> bulk;
  private final ProcessorOperations<K, V> processors;
  private final LoadOperations<K, V> loads;
  private final ReentrantLock lock =
      new ReentrantLock(); // guards changes of configuration, closing
  private volatile LarderConfiguration<K, V> configuration;
  private volatile boolean closed;

  LarderCache(
      LarderCacheManager manager,
      String name,
      LarderConfiguration<K, V> configuration,
      EntryStore<K, V> store,
      UserCode<K, V> userCode,
      Limits limits) {
    this.manager = manager;
    this.name = name;
    this.configuration = configuration;
    this.keyType = configuration.getKeyType();
    this.valueType = configuration.getValueType();
    EventDispatcher<K, V> events =
        new EventDispatcher<>(this, store::holdsAnyKey, limits.backlog());
    this.parts =
        new CacheParts<>(
            store,
            userCode.expiry(),
            userCode.integration(),
            events,
            new ExpiryWatch<>(store, events, name, limits.expiryNotesMax()),
            new OperationStatistics(false));
    store.onEviction(
        key -> {
          parts.statistics().evicted();
          parts.watch().forget(key);
        });
    this.management = new ManagementRegistry(manager.getURI(), name);
    this.reads = new ReadOperations<>(parts);
    this.writes = new WriteOperations<>(parts);
    this.removals = new RemoveOperations<>(parts);
    this.bulk = new BulkOperations<>(parts);
    this.processors = new ProcessorOperations<>(parts);
    this.loads = new LoadOperations<>(parts, name);
  }

  /**
   * What bounds the memory that listeners cost.
   *
   * @param backlog how many events may wait
   * @param expiryNotesMax how many entries are kept in mind to tell of their expiry
   */
  record Limits(EventDispatcher.Backlog backlog, int expiryNotesMax) {}

  /**
   * What a configuration's factories made.
   *
   * @param expiry the expiry policy
   * @param integration the loader and the writer
   */
  record UserCode<K, V>(ExpiryRules<K, V> expiry, Integration<K, V> integration) {

    static <K, V> UserCode<K, V> create(LarderConfiguration<K, V> configuration) {
      Factory<CacheLoader<K, V>> loader = configuration.getCacheLoaderFactory();
      Factory<CacheWriter<? super K, ? super V>> writer = configuration.getCacheWriterFactory();
      return new UserCode<>(
          new ExpiryRules<>(configuration.getExpiryPolicyFactory().create()),
          new Integration<>(
              loader == null ? null : loader.create(),
              configuration.isReadThrough(),
              writer == null || !configuration.isWriteThrough() ? null : writer.create(),
              configuration.getKeyType(),
              configuration.getValueType()));
    }
  }

  /** Attaches the listeners and beans of the configuration. */
  void start() {
    for (CacheEntryListenerConfiguration<K, V> listener :
        configuration.getCacheEntryListenerConfigurations()) {
      parts.events().register(listener);
    }
    parts.watch().listenersChanged();
    enableStatistics(configuration.isStatisticsEnabled());
    enableManagement(configuration.isManagementEnabled());
  }

  @Override
  public @Nullable V get(K key) {
    beginRead();
    return reads.get(checkedKey(key));
  }

  @Override
  public Map<K, V> getAll(Set<? extends K> keys) {
    beginRead();
    return reads.getAll(checkedKeys(keys));
  }

  @Override
  public boolean containsKey(K key) {
    requireOpen();
    return reads.containsKey(checkedKey(key));
  }

  @Override
  public void loadAll(
      Set<? extends K> keys,
      boolean replaceExistingValues,
      @Nullable CompletionListener completionListener) {
    begin();
    loads.loadAll(checkedKeys(keys), replaceExistingValues, completionListener);
  }

  @Override
  public void put(K key, V value) {
    begin();
    writes.put(checkedKey(key), checkedValue(value));
  }

  /**
   * Sets the value of a key, for so long: the entry's own time to live goes before what the expiry policy says of new
   * and updated entries. Later reads and updates follow the policy again.
   *
   * @param timeToLive how long from now; zero = the entry expires at once
   * @throws IllegalArgumentException if it is negative
   */
  public void put(K key, V value, Duration timeToLive) {
    begin();
    writes.put(checkedKey(key), checkedValue(value), checkedTimeToLive(timeToLive));
  }

  /**
   * Sets the value of a key that has none, for so long, and returns whether it did; otherwise as {@link #put(Object,
   * Object, Duration)}.
   *
   * @throws IllegalArgumentException if the duration is negative
   */
  public boolean putIfAbsent(K key, V value, Duration timeToLive) {
    begin();
    return writes.putIfAbsent(checkedKey(key), checkedValue(value), checkedTimeToLive(timeToLive));
  }

  /**
   * Lets the entry of a key expire so long from now, and returns whether there is one. As durable as a put, but no
   * update: nothing is counted, written through or told to listeners, unless the entry expires at once.
   *
   * @throws IllegalArgumentException if the duration is negative
   */
  public boolean expire(K key, Duration timeToLive) {
    begin();
    return writes.expire(checkedKey(key), checkedTimeToLive(timeToLive));
  }

  /** Returns when the entry of a key expires; empty if there is none, or it does not expire. Not an access. */
  public Optional<Instant> expiryOf(K key) {
    requireOpen();
    return reads.expiryOf(checkedKey(key));
  }

  private static Duration checkedTimeToLive(Duration timeToLive) {
    if (timeToLive.isNegative()) {
      throw new IllegalArgumentException(
          "The time to live is " + timeToLive + ", expected zero or more");
    }
    return timeToLive;
  }

  @Override
  public @Nullable V getAndPut(K key, V value) {
    begin();
    return writes.getAndPut(checkedKey(key), checkedValue(value));
  }

  @Override
  public void putAll(Map<? extends K, ? extends V> map) {
    begin();
    map.forEach(
        (key, value) -> {
          checkedKey(key);
          checkedValue(value);
        });
    bulk.putAll(map);
  }

  @Override
  public boolean putIfAbsent(K key, V value) {
    begin();
    return writes.putIfAbsent(checkedKey(key), checkedValue(value), null);
  }

  @Override
  public boolean remove(K key) {
    begin();
    return removals.remove(checkedKey(key));
  }

  @Override
  public boolean remove(K key, V oldValue) {
    begin();
    return removals.remove(checkedKey(key), checkedValue(oldValue));
  }

  @Override
  public @Nullable V getAndRemove(K key) {
    begin();
    return removals.getAndRemove(checkedKey(key));
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    begin();
    return writes.replace(checkedKey(key), checkedValue(oldValue), checkedValue(newValue));
  }

  @Override
  public boolean replace(K key, V value) {
    begin();
    return writes.replace(checkedKey(key), checkedValue(value));
  }

  @Override
  public @Nullable V getAndReplace(K key, V value) {
    begin();
    return writes.getAndReplace(checkedKey(key), checkedValue(value));
  }

  @Override
  public void removeAll(Set<? extends K> keys) {
    begin();
    bulk.removeAll(checkedKeys(keys));
  }

  @Override
  public void removeAll() {
    begin();
    bulk.removeAll();
  }

  @Override
  public void clear() {
    begin();
    bulk.clear();
  }

  @Override
  public <T> @Nullable T invoke(
      K key, EntryProcessor<K, V, T> entryProcessor, @Nullable Object... arguments) {
    begin();
    Objects.requireNonNull(entryProcessor, "entryProcessor");
    return processors.invoke(checkedKey(key), entryProcessor, arguments);
  }

  @Override
  public <T> Map<K, EntryProcessorResult<T>> invokeAll(
      Set<? extends K> keys,
      EntryProcessor<K, V, T> entryProcessor,
      @Nullable Object... arguments) {
    begin();
    Objects.requireNonNull(entryProcessor, "entryProcessor");
    return processors.invokeAll(checkedKeys(keys), entryProcessor, arguments);
  }

  @Override
  public Iterator<Entry<K, V>> iterator() {
    requireOpen();
    return new EntryIterator<>(parts, this::remove);
  }

  @Override
  public void registerCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
    requireOpen();
    Objects.requireNonNull(listener, "cacheEntryListenerConfiguration");
    lock.lock();
    try {
      parts.events().register(listener);
      configuration = configuration.toBuilder().listener(listener).build();
    } finally {
      lock.unlock();
    }
    parts.watch().listenersChanged(); // takes keys, which come before the lock
  }

  @Override
  public void deregisterCacheEntryListener(CacheEntryListenerConfiguration<K, V> listener) {
    requireOpen();
    Objects.requireNonNull(listener, "cacheEntryListenerConfiguration");
    lock.lock();
    try {
      parts.events().deregister(listener);
      configuration = configuration.toBuilder().withoutListener(listener).build();
    } finally {
      lock.unlock();
    }
    parts.watch().listenersChanged();
  }

  void enableStatistics(boolean enabled) {
    lock.lock();
    try {
      configuration = configuration.toBuilder().statistics(enabled).build();
      parts.statistics().setEnabled(enabled);
      if (enabled) {
        management.register(Kind.STATISTICS, parts.statistics());
      } else {
        management.unregister(Kind.STATISTICS);
      }
    } finally {
      lock.unlock();
    }
  }

  void enableManagement(boolean enabled) {
    lock.lock();
    try {
      configuration = configuration.toBuilder().management(enabled).build();
      if (enabled) {
        management.register(Kind.CONFIGURATION, new ConfigurationBean(this::configuration));
      } else {
        management.unregister(Kind.CONFIGURATION);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether what it stores in was dropped through another door or manager. */
  boolean isDropped(Store tables) {
    Integer keyspaceId = parts.store().keyspaceId();
    return keyspaceId != null
        && tables.findTable(name).filter(t -> t.keyspace().id() == keyspaceId).isEmpty();
  }

  LarderConfiguration<K, V> configuration() {
    return configuration;
  }

  @Override
  public <C extends Configuration<K, V>> C getConfiguration(Class<C> type) {
    LarderConfiguration<K, V> current = configuration;
    if (type.isInstance(current)) {
      return type.cast(current);
    }
    throw new IllegalArgumentException(
        "The configuration of a cache is no "
            + type.getName()
            + "; expected CompleteConfiguration or LarderConfiguration");
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public CacheManager getCacheManager() {
    return manager;
  }

  /** Closes the cache and keeps its entries; listeners, loaders, writers that are closeable are closed. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      new ClosingSteps()
          .add(() -> manager.forget(this))
          .add(() -> management.unregister(Kind.STATISTICS))
          .add(() -> management.unregister(Kind.CONFIGURATION))
          .add(() -> parts.watch().close())
          .add(loads::close)
          .add(() -> parts.events().close(this::closeQuietly))
          .add(() -> parts.integration().userObjects().forEach(this::closeQuietly))
          .add(() -> closeQuietly(parts.expiry().policy()))
          .add(() -> parts.store().close())
          .run();
    } finally {
      lock.unlock();
    }
  }

  private void closeQuietly(Object userObject) {
    if (userObject instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException | RuntimeException e) {
        LOGGER.log(
            Level.WARNING, "Closing " + userObject + " of the cache '" + name + "' failed", e);
      }
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  /** Returns this cache, or the table, keyspace or database behind it. */
  @Override
  public <T> T unwrap(Class<T> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    T inner = parts.store().unwrap(type);
    if (inner == null) {
      throw new IllegalArgumentException("A cache cannot be unwrapped to " + type.getName());
    }
    manager.share(); // what lies behind one cache leads to all of the database
    return inner;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The cache '" + name + "' is closed");
    }
  }

  /** Begins a lookup, which tells listeners something only if it loads. */
  private void beginRead() {
    requireOpen();
    if (parts.integration().isReadThrough()) {
      parts.events().awaitRoom();
    }
  }

  /** Begins an operation that may tell listeners something. */
  private void begin() {
    requireOpen();
    parts.events().awaitRoom();
  }

  private Set<K> checkedKeys(Set<? extends K> keys) {
    Set<K> checked = new HashSet<>();
    for (K key : keys) {
      checked.add(checkedKey(key));
    }
    return checked;
  }

  private K checkedKey(K key) {
    Objects.requireNonNull(key, "key");
    if (!keyType.isInstance(key)) {
      throw wrongType("keys", keyType, key);
    }
    return key;
  }

  private V checkedValue(V value) {
    Objects.requireNonNull(value, "value");
    if (!valueType.isInstance(value)) {
      throw wrongType("values", valueType, value);
    }
    return value;
  }

  private ClassCastException wrongType(String what, Class<?> expected, Object found) {
    return new ClassCastException(
        "The cache '"
            + name
            + "' has "
            + what
            + " of "
            + expected.getName()
            + ", found "
            + found.getClass().getName());
  }

  @Override
  public String toString() {
    return "LarderCache " + name + " of " + manager.getURI();
  }
}
