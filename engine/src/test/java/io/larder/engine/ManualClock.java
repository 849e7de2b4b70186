package io.larder.engine;

import io.larder.engine.spi.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A clock that tests set by hand; who waits by it wakes when it is set. Thread-safe. */
public final class ManualClock implements Clock {
  private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);
  private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();

  public void advanceMillis(long by) {
    millis.addAndGet(by);
    waiting.forEach(LockSupport::unpark);
  }

  @Override
  public long currentTimeMillis() {
    return millis.get();
  }

  @Override
  public long nanoTime() {
    return millis.get() * 1_000_000;
  }

  @Override
  public void parkUntil(Object blocker, long untilNanos) {
    waiting.add(Thread.currentThread());
    try {
      if (untilNanos - nanoTime() > 0) {
        LockSupport.park(blocker);
      }
    } finally {
      waiting.remove(Thread.currentThread());
    }
  }
}
