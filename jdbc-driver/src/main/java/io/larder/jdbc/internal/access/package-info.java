/**
 * How rows of one table are reached and tested: access paths through the key, conditions, scans. Called by
 * the planners; knows no grammar.
 */
@NullMarked
package io.larder.jdbc.internal.access;

import org.jspecify.annotations.NullMarked;
