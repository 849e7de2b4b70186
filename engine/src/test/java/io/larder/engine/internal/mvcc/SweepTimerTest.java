package io.larder.engine.internal.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.ManualClock;
import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class SweepTimerTest {
  private final ManualClock clock = new ManualClock();
  private final SynchronousQueue<Thread> sweeps = new SynchronousQueue<>();

  private void sweep() {
    try {
      sweeps.put(Thread.currentThread());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    throw new IllegalStateException("every sweep fails, and is logged");
  }

  private Thread awaitSweep() throws InterruptedException {
    Thread thread = sweeps.poll(60, TimeUnit.SECONDS);
    assertThat(thread).isNotNull();
    return thread;
  }

  @Test
  void sweep_runsOnceAnInterval_byTheClock_thoughItFails() throws Exception {
    try (SweepTimer timer = new SweepTimer("test", clock, Duration.ofSeconds(10), this::sweep)) {
      timer.start();
      timer.start();
      clock.advanceMillis(9_999);
      assertThat(sweeps.poll()).isNull();
      clock.advanceMillis(1);
      Thread thread = awaitSweep();
      assertThat(thread.getName()).isEqualTo("larder-sweep test");
      assertThat(thread.isDaemon()).isTrue();
      clock.advanceMillis(10_000);
      assertThat(awaitSweep()).isSameAs(thread);
    }
  }

  @Test
  void close_endsTheThread_alsoWhereItNeverStarted() throws Exception {
    SweepTimer never = new SweepTimer("never", clock, Duration.ofSeconds(1), this::sweep);
    never.close();
    never.start();
    SweepTimer timer = new SweepTimer("ended", clock, Duration.ofSeconds(1), this::sweep);
    timer.start();
    clock.advanceMillis(1_000);
    Thread thread = awaitSweep();
    timer.close();
    assertThat(thread.isAlive()).isFalse();
    clock.advanceMillis(1_000);
    assertThat(sweeps.poll()).isNull();
  }
}
