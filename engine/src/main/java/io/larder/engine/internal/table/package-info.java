/**
 * Sorted tables: immutable files of entries in internal order, found by hash and walked in order.
 *
 * <p>Called by the disk engine for flushes, merges and reads. Owns the table format; may not know which tables are live,
 * which versions anybody still needs, or when a reader has left.
 */
@NullMarked
package io.larder.engine.internal.table;

import org.jspecify.annotations.NullMarked;
