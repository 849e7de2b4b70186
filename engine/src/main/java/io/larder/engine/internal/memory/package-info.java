/**
 * The storage engine without files: memtables that are rebuilt when too much of them is garbage.
 *
 * <p>Called by the roof, which creates it, and by the database. Owns the memory limit; knows nothing of logs,
 * tables or directories.
 */
@NullMarked
package io.larder.engine.internal.memory;

import org.jspecify.annotations.NullMarked;
