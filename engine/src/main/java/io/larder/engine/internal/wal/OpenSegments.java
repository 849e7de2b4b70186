package io.larder.engine.internal.wal;

import io.larder.engine.spi.Clock;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The segment files that a log has open, oldest first. Thread-safe: whoever makes one adds it, the leader removes it. */
final class OpenSegments {
  private final List<LogSegment> segments = new CopyOnWriteArrayList<>();

  void add(LogSegment segment) {
    segments.add(segment);
  }

  void remove(LogSegment segment) {
    segments.remove(segment);
  }

  /** Removes the segment of a number and returns it, or null if it is not open. */
  @Nullable LogSegment take(long number) {
    for (LogSegment segment : segments) {
      if (segment.number() == number) {
        segments.remove(segment);
        return segment;
      }
    }
    return null;
  }

  /**
   * Syncs oldest first what was written, and closes those that writing has left.
   *
   * @param synced hears how long each sync took, in nanoseconds
   * @param closedBelow the number below which they are closed
   */
  @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // a copy-on-write list
  void sync(Clock clock, LongConsumer synced, long closedBelow) throws IOException {
    for (LogSegment segment : segments) {
      if (segment.dirty()) {
        long start = clock.nanoTime();
        segment.sync();
        synced.accept(clock.nanoTime() - start);
      }
      if (segment.number() < closedBelow) {
        segments.remove(segment);
        segment.close();
      }
    }
  }

  /** Closes them all, with what is prepared and what is kept for reuse. */
  void closeAll(SegmentSupply supply, SegmentFiles files, boolean orderly) throws IOException {
    IOException problem = null;
    try {
      supply.close(orderly);
    } catch (IOException e) {
      problem = e;
    }
    try {
      files.close();
    } catch (IOException e) {
      problem = e;
    }
    for (LogSegment segment : segments) {
      try {
        segment.close();
      } catch (IOException e) {
        problem = e;
      }
    }
    segments.clear();
    if (problem != null) {
      throw problem;
    }
  }
}
