package io.larder.engine.internal.mvcc;

import io.larder.engine.api.SyncMode;

/**
 * Where commits are made durable, as the pipeline sees it. Thread-safe as noted at each method.
 *
 * @param <R> a batch encoded for this log
 */
public interface CommitLog<R> {
  /** Encodes a batch, checksums included; any thread, no lock held. */
  R encode(PreparedBatch batch);

  /**
   * Makes sure that there is room for an encoded batch, or refuses it, and then nothing of it has happened; under the commit
   * lock.
   */
  default void requireRoom(R encoded, PreparedBatch batch) {}

  /** Appends an encoded batch with its first sequence number; under the commit lock. */
  void append(R encoded, long firstSequence);

  /** Takes an encoded batch back that is of no use any more; any thread. */
  void recycle(R encoded);

  /**
   * Returns when everything up to a sequence number is as safe as the mode asks; any thread, no lock held.
   *
   * @throws io.larder.engine.api.WritesStoppedException if it cannot be made so
   */
  void await(long sequence, SyncMode mode);

  /** Returns a log that keeps nothing. */
  static CommitLog<PreparedBatch> none() {
    return new CommitLog<>() {
      @Override
      public PreparedBatch encode(PreparedBatch batch) {
        return batch;
      }

      @Override
      public void append(PreparedBatch encoded, long firstSequence) {}

      @Override
      public void recycle(PreparedBatch encoded) {}

      @Override
      public void await(long sequence, SyncMode mode) {}
    };
  }
}
