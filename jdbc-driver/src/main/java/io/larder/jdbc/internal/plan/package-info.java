/**
 * What a compiled statement is, and what it needs to run. Called by the connection and the planners; knows
 * neither grammar nor Calcite.
 */
@NullMarked
package io.larder.jdbc.internal.plan;

import org.jspecify.annotations.NullMarked;
