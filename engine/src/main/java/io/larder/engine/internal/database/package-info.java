/**
 * The database as its users see it, over either storage engine: handles, keyspaces, readers, transactions.
 *
 * <p>Called by the roof, which builds it. Owns the catalog of keyspaces, limits on keys and values, and what a
 * closed handle refuses; knows nothing of files.
 */
@NullMarked
package io.larder.engine.internal.database;

import org.jspecify.annotations.NullMarked;
