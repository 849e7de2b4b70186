package io.larder.engine.internal.wal;

/**
 * How much log there is, and who needs it. Written under the log's append lock; anybody may read.
 *
 * <p>Numbers of bytes are kept as what was appended and does not count, so that a commit changes only one of them.
 */
public final class LogSizes {
  private volatile long appendedBytes;
  private volatile long keptFromBytes;
  private volatile long neededFromBytes;
  private volatile long owedFromBytes;
  private volatile int keptSegments;
  private volatile int neededSegments;

  LogSizes(long bytes) {
    appendedBytes = bytes;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // under the append lock
  void append(long bytes) {
    appendedBytes = appendedBytes + bytes;
  }

  /**
   * Hears that segments came, went, or are not needed any more.
   *
   * @param needed the first segment that a recovery reads
   * @param archived whether there is an archive
   */
  void note(SegmentRanges ranges, long needed, boolean archived) {
    keptFromBytes = appendedBytes - ranges.bytes(appendedBytes);
    neededFromBytes = ranges.bytesBefore(needed, appendedBytes);
    owedFromBytes =
        archived ? ranges.bytesBeforeUnarchivedOr(needed, appendedBytes) : neededFromBytes;
    keptSegments = ranges.size();
    neededSegments = ranges.sizeFrom(needed);
  }

  /** Returns how many bytes were appended or found. */
  long appendedBytes() {
    return appendedBytes;
  }

  /** Returns how many bytes of log there are, with those only the archive still waits for. */
  public long keptBytes() {
    return appendedBytes - keptFromBytes;
  }

  /** Returns how many bytes of log a recovery would read. */
  public long neededBytes() {
    return appendedBytes - neededFromBytes;
  }

  /**
   * Returns how many bytes of log a recovery would read or the archive still waits for, without those that are kept only
   * because somebody reads them.
   */
  public long owedBytes() {
    return appendedBytes - owedFromBytes;
  }

  /** Returns how many segments hold batches, with those only the archive still waits for. */
  public int keptSegments() {
    return keptSegments;
  }

  /** Returns how many segments with batches a recovery would read. */
  public int neededSegments() {
    return neededSegments;
  }
}
