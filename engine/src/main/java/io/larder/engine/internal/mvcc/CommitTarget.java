package io.larder.engine.internal.mvcc;

import io.larder.engine.internal.memtable.Memtable;

/** The storage engine, as the commit pipeline sees it. */
public interface CommitTarget {
  /** Waits for room for a batch, or refuses it; any thread, no lock held. */
  void makeRoom(PreparedBatch batch);

  /** Throws if writes have stopped; under the commit lock. */
  void requireWritable();

  /** Returns the memtable that takes new changes; under the commit lock. */
  Memtable activeMemtable();

  /** Hears of a change that was applied; under the commit lock. */
  void applied(PreparedBatch batch);

  /** Stops writes because a commit failed half way. */
  void fail(Throwable failure);

  /**
   * Hears that a commit is done; any thread, no lock held. May start a flush, may do some tidying. What it throws
   * is logged and does not reach whoever committed.
   */
  void committed();
}
