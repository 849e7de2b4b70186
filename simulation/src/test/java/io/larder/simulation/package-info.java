/**
 * Seeded workloads on a disk that crashes and fails, each state judged by a reference model.
 *
 * <p>Run by the build; a failing state prints the command that runs it alone. Owns workloads, models and
 * oracles; the disk itself is the engine's {@code InMemoryFileSystem}.
 */
@NullMarked
package io.larder.simulation;

import org.jspecify.annotations.NullMarked;
