/**
 * Tells a cache's listeners what happened to its entries.
 *
 * <p>Called by the cache's operations after a change is stored. Owns the registrations, the order of delivery,
 * the thread of asynchronous listeners, and the watch that notices expiry; changes no entry.
 */
@NullMarked
package io.larder.jcache.internal.events;

import org.jspecify.annotations.NullMarked;
