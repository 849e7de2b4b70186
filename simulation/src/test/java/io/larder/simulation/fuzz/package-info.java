/**
 * Bytes and texts that somebody could write on purpose, given to everything that reads bytes from files or texts from
 * people.
 *
 * <p>Run by the build on seeded changes and on a corpus, and by {@code -Pfuzz} for as long as one likes, guided by
 * coverage. Owns the targets; what they need of formats they take from FORMAT.md.
 */
@NullMarked
package io.larder.simulation.fuzz;

import org.jspecify.annotations.NullMarked;
