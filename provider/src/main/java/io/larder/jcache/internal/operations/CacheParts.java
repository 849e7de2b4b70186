package io.larder.jcache.internal.operations;

import io.larder.jcache.internal.events.EventDispatcher;
import io.larder.jcache.internal.events.ExpiryWatch;
import io.larder.jcache.internal.management.OperationStatistics;
import io.larder.jcache.internal.storage.EntryStore;

/**
 * What the operations of one cache work with. Immutable; everything in it is thread-safe and owned by the
 * cache.
 *
 * @param store the entries
 * @param expiry when entries expire
 * @param integration the loader and the writer
 * @param events the listeners
 * @param watch notices expiry for the listeners
 * @param statistics the counters
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public record CacheParts<K, V>(
    EntryStore<K, V> store,
    ExpiryRules<K, V> expiry,
    Integration<K, V> integration,
    EventDispatcher<K, V> events,
    ExpiryWatch<K, V> watch,
    OperationStatistics statistics) {}
