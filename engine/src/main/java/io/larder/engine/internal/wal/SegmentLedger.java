package io.larder.engine.internal.wal;

import io.larder.engine.internal.wal.SegmentRanges.Sealed;
import io.larder.engine.internal.wal.SegmentRanges.Started;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which segments a log has, how much is in them, and who needs them. Guarded by the tail's lock, but for {@link #sizes} and
 * {@link #firstSegment}, which anybody may read.
 */
final class SegmentLedger {
  private final boolean archived;
  private final SegmentRanges ranges = new SegmentRanges();
  private final LogSizes sizes;

  /** The oldest segment that is needed; raised by the leader. */
  private volatile long firstSegment;

  /** The segment a recovery begins at, if later ones than the first are. */
  private long neededFrom;

  SegmentLedger(boolean archived, long firstSegment, List<Started> started, long bytes) {
    this.archived = archived;
    this.firstSegment = firstSegment;
    this.sizes = new LogSizes(bytes);
    started.forEach(ranges::add);
    note();
  }

  LogSizes sizes() {
    return sizes;
  }

  long firstSegment() {
    return firstSegment;
  }

  /** Hears of the first batch of a segment, before its bytes. */
  void started(long number, long firstSequence) {
    ranges.add(new Started(number, firstSequence, sizes.appendedBytes()));
    note();
  }

  void appended(long frameBytes) {
    sizes.append(frameBytes);
  }

  /** Hears that nothing needs the segments below a number. By the leader, without the lock. */
  void firstIs(long number) {
    firstSegment = Math.max(firstSegment, number);
  }

  /** Hears that a durable manifest names a segment as the first that a recovery reads. */
  void neededFrom(long number) {
    neededFrom = Math.max(neededFrom, number);
    note();
  }

  /**
   * Returns the oldest segment below a number that the archive has not got, or null.
   *
   * @param nextSequence the sequence number that is due
   */
  @Nullable Sealed oldestUnarchived(long below, long nextSequence) {
    return ranges.oldestUnarchived(below, nextSequence);
  }

  void archived(long number) {
    ranges.archived(number);
    note();
  }

  /** Returns whether the archive must still get a segment. */
  boolean isWanted(long number) {
    return archived && ranges.isWanted(number);
  }

  void removed(long number) {
    ranges.remove(number);
    note();
  }

  /** Counts anew. */
  void note() {
    sizes.note(ranges, Math.max(firstSegment, neededFrom), archived);
  }
}
