package io.larder.engine.internal.wal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which sequence numbers the segments of an open log hold, and which of them the archive has. Not thread-safe; guarded
 * by the log's append lock.
 */
final class SegmentRanges {
  /** The first sequence number of a segment that cannot be read: it is kept, and never handed over. */
  static final long UNKNOWN = Long.MAX_VALUE;

  private final NavigableMap<Long, Range> ranges = new TreeMap<>();

  /**
   * A segment that holds, or once held, batches.
   *
   * @param number the segment
   * @param firstSequence the first sequence number it holds
   * @param bytesBefore how many bytes of log came before it
   */
  record Started(long number, long firstSequence, long bytesBefore) {}

  /**
   * A segment that takes no more appends.
   *
   * @param number the segment
   * @param firstSequence the first sequence number it counts for
   * @param lastSequence the last one; below the first if later segments replace all it holds
   */
  record Sealed(long number, long firstSequence, long lastSequence) {}

  private static final class Range {
    final Started started;
    boolean archived;

    /** How much log there was when the next segment began; negative for the one that takes appends. */
    long endBytes = -1;

    Range(Started started) {
      this.started = started;
    }
  }

  /** Adds a segment, whose number is higher than those of all others. */
  void add(Started started) {
    Map.Entry<Long, Range> last = ranges.lastEntry();
    if (last != null) {
      last.getValue().endBytes = started.bytesBefore();
    }
    ranges.put(started.number(), new Range(started));
  }

  /** Returns how many bytes of log all segments have that are there and can be read. */
  long bytes(long appendedBytes) {
    long sum = 0;
    for (Range each : ranges.values()) {
      if (each.started.firstSequence() != UNKNOWN) {
        sum += (each.endBytes < 0 ? appendedBytes : each.endBytes) - each.started.bytesBefore();
      }
    }
    return sum;
  }

  void remove(long number) {
    ranges.remove(number);
  }

  /**
   * Returns the oldest segment below a number that the archive has not got, or null.
   *
   * @param nextSequence the sequence number that is due
   */
  @Nullable Sealed oldestUnarchived(long below, long nextSequence) {
    for (Map.Entry<Long, Range> each : ranges.headMap(below).entrySet()) {
      Range range = each.getValue();
      if (!range.archived && range.started.firstSequence() != UNKNOWN) {
        long last = firstSequenceAfter(each.getKey(), nextSequence) - 1;
        return new Sealed(each.getKey(), range.started.firstSequence(), last);
      }
    }
    return null;
  }

  /** Returns the lowest sequence number that a later segment starts at. */
  private long firstSequenceAfter(long number, long nextSequence) {
    long first = nextSequence;
    for (Range later : ranges.tailMap(number, false).values()) {
      first = Math.min(first, later.started.firstSequence());
    }
    return first;
  }

  void archived(long number) {
    Range range = ranges.get(number);
    if (range != null) {
      range.archived = true;
    }
  }

  /** Returns whether the archive must still get a segment. */
  boolean isWanted(long number) {
    Range range = ranges.get(number);
    return range != null && !range.archived;
  }

  /** Returns how many bytes of log came before the first segment at or above a number, or the default. */
  long bytesBefore(long number, long otherwise) {
    Map.Entry<Long, Range> first = ranges.ceilingEntry(number);
    return first == null ? otherwise : first.getValue().started.bytesBefore();
  }

  /** Returns how many bytes of log came before the first segment at or above a number or not archived yet. */
  long bytesBeforeUnarchivedOr(long number, long otherwise) {
    for (Map.Entry<Long, Range> each : ranges.entrySet()) {
      Range range = each.getValue();
      boolean wanted = !range.archived && range.started.firstSequence() != UNKNOWN;
      if (each.getKey() >= number || wanted) {
        return range.started.bytesBefore();
      }
    }
    return otherwise;
  }

  int sizeFrom(long number) {
    return ranges.tailMap(number).size();
  }

  int size() {
    return ranges.size();
  }

  List<Long> numbers() {
    return new ArrayList<>(ranges.keySet());
  }
}
