/**
 * From what a user typed to an open database, a table in it, a key, a range.
 *
 * <p>Called by the commands. Owns how databases, tables and keys are named on a command line; knows
 * nothing of options, terminals or exit codes.
 */
@NullMarked
package io.larder.cli.access;

import org.jspecify.annotations.NullMarked;
