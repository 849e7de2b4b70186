/**
 * The demonstration: a durable cache is loaded by a process that gets killed, and everything that
 * was acknowledged is found again, through JCache and through SQL.
 *
 * <p>Called by the {@code demo} command alone. Uses only {@code javax.cache} and {@code java.sql},
 * as an application would; knows nothing of the engine.
 */
@NullMarked
package io.larder.cli.demo;

import org.jspecify.annotations.NullMarked;
