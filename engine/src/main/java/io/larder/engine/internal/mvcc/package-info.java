/**
 * Many versions, one order: sequence numbers, the commit pipeline, live snapshots, conflicts, key locks.
 *
 * <p>Called by the two storage engines and by the database above them. Owns the commit lock and what is
 * visible to readers; knows logs and memtables only through {@link
 * io.larder.engine.internal.mvcc.CommitLog} and {@link io.larder.engine.internal.mvcc.CommitTarget}.
 */
@NullMarked
package io.larder.engine.internal.mvcc;

import org.jspecify.annotations.NullMarked;
