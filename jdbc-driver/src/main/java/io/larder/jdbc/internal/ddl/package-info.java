/**
 * Definitions of tables and the commands of transactions. Called by the connection; loads nothing of the full
 * grammar.
 */
@NullMarked
package io.larder.jdbc.internal.ddl;

import org.jspecify.annotations.NullMarked;
