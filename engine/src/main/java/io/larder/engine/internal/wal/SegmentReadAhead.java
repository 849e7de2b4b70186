package io.larder.engine.internal.wal;

import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads the segments of a recovery and checks their frames on other threads, a few segments ahead of the one that is
 * being replayed. Used by one thread, which closes it; a small log is read by that thread itself.
 *
 * <p>What goes wrong with a segment is thrown when the segment is asked for, so it makes no difference to who asks.
 */
final class SegmentReadAhead implements AutoCloseable {
  private static final int THREADS = 2;

  /** How many segments may be in memory and not yet asked for, with {@link SegmentReader#WINDOW_BYTES} at most each. */
  private static final int AHEAD_MAX = 3;

  /** Below this, starting threads costs more than it gains. */
  private static final long BYTES_MIN = 2 << 20;

  private final FileSystem fileSystem;
  private final long databaseId;
  private final List<SegmentReader> wanted;
  private final Thread[] threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private final @Nullable SegmentReader[] read;
  private final @Nullable Throwable[] problems;
  private int begun;
  private int taken;
  private boolean closed;

  /**
   * Begins to read.
   *
   * @param wanted the segments, with their marks, in the order in which they will be asked for
   */
  SegmentReadAhead(FileSystem fileSystem, long databaseId, List<SegmentReader> wanted) {
    this.fileSystem = fileSystem;
    this.databaseId = databaseId;
    this.wanted = wanted;
    this.read = new SegmentReader[wanted.size()];
    this.problems = new Throwable[wanted.size()];
    long bytes = 0;
    for (SegmentReader each : wanted) {
      bytes += each.sizeBytes();
    }
    int count = wanted.size() < 2 || bytes < BYTES_MIN ? 0 : THREADS;
    this.threads = new Thread[count];
    for (int i = 0; i < count; i++) {
      threads[i] = new Thread(this::run, "larder-recovery");
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  /** Returns the segment at an index, which no earlier call had or passed. */
  SegmentReader take(int index) throws IOException {
    if (threads.length == 0) {
      return read(index);
    }
    Throwable problem;
    SegmentReader segment;
    lock.lock();
    try {
      taken = index;
      changed.signalAll();
      while (read[index] == null && problems[index] == null) {
        changed.awaitUninterruptibly();
      }
      segment = read[index];
      read[index] = null;
      problem = problems[index];
      taken = index + 1;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (segment != null) {
      return segment;
    }
    if (problem instanceof IOException exception) {
      throw exception;
    }
    if (problem instanceof RuntimeException exception) {
      throw exception;
    }
    throw new IOException(wanted.get(index).path() + ": could not be read: " + problem, problem);
  }

  private SegmentReader read(int index) throws IOException {
    SegmentReader marks = wanted.get(index);
    Path path = marks.path();
    return SegmentReader.readFrames(fileSystem, path, databaseId, marks.number());
  }

  private void run() {
    for (int index = next(); index >= 0; index = next()) {
      SegmentReader segment = null;
      Throwable problem = null;
      try {
        segment = read(index);
        segment.verify();
      } catch (Throwable e) {
        problem = e; // thrown to whoever asks for the segment
        segment = null;
      }
      lock.lock();
      try {
        read[index] = segment;
        problems[index] = problem;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Waits for the turn of the next segment and returns its index, or -1 when there is nothing left to do. */
  private int next() {
    lock.lock();
    try {
      while (!closed && begun < wanted.size() && begun >= taken + AHEAD_MAX) {
        changed.awaitUninterruptibly();
      }
      return closed || begun == wanted.size() ? -1 : begun++;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the threads; returns when they have. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
