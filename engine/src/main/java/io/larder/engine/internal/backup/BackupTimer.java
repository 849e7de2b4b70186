package io.larder.engine.internal.backup;

import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.BackupOptions;
import io.larder.engine.api.BackupRetention;
import io.larder.engine.api.CancelledException;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.internal.mvcc.Checkpoint;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Backs an open database up every so often, and removes old backups. Thread-safe; its thread ends with {@link #close},
 * which cancels a backup under way.
 *
 * <p>The next backup is due an interval after the newest one there is, so a program that is started often does not make
 * one each time. What fails is logged and tried again, after ten minutes at the latest.
 */
public final class BackupTimer implements AutoCloseable {
  private static final System.Logger LOG = LazyLogger.of(BackupTimer.class);
  private static final long RETRY_MILLIS_MAX = Duration.ofMinutes(10).toMillis();

  private final Supplier<Checkpoint> checkpoints;
  private final Clock clock;
  private final Path directory;
  private final long intervalMillis;
  private final BackupRetention retention;
  private final Thread thread;
  private volatile boolean closed;

  /** Used by the thread alone. */
  private boolean looked;

  /** Creates a timer that does not run yet. */
  public BackupTimer(
      Supplier<Checkpoint> checkpoints,
      Clock clock,
      String name,
      Path directory,
      Duration interval,
      BackupRetention retention) {
    this.checkpoints = checkpoints;
    this.clock = clock;
    this.directory = directory;
    this.intervalMillis = interval.toMillis();
    this.retention = retention;
    this.thread = new Thread(this::run, "larder-backup " + name);
    this.thread.setDaemon(true);
  }

  /** Starts the timer. */
  public void start() {
    thread.start();
  }

  private void run() {
    long dueMillis = clock.currentTimeMillis();
    while (!closed) {
      long left = dueMillis - clock.currentTimeMillis();
      if (left > 0) {
        // in steps, so that a wall clock that is set is followed
        long step = Math.min(left, Duration.ofMinutes(1).toMillis());
        clock.parkUntil(this, clock.nanoTime() + Duration.ofMillis(step).toNanos());
        if (Thread.interrupted()) {
          LOG.log(System.Logger.Level.DEBUG, "The backup timer ignores an interrupt");
        }
      } else {
        dueMillis = clock.currentTimeMillis() + work();
      }
    }
  }

  /** Makes a backup if it is time, and returns how long to wait. */
  private long work() {
    try (Checkpoint checkpoint = checkpoints.get()) {
      long wait = looked ? 0 : waitFor(checkpoint);
      looked = true;
      if (wait > 0) {
        return wait;
      }
      BackupInfo made =
          BackupWriter.write(
              checkpoint,
              directory,
              BackupOptions.full().withIncremental(true),
              (phase, done, total) -> !closed);
      LOG.log(
          System.Logger.Level.INFO,
          "Backed up {0} to {1}: {2} bytes, {3} of them new",
          checkpoint.directory(),
          made.path(),
          made.bytes(),
          made.ownBytes());
      prune(checkpoint.fileSystem(), checkpoint.databaseId(), made);
      return intervalMillis;
    } catch (CancelledException e) {
      return intervalMillis; // closing
    } catch (Throwable e) {
      if (!closed) {
        LOG.log(
            System.Logger.Level.WARNING,
            "The backup to " + directory + " failed and is tried again later",
            e);
      }
      return Math.min(intervalMillis, RETRY_MILLIS_MAX);
    }
  }

  /** Returns how long the newest backup there is makes another one unnecessary. */
  private long waitFor(Checkpoint checkpoint) {
    List<BackupInfo> all =
        new BackupDirectory(checkpoint.fileSystem(), directory)
            .list().stream().filter(each -> each.databaseId() == checkpoint.databaseId()).toList();
    if (all.isEmpty()) {
      return 0;
    }
    long newest = all.get(all.size() - 1).createdAt().toEpochMilli();
    long wait = newest + intervalMillis - checkpoint.clock().currentTimeMillis();
    return Math.min(wait, intervalMillis);
  }

  private void prune(FileSystem fileSystem, long databaseId, BackupInfo newest) {
    Duration age = retention.age();
    Instant olderThan = age == null ? null : newest.createdAt().minus(age);
    new BackupDirectory(fileSystem, directory).prune(databaseId, retention.newest(), olderThan);
  }

  /** Ends the thread; a backup under way is given up, and leaves nothing. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      LockSupport.unpark(thread);
      try {
        thread.join(100);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
