/**
 * The JDBC driver: driver, connections, statements, metadata. Programs and tools come in through {@link
 * io.larder.jdbc.LarderDriver}; everything else is reached through java.sql. It owns transactions, the life of
 * results and the order in which planners are asked. It knows no Calcite class but the planner's own name.
 */
@NullMarked
package io.larder.jdbc;

import org.jspecify.annotations.NullMarked;
