/**
 * What a cache counts, and how it shows itself to JMX.
 *
 * <p>Called by the cache's operations (counting) and by the cache (registering). Owns the counters and the
 * names of the beans; calls nobody.
 */
@NullMarked
package io.larder.jcache.internal.management;

import org.jspecify.annotations.NullMarked;
