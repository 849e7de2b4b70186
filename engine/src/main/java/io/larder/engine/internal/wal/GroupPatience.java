package io.larder.engine.internal.wal;

import io.larder.engine.spi.Clock;

/**
 * How long a leader waits for others before it syncs. Commits that were synced together come back together, a moment
 * after the one whose thread has led: without waiting, every second sync would be for that one alone.
 *
 * <p>It waits for as many commits as one of the last two syncs served, a quarter of a sync at most. When they do not come
 * it does not wait for a while, ever longer, since then threads do other things between their commits. A single committing
 * thread never waits. {@link #arrived} and {@link #serving} are called under the log's append lock, all but the first by
 * the leader only.
 */
final class GroupPatience {
  private static final int SYNC_SHARE = 4;
  private static final int YIELDS_MAX = 10_000;
  private static final int PAUSE_MAX = 64;

  private final Clock clock;
  private volatile long arrived;
  private long served;
  private long lastGroup;
  private long groupBefore;
  private long syncNanos;
  private int pause;
  private int pauseLeft;

  GroupPatience(Clock clock) {
    this.clock = clock;
  }

  /** Hears of a commit. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // under the append lock
  void arrived() {
    arrived = arrived + 1;
  }

  /** Waits for the group, if it seems worth it. */
  @SuppressWarnings("ThreadPriorityCheck") // it lets others run, and depends on no order
  void await() {
    long wanted = Math.max(lastGroup, groupBefore);
    if (wanted < 2 || syncNanos == 0) {
      return;
    }
    if (pauseLeft > 0) {
      pauseLeft--;
      return;
    }
    long goal = served + wanted;
    if (arrived >= goal) {
      return;
    }
    long end = clock.nanoTime() + syncNanos / SYNC_SHARE;
    for (int yields = 0; yields < YIELDS_MAX && clock.nanoTime() - end < 0; yields++) {
      Thread.yield();
      if (arrived >= goal) {
        pause = 0;
        return;
      }
    }
    pause = Math.min(PAUSE_MAX, 2 * pause + 1);
    pauseLeft = pause;
  }

  /** Hears that all who have arrived by now will be served by the sync that comes. */
  void serving() {
    long all = arrived;
    groupBefore = lastGroup;
    lastGroup = all - served;
    served = all;
  }

  /** Hears how long that sync took. */
  void synced(long nanos) {
    syncNanos = nanos;
  }
}
