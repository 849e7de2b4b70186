package io.larder.engine.internal.disk;

import io.larder.engine.internal.wal.WriteAheadLog;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives up segments of the log that recovery does not need, unless somebody still reads them. Thread-safe; its lock is
 * taken before those of the log, and under no other lock than the maintenance thread's.
 */
final class LogFloor {
  private static final String SEGMENT_SUFFIX = ".wal";
  private static final int NUMBER_DIGITS = 16;

  private final WriteAheadLog log;
  private final ReentrantLock lock = new ReentrantLock();

  /** Changed under {@code lock}; the log reads it under its own. */
  private final List<Hold> holds = new CopyOnWriteArrayList<>();

  private final Runnable released;

  // Guarded by lock.
  private long wanted;
  private boolean someLetGo;

  /**
   * Creates the floor of a log.
   *
   * @param released run when somebody has let go, so that {@link #settle} is called
   */
  LogFloor(WriteAheadLog log, Runnable released) {
    this.log = log;
    log.setHeld(number -> holds.stream().anyMatch(hold -> hold.holds(number)));
    this.released = released;
  }

  /** Keeps every segment from the present first one on, until it is told up to which. */
  Hold hold() {
    lock.lock();
    try {
      Hold hold = new Hold(log.firstSegment());
      holds.add(hold);
      return hold;
    } finally {
      lock.unlock();
    }
  }

  /** Gives up the segments below a number, now or when nobody holds them any more. */
  void raise(long number) {
    lock.lock();
    try {
      wanted = Math.max(wanted, number);
      log.neededFrom(wanted);
    } finally {
      lock.unlock();
    }
    settle();
  }

  /** Gives up what was to be given up and nobody holds any more. */
  void settle() {
    lock.lock();
    try {
      if (wanted > log.firstSegment() || someLetGo) {
        someLetGo = false;
        log.deleteSegmentsBelow(Math.max(wanted, log.firstSegment()));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Segments that stay. */
  final class Hold implements AutoCloseable {
    private final long first;
    private volatile long last = Long.MAX_VALUE;

    private Hold(long first) {
      this.first = first;
    }

    private boolean holds(long number) {
      return number >= first && number <= last;
    }

    /** Lets go of the segments above a number. */
    void upTo(long number) {
      last = number;
    }

    /** Returns the segments that stay, by number. */
    List<Path> segments(FileSystem fileSystem, Path directory) throws IOException {
      List<Path> segments = new ArrayList<>();
      for (String name : fileSystem.list(directory)) {
        if (name.length() == NUMBER_DIGITS + SEGMENT_SUFFIX.length()
            && name.endsWith(SEGMENT_SUFFIX)
            && holds(HexFormat.fromHexDigitsToLong(name, 0, NUMBER_DIGITS))) {
          segments.add(directory.resolve(name));
        }
      }
      return segments;
    }

    /** Lets go; the maintenance thread gives up what was to be given up meanwhile. */
    @Override
    public void close() {
      lock.lock();
      try {
        someLetGo |= holds.remove(this);
      } finally {
        lock.unlock();
      }
      released.run();
    }
  }
}
