package io.larder.engine.internal.wal;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/**
 * Leadership, switched between single memory accesses by a model checker: one leads at a time, whoever waits is served by
 * some leader, and nobody waits for ever.
 */
class LeaderQueueInterleavingsTest {
  private static final int ITERATIONS = Integer.getInteger("larder.lincheck.iterations", 3);
  private static final int INVOCATIONS = Integer.getInteger("larder.lincheck.invocations", 100);

  @Test
  void commits_areServedByOneLeaderAtATime() {
    new ModelCheckingOptions()
        .iterations(ITERATIONS)
        .invocationsPerIteration(INVOCATIONS)
        .threads(3)
        .actorsPerThread(2)
        .actorsBefore(1)
        .actorsAfter(1)
        .minimizeFailedScenario(false)
        .check(Commits.class);
  }

  /** Commits that a leader makes durable for all, as the log does. */
  public static final class Commits {
    private final LeaderQueue queue = new LeaderQueue();
    private final AtomicInteger appended = new AtomicInteger();
    private volatile int synced;
    private int leaders;

    /** Commits and returns whether the commit is durable then. */
    @Operation
    public boolean commit() {
      int goal = appended.incrementAndGet();
      while (queue.lead(() -> synced >= goal)) {
        lead();
      }
      return synced >= goal;
    }

    /** Works alone, as a flush does. */
    @Operation
    public boolean alone() {
      int before = appended.get();
      queue.leadAlone();
      lead();
      return synced >= before;
    }

    private void lead() {
      // not atomic: a second leader would be seen
      leaders++;
      int seen = leaders;
      synced = Math.max(synced, appended.get());
      leaders--;
      queue.release();
      if (seen != 1) {
        throw new IllegalStateException(seen + " lead at once");
      }
    }
  }
}
