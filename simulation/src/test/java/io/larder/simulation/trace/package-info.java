/**
 * The order in which a database creates, writes, syncs, renames and deletes its files, written down and compared.
 *
 * <p>Run by the build. Owns the recorder and the traces in the test resources; knows names of files and nothing of what
 * is in them.
 */
@NullMarked
package io.larder.simulation.trace;

import org.jspecify.annotations.NullMarked;
