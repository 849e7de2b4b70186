/**
 * How commands speak to people: progress, counts, durations, tables of text.
 *
 * <p>Called by every command. Owns whether the output is a terminal; knows nothing of what is
 * printed.
 */
@NullMarked
package io.larder.cli.terminal;

import org.jspecify.annotations.NullMarked;
