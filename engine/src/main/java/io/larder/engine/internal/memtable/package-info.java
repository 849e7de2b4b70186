/**
 * The memtable: the newest versions of entries in memory, found by hash and walked in order.
 *
 * <p>Called by both storage engines. Owns the memory of its entries and the order among their versions; may not know
 * files, snapshots, clocks, or what happens to a memtable that is full.
 */
@NullMarked
package io.larder.engine.internal.memtable;

import org.jspecify.annotations.NullMarked;
