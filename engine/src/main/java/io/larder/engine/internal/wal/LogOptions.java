package io.larder.engine.internal.wal;

import org.jspecify.annotations.Nullable;

/**
 * How a log is kept. An immutable value.
 *
 * @param databaseId the database every segment must belong to
 * @param segmentBytes the size of a segment; a batch that needs more gets a larger one of its own
 * @param spareSegmentsMax how many segments no longer needed are kept for reuse
 * @param orderlyEndRequired whether recovery refuses a log that was not closed in order, instead of going on at its
 *     end
 * @param mapped whether frames are copied into mapped memory instead of written with a call: right where most
 *     commits ask for no sync
 * @param archive what gets each segment before it is reused or deleted, or null
 */
public record LogOptions(
    long databaseId,
    long segmentBytes,
    int spareSegmentsMax,
    boolean orderlyEndRequired,
    boolean mapped,
    @Nullable LogArchive archive) {

  /** The smallest segment: its header and room for a small batch. */
  public static final long SEGMENT_BYTES_MIN = 2L * SegmentLayout.FRAMES_OFFSET;

  /** Creates options of a log that writes with calls, recovers wherever it ends, and archives nothing. */
  public LogOptions(long databaseId, long segmentBytes, int spareSegmentsMax) {
    this(databaseId, segmentBytes, spareSegmentsMax, false, false, null);
  }

  /** Checks the values. */
  public LogOptions {
    if (segmentBytes < SEGMENT_BYTES_MIN || segmentBytes > SegmentLayout.SEGMENT_BYTES_MAX) {
      throw new IllegalArgumentException(
          "found a segment size of "
              + segmentBytes
              + " bytes, expected "
              + SEGMENT_BYTES_MIN
              + " to "
              + SegmentLayout.SEGMENT_BYTES_MAX);
    }
    if (spareSegmentsMax < 0) {
      throw new IllegalArgumentException(
          "found " + spareSegmentsMax + " spare segments, expected 0 or more");
    }
  }

  /** Returns these options with or without mapped memory. */
  public LogOptions withMapped(boolean changed) {
    return new LogOptions(
        databaseId, segmentBytes, spareSegmentsMax, orderlyEndRequired, changed, archive);
  }

  /** Returns these options with an archive. */
  public LogOptions withArchive(@Nullable LogArchive changed) {
    return new LogOptions(
        databaseId, segmentBytes, spareSegmentsMax, orderlyEndRequired, mapped, changed);
  }
}
