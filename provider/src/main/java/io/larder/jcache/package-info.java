/**
 * JCache (JSR-107) over Larder: the provider that {@code javax.cache.Caching} finds, its managers and caches.
 *
 * <p>Called by applications through {@code javax.cache}. Owns the life of managers and caches and the checks at
 * the door; what operations do, where entries live and how settings are read lies in the internal packages.
 */
@NullMarked
package io.larder.jcache;

import org.jspecify.annotations.NullMarked;
