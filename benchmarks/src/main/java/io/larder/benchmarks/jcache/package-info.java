/**
 * The JCache providers, side by side, in memory and durable.
 *
 * <p>Called by the command line through {@link io.larder.benchmarks.jcache.CacheGroup}. It owns the
 * workloads and sees products only through {@code javax.cache}, but for the configuration some of
 * them need; it may not know engines or SQL.
 */
@NullMarked
package io.larder.benchmarks.jcache;

import org.jspecify.annotations.NullMarked;
