/**
 * The engine as its users see it: databases, keyspaces, batches, snapshots, cursors, transactions.
 *
 * <p>Called by the tables, JCache, JDBC and command line modules and by programs that embed the engine
 * alone. Owns the vocabulary, the limits and the errors; knows nothing of how data is stored.
 */
@NullMarked
package io.larder.engine.api;

import org.jspecify.annotations.NullMarked;
