/**
 * Real processes on the real file system, killed at exact calls and in loops, starved of disk and of heap, through
 * the engine, the cache and the SQL door.
 *
 * <p>Run by the build. Owns the programs that die ({@code Writer}), what they should leave ({@code Ledger}), and the
 * switch that kills them; knows nothing of the engine but its calls of the file system.
 */
@NullMarked
package io.larder.simulation.process;

import org.jspecify.annotations.NullMarked;
