/**
 * Files of other formats into tables.
 *
 * <p>Called by the {@code import} command. Owns the reading, the guess of column types and the all-or-nothing of an
 * import; knows nothing of how tables are stored.
 */
@NullMarked
package io.larder.cli.imports;

import org.jspecify.annotations.NullMarked;
