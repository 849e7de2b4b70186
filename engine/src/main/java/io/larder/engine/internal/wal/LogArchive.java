package io.larder.engine.internal.wal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Keeps the segments of a log after the log has no use for them. Called by one thread at a time, never under a
 * lock of the log, so it may take its time.
 *
 * <p>Every segment that ever held batches is handed over once, in the order of numbers, when it takes no more appends
 * and is durable, and before its file is reused or deleted. When it throws, the segment stays where it is and is
 * handed over again later. A process that ends between the hand-over and the deletion hands it over again too,
 * unless {@link #contains} says that it is there.
 */
public interface LogArchive {
  /**
   * Keeps a segment durably.
   *
   * @param number the segment's number, never used twice in a database
   * @param segment its file, good during the call
   * @param firstSequence the first sequence number it counts for
   * @param lastSequence the last one; what its file holds beyond is held by the next segment as well, whose
   *     word counts
   */
  void archive(long number, Path segment, long firstSequence, long lastSequence) throws IOException;

  /** Returns whether a segment was kept by an earlier process. */
  default boolean contains(long number) throws IOException {
    return false;
  }
}
