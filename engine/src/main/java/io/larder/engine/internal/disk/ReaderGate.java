package io.larder.engine.internal.disk;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells when all short readers that were inside have left, so that what they may have seen can be unmapped.
 * Thread-safe; readers never wait.
 *
 * <p>Readers count themselves into the present one of two generations. {@link #awaitReaders} starts the other
 * generation and waits until the old one is empty. A reader that picked a generation just before it was
 * replaced notices and picks again, so nobody enters a generation that is being waited for unseen. Counters
 * are spread over cache lines by thread.
 */
final class ReaderGate {
  private static final int STRIPES = 16;
  private static final int LINE_LONGS = 16;
  private static final int GENERATION_LONGS = STRIPES * LINE_LONGS;
  private static final long PAUSE_NANOS = 50_000;

  private final AtomicLongArray inside = new AtomicLongArray(2 * GENERATION_LONGS);
  private final ReentrantLock waiting = new ReentrantLock();
  private volatile int generation;

  /** Enters and returns a ticket for {@link #exit}. */
  int enter() {
    int stripe = (int) Thread.currentThread().getId() & STRIPES - 1;
    while (true) {
      int present = generation;
      int slot = present * GENERATION_LONGS + stripe * LINE_LONGS;
      inside.getAndIncrement(slot);
      if (present == generation) {
        return slot;
      }
      inside.getAndDecrement(slot);
    }
  }

  void exit(int ticket) {
    inside.getAndDecrement(ticket);
  }

  /** Returns when every reader that was inside has left; must not be called by one of them. */
  void awaitReaders() {
    waiting.lock();
    try {
      int old = generation;
      generation = 1 - old;
      while (readers(old) != 0) {
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
    } finally {
      waiting.unlock();
    }
  }

  /** Returns whether a reader was inside at some moment during the call. */
  boolean isEntered() {
    return readers(0) + readers(1) != 0;
  }

  private long readers(int ofGeneration) {
    long readers = 0;
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      readers += inside.get(ofGeneration * GENERATION_LONGS + stripe * LINE_LONGS);
    }
    return readers;
  }
}
