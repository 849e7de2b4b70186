/**
 * The embedded SQL databases, side by side, through JDBC.
 *
 * <p>Called by the command line through {@link io.larder.benchmarks.jdbc.SqlGroup}. It owns the
 * workloads and sees products only through {@code java.sql}; it may not know engines or caches.
 */
@NullMarked
package io.larder.benchmarks.jdbc;

import org.jspecify.annotations.NullMarked;
