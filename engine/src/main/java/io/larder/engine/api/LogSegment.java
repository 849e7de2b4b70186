package io.larder.engine.api;

import java.nio.file.Path;

/**
 * What one file of a write-ahead log holds. Immutable.
 *
 * @param number its number
 * @param path its file
 * @param sizeBytes the size of the file
 * @param state how far it came
 * @param firstSequence the first sequence number it holds or would hold next, 0 if it was never started
 * @param lastSequence the last sequence number it holds; below the first if it holds none
 * @param batches how many valid batches it holds from its beginning on
 * @param changes how many changes those have
 * @param usedBytes the offset after the last of them
 * @param firstTimeMillis the first commit time in it in milliseconds since the epoch, 0 if there is none
 * @param lastTimeMillis the last commit time in it, 0 if there is none
 * @param problem what is wrong with the file, or empty
 */
public record LogSegment(
    long number,
    Path path,
    long sizeBytes,
    State state,
    long firstSequence,
    long lastSequence,
    long batches,
    long changes,
    long usedBytes,
    long firstTimeMillis,
    long lastTimeMillis,
    String problem) {

  /** How far a segment came. */
  public enum State {
    /** Prepared; it holds nothing. */
    UNUSED,
    /** The newest one of a log that was not closed in order, or is in use. */
    OPEN,
    /** A newer segment goes on where it ends. */
    SEALED,
    /** The log was closed in order at its end. */
    CLOSED,
    /** Not readable as a segment. */
    DAMAGED
  }
}
