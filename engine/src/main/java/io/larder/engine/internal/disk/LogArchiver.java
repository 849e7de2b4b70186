package io.larder.engine.internal.disk;

import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.internal.wal.WriteAheadLog;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Hands segments of the log to the archive, on a thread of its own because an archive may be slow. One that fails is
 * tried again after a while; meanwhile the log keeps its segments. Thread-safe; its thread starts with the log and
 * ends with {@link #close} or when the log fails.
 */
final class LogArchiver implements AutoCloseable {
  private static final System.Logger LOG = LazyLogger.of(LogArchiver.class);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long RETRY_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

  private final String name;
  private final ReentrantLock lock = new ReentrantLock();

  /** Held while a segment is handed over, one at a time; taken before the locks of the log. */
  private final ReentrantLock archiving = new ReentrantLock();

  private @Nullable Thread thread;
  private volatile @Nullable WriteAheadLog log;
  private volatile Runnable archived = () -> {};
  private volatile boolean closed;

  /** Whether the last try failed and the next one is not due yet: new segments do not bring it forward. */
  private volatile boolean pausing;

  LogArchiver(String name) {
    this.name = name;
  }

  /**
   * Sets the log, and begins with what an earlier process left.
   *
   * @param whenArchived told after each segment, for those who wait for room
   */
  void setLog(WriteAheadLog kept, Runnable whenArchived) {
    log = kept;
    archived = whenArchived;
    wake();
  }

  /** Looks for sealed segments soon. */
  void wake() {
    Thread started = startThread();
    if (!pausing) {
      LockSupport.unpark(started);
    }
  }

  private @Nullable Thread startThread() {
    lock.lock();
    try {
      if (thread == null && !closed) {
        Thread started = new Thread(this::run, "larder-archive " + name);
        started.setDaemon(true);
        started.start();
        thread = started;
      }
      return thread;
    } catch (RuntimeException | Error e) {
      // the commit that wakes us is done all the same; the next one tries again
      warn("The thread that archives the log of " + name + " could not be started", e);
      return null;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Thread thread() {
    lock.lock();
    try {
      return thread;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    WriteAheadLog kept = log;
    long pause = 0;
    while (!closed && kept != null) {
      try {
        while (!closed && archiveNext(kept)) {
          archived.run();
        }
        pause = 0;
      } catch (WritesStoppedException e) {
        return; // the log has told whoever asks
      } catch (Throwable e) {
        pause = Math.min(RETRY_NANOS_MAX, Math.max(RETRY_NANOS, 2 * pause));
        warn(
            "A log segment of "
                + name
                + " could not be archived and is kept; trying again in "
                + TimeUnit.NANOSECONDS.toSeconds(pause)
                + " s",
            e);
      }
      rest(pause);
    }
  }

  private boolean archiveNext(WriteAheadLog kept) throws IOException {
    archiving.lock();
    try {
      return kept.archiveNext();
    } finally {
      archiving.unlock();
    }
  }

  /**
   * Hands every sealed segment to the archive and returns how many there were, those that the thread handed over
   * meanwhile not among them.
   *
   * @throws IOException if the archive refuses
   */
  long archiveAll() throws IOException {
    WriteAheadLog kept = log;
    long count = 0;
    while (kept != null && archiveNext(kept)) {
      count++;
      archived.run();
    }
    return count;
  }

  /**
   * Waits until woken or closed; after a failure also for the pause at most. That it was woken may be forgotten: what
   * went before has perhaps waited for a lock, and used the wake-up for that. So it looks once more.
   */
  private void rest(long pause) {
    if (pause == 0) {
      if (!closed) {
        LockSupport.park(this);
      }
    } else {
      pausing = true;
      if (!closed) {
        LockSupport.parkNanos(this, pause);
      }
      pausing = false;
    }
  }

  private static void warn(String message, Throwable cause) {
    Telling.tell(LOG, System.Logger.Level.WARNING, message, cause);
  }

  @Override
  public void close() {
    closed = true;
    Thread started = thread();
    if (started != null) {
      LockSupport.unpark(started);
      Threads.join(started);
    }
  }
}
