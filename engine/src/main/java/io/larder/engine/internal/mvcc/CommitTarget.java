package io.larder.engine.internal.mvcc;

/** The storage engine, as the commit pipeline sees it. */
public interface CommitTarget {
  /** Waits for room for a batch, or refuses it; any thread, no lock held. */
  void makeRoom(PreparedBatch batch);

  /** Throws if writes have stopped; under the commit lock. */
  void requireWritable();

  /**
   * Returns whether there is room for a batch still, though others may have used what {@link #makeRoom} found;
   * under the commit lock. If not, room is made again.
   */
  default boolean hasRoom(PreparedBatch batch) {
    return true;
  }

  /** Adds the changes of a batch to memory, numbered from the given one on; under the commit lock. */
  void apply(PreparedBatch batch, long firstSequence);

  /** Stops writes because a commit failed half way. */
  void fail(Throwable failure);

  /**
   * Hears that a commit is done; any thread, no lock held. May start a flush, may do some tidying. What it throws
   * is logged and does not reach whoever committed.
   */
  void committed();
}
