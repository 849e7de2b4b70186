/**
 * Types over keyspaces: what a table or a typed cache is, and how its keys, values and rows become bytes.
 *
 * <p>Called by the JCache provider, the JDBC driver and the command line. Owns the catalog of tables, the
 * order-preserving key encoding, the self-describing value encoding with its dictionary of field names, and
 * the rules by which Java serialization is allowed. Knows nothing of javax.cache, java.sql or Calcite, nor of
 * how the engine stores bytes.
 */
@NullMarked
package io.larder.tables;

import org.jspecify.annotations.NullMarked;
