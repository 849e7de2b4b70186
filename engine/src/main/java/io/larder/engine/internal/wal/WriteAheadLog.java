package io.larder.engine.internal.wal;

import io.larder.engine.api.StorageException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.codec.BatchEncoder;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
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
 *       appended} ({@link LogProgress}).
 *   <li>A sequence number counts as synced only after a sync of every segment that holds unsynced bytes
 *       up to it, oldest segment first ({@link GroupCommit}).
 *   <li>After the first failure of a write or a sync nothing is written any more: whoever waits for
 *       something not yet reached gets {@link WritesStoppedException}. No sync is tried twice ({@link LogFailure}).
 * </ol>
 *
 * <p>A mapped log copies each frame into mapped memory when it is appended, so that it is written at once, a commit
 * that asks for no sync waits for nobody, and the leader only syncs. Maps are slower where each commit is synced.
 *
 * <p>Who does what: {@link LogTail} takes appends and changes segments, {@link GroupCommit} writes and syncs, {@link
 * SegmentUpkeep} archives and gives up segments. Order of locks: the caller's commit lock, leadership, the tail's lock.
 */
public final class WriteAheadLog implements AutoCloseable {
  /** A new database starts small, so that creating one is quick. */
  static final long FIRST_SEGMENT_BYTES_MAX = 1 << 20;

  private final LogParts parts;
  private final LogRecovery recovery;
  private final LogProgress progress;
  private final LogFailure failure;
  private final LogTail tail;
  private final GroupCommit group;
  private final SegmentUpkeep upkeep;

