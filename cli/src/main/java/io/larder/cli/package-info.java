/**
 * The {@code larder} command.
 *
 * <p>Called by people and scripts. Owns the commands, what they print and their exit codes (0 done,
 * 1 something does not hold or failed, 2 wrong usage); reaches data through JCache, JDBC and the
 * tables module, never through the engine's internals.
 */
@NullMarked
package io.larder.cli;

import org.jspecify.annotations.NullMarked;
