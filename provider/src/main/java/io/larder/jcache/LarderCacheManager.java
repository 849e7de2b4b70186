package io.larder.jcache;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.LarderException;
import io.larder.jcache.configuration.LarderConfiguration;
import io.larder.jcache.internal.events.EventDispatcher;
import io.larder.jcache.internal.settings.CacheAttributes;
import io.larder.jcache.internal.settings.CacheSettings;
import io.larder.jcache.internal.settings.ManagerSettings;
import io.larder.jcache.internal.storage.EngineFailures;
import io.larder.jcache.internal.storage.EntryStore;
import io.larder.jcache.internal.storage.HeapBudget;
import io.larder.jcache.internal.storage.HeapStores;
import io.larder.jcache.internal.storage.Limit;
import io.larder.jcache.internal.storage.TableEntryStore;
import io.larder.tables.EntryCodec;
import io.larder.tables.Store;
import io.larder.tables.Table;
import io.larder.tables.TableDefinition;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;

/**
 * The caches of one database, as one application with its class loader sees them. Thread-safe; closed by
 * whoever is done with it, or by its provider.
 *
 * <p>Closing a manager or a cache keeps what is stored; {@link #destroyCache} deletes it. A cache stored earlier,
 * or by another manager of the same database, is listed by {@link #getCacheNames}, opened with its stored
 * configuration by {@link #getCache}, and with a new one by {@link #createCache}, which keeps its entries.
 */
public final class LarderCacheManager implements CacheManager {
  private final LarderCachingProvider provider;
  private final URI uri;
  private final ClassLoader loader;
  private final Properties properties;
  private final ManagerSettings settings;
  private final Store store;
  private final HeapBudget heap;
  private final HeapStores heapStores;
  private final Map<String, LarderCache<?, ?>> caches = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock(); // guards opening and closing of caches
  private volatile boolean closed;

  LarderCacheManager(
      LarderCachingProvider provider,
      URI uri,
      ClassLoader loader,
      Properties properties,
      ManagerSettings settings) {
    this.provider = provider;
    this.uri = uri;
    this.loader = loader;
    this.properties = new Properties();
    this.properties.putAll(properties);
    settings.requireClasses(loader);
    this.settings = settings;
    this.store = Store.open(settings.uri());
    this.heap = new HeapBudget(store.database(), settings.heapBytes());
    this.heapStores = new HeapStores(store.database(), settings.heapBytes());
  }

  @Override
  public CachingProvider getCachingProvider() {
    return provider;
  }

  @Override
  public URI getURI() {
    return uri;
  }

  @Override
  public ClassLoader getClassLoader() {
    return loader;
  }

  @Override
  public Properties getProperties() {
    return properties;
  }

  /**
   * Opens a cache with a configuration, which is stored with it; entries stored under that name earlier are
   * kept. What the manager's settings say about the cache goes before the configuration.
   *
   * @throws CacheException if this manager has a cache of that name open, or it is stored with other types
   * @throws UnsupportedOperationException for store-by-reference in a directory
   */
  @Override
  public <K, V, C extends Configuration<K, V>> Cache<K, V> createCache(
      String cacheName, C configuration) {
    Objects.requireNonNull(cacheName, "cacheName");
    Objects.requireNonNull(configuration, "configuration");
    return guarded(
        () -> {
          if (openCache(cacheName) != null) {
            throw new CacheException(
                "The cache '" + cacheName + "' exists already in the manager " + uri);
          }
          LarderConfiguration<K, V> given = LarderConfiguration.builder(configuration).build();
          return open(cacheName, settings.cache(cacheName).applyTo(given, cacheName, loader), true);
        });
  }

  /**
   * Returns a cache of these types, opening it if it is stored; null if there is none.
   *
   * @throws ClassCastException if it has other types
   */
  @Override
  public <K, V> @Nullable Cache<K, V> getCache(
      String cacheName, Class<K> keyType, Class<V> valueType) {
    Objects.requireNonNull(keyType, "keyType");
    Objects.requireNonNull(valueType, "valueType");
    LarderCache<?, ?> cache = find(cacheName, keyType, valueType);
    if (cache == null) {
      return null;
    }
    Configuration<?, ?> configuration = cache.configuration();
    requireType(cacheName, "keys", configuration.getKeyType(), keyType);
    requireType(cacheName, "values", configuration.getValueType(), valueType);
    return cast(cache);
  }

  /** Returns a cache whatever its types, opening it if it is stored; null if there is none. */
  @Override
  public <K, V> @Nullable Cache<K, V> getCache(String cacheName) {
    LarderCache<?, ?> cache = find(cacheName, Object.class, Object.class);
    return cache == null ? null : cast(cache);
  }

