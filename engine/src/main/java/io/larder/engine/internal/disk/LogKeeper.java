package io.larder.engine.internal.disk;

import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.internal.wal.WriteAheadLog;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the log, so that commits need not wait for it: syncs it every so often from the first commit on that
 * asks for it, prepares segments before they are needed, and gives spare ones back when nothing is written.
 * Thread-safe; its thread starts with the first work and ends with {@link #close} or when the log fails.
 */
final class LogKeeper implements AutoCloseable {
  private static final System.Logger LOG = LazyLogger.of(LogKeeper.class);
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final long intervalNanos;
  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable WriteAheadLog log;
  private volatile @Nullable Thread thread;
  private volatile boolean syncing;

  /** Whether there was work, so that the round in which it is done says nothing about how idle the log is. */
  private volatile boolean woken;

  private volatile boolean closed;

  LogKeeper(Duration interval, String name) {
    this.intervalNanos = interval.toNanos();
    this.name = name;
  }

  /** Sets the log; before anything else. */
  void setLog(WriteAheadLog kept) {
    log = kept;
  }

  /** Syncs the log every so often from now on. */
  void startSyncing() {
    if (!syncing || thread == null) {
      syncing = true;
      wake();
    }
  }

  /** Looks for work soon. */
  void wake() {
    Thread started = thread;
    if (started == null) {
      started = startThread();
    }
    woken = true;
    LockSupport.unpark(started);
  }

  private @Nullable Thread startThread() {
    lock.lock();
    try {
      if (thread == null && !closed) {
        Thread started = new Thread(this::run, "larder-log " + name);
        started.setDaemon(true);
        started.start();
        thread = started;
      }
      return thread;
    } catch (RuntimeException | Error e) {
      // the commit that wakes us is done all the same; the next one tries again
      warn("The thread that looks after the log of " + name + " could not be started", e);
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    WriteAheadLog kept = log;
    long seen = kept == null ? 0 : kept.writtenSequence();
    int idleRounds = 0;
    while (!closed && kept != null) {
      boolean rested = !woken;
      woken = false;
      try {
        if (syncing) {
          kept.sync(); // perhaps early: it may have been woken for the segment
        }
        kept.prepareAhead();
        long written = kept.writtenSequence();
        idleRounds = rested && written == seen ? idleRounds + 1 : 0;
        seen = written;
        if (idleRounds == (syncing ? IDLE_NANOS / intervalNanos + 1 : 2)) {
          kept.giveSpaceBack();
        }
      } catch (WritesStoppedException e) {
        return; // the log has told whoever asks
      } catch (Throwable e) { // without the next round, commits would not be synced for ever
        warn("Looking after the log of " + name + " failed; it is tried again", e);
      }
      LockSupport.parkNanos(this, syncing ? intervalNanos : IDLE_NANOS);
    }
  }

  private static void warn(String message, Throwable cause) {
    Telling.tell(LOG, System.Logger.Level.WARNING, message, cause);
  }

  @Override
  public void close() {
    Thread started;
    lock.lock();
    try {
      closed = true;
      started = thread;
    } finally {
      lock.unlock();
    }
    if (started != null) {
      LockSupport.unpark(started);
      Threads.join(started);
    }
  }
}
