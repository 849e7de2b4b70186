/**
 * Types over keyspaces: what a table or a typed cache is, and how its keys, values and rows become bytes.
 *
 * <p>Called by the JCache provider, the JDBC driver and the command line. Owns the catalog of tables, the
 * order-preserving key encoding, the self-describing value encoding with its dictionary of field names, and
 * the rules by which Java serialization is allowed. Knows nothing of javax.cache, java.sql or Calcite, nor of
 * how the engine stores bytes.
 *
 * <p>A table and a typed cache are the same: a keyspace with a {@link io.larder.tables.TableDefinition}. What one door
 * writes the other reads.
 *
 * <pre>{@code
 * record Session(String user, int cart) {}
 *
 * try (Store store = Store.open(LarderUri.parse("larder:/var/lib/shop"))) {
 *   Table table = store.createTable(TableDefinition.ofTypes("sessions", String.class, Session.class));
 *
 *   EntryCodec<String, Session> entries =
 *       table.entries(String.class, Session.class, Session.class.getClassLoader());
 *   table.keyspace().put(entries.encodeKey("a7"), entries.encodeValue(new Session("ann", 3)));
 *
 *   RowCodec rows = table.rows(); // k, user, cart, expires_at
 *   byte[] key = rows.encodeKey(new Object[] {"a7"});
 *   Object[] row = rows.decode(key, table.keyspace().get(key), 0); // "a7", "ann", 3, null
 * }
 * }</pre>
 *
 * <p>How bytes look stands in FORMAT.md, why in docs/decisions 0004 to 0006.
 */
@NullMarked
package io.larder.tables;

import org.jspecify.annotations.NullMarked;