  private static void requireType(
      String cacheName, String what, Class<?> configured, Class<?> asked) {
    if (!configured.equals(asked)) {
      throw new ClassCastException(
          "The cache '"
              + cacheName
              + "' has "
              + what
              + " of "
              + configured.getName()
              + ", but was asked for with "
              + asked.getName());
    }
  }

  @SuppressWarnings("unchecked") // the types were compared, or the caller renounced it
  private static <K, V> Cache<K, V> cast(LarderCache<?, ?> cache) {
    return (Cache<K, V>) cache;
  }

  private @Nullable LarderCache<?, ?> find(String cacheName, Class<?> keyType, Class<?> valueType) {
    Objects.requireNonNull(cacheName, "cacheName");
    return guarded(
        () -> {
          LarderCache<?, ?> open = openCache(cacheName);
          return open == null ? reopen(cacheName, keyType, valueType) : open;
        });
  }

  /** Returns the cache if it is open; closes it if what it stores in is gone. Requires: the lock. */
  private @Nullable LarderCache<?, ?> openCache(String cacheName) {
    LarderCache<?, ?> open = caches.get(cacheName);
    if (open != null && open.isDropped(store)) {
      open.close();
      return null;
    }
    return open;
  }

  private @Nullable LarderCache<?, ?> reopen(
      String cacheName, Class<?> keyType, Class<?> valueType) {
    CacheSettings cacheSettings = settings.cache(cacheName);
    Optional<Table> table = store.findTable(cacheName);
    if (table.isPresent()) {
      TableDefinition definition = table.get().definition();
      return open(
          cacheName,
          CacheAttributes.read(definition, cacheSettings, loader, keyType, valueType),
          false);
    }
    if (settings.cacheNames().contains(cacheName)) {
      LarderConfiguration<Object, Object> open =
          LarderConfiguration.builder(Object.class, Object.class).build();
      return open(cacheName, cacheSettings.applyTo(open, cacheName, loader), true);
    }
    return null;
  }

  private <K, V> LarderCache<K, V> open(
      String cacheName, LarderConfiguration<K, V> configuration, boolean storeConfiguration) {
    LarderCache.UserCode<K, V> userCode = LarderCache.UserCode.create(configuration);
    boolean existed = store.findTable(cacheName).isPresent();
    EntryStore<K, V> entries = entries(cacheName, configuration, storeConfiguration);
    LarderCache.Limits limits =
        new LarderCache.Limits(
            new EventDispatcher.Backlog(
                settings.eventsMax(), store.database().options().lockTimeout()),
            settings.expiryNotesMax());
    LarderCache<K, V> cache =
        new LarderCache<>(this, cacheName, configuration, entries, userCode, limits);
    caches.put(cacheName, cache);
    try {
      cache.start();
    } catch (RuntimeException e) {
      cache.close();
      if (!existed && configuration.isStoreByValue()) {
        heapStores.remove(cacheName);
        store.dropTable(cacheName);
      }
      throw e;
    }
    return cache;
  }

  private <K, V> EntryStore<K, V> entries(
      String cacheName, LarderConfiguration<K, V> configuration, boolean storeConfiguration) {
    if (!configuration.isStoreByValue()) {
      if (settings.uri().location() instanceof DatabaseLocation.Directory) {
        throw new UnsupportedOperationException(
            "The cache '"
                + cacheName
                + "' is to be stored by reference, which only larder:mem: URIs can do; found "
                + uri);
      }
      return heapStores.ofReferences(
          cacheName, configuration.maxEntries().isPresent() ? limit(configuration) : null);
    }
    Table table =
        storeConfiguration ? storedTable(cacheName, configuration) : store.table(cacheName);
    TableSource<K, V> source = new TableSource<>(cacheName, table, configuration);
    EntryStore<K, V> onHeap =
        heapStores.ofValues(
            new HeapStores.Wish<>(
                cacheName,
                configuration.getKeyType(),
                configuration.getValueType(),
                limit(configuration)),
            source);
    return onHeap == null ? source.table() : onHeap;
  }

  /** The table of a cache, for who has its entries elsewhere. */
  private final class TableSource<K, V> implements HeapStores.Source<K, V> {
    private final String cacheName;
    private final Table table;
    private final LarderConfiguration<K, V> configuration;

    TableSource(String cacheName, Table table, LarderConfiguration<K, V> configuration) {
      this.cacheName = cacheName;
      this.table = table;
      this.configuration = configuration;
    }

    @Override
    public int keyspaceId() {
      return table.keyspace().id();
    }

    @Override
    public boolean isEmpty() {
      try (Cursor cursor = table.keyspace().cursor(KeyRange.all())) {
        return !cursor.next();
      }
    }

    @Override
    public TableEntryStore<K, V> table() {
      return new TableEntryStore<>(
          table,
          configuration.getKeyType(),
          configuration.getValueType(),
          loader,
          new TableEntryStore.Behaviour<>(
              heap.newTier(cacheName),
              configuration.syncMode().orElse(null),
              limit(configuration)));
    }

