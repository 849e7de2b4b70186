/**
 * How a cache is configured by code: what Larder can do beyond the standard's configuration.
 *
 * <p>Called by applications, and by the provider for what it has read elsewhere. Owns the values and their
 * validation; knows nothing of caches, of where configurations are stored, or of URIs.
 */
@NullMarked
package io.larder.jcache.configuration;

import org.jspecify.annotations.NullMarked;
