package io.larder.engine.internal.wal;

import io.larder.engine.api.StorageException;
import io.larder.engine.internal.codec.BatchEncoder;
import io.larder.engine.internal.io.FullDisk;
import io.larder.engine.internal.wal.LogBuffer.Chunk;
import io.larder.engine.internal.wal.SegmentLayout.Mark;
import io.larder.engine.spi.Clock;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The end of a log, where batches are appended: the current segment, the place in it, what is appended and not yet
 * written, and the change to the next segment. Thread-safe.
 *
 * <p>Its lock guards all of that, the frames of a mapped log, and the ledger of segments. It is taken after leadership
 * ({@link GroupCommit}). The only file work under it is making the next segment where {@link #prepareAhead} did not come
 * first, and in a mapped log the first frame's marks.
 */
final class LogTail {
  /** The next segment is prepared when a quarter of the present one is full. */
  private static final int PREPARED_AT_SHIFT = 2;

  private final Clock clock;
  private final LogOptions options;
  private final SegmentFiles files;
  private final OpenSegments open;
  private final LogProgress progress;
  private final LogFailure failure;
  private final LogStatistics statistics;
  private final GroupPatience patience;

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final SegmentSupply supply;
  private final SegmentLedger ledger;
  private final LogBuffer buffer = new LogBuffer();
  private final FrameWriter frames = new FrameWriter();
  private LogSegment current;
  private long position;
  private boolean closed;

  /** What the current segment was found to have room for, until something is appended. */
  private long requiredBytes;

  // Written under the lock.
  private volatile long currentNumber;
  private volatile boolean segmentWanted;

  /** Whether a recovery found no room for a segment, and none was made since. */
  private volatile boolean withoutRoom;

  private volatile Runnable workArrived = () -> {};

  /**
   * What was appended and not yet written.
   *
   * @param chunks the frames, in order; none in a mapped log
   * @param lastSequence the last sequence number appended
   */
  record Taken(List<Chunk> chunks, long lastSequence) {}

  LogTail(LogParts parts, LogRecoverer.Opened opened) {
    this.clock = parts.clock();
    this.options = parts.options();
    this.files = parts.files();
    this.open = parts.open();
    this.progress = parts.progress();
    this.failure = parts.failure();
    this.statistics = parts.statistics();
    this.patience = parts.patience();
    this.current = opened.segment();
    this.position = opened.position();
    this.currentNumber = current.number();
    this.withoutRoom = opened.withoutRoom();
    this.supply = new SegmentSupply(files, options, statistics, lock);
    this.ledger =
        new SegmentLedger(
            options.archive() != null, opened.firstSegment(), opened.started(), opened.bytes());
    open.add(current);
  }

  /** Returns the lock that guards the tail and the ledger. */
  ReentrantLock lock() {
    return lock;
  }

  SegmentLedger ledger() {
    return ledger;
  }

  /** Returns the number of the segment that appends go to. */
  long currentSegment() {
    return currentNumber;
  }

  void setWorkArrived(Runnable action) {
    workArrived = action;
  }

  /** See {@link WriteAheadLog#append}. */
  void append(BatchEncoder batch, long firstSequence, long commitTimeMillis) {
    long frameBytes = SegmentLayout.frameBytes(batch.length());
    lock.lock();
    try {
      requireHealthy();
      requireDue(batch, firstSequence);
      if (frameBytes > current.sizeBytes() - position) {
        roll(SegmentLayout.FRAMES_OFFSET + frameBytes);
      }
      Frame frame =
          new Frame(
              batch.length(),
              batch.checksum(),
              batch.count(),
              firstSequence,
              progress.synced(),
              commitTimeMillis);
      if (options.mapped()) {
        copy(frame, batch);
      } else {
        Chunk chunk = buffer.chunkFor(current, position, firstSequence, frameBytes);
        frames.write(chunk.frames, current.salt(), position, frame, batch.bytes(), 0);
        chunk.lastSequence = frame.lastSequence();
      }
      if (position == SegmentLayout.FRAMES_OFFSET) {
        ledger.started(current.number(), firstSequence);
      }
      position += frameBytes;
      requiredBytes = 0;
      ledger.appended(frameBytes);
      progress.appendedTo(frame.lastSequence());
      statistics.countBatch(frameBytes, batch.count());
      patience.arrived();
    } finally {
      lock.unlock();
    }
    if (!segmentWanted && position > current.sizeBytes() >>> PREPARED_AT_SHIFT) {
      segmentWanted = true;
      workArrived.run();
    }
  }

  private void requireDue(BatchEncoder batch, long firstSequence) {
    long due = progress.appended() + 1;
    if (firstSequence != due || batch.count() == 0) {
      throw new IllegalArgumentException(
          "found a batch of "
              + batch.count()
              + " changes from sequence number "
              + firstSequence
              + ", expected some from "
              + due);
    }
  }

  /** Copies a frame to where it stays. Under the lock. */
  private void copy(Frame frame, BatchEncoder batch) {
    try {
      LogSegment segment = current;
      if (!segment.started()) {
        segment.start(
            new Mark(
                frame.firstSequence(), progress.synced(), position, clock.currentTimeMillis()));
      }
      frames.copy(segment, (int) position, frame, batch.bytes());
    } catch (IOException | RuntimeException | Error e) {
      failure.note(e);
      throw failure.stopped();
    }
  }

  /** Makes the next segment the current one, or stops writes. Under the lock. */
  private void roll(long sizeBytesMin) {
    try {
      advance(sizeBytesMin, true);
    } catch (IOException | RuntimeException e) {
      failure.note(e);
      throw failure.stopped();
    }
  }

  /**
   * Makes the next segment the current one. Under the lock.
   *
   * @param lastResort whether it may be made of what is kept in reserve for a full disk
   * @throws IOException if it cannot be made; all is as it was then
   */
  private void advance(long sizeBytesMin, boolean lastResort) throws IOException {
    if (sizeBytesMin > SegmentLayout.SEGMENT_BYTES_MAX) {
      throw new IOException("a batch of " + sizeBytesMin + " bytes does not fit a log segment");
    }
    LogSegment next = supply.take(current.number() + 1, sizeBytesMin, lastResort);
    open.add(next);
    current = next;
    currentNumber = next.number();
    position = SegmentLayout.FRAMES_OFFSET;
    segmentWanted = false;
    withoutRoom = false;
    workArrived.run();
  }

  /** See {@link WriteAheadLog#rotate}. */
  long rotate() {
    lock.lock();
    try {
      requireHealthy();
      if (position > SegmentLayout.FRAMES_OFFSET) {
        advance(0, false);
      }
      return current.number();
    } catch (IOException e) {
      if (FullDisk.isCauseOf(e)) {
        throw new StorageException(
            "there is no room for the next log segment: " + e.getMessage(), e);
      }
      failure.note(e);
      throw failure.stopped();
    } finally {
      lock.unlock();
    }
  }

  /** See {@link WriteAheadLog#fits}. */
  boolean fits(long frameBytes) {
    lock.lock();
    try {
      boolean fits = frameBytes <= current.sizeBytes() - position;
      requiredBytes = fits ? frameBytes : 0;
      return fits;
    } finally {
      lock.unlock();
    }
  }

  /** See {@link WriteAheadLog#makeRoomFor}. */
  void makeRoomFor(long frameBytes, boolean lastResort) throws IOException {
    lock.lock();
    try {
      requireHealthy();
      if (!fits(frameBytes)) {
        advance(SegmentLayout.FRAMES_OFFSET + frameBytes, lastResort);
        requiredBytes = frameBytes;
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isWithoutRoom() {
    return withoutRoom;
  }

  /** See {@link WriteAheadLog#keepReserve}. */
  void keepReserve() throws IOException {
    lock.lock();
    try {
      if (isUsable()) { // later another process may own the directory
        files.keepReserve();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Makes the next segment if it will be needed soon. Any thread but a committing one. */
  void prepareAhead() {
    if (!segmentWanted) {
      return;
    }
    lock.lock();
    try {
      if (isUsable()) {
        supply.prepareAhead(current.number() + 1);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Hands over what was appended and not yet written, to the leader.
   *
   * @param syncs whether a sync will follow
   */
  Taken take(boolean syncs) {
    lock.lock();
    try {
      List<Chunk> chunks = buffer.take();
      if (syncs) {
        patience.serving();
      }
      return new Taken(chunks, progress.appended());
    } finally {
      lock.unlock();
    }
  }

  /** Takes back the memory of what was taken. */
  void giveBack(Taken taken) {
    if (!taken.chunks().isEmpty()) {
      lock.lock();
      try {
        buffer.giveBack(taken.chunks());
      } finally {
        lock.unlock();
      }
    }
  }

  /** Gives back the disk space that only later commits would use. By the leader. */
  void giveSpaceBack() throws IOException {
    lock.lock();
    try {
      if (isUsable()) {
        supply.giveBack();
        segmentWanted = false;
        exchangeUnused();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Puts a small file in the place of a current segment that nothing was written to. By the leader, under the lock. */
  private void exchangeUnused() throws IOException {
    long size = Math.min(WriteAheadLog.FIRST_SEGMENT_BYTES_MAX, options.segmentBytes());
    LogSegment unused = current;
    if (unused.started() || unused.sizeBytes() <= size || position > SegmentLayout.FRAMES_OFFSET) {
      return;
    }
    if (SegmentLayout.FRAMES_OFFSET + requiredBytes > size) {
      return; // a batch is about to be appended that was told there is room for it
    }
    SegmentFiles.Prepared prepared = files.write(unused.number(), size);
    try {
      // From the rename on, what is written to the old file would be lost.
      LogSegment made = files.publish(prepared);
      current = made;
      open.remove(unused);
      open.add(made);
    } catch (IOException | RuntimeException e) {
      failure.note(e);
      throw e;
    }
    unused.close();
  }

  /** Returns the oldest segment that takes no more appends and that the archive has not got, or null. */
  SegmentRanges.@Nullable Sealed oldestUnarchived() {
    lock.lock();
    try {
      return ledger.oldestUnarchived(current.number(), progress.appended() + 1);
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more appends and prepares nothing from now on; returns false the second time. */
  boolean close() {
    lock.lock();
    try {
      boolean first = !closed;
      closed = true;
      supply.stop();
      return first;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the log in order, unless there is no room for a segment, where nothing was appended. By the leader. Requires: it
   * is closed, and everything is durable.
   *
   * @param sizeDurable whether the sizes of the files are made durable too
   * @param closingNumber the next file id that the manifest has, and never had before, or 0
   * @param millis the time of the mark where it has one, 0 for that of the clock
   */
  void end(boolean sizeDurable, long closingNumber, long millis) throws IOException {
    if (withoutRoom) {
      return;
    }
    long now = millis == 0 ? clock.currentTimeMillis() : millis;
    long time = closingNumber == 0 ? now : closingNumber;
    Mark mark = new Mark(progress.appended() + 1, progress.synced(), position, time);
    try {
      current.close(mark, closingNumber != 0, sizeDurable);
    } catch (IOException e) {
      failure.note(e);
      throw e;
    }
  }

  /** Closes all files. By the leader. Requires: it is closed. */
  void closeFiles(boolean orderly) throws IOException {
    open.closeAll(supply, files, orderly);
  }

  private boolean isUsable() {
    return !failure.isNoted() && !closed;
  }

  private void requireHealthy() {
    failure.requireNone();
    if (closed) {
      throw new IllegalStateException("the log is closed");
    }
  }
}
