package io.larder.engine.api;

import java.nio.file.Path;

/**
 * How much of a closed database's log can be read, and what would be lost if the rest were given up. Immutable.
 *
 * @param database the database
 * @param flushedSequence the last change that is in tables, and so needs no log
 * @param readableSequence the last change that can be read, from tables or from the log behind them
 * @param knownSequence the last change that is known to have been there; above the readable one if something is lost
 * @param readableBatches how many batches behind the tables can be read
 * @param readableUntilMillis when the last of them was committed, 0 if there is none
 * @param knownUntilMillis the last commit time seen behind the damage, 0 if none was
 * @param problem where and why reading ends, or empty
 */
public record LogLoss(
    Path database,
    long flushedSequence,
    long readableSequence,
    long knownSequence,
    long readableBatches,
    long readableUntilMillis,
    long knownUntilMillis,
    String problem) {

  /** Returns whether everything that is known to have been there can be read. */
  public boolean isNothing() {
    return problem.isEmpty() && knownSequence <= readableSequence;
  }
}
