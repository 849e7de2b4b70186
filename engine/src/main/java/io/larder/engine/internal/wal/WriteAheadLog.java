package io.larder.engine.internal.wal;

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
import java.util.function.LongPredicate;
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
 * <p>A mapped log copies each frame into mapped memory when it is appended, so that it is written at once, a commit
 * that asks for no sync waits for nobody, and the leader only syncs. Maps are slower where each commit is synced.
 *
 * <p>Locks: leadership ({@link LeaderQueue}) guards the files; {@code appendLock} guards the buffer, the
 * current segment and position, and the frames of a mapped log. Order: the caller's commit lock, leadership, {@code
 * appendLock}. The only file work under {@code appendLock} is making the next segment where {@link
 * #prepareAhead} did not come first, and in a mapped log the first frame's marks.
 */
public final class WriteAheadLog implements AutoCloseable {
  /** A new database starts small, so that creating one is quick. */
  static final long FIRST_SEGMENT_BYTES_MAX = 1 << 20;

  /** The next segment is prepared when a quarter of the present one is full. */
  private static final int PREPARED_AT_SHIFT = 2;

  private final Clock clock;
  private final LogOptions options;
  private final SegmentFiles files;
  private final LogRecovery recovery;
  private final LogStatistics statistics = new LogStatistics();
  private final LeaderQueue queue = new LeaderQueue();
  private final GroupPatience patience;

  // Guarded by appendLock.
  private final ReentrantLock appendLock = new ReentrantLock();
  private final SegmentSupply supply;
  private final SegmentRanges ranges = new SegmentRanges();
  private final LogBuffer buffer = new LogBuffer();
  private final FrameWriter frames = new FrameWriter();
  private LogSegment current;
  private long position;
  private volatile long appended;
  private boolean closed;
  private volatile boolean segmentWanted;
  private final LogSizes sizes;
  private long neededFrom; // the segment a recovery begins at, if later ones than the first are
  private volatile Runnable workArrived = () -> {};
  private volatile LongPredicate held = number -> false;

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
  private final LogFailure failure = new LogFailure();

  private WriteAheadLog(
      Clock clock,
      LogOptions options,
      SegmentFiles files,
      LogRecoverer.Opened opened,
      LogRecovery recovery) {
    this.clock = clock;
    this.patience = new GroupPatience(clock);
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
    this.supply = new SegmentSupply(files, options, statistics, appendLock);
    opened.started().forEach(ranges::add);
    this.sizes = new LogSizes(opened.bytes());
    noteBytes();
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
    return create(fileSystem, clock, directory, options, lastSequence, 1);
  }

  /**
   * Creates a log as {@link #create(FileSystem, Clock, Path, LogOptions, long)} does, whose first segment has at least
   * a given number.
   *
   * @throws StorageException if the machine refuses
   */
  public static WriteAheadLog create(
      FileSystem fileSystem,
      Clock clock,
      Path directory,
      LogOptions options,
      long lastSequence,
      long leastNumber) {
    SegmentFiles files = new SegmentFiles(fileSystem, clock, directory, options);
    try {
      LogRecoverer.Opened created = LogRecoverer.create(files, options, leastNumber);
      LogRecovery nothing = new LogRecovery(lastSequence, 0, 0, 0, true, "", 0);
      return new WriteAheadLog(clock, options, files, created, nothing);
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
  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the append lock only
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
      if (options.mapped()) {
        copy(frame, batch);
      } else {
        Chunk chunk = buffer.chunkFor(current, position, firstSequence, frameBytes);
        frames.write(chunk.frames, current.salt(), position, frame, batch.bytes(), 0);
        chunk.lastSequence = frame.lastSequence();
      }
      if (position == SegmentLayout.FRAMES_OFFSET) {
        noteStarted(firstSequence);
      }
      position += frameBytes;
      sizes.append(frameBytes);
      appended = frame.lastSequence();
      statistics.countBatch(frameBytes, batch.count());
      patience.arrived();
    } finally {
      appendLock.unlock();
    }
    if (!segmentWanted && position > current.sizeBytes() >>> PREPARED_AT_SHIFT) {
      segmentWanted = true;
      workArrived.run();
    }
  }

  /** Copies a frame to where it stays. Under {@code appendLock}. */
  private void copy(Frame frame, BatchEncoder batch) {
    try {
      LogSegment segment = current;
      if (!segment.started()) {
        segment.start(new Mark(frame.firstSequence(), synced, position, clock.currentTimeMillis()));
      }
      frames.copy(segment, (int) position, frame, batch.bytes());
    } catch (IOException | RuntimeException | Error e) {
      failure.note(e);
      throw failure.stopped();
    }
  }

  private void noteStarted(long firstSequence) {
    ranges.add(new SegmentRanges.Started(current.number(), firstSequence, sizes.appendedBytes()));
    noteBytes();
  }

  private void noteBytes() {
    sizes.note(ranges, Math.max(firstSegment, neededFrom), options.archive() != null);
  }

  /**
   * Returns when everything up to a sequence number is synced ({@link SyncMode#ALWAYS}) or handed to the
   * operating system (the other modes). Requires: it was appended.
   *
   * @throws WritesStoppedException if that failed; whether the batch survives is then open
   */
  public void await(long sequence, SyncMode mode) {
    boolean durable = mode == SyncMode.ALWAYS;
    if ((durable ? synced : writtenSequence()) >= sequence) {
      return;
    }
    if (sequence > appended) {
      throw new IllegalArgumentException(
          "found sequence number " + sequence + ", expected at most " + appended);
    }
    if (durable) {
      syncRequested.accumulateAndGet(sequence, Math::max);
    }
    lead(() -> (durable ? synced : writtenSequence()) >= sequence);
    if ((durable ? synced : writtenSequence()) < sequence) {
      throw failure.stopped();
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
    return options.mapped() ? appended : written;
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

  /** Returns how much log there is, and who needs it. */
  public LogSizes sizes() {
    return sizes;
  }

  /** Hears that a durable manifest names a segment as the first that a recovery reads. */
  public void neededFrom(long number) {
    appendLock.lock();
    try {
      neededFrom = Math.max(neededFrom, number);
      noteBytes();
    } finally {
      appendLock.unlock();
    }
  }

  /**
   * Sets what is run, by a committing thread under its commit lock, when there is work for {@link #prepareAhead} or
   * {@link #archiveNext}. It only wakes somebody.
   */
  public void setWorkArrived(Runnable action) {
    workArrived = action;
  }

  /**
   * Sets which segments stay although nothing needs them, because somebody reads them. Once they do not, {@link
   * #deleteSegmentsBelow} deletes them.
   */
  public void setHeld(LongPredicate segments) {
    held = segments;
  }

  /** Makes the next segment if it will be needed soon. Any thread but a committing one. */
  public void prepareAhead() {
    if (!segmentWanted) {
      return;
    }
    appendLock.lock();
    try {
      if (!failure.isNoted() && !closed) {
        supply.prepareAhead(current.number() + 1);
      }
    } finally {
      appendLock.unlock();
    }
  }

  /**
   * Gives back disk space that only later commits would use; for when nothing was written for a while, or when somebody
   * wants the database small.
   *
   * @throws StorageException if the machine refuses; the log stays usable unless {@link #failure} says otherwise
   */
  public void giveSpaceBack() {
    exclusively(
        () -> {
          appendLock.lock();
          try {
            if (!failure.isNoted() && !closed) {
              supply.giveBack();
              segmentWanted = false;
              exchangeUnused();
            }
          } finally {
            appendLock.unlock();
          }
          files.trimSpares(0);
        },
        "cannot give back the space of log segments");
  }

  /**
   * Puts a small file in the place of a current segment that nothing was written to. By the leader, under {@code
   * appendLock}.
   */
  private void exchangeUnused() throws IOException {
    long size = Math.min(FIRST_SEGMENT_BYTES_MAX, options.segmentBytes());
    LogSegment unused = current;
    if (unused.started() || unused.sizeBytes() <= size || position > SegmentLayout.FRAMES_OFFSET) {
      return;
    }
    SegmentFiles.Prepared prepared = files.write(unused.number(), size);
    try {
      // From the rename on, what is written to the old file would be lost.
      LogSegment made = files.publish(prepared);
      current = made;
      if (lastWritten == unused) {
        lastWritten = made;
      }
      open.remove(unused);
      open.add(made);
    } catch (IOException | RuntimeException e) {
      failure.note(e);
      throw e;
    }
    unused.close();
  }

  /**
   * Hands the oldest segment that takes no more appends and that the archive has not got over to it. One thread at a
   * time.
   *
   * @return whether there was one
   * @throws IOException if the archive refuses; it is asked again the next time
   * @throws WritesStoppedException if the log cannot be synced
   */
  public boolean archiveNext() throws IOException {
    LogArchive archive = options.archive();
    SegmentRanges.Sealed sealed;
    appendLock.lock();
    try {
      sealed = archive == null ? null : ranges.oldestUnarchived(current.number(), appended + 1);
    } finally {
      appendLock.unlock();
    }
    if (archive == null || sealed == null) {
      return false;
    }
    if (sealed.firstSequence() <= sealed.lastSequence()) {
      // What it holds must not be taken back by a power loss once the archive has it.
      await(sealed.lastSequence(), SyncMode.ALWAYS);
      archive(archive, sealed);
    }
    appendLock.lock();
    try {
      ranges.archived(sealed.number());
      noteBytes();
    } finally {
      appendLock.unlock();
    }
    if (sealed.number() < firstSegment) {
      exclusively(this::deleteUnneeded, "cannot delete log segments");
    }
    return true;
  }

  private void archive(LogArchive archive, SegmentRanges.Sealed sealed) throws IOException {
    try {
      if (!archive.contains(sealed.number())) {
        Path path = files.segmentPath(sealed.number());
        archive.archive(sealed.number(), path, sealed.firstSequence(), sealed.lastSequence());
        statistics.countArchived();
      }
    } catch (IOException | RuntimeException e) {
      statistics.countArchiveFailure();
      throw e;
    }
  }

  /** Returns the counters. */
  public LogStatistics statistics() {
    return statistics;
  }

  /** Returns why writes stopped, or null while all is well. */
  public @Nullable Throwable failure() {
    return failure.cause();
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
          firstSegment = Math.max(firstSegment, number);
          deleteUnneeded();
        },
        "cannot delete log segments");
  }

  /** Deletes or keeps for reuse whatever neither a recovery nor the archive needs. Called by the leader. */
  private void deleteUnneeded() throws IOException {
    for (long each : files.segments().headMap(firstSegment).keySet()) {
      if (isUnneeded(each) && !held.test(each)) {
        files.retire(each, takeOpen(each));
        appendLock.lock();
        try {
          ranges.remove(each);
          noteBytes();
        } finally {
          appendLock.unlock();
        }
      }
    }
    appendLock.lock();
    try {
      noteBytes();
    } finally {
      appendLock.unlock();
    }
  }

  private boolean isUnneeded(long number) {
    appendLock.lock();
    try {
      return options.archive() == null || !ranges.isWanted(number);
    } finally {
      appendLock.unlock();
    }
  }

  private @Nullable LogSegment takeOpen(long number) {
    for (LogSegment segment : open) {
      if (segment.number() == number) {
        open.remove(segment);
        return segment;
      }
    }
    return null;
  }

  /**
   * Syncs everything, leaves the mark of an orderly shutdown and closes the files. After a failure it only
   * closes them. Does nothing the second time.
   *
   * @throws WritesStoppedException if the last sync or the mark fails; the files are closed all the same
   */
  @Override
  public void close() {
    close(false);
  }

  /**
   * Closes as {@link #close} does, and makes the sizes of the files durable, for whoever writes them down.
   *
   * @throws WritesStoppedException if that fails; the files are closed all the same
   */
  public void closeForGood() {
    close(true);
  }

  private void close(boolean sizesDurable) {
    if (!closeForAppends()) {
      return;
    }
    exclusively(
        () -> {
          try {
            if (!failure.isNoted()) {
              flush(true);
            }
            if (!failure.isNoted()) {
              endLog(sizesDurable);
              files.trimSpares(0);
            }
          } finally {
            closeFiles(!failure.isNoted());
          }
        },
        "cannot close the log");
    if (failure.isNoted() && synced < appended) {
      throw failure.stopped();
    }
  }

  /** Closes the files without syncing and without a mark, as if the process had ended here. */
  public void abandon() {
    if (closeForAppends()) {
      exclusively(
          () -> {
            failure.note(new IOException("the log was closed without a sync")); // for who waits
            closeFiles(false);
          },
          "cannot close the log");
    }
  }

  private boolean closeForAppends() {
    appendLock.lock();
    try {
      boolean first = !closed;
      closed = true;
      supply.stop();
      return first;
    } finally {
      appendLock.unlock();
    }
  }

  private void endLog(boolean sizeDurable) throws IOException {
    Mark mark = new Mark(appended + 1, synced, position, clock.currentTimeMillis());
    try {
      current.close(mark, sizeDurable);
    } catch (IOException e) {
      failure.note(e);
      throw e;
    }
  }

  private void closeFiles(boolean orderly) throws IOException {
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
      LogSegment next = supply.take(current.number() + 1, sizeBytesMin);
      open.add(next);
      current = next;
      currentNumber = next.number();
      position = SegmentLayout.FRAMES_OFFSET;
      segmentWanted = false;
      workArrived.run();
    } catch (IOException | RuntimeException e) {
      failure.note(e);
      throw failure.stopped();
    }
  }

  /** Works for all while nobody else does, until the goal is reached or the log has failed. */
  private void lead(BooleanSupplier reached) {
    BooleanSupplier done = () -> reached.getAsBoolean() || failure.isNoted();
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
    long target;
    boolean syncs = syncAll || syncRequested.get() > synced;
    if (syncs && !syncAll && !options.mapped()) {
      patience.await();
    }
    appendLock.lock();
    try {
      chunks = buffer.take();
      target = appended;
      if (syncs) {
        patience.serving();
      }
      if (options.mapped()) {
        lastWritten = current;
      }
    } finally {
      appendLock.unlock();
    }
    try {
      failure.requireWritable();
      for (Chunk chunk : chunks) {
        write(chunk);
        written = chunk.lastSequence;
      }
      if (target > synced && (syncAll || syncRequested.get() > synced)) {
        syncOpenSegments(target);
      }
    } catch (IOException | RuntimeException | Error e) {
      failure.note(e);
    }
    if (!chunks.isEmpty()) {
      appendLock.lock();
      try {
        buffer.giveBack(chunks);
      } finally {
        appendLock.unlock();
      }
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

  /**
   * Syncs oldest first; a segment that writing has left is then no longer needed open, unless its mapping will serve
   * another one.
   */
  @SuppressWarnings("ModifyCollectionInEnhancedForLoop") // a copy-on-write list
  private void syncOpenSegments(long target) throws IOException {
    for (LogSegment segment : open) {
      if (segment.dirty()) {
        long start = clock.nanoTime();
        segment.sync();
        long nanos = clock.nanoTime() - start;
        statistics.countSync(nanos);
        patience.synced(nanos);
      }
      if (!options.mapped() && segment.number() < lastWritten.number()) {
        open.remove(segment);
        segment.close();
      }
    }
    synced = target;
  }

  private void requireHealthy() {
    failure.requireNone();
    if (closed) {
      throw new IllegalStateException("the log is closed");
    }
  }
}