  private WriteAheadLog(
      Clock clock,
      LogOptions options,
      SegmentFiles files,
      LogRecoverer.Opened opened,
      LogRecovery recovery) {
    this.recovery = recovery;
    this.progress = new LogProgress(options.mapped(), recovery.lastSequence());
    this.failure = new LogFailure();
    this.parts =
        new LogParts(
            clock,
            options,
            files,
            new OpenSegments(),
            progress,
            failure,
            new LogStatistics(),
            new GroupPatience(clock));
    this.tail = new LogTail(parts, opened);
    this.group = new GroupCommit(parts, tail);
    this.upkeep = new SegmentUpkeep(parts, tail, group);
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
      LogRecovery nothing = new LogRecovery(lastSequence, 0, 0, 0, true, "", 0, 0, 0);
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
  public void append(BatchEncoder batch, long firstSequence, long commitTimeMillis) {
    tail.append(batch, firstSequence, commitTimeMillis);
  }

  /**
   * Returns when everything up to a sequence number is synced ({@link SyncMode#ALWAYS}) or handed to the
   * operating system (the other modes). Requires: it was appended.
   *
   * @throws WritesStoppedException if that failed; whether the batch survives is then open
   */
  public void await(long sequence, SyncMode mode) {
    group.await(sequence, mode);
  }

  /**
   * Makes everything appended so far durable.
   *
   * @throws WritesStoppedException if that fails or failed before
   */
  public void sync() {
    long target = progress.appended();
    if (progress.synced() < target) {
      group.await(target, SyncMode.ALWAYS);
    }
  }

  /** Returns the last sequence number handed to the operating system. */
  public long writtenSequence() {
    return progress.written();
  }

  /** Returns the last sequence number known to be durable. */
  public long syncedSequence() {
    return progress.synced();
  }

  /** Returns the number of the oldest segment. */
  public long firstSegment() {
    return tail.ledger().firstSegment();
  }

  /** Returns the number of the segment that appends go to. */
  public long currentSegment() {
    return tail.currentSegment();
  }

  /** Returns how much log there is, and who needs it. */
  public LogSizes sizes() {
    return tail.ledger().sizes();
  }

  /** Returns the counters. */
  public LogStatistics statistics() {
    return parts.statistics();
  }

  /** Returns why writes stopped, or null while all is well. */
  public @Nullable Throwable failure() {
    return failure.cause();
  }

  /** Hears that a durable manifest names a segment as the first that a recovery reads. */
  public void neededFrom(long number) {
    tail.lock().lock();
    try {
      tail.ledger().neededFrom(number);
    } finally {
      tail.lock().unlock();
    }
  }

  /**
   * Sets what is run, by a committing thread under its commit lock, when there is work for {@link #prepareAhead} or
   * {@link #archiveNext}. It only wakes somebody.
   */
  public void setWorkArrived(Runnable action) {
    tail.setWorkArrived(action);
  }

  /**
   * Sets which segments stay although nothing needs them, because somebody reads them. Once they do not, {@link
   * #deleteSegmentsBelow} deletes them.
   */
  public void setHeld(LongPredicate segments) {
    upkeep.setHeld(segments);
  }

  /** Makes the next segment if it will be needed soon. Any thread but a committing one. */
  public void prepareAhead() {
    tail.prepareAhead();
  }

  /**
   * Gives back disk space that only later commits would use; for when nothing was written for a while, or when somebody
   * wants the database small.
   *
   * @throws StorageException if the machine refuses; the log stays usable unless {@link #failure} says otherwise
   */
  public void giveSpaceBack() {
    group.exclusively(
        () -> {
          tail.giveSpaceBack();
          parts.files().trimSpares(0);
        },
        "cannot give back the space of log segments");
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
    return upkeep.archiveNext();
  }

  /**
   * Lets later appends go to a segment of their own. Called under the caller's commit lock.
   *
   * @return that segment's number; its name and header are durable
   * @throws StorageException if there is no room for one; all is as it was then
   * @throws WritesStoppedException if that fails otherwise, or failed before
   */
  public long rotate() {
    return tail.rotate();
  }

  /** Returns how many bytes of log a finished batch takes. */
  public static long frameBytes(BatchEncoder batch) {
    return SegmentLayout.frameBytes(batch.length());
  }

  /**
   * Returns whether a frame fits the current segment, which then stays as it is until something is appended. Called under
   * the caller's commit lock.
   */
  public boolean fits(long frameBytes) {
    return tail.fits(frameBytes);
  }

  /**
   * Goes on to the next segment unless a frame fits the current one.
   *
   * @param lastResort whether the segment may be made of what is kept in reserve for a full disk
   * @throws IOException if it cannot be made; all is as it was then
   */
  public void makeRoomFor(long frameBytes, boolean lastResort) throws IOException {
    tail.makeRoomFor(frameBytes, lastResort);
  }

  /** Returns whether a recovery found no room for a segment and none was made since. */
  public boolean isWithoutRoom() {
    return tail.isWithoutRoom();
  }

  /** Returns whether the log lives on what was kept in reserve for a full disk. */
  public boolean isReserveSpent() {
    return parts.files().isReserveSpent();
  }

  /**
   * Makes sure of the reserve for a full disk.
   *
   * @throws IOException if there is no room for all of it
   */
  public void keepReserve() throws IOException {
    tail.keepReserve();
  }

  /**
   * Gives up segments that nothing needs any more. Requires: a manifest that names this or a later segment as
   * the first is durable.
   *
   * @throws StorageException if the machine refuses; the log stays usable
   */
  public void deleteSegmentsBelow(long number) {
    upkeep.deleteSegmentsBelow(number);
  }

  /**
   * Syncs everything, leaves the mark of an orderly shutdown and closes the files. After a failure it only
   * closes them. Does nothing the second time.
   *
   * @throws WritesStoppedException if the last sync or the mark fails; the files are closed all the same
   */
  @Override
  public void close() {
    close(false, 0, 0);
  }

  /**
   * Closes as {@link #close} does, and keeps a time in the end mark that the manifest may not have: {@link
   * LogRecovery#endedAtMillis} tells it.
   *
   * @throws WritesStoppedException if that fails; the files are closed all the same
   */
  public void closeKeeping(long millis) {
    close(false, 0, millis);
  }

  /**
   * Closes as {@link #close} does, and says in the end mark which next file id the manifest has since.
   *
   * @throws WritesStoppedException if that fails; the files are closed all the same
   */
  public void closeWith(long closingNumber) {
    close(false, closingNumber, 0);
  }

  /**
   * Closes as {@link #close} does, and makes the sizes of the files durable, for whoever writes them down.
   *
   * @throws WritesStoppedException if that fails; the files are closed all the same
   */
  public void closeForGood() {
    close(true, 0, 0);
  }

  private void close(boolean sizesDurable, long closingNumber, long millis) {
    if (!tail.close()) {
      return;
    }
    group.exclusively(
        () -> {
          try {
            if (!failure.isNoted()) {
              group.flush(true);
            }
            if (!failure.isNoted()) {
              tail.end(sizesDurable, closingNumber, millis);
              parts.files().trimSpares(0);
            }
          } finally {
            tail.closeFiles(!failure.isNoted());
          }
        },
        "cannot close the log");
    if (failure.isNoted() && progress.synced() < progress.appended()) {
      throw failure.stopped();
    }
  }

  /** Closes the files without syncing and without a mark, as if the process had ended here. */
  public void abandon() {
    if (tail.close()) {
      group.exclusively(
          () -> {
            failure.note(new IOException("the log was closed without a sync")); // for who waits
            tail.closeFiles(false);
          },
          "cannot close the log");
    }
  }
}
