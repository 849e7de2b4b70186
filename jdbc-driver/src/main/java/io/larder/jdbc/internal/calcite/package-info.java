/**
 * The full language: Calcite's grammar, validator, optimiser and code generator over our scans. Called by the
 * connection through one planner; no other package may name a Calcite class.
 */
@NullMarked
package io.larder.jdbc.internal.calcite;

import org.jspecify.annotations.NullMarked;
