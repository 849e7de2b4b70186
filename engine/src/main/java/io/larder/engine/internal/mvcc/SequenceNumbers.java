package io.larder.engine.internal.mvcc;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The order of all changes: numbers handed out under the commit lock, and the last one readers may see.
 * Thread-safe as noted at each method.
 *
 * <p>Invariant: every change at or below {@link #visible} is in a memtable or table, and its commit was
 * acknowledged or is about to be; no batch straddles it.
 */
public final class SequenceNumbers {
  private final AtomicLong visible = new AtomicLong();
  private volatile long last;

  /** Creates the order with the last number of a recovered database, 0 for a new one. */
  public SequenceNumbers(long lastRecovered) {
    last = lastRecovered;
    visible.set(lastRecovered);
  }

  /** Reserves numbers and returns the first. Requires: the commit lock. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // written under the commit lock only
  long reserve(int count) {
    long first = last + 1;
    last += count;
    return first;
  }

  /** Returns the last number handed out; any thread. */
  public long last() {
    return last;
  }

  /** Returns the last number readers see; any thread. */
  public long visible() {
    return visible.get();
  }

  /** Lets readers see everything up to a number; smaller numbers than the present one do nothing. */
  void publish(long sequence) {
    long current = visible.get();
    while (current < sequence && !visible.compareAndSet(current, sequence)) {
      current = visible.get();
    }
  }
}
