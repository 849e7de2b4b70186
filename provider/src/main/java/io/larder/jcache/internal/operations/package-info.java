/**
 * What the operations of a cache do, one class for each family of them.
 *
 * <p>Called by the cache after it has checked its arguments and its state. Owns the rules of the standard:
 * which expiry applies, what is counted, when loaders, writers and listeners are called and in which order;
 * knows nothing of managers, configurations or where entries live.
 */
@NullMarked
package io.larder.jcache.internal.operations;

import org.jspecify.annotations.NullMarked;
