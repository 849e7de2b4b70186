package io.larder.engine.internal.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.spi.Clock;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupPatienceTest {
  private static final long SYNC_NANOS = 4_000;

  private final AtomicLong looks = new AtomicLong();
  private long othersAtLook; // when three more commits arrive, 0 for never

  /** Each look at it takes a hundredth of the time a leader waits at most. */
  private final Clock clock =
      new Clock() {
        @Override
        public long currentTimeMillis() {
          return 0;
        }

        @Override
        public long nanoTime() {
          long look = looks.incrementAndGet();
          if (look == othersAtLook) {
            arrive(3);
          }
          return look * SYNC_NANOS / 400;
        }
      };

  private final GroupPatience patience = new GroupPatience(clock);

  private void arrive(int commits) {
    for (int i = 0; i < commits; i++) {
      patience.arrived();
    }
  }

  private void sync() {
    patience.serving();
    patience.synced(SYNC_NANOS);
  }

  @Test
  void await_oneCommitAfterTheOther_neverWaits() {
    for (int i = 0; i < 10; i++) {
      arrive(1);
      patience.await();
      sync();
    }
    assertThat(looks).hasValue(0);
  }

  @Test
  void await_everybodyIsThere_doesNotWait() {
    arrive(4);
    sync();
    arrive(4);
    patience.await();
    assertThat(looks).hasValue(0);
  }

  @Test
  void await_oneIsThereOfAGroup_waitsForTheOthers() {
    arrive(4);
    sync();
    arrive(1); // whose thread was awake, as every second time without waiting
    sync();
    arrive(1);
    othersAtLook = looks.get() + 20;
    patience.await();
    assertThat(looks).hasValue(othersAtLook);
    patience.await();
    assertThat(looks).hasValue(othersAtLook);
  }

  @Test
  void await_nobodyComes_waitsAQuarterOfASync_andThenEverMoreSeldom() {
    int waits = 0;
    for (int i = 0; i < 200; i++) {
      arrive(2);
      sync();
      long before = looks.get();
      patience.await();
      long looked = looks.get() - before;
      assertThat(looked).isLessThan(110);
      waits += looked > 0 ? 1 : 0;
    }
    assertThat(waits).isBetween(3, 10);
  }
}
