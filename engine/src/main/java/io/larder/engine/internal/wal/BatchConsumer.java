package io.larder.engine.internal.wal;

import io.larder.engine.internal.codec.BatchReader;

/** Takes the batches a recovery finds, in commit order, called by one thread. */
@FunctionalInterface
public interface BatchConsumer {

  /**
   * Takes one batch.
   *
   * @param firstSequence the sequence number of its first change
   * @param count how many changes it has, each with the next sequence number
   * @param commitTimeMillis when it was committed, milliseconds since the epoch
   * @param changes its changes, good only during the call
   */
  void accept(long firstSequence, int count, long commitTimeMillis, BatchReader changes);
}
