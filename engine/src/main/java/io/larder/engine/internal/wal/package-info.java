/**
 * The write-ahead log: where a commit becomes durable, and what a recovery reads first.
 *
 * <p>Called by the disk storage engine alone. Owns the segment files of a database directory ({@code
 * *.wal}, {@code *.spare}), their format, group commit and the decision whether the end of a log is a torn
 * tail or corruption; may not know memtables, tables, manifests or what a keyspace is.
 */
@NullMarked
package io.larder.engine.internal.wal;

import org.jspecify.annotations.NullMarked;
