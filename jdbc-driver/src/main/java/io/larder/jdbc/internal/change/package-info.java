/**
 * How rows are built, inserted, changed and deleted, atomically, with or without a transaction. Called by the
 * planners; knows no grammar.
 */
@NullMarked
package io.larder.jdbc.internal.change;

import org.jspecify.annotations.NullMarked;
