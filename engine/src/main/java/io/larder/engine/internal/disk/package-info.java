/**
 * The storage engine on disk: directory and lock, recovery, memtables over a log, flush, tables, merging, health.
 *
 * <p>Called by the roof, which opens it, and by the database. Owns the maintenance thread, the order in which
 * files come and go, and what happens after a failed write; formats of log, table and manifest are theirs.
 */
@NullMarked
package io.larder.engine.internal.disk;

import org.jspecify.annotations.NullMarked;
