package io.larder.engine.internal.wal;

import io.larder.engine.api.StorageException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.internal.wal.LogBuffer.Chunk;
import io.larder.engine.internal.wal.SegmentLayout.Mark;
import io.larder.engine.spi.Clock;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/**
 * Writes and syncs what was appended to a log, one thread for all that wait. Thread-safe.
 *
 * <p>The thread that finds no leader ({@link LeaderQueue}) takes everything appended so far, writes it with one call,
 * syncs if anybody asked for it, and wakes the next leader before all others. Leadership guards the files; it is taken
 * before the tail's lock.
 *
 * <ol>
 *   <li>What was appended is written in that order.
 *   <li>A sequence number counts as synced only after a sync of every segment that holds unsynced bytes up to it,
 *       oldest segment first.
 *   <li>After the first failure of a write or a sync nothing is written any more: whoever waits for something not yet
 *       reached is told so. No sync is tried twice.
 * </ol>
 */
final class GroupCommit {
  private final LogTail tail;
  private final Clock clock;
  private final boolean mapped;
  private final OpenSegments open;
  private final LogProgress progress;
  private final LogFailure failure;
  private final LogStatistics statistics;
  private final GroupPatience patience;
  private final LeaderQueue queue = new LeaderQueue();

  /** The segment that the last write went to; the leader's. */
  private long lastWrittenNumber;

  GroupCommit(LogParts parts, LogTail tail) {
    this.tail = tail;
    this.clock = parts.clock();
    this.mapped = parts.options().mapped();
    this.open = parts.open();
    this.progress = parts.progress();
    this.failure = parts.failure();
    this.statistics = parts.statistics();
    this.patience = parts.patience();
    this.lastWrittenNumber = tail.currentSegment();
  }

  /** See {@link WriteAheadLog#await}. */
  void await(long sequence, SyncMode mode) {
    boolean durable = mode == SyncMode.ALWAYS;
    if (reached(sequence, durable)) {
      return;
    }
    if (sequence > progress.appended()) {
      throw new IllegalArgumentException(
          "found sequence number " + sequence + ", expected at most " + progress.appended());
    }
    if (durable) {
      progress.requestSync(sequence);
    }
    lead(() -> reached(sequence, durable));
    if (!reached(sequence, durable)) {
      throw failure.stopped();
    }
  }

  private boolean reached(long sequence, boolean durable) {
    return (durable ? progress.synced() : progress.written()) >= sequence;
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
  interface FileWork {
    void run() throws IOException;
  }

  /**
   * Runs a piece of work as the leader.
   *
   * @throws StorageException naming the problem, if the machine refuses
   */
  void exclusively(FileWork work, String problem) {
    queue.leadAlone();
    try {
      work.run();
    } catch (IOException e) {
      throw new StorageException(problem + ": " + e.getMessage(), e);
    } finally {
      queue.release();
    }
  }

  /** Writes all that is appended, and syncs it if anybody asked for that. By the leader. A failure is noted. */
  void flush(boolean syncAll) {
    boolean syncs = syncAll || progress.isSyncRequested();
    if (syncs && !syncAll && !mapped) {
      patience.await();
    }
    LogTail.Taken taken = tail.take(syncs);
    try {
      failure.requireWritable();
      for (Chunk chunk : taken.chunks()) {
        write(chunk);
        progress.writtenTo(chunk.lastSequence);
      }
      if (taken.lastSequence() > progress.synced() && (syncAll || progress.isSyncRequested())) {
        // A segment that writing has left is then no longer needed open, unless its mapping will
        // serve another one.
        open.sync(clock, this::noteSync, mapped ? 0 : lastWrittenNumber);
        progress.syncedTo(taken.lastSequence());
      }
    } catch (IOException | RuntimeException | Error e) {
      failure.note(e);
    }
    tail.giveBack(taken);
  }

  private void write(Chunk chunk) throws IOException {
    LogSegment segment = chunk.segment;
    if (!segment.started()) {
      segment.start(
          new Mark(
              chunk.firstSequence, progress.synced(), chunk.position, clock.currentTimeMillis()));
    }
    lastWrittenNumber = segment.number();
    segment.write(chunk.position, chunk.frames.flip());
    statistics.countWrite();
  }

  private void noteSync(long nanos) {
    statistics.countSync(nanos);
    patience.synced(nanos);
  }
}
