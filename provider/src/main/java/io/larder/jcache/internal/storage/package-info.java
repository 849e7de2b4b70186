/**
 * Where the entries of one cache live: encoded in a table of the database, or as references on the heap, for good or until they are
 * moved into the table.
 *
 * <p>Called by the cache's operations. Owns the way from objects to stored entries and back, the exclusion of
 * keys, and the mapping of the engine's errors to those of JCache; knows nothing of expiry policies,
 * listeners, loaders, writers or statistics.
 */
@NullMarked
package io.larder.jcache.internal.storage;

import org.jspecify.annotations.NullMarked;
