/**
 * The two doors through which the engine touches the world: files and time.
 *
 * <p>Called by every package of the engine that reads, writes or waits; implemented by {@code
 * internal.io} for the real machine and by simulations for tests. Knows nothing of databases.
 */
@NullMarked
package io.larder.engine.spi;

import org.jspecify.annotations.NullMarked;
