/**
 * What can be said about managers and caches without code, and how a cache's configuration is kept.
 *
 * <p>Called by the manager. Owns the option table of this door, the texts of expiry policies, and the {@code
 * jcache.*} attributes of a table's definition; knows nothing of open caches or stored entries.
 */
@NullMarked
package io.larder.jcache.internal.settings;

import org.jspecify.annotations.NullMarked;
