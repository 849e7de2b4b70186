package io.larder.engine.internal.wal;

import io.larder.engine.api.LarderException;
import io.larder.engine.api.StorageException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.codec.BatchEncoder;
import io.larder.engine.internal.wal.LogBuffer.Chunk;
import io.larder.engine.internal.wal.SegmentLayout.Mark;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The log of one open database. Thread-safe; the disk engine owns and closes it.
 *
 * <p>The life of a commit: the caller spells the batch and its checksum ({@link BatchEncoder}) without any
 * lock; under its commit lock it takes sequence numbers and calls {@link #append}, which copies the frame
 * into memory; outside the commit lock it calls {@link #await}. There, the thread that finds no leader
 * takes everything appended so far, writes it with one call, syncs if anybody asked for it, and wakes the
 * next leader before all others.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Sequence numbers are appended without gap, and written in that order. {@code synced <= written <=
 *       appended}.
 *   <li>A sequence number counts as synced only after a sync of every segment that holds unsynced bytes
 *       up to it, oldest segment first.
 *   <li>After the first failure of a write or a sync nothing is written any more: whoever waits for
 *       something not yet reached gets {@link WritesStoppedException}. No sync is tried twice.
 * </ol>
 *
 * <p>Locks: leadership ({@link LeaderQueue}) guards the files; {@code appendLock} guards the buffer and the
 * current segment and position. Order: the caller's commit lock, leadership, {@code appendLock}. The only
 * file work under {@code appendLock} is making the next segment.
 */
public final class WriteAheadLog implements AutoCloseable {
  /** A new database starts small, so that creating one is quick. */
  private static final long FIRST_SEGMENT_BYTES_MAX = 1 << 20;

  private final Clock clock;
  private final LogOptions options;
  private final SegmentFiles files;
  private final LogRecovery recovery;
  private final LogStatistics statistics = new LogStatistics();
  private final LeaderQueue queue = new LeaderQueue();

  // Guarded by appendLock.
  private final ReentrantLock appendLock = new ReentrantLock();
  private final LogBuffer buffer = new LogBuffer();
  private final FrameWriter frames = new FrameWriter();
  private LogSegment current;
  private long position;
  private volatile long appended;
  private boolean closed;

  // Every segment file that is open, oldest first; whoever makes one adds it, the leader removes
  // it.
  private final List<LogSegment> open = new CopyOnWriteArrayList<>();

  // Written by the leader only, but for syncRequested and failure.
  private LogSegment lastWritten;
  private volatile long written;
  private volatile long synced;
  private final AtomicLong syncRequested = new AtomicLong();
  private volatile long firstSegment;
  private volatile long currentNumber;
  private volatile @Nullable Throwable failure;

  private WriteAheadLog(
      Clock clock,
      LogOptions options,
      SegmentFiles files,
      LogRecoverer.Opened opened,
      LogRecovery recovery) {
    this.clock = clock;
    this.options = options;
    this.files = files;
    this.recovery = recovery;
    this.current = opened.segment();
    this.position = opened.position();
    this.lastWritten = current;
    this.firstSegment = opened.firstSegment();
    this.currentNumber = current.number();
    this.appended = recovery.lastSequence();
    this.written = appended;
    this.synced = appended;
    this.syncRequested.set(appended);
    this.open.add(current);
  }

  /**
   * Creates the log of a new database in an existing directory; its first segment is durable on return,
   * and the manifest may name it.
   *
   * @param lastSequence the sequence number before the first that will be appended
   * @throws StorageException if the machine refuses
   */
  public static WriteAheadLog create(
      FileSystem fileSystem, Clock clock, Path directory, LogOptions options, long lastSequence) {
    SegmentFiles files = new SegmentFiles(fileSystem, clock, directory, options);
    try {
      long number = files.segments().isEmpty() ? 1 : files.segments().lastKey() + 1;
      LogSegment segment =
          files.prepare(number, Math.min(FIRST_SEGMENT_BYTES_MAX, options.segmentBytes()));
      return new WriteAheadLog(
          clock,
          options,
          files,
          new LogRecoverer.Opened(segment, SegmentLayout.FRAMES_OFFSET, number),
          new LogRecovery(lastSequence, 0, 0, 0, true, "", 0));
    } catch (IOException e) {
      throw new StorageException(directory + ": cannot create the log: " + e.getMessage(), e);
    }
  }

  /**
   * Opens an existing log: hands out every batch that is not in tables, then takes appends. All that was
   * handed out is durable on return.
   *
   * @throws io.larder.engine.api.CorruptionException if something that was durable is damaged or missing
   * @throws StorageException if the machine refuses a read or write; the log on disk is as good as before
   */
  public static WriteAheadLog recover(
      FileSystem fileSystem,
      Clock clock,
      Path directory,
      LogOptions options,
      LogStart start,
      BatchConsumer consumer) {
    SegmentFiles files = new SegmentFiles(fileSystem, clock, directory, options);
    try {
      LogRecoverer recoverer = new LogRecoverer(fileSystem, clock, files, options, start);
      LogRecoverer.Opened opened = recoverer.recover(consumer);
      return new WriteAheadLog(clock, options, files, opened, recoverer.result());
    } catch (IOException e) {
      throw new StorageException(directory + ": cannot recover the log: " + e.getMessage(), e);
    }
  }

  /** Returns what the recovery found when this log was opened. */
  public LogRecovery recovery() {
    return recovery;
  }

  /**
   * Appends a batch to what will be written next; does not wait. Called under the caller's commit lock. When
   * it throws, nothing was appended.
   *
   * @param batch the changes, finished
   * @param firstSequence the sequence number of the first change; must be the one that is due
   * @param commitTimeMillis the commit time, milliseconds since the epoch
   * @throws WritesStoppedException after a failure
   */
  public void append(BatchEncoder batch, long firstSequence, long commitTimeMillis) {
    long frameBytes = SegmentLayout.frameBytes(batch.length());
    appendLock.lock();
    try {
      requireHealthy();
      if (firstSequence != appended + 1 || batch.count() == 0) {
        throw new IllegalArgumentException(
            "found a batch of "
                + batch.count()
                + " changes from sequence number "
                + firstSequence
                + ", expected some from "
                + (appended + 1));
      }
      if (frameBytes > current.sizeBytes() - position) {
        roll(SegmentLayout.FRAMES_OFFSET + frameBytes);
      }
      Frame frame =
          new Frame(
              batch.length(),
              batch.checksum(),
              batch.count(),
              firstSequence,
              synced,
              commitTimeMillis);
      Chunk chunk = buffer.chunkFor(current, position, firstSequence, frameBytes);
      frames.write(chunk.frames, current.salt(), position, frame, batch.bytes(), 0);
      chunk.lastSequence = frame.lastSequence();
      position += frameBytes;
      appended = frame.lastSequence();
      statistics.countBatch(frameBytes);
    } finally {
      appendLock.unlock();
    }
  }

  /**
   * Returns when everything up to a sequence number is synced ({@link SyncMode#ALWAYS}) or handed to the
   * operating system (the other modes). Requires: it was appended.
   *
   * @throws WritesStoppedException if that failed; whether the batch survives is then open
   */
  public void await(long sequence, SyncMode mode) {
    boolean durable = mode == SyncMode.ALWAYS;
    if (sequence > appended) {
      throw new IllegalArgumentException(
          "found sequence number " + sequence + ", expected at most " + appended);
    }
    if (durable) {
      syncRequested.accumulateAndGet(sequence, Math::max);
    }
    lead(() -> (durable ? synced : written) >= sequence);
    if ((durable ? synced : written) < sequence) {
      throw stopped();
    }
  }

  /**
   * Makes everything appended so far durable.
   *
   * @throws WritesStoppedException if that fails or failed before
   */
  public void sync() {
    long target = appended;
    if (synced < target) {
      await(target, SyncMode.ALWAYS);
    }
  }

  /** Returns the last sequence number handed to the operating system. */
  public long writtenSequence() {
    return written;
  }

  /** Returns the last sequence number known to be durable. */
  public long syncedSequence() {
    return synced;
  }

  /** Returns the number of the oldest segment. */
  public long firstSegment() {
    return firstSegment;
  }

  /** Returns the number of the segment that appends go to. */
  public long currentSegment() {
    return currentNumber;
  }

  /** Returns the counters. */
  public LogStatistics statistics() {
    return statistics;
  }

  /** Returns why writes stopped, or null while all is well. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /**
   * Lets later appends go to a segment of their own. Called under the caller's commit lock.
   *
   * @return that segment's number; its name and header are durable
   * @throws WritesStoppedException if that fails or failed before
   */
  public long rotate() {
    appendLock.lock();
    try {
      requireHealthy();
      if (position > SegmentLayout.FRAMES_OFFSET) {
        roll(0);
      }
      return current.number();
    } finally {
      appendLock.unlock();
    }
  }

  /**
   * Gives up segments that nothing needs any more. Requires: a manifest that names this or a later segment as
   * the first is durable.
   *
   * @throws StorageException if the machine refuses; the log stays usable
   */
  public void deleteSegmentsBelow(long number) {
    if (number > currentNumber) {
      throw new IllegalArgumentException(
          "found segment " + number + ", expected at most the current one, " + currentNumber);
    }
    exclusively(
        () -> {
          flush(false);
          for (long each : files.segments().headMap(number).keySet()) {
            release(each);
            files.retire(each);
          }
          firstSegment = Math.max(firstSegment, number);
        },
        "cannot delete log segments");
  }

  @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // a copy-on-write list
  private void release(long number) throws IOException {
    for (LogSegment segment : open) {
      if (segment.number() == number) {
        open.remove(segment);
        segment.close();
      }
    }
  }

  /**
   * Syncs everything, leaves the mark of an orderly shutdown and closes the files. After a failure it only
   * closes them. Does nothing the second time.
   *
   * @throws WritesStoppedException if the last sync or the mark fails; the files are closed all the same
   */
  @Override
  public void close() {
    if (!closeForAppends()) {
      return;
    }
    exclusively(
        () -> {
          try {
            if (failure == null) {
              flush(true);
            }
            if (failure == null) {
              endLog();
            }
          } finally {
            closeFiles();
          }
        },
        "cannot close the log");
    if (failure != null && synced < appended) {
      throw stopped();
    }
  }

  /** Closes the files without syncing and without a mark, as if the process had ended here. */
  public void abandon() {
    if (closeForAppends()) {
      exclusively(this::closeFiles, "cannot close the log");
    }
  }

  private boolean closeForAppends() {
    appendLock.lock();
    try {
      boolean first = !closed;
      closed = true;
      return first;
    } finally {
      appendLock.unlock();
    }
  }

  private void endLog() throws IOException {
    Mark mark = new Mark(appended + 1, synced, position, clock.currentTimeMillis());
    try {
      if (!current.started()) {
        current.start(mark);
      }
      current.end(mark);
      current.sync();
    } catch (IOException e) {
      fail(e);
      throw e;
    }
  }

  private void closeFiles() throws IOException {
    IOException problem = null;
    for (LogSegment segment : open) {
      try {
        segment.close();
      } catch (IOException e) {
        problem = e;
      }
    }
    open.clear();
    if (problem != null) {
      throw problem;
    }
  }

  /** Makes the next segment the current one. Called under {@code appendLock}. */
  private void roll(long sizeBytesMin) {
    try {
      if (sizeBytesMin > SegmentLayout.SEGMENT_BYTES_MAX) {
        throw new IOException("a batch of " + sizeBytesMin + " bytes does not fit a log segment");
      }
      LogSegment next =
          files.prepare(current.number() + 1, Math.max(options.segmentBytes(), sizeBytesMin));
      open.add(next);
      current = next;
      currentNumber = next.number();
      position = SegmentLayout.FRAMES_OFFSET;
      statistics.countSegment();
    } catch (IOException | RuntimeException e) {
      fail(e);
      throw stopped();
    }
  }

  /** Works for all while nobody else does, until the goal is reached or the log has failed. */
  private void lead(BooleanSupplier reached) {
    BooleanSupplier done = () -> reached.getAsBoolean() || failure != null;
    while (queue.lead(done)) {
      try {
        if (!done.getAsBoolean()) {
          flush(false);
        }
      } finally {
        queue.release();
      }
    }
  }

  /** A piece of work on the files. */
  @FunctionalInterface
  private interface FileWork {
    void run() throws IOException;
  }

  private void exclusively(FileWork work, String problem) {
    queue.leadAlone();
    try {
      work.run();
    } catch (IOException e) {
      throw new StorageException(problem + ": " + e.getMessage(), e);
    } finally {
      queue.release();
    }
  }

  /** Writes all that is appended, and syncs it if anybody asked for that. Called by the leader. */
  private void flush(boolean syncAll) {
    List<Chunk> chunks;
    appendLock.lock();
    try {
      chunks = buffer.take();
    } finally {
      appendLock.unlock();
    }
    try {
      requireUnpoisoned();
      for (Chunk chunk : chunks) {
        write(chunk);
        written = chunk.lastSequence;
      }
      if (written > synced && (syncAll || syncRequested.get() > synced)) {
        syncOpenSegments();
      }
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    }
    appendLock.lock();
    try {
      buffer.giveBack(chunks);
    } finally {
      appendLock.unlock();
    }
  }

  private void requireUnpoisoned() throws IOException {
    Throwable cause = failure;
    if (cause != null) {
      throw new IOException("writes stopped earlier", cause);
    }
  }

  private void write(Chunk chunk) throws IOException {
    LogSegment segment = chunk.segment;
    if (!segment.started()) {
      segment.start(
          new Mark(chunk.firstSequence, synced, chunk.position, clock.currentTimeMillis()));
    }
    lastWritten = segment;
    segment.write(chunk.position, chunk.frames.flip());
    statistics.countWrite();
  }

  /** Syncs oldest first; a segment that writing has left is then no longer needed open. */
  @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // a copy-on-write list
  private void syncOpenSegments() throws IOException {
    long target = written;
    for (LogSegment segment : open) {
      if (segment.dirty()) {
        long start = clock.nanoTime();
        segment.sync();
        statistics.countSync(clock.nanoTime() - start);
      }
      if (segment.number() < lastWritten.number()) {
        open.remove(segment);
        segment.close();
      }
    }
    synced = target;
  }

  private void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  private void requireHealthy() {
    if (failure != null) {
      throw stopped();
    }
    if (closed) {
      throw new IllegalStateException("the log is closed");
    }
  }

  private LarderException stopped() {
    Throwable cause = failure;
    String reason = cause == null ? "the log is closed" : String.valueOf(cause.getMessage());
    return new WritesStoppedException(
        "writes have stopped after a failed write or sync of the log: "
            + reason
            + "; reads go on, reopening recovers",
        cause == null ? new IllegalStateException(reason) : cause);
  }
}