    @Override
    public void tableClosed() {
      heap.giveBack(cacheName);
    }

    @Override
    public EntryCodec<K, V> codec() {
      return table.entries(configuration.getKeyType(), configuration.getValueType(), loader);
    }
  }

  private static @Nullable Limit limit(LarderConfiguration<?, ?> configuration) {
    if (configuration.maxEntries().isPresent()) {
      return new Limit(false, configuration.maxEntries().getAsLong());
    }
    OptionalLong bytes = configuration.maxBytes();
    return bytes.isPresent() ? new Limit(true, bytes.getAsLong()) : null;
  }

  private Table storedTable(String cacheName, LarderConfiguration<?, ?> configuration) {
    Optional<Table> table = store.findTable(cacheName);
    if (table.isEmpty()) {
      TableDefinition definition =
          TableDefinition.ofTypes(
              cacheName, configuration.getKeyType(), configuration.getValueType());
      return store.createTable(CacheAttributes.write(definition, configuration));
    }
    TableDefinition stored = table.get().definition();
    CacheAttributes.requireSameTypes(stored, configuration);
    TableDefinition changed = CacheAttributes.write(stored, configuration);
    return changed.equals(stored) ? table.get() : store.replaceDefinition(changed);
  }

  private Table storedSwitches(Table table, CompleteConfiguration<?, ?> configuration) {
    TableDefinition changed = CacheAttributes.writeSwitches(table.definition(), configuration);
    return changed.equals(table.definition()) ? table : store.replaceDefinition(changed);
  }

  /** Returns the names of the caches open here, stored in the database or named in the settings. */
  @Override
  public Iterable<String> getCacheNames() {
    return guarded(
        () -> {
          Set<String> names = new TreeSet<>(caches.keySet());
          names.addAll(store.tableNames());
          names.addAll(settings.cacheNames());
          return Collections.unmodifiableSet(names);
        });
  }

  /** Closes a cache if it is open, and deletes what is stored under its name. */
  @Override
  public void destroyCache(String cacheName) {
    Objects.requireNonNull(cacheName, "cacheName");
    guarded(
        () -> {
          LarderCache<?, ?> cache = caches.get(cacheName);
          if (cache != null) {
            cache.close();
          }
          heapStores.remove(cacheName);
          if (store.findTable(cacheName).isPresent()) {
            store.dropTable(cacheName);
          }
          return cacheName;
        });
  }

  @Override
  public void enableManagement(String cacheName, boolean enabled) {
    existing(cacheName).enableManagement(enabled);
    storeConfiguration(cacheName);
  }

  @Override
  public void enableStatistics(String cacheName, boolean enabled) {
    existing(cacheName).enableStatistics(enabled);
    storeConfiguration(cacheName);
  }

  private LarderCache<?, ?> existing(String cacheName) {
    LarderCache<?, ?> cache = find(cacheName, Object.class, Object.class);
    if (cache == null) {
      throw new CacheException("The manager " + uri + " has no cache '" + cacheName + "'");
    }
    return cache;
  }

  private void storeConfiguration(String cacheName) {
    guarded(
        () -> {
          LarderCache<?, ?> cache = caches.get(cacheName);
          return cache != null && cache.configuration().isStoreByValue()
              ? storedSwitches(store.table(cacheName), cache.configuration())
              : null;
        });
  }

  /** Closes all caches and gives up the database; what is stored in a directory stays. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      ClosingSteps steps = new ClosingSteps();
      caches.values().forEach(cache -> steps.add(cache::close));
      steps.add(heapStores::close).add(store::close).run();
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    } finally {
      lock.unlock();
      provider.forget(this);
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    for (Object candidate : List.of(store, store.database())) {
      if (type.isInstance(candidate)) {
        heapStores.share(); // whoever has it may look for what caches hold
        return type.cast(candidate);
      }
    }
    throw new IllegalArgumentException("A manager cannot be unwrapped to " + type.getName());
  }

  /** Moves what caches hold as objects to where whoever gets the database may look for it. */
  void share() {
    if (!closed) {
      heapStores.share();
    }
  }

  /** Forgets a cache that was closed. */
  void forget(LarderCache<?, ?> cache) {
    if (caches.remove(cache.getName(), cache)) {
      heap.giveBack(cache.getName());
      heapStores.closed(cache.getName());
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The cache manager " + uri + " is closed");
    }
  }

  private <T extends @Nullable Object> T guarded(Supplier<T> action) {
    lock.lock();
    try {
      requireOpen();
      return action.get();
    } catch (LarderException e) {
      throw EngineFailures.translate(e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "LarderCacheManager " + uri;
  }
}
