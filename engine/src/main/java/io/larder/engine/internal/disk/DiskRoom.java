package io.larder.engine.internal.disk;

import io.larder.engine.api.DiskFullException;
import io.larder.engine.internal.io.FullDisk;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.internal.manifest.KeyspaceRecord;
import io.larder.engine.internal.mvcc.PreparedBatch;
import io.larder.engine.internal.wal.WriteAheadLog;
import io.larder.engine.spi.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whether the disk has room. Thread-safe.
 *
 * <p>The log keeps a small file in reserve. When it cannot make its next segment, at an opening after a crash or later, it
 * makes a smaller one of that. From then on, and after a memtable could not be written out for want of room, the disk counts
 * as full: only changes are taken that lead to free space, deletes and changes of keyspaces. Whoever wants to write anything
 * else lets the reserve be made again, and is refused if that fails.
 *
 * <p>That the disk is full is no failure: nothing was half written, nothing has to be recovered, and writes go on by
 * themselves when there is room.
 */
final class DiskRoom {
  private static final System.Logger LOG = LazyLogger.of(DiskRoom.class);

  private static final long TELL_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Path directory;
  private final WriteAheadLog log;
  private final ReentrantLock lock = new ReentrantLock();
  private final Clock clock;
  private volatile @Nullable Throwable full;

  /** Why the last flush found no room; null since one has. */
  private volatile @Nullable Throwable flushRefusal;

  /** How often the maintenance thread has begun to flush; it alone counts. */
  private volatile long flushesBegun;

  /** The last of them that found no room. */
  private volatile long flushRefused;

  /** Whether anybody has looked. */
  private volatile boolean looked;

  /** When somebody was told last; a race tells twice. */
  private volatile long toldNanos;

  DiskRoom(Path directory, WriteAheadLog log, Clock clock) {
    this.directory = directory;
    this.log = log;
    this.clock = clock;
    this.toldNanos = clock.nanoTime() - TELL_NANOS;
  }

  /** Returns whether there is no room, as far as is known. */
  boolean isFull() {
    return flushRefusal != null || hasLogNone();
  }

  /** Returns whether there is none for the log and what it keeps in reserve, as far as is known. */
  boolean hasLogNone() {
    return full != null || log.isReserveSpent();
  }

  /** Returns whether a memtable waits because the last flush found no room. */
  boolean isFlushRefused() {
    return flushRefusal != null;
  }

  /** Returns whether there is room to try a flush, which begins now if there is. By the maintenance thread. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
  boolean beginFlush() {
    flushesBegun++;
    return !isFull() || look();
  }

  /** Hears that a memtable was written out. */
  void flushed() {
    flushRefusal = null;
  }

  /** Returns whether a failure of a flush is only that there is no room, which is noted then. */
  boolean isFlushOnlyRefused(Throwable failure) {
    boolean only = FullDisk.isCauseOf(failure);
    if (only) {
      tell(failure);
      flushRefusal = failure;
      flushRefused = flushesBegun;
    }
    return only;
  }

  /** Returns how many flushes have begun, for {@link #isFlushRefusedSince}. */
  long flushesBegun() {
    return flushesBegun;
  }

  /** Returns whether waiting for a flush is of no use: one has found no room that began after so many had. */
  boolean isFlushRefusedSince(long begun) {
    return flushRefused > begun || hasLogNone();
  }

  /** Looks whether there is room; called after a crash, before the first commit, and while there is none. */
  boolean look() {
    lock.lock();
    try {
      looked = true;
      if (log.isWithoutRoom()) {
        log.makeRoomFor(1, false);
      }
      log.keepReserve();
      full = null;
      return true;
    } catch (IOException e) {
      if (FullDisk.isCauseOf(e) || log.isWithoutRoom()) {
        note(e);
        return false;
      }
      LOG.log(System.Logger.Level.WARNING, directory + ": no reserve for a full disk was made", e);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Hears that something could not be written for want of room, and was undone. */
  private void note(Throwable cause) {
    tell(cause);
    full = cause;
  }

  private void tell(Throwable cause) {
    // While a writer tries again and again, the disk is taken for free and found full in turn.
    long now = clock.nanoTime();
    if (!isFull() && now - toldNanos >= TELL_NANOS) {
      toldNanos = now;
      LOG.log(
          System.Logger.Level.WARNING,
          directory
              + ": there is no room on the disk; reads and deletes go on, other writes do once there is",
          cause);
    }
  }

  /** Returns whether a failure is only that there is no room, which is noted then. */
  boolean isOnlyFull(Throwable failure) {
    boolean only = FullDisk.isCauseOf(failure);
    if (only) {
      note(failure);
    }
    return only;
  }

  /** Returns whether a batch leads to free space and there is room for it, so that it need not wait for any. */
  boolean isWelcome(PreparedBatch batch) {
    return isFull() && leadsToSpace(batch) && !log.isWithoutRoom();
  }

  /**
   * Lets changes pass for which the log has room.
   *
   * @throws DiskFullException if there is none
   */
  void require() {
    if ((!looked || isFull()) && !look()) {
      throw refusal();
    }
  }

  /**
   * Makes sure that the log has room for a batch, so that its append cannot fail half way for want of it. Under the commit
   * lock.
   *
   * @param frameBytes what the batch takes in the log
   * @throws DiskFullException if there is none
   */
  void requireInLog(PreparedBatch batch, long frameBytes) {
    if (log.fits(frameBytes)) {
      return;
    }
    try {
      log.makeRoomFor(frameBytes, leadsToSpace(batch));
    } catch (IOException e) {
      if (isOnlyFull(e)) {
        throw refusal();
      }
      LOG.log(System.Logger.Level.DEBUG, "The append will meet this again, and stop writes", e);
    }
  }

  /** Returns what is told to those who are refused. */
  DiskFullException refusal() {
    Throwable cause = full == null ? flushRefusal : full;
    String said = cause == null ? "the reserve is used up" : String.valueOf(cause.getMessage());
    return new DiskFullException(
        directory
            + ": there is no room on the disk ("
            + said
            + "); nothing of the change was written. Reads go on, deletes do as long as the reserve"
            + " for them lasts, and all writes once there is room",
        cause == null ? new IOException(said) : cause);
  }

  private static boolean leadsToSpace(PreparedBatch batch) {
    for (int i = 0; i < batch.size(); i++) {
      if (batch.value(i) != null && batch.keyspaceId(i) != KeyspaceRecord.KEYSPACE_ID) {
        return false;
      }
    }
    return true;
  }
}
