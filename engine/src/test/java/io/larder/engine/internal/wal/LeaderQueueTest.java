package io.larder.engine.internal.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeaderQueueTest {
  private final LeaderQueue queue = new LeaderQueue();

  @Test
  void lead_goalReached_returnsFalseAtOnce() {
    assertThat(queue.lead(() -> true)).isFalse();
    assertThat(queue.lead(() -> false)).isTrue();
    queue.release();
  }

  @Test
  void release_goalOfTheNextIsReachedByAFailureMeanwhile_wakesTheOthersAllTheSame()
      throws Exception {
    Thread releasing = Thread.currentThread();
    AtomicBoolean failed = new AtomicBoolean();
    assertThat(queue.lead(failed::get)).isTrue();
    Thread next = waiting(failed::get);
    Thread last =
        waiting(
            () -> {
              boolean reached = failed.get();
              if (Thread.currentThread() == releasing) {
                failed.set(true); // comes when the next leader is chosen, and before it is awake
              }
              return reached;
            });

    queue.release();

    next.join();
    last.join();
    assertThat(queue.lead(() -> false)).isTrue();
    queue.release();
  }

  /** Returns a thread that leads until its goal is reached, and waits behind this one now. */
  private Thread waiting(BooleanSupplier reached) {
    Thread thread =
        new Thread(
            () -> {
              while (queue.lead(reached)) {
                queue.release();
              }
            });
    thread.setDaemon(true);
    thread.start();
    Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
    return thread;
  }

  @Test
  void manyThreads_someAlone_oneLeadsAtATime_andNobodyWaitsForever() throws Exception {
    int threads = 8;
    int each = 5_000;
    AtomicLong wanted = new AtomicLong();
    AtomicLong reached = new AtomicLong();
    AtomicInteger leading = new AtomicInteger();
    AtomicInteger alone = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(threads + 1);
    try {
      List<Future<?>> work = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        work.add(
            pool.submit(
                () -> {
                  for (int i = 0; i < each; i++) {
                    long goal = wanted.incrementAndGet();
                    if (i % 50 == 0) {
                      Thread.currentThread().interrupt();
                    }
                    while (queue.lead(() -> reached.get() >= goal)) {
                      assertThat(leading.incrementAndGet()).isEqualTo(1);
                      reached.set(wanted.get());
                      leading.decrementAndGet();
                      queue.release();
                    }
                    assertThat(Thread.interrupted()).isEqualTo(i % 50 == 0);
                  }
                }));
      }
      work.add(
          pool.submit(
              () -> {
                for (int i = 0; i < each / 10; i++) {
                  queue.leadAlone();
                  assertThat(leading.incrementAndGet()).isEqualTo(1);
                  alone.incrementAndGet();
                  leading.decrementAndGet();
                  queue.release();
                }
              }));
      for (Future<?> one : work) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(reached.get()).isEqualTo((long) threads * each);
    assertThat(alone.get()).isEqualTo(each / 10);
  }
}
