package io.larder.engine.internal.wal;

import io.larder.engine.internal.io.LazyLogger;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Has the next segment of a log ready before it is needed, so that going on to it is an assignment. Guarded by the
 * log's append lock, but for the work of {@link #prepareAhead}, which is done without it.
 *
 * <p>Whoever needs a segment that is being prepared waits for it; one that is not is made on the spot.
 */
final class SegmentSupply {
  private static final System.Logger LOG = LazyLogger.of(SegmentSupply.class);

  /** A batch may take a quarter of a small segment. */
  private static final int SMALL_ENOUGH_SHIFT = 2;

  private final SegmentFiles files;
  private final LogOptions options;
  private final LogStatistics statistics;
  private final ReentrantLock lock;
  private final Condition prepared;
  private @Nullable LogSegment next;
  private boolean preparing;
  private boolean closed;

  SegmentSupply(
      SegmentFiles files, LogOptions options, LogStatistics statistics, ReentrantLock lock) {
    this.files = files;
    this.options = options;
    this.statistics = statistics;
    this.lock = lock;
    this.prepared = lock.newCondition();
  }

  /** Returns whether the next segment is ready or will be without anybody asking. Under the lock. */
  boolean isAhead() {
    return next != null || preparing;
  }

  /**
   * Makes the segment of a number unless one is ready. Called under the lock, which is released meanwhile. That it
   * fails is only logged: whoever needs the segment tries again and learns of it.
   */
  void prepareAhead(long number) {
    if (closed || isAhead()) {
      return;
    }
    preparing = true;
    @Nullable LogSegment made = null;
    lock.unlock();
    try {
      made = mapped(files.prepare(number, options.segmentBytes()));
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "The next log segment could not be prepared ahead", e);
    } finally {
      lock.lock();
      preparing = false;
      next = made;
      prepared.signalAll();
    }
  }

  private LogSegment make(long number, long sizeBytes, long sizeBytesMin, boolean lastResort)
      throws IOException {
    return mapped(files.prepareWhatFits(number, sizeBytes, sizeBytesMin, lastResort));
  }

  private LogSegment mapped(LogSegment made) throws IOException {
    boolean done = false;
    try {
      if (options.mapped()) {
        made.map();
      }
      statistics.countSegment();
      done = true;
      return made;
    } finally {
      if (!done) {
        made.close();
      }
    }
  }

  /**
   * Returns a segment of at least the given number and size. Under the lock.
   *
   * @param lastResort whether it may be made of what is kept in reserve for a full disk
   */
  LogSegment take(long number, long sizeBytesMin, boolean lastResort) throws IOException {
    awaitPrepared();
    LogSegment ready = next;
    next = null;
    if (ready == null) {
      statistics.countLateSegment();
      return make(number, sizeOnTheSpot(sizeBytesMin), sizeBytesMin, lastResort);
    }
    if (ready.sizeBytes() >= sizeBytesMin) {
      return ready;
    }
    long unused = ready.number();
    files.retire(unused, ready);
    return make(unused + 1, sizeBytesMin, sizeBytesMin, lastResort);
  }

  /** A small one is made sooner, and the one after it will be made ahead. */
  private long sizeOnTheSpot(long sizeBytesMin) {
    long small = Math.min(options.segmentBytes(), WriteAheadLog.FIRST_SEGMENT_BYTES_MAX);
    boolean enough = files.spareCount() == 0 && sizeBytesMin <= small >>> SMALL_ENOUGH_SHIFT;
    return enough ? small : Math.max(options.segmentBytes(), sizeBytesMin);
  }

  /** Deletes the segment that is ready, if one is. Under the lock. */
  void giveBack() throws IOException {
    LogSegment ready = next;
    if (ready != null) {
      next = null;
      ready.close();
      files.delete(ready.number());
    }
  }

  private void awaitPrepared() {
    while (preparing) {
      prepared.awaitUninterruptibly();
    }
  }

  /** Prepares nothing from now on and returns when nothing is being prepared. Under the lock. */
  void stop() {
    closed = true;
    awaitPrepared();
  }

  /** Closes the segment that is ready, and deletes its file if asked to. Requires: {@link #stop}. */
  void close(boolean delete) throws IOException {
    LogSegment ready = next;
    next = null;
    if (ready != null) {
      ready.close();
      if (delete) {
        files.delete(ready.number());
      }
    }
  }
}
