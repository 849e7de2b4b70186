package io.larder.engine.internal.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class MergeRateTest {
  private static final long SLICE = 1 << 20;

  @Test
  void take_moreThanTheRate_hasToBeWaitedFor() {
    MergeRate rate = new MergeRate(10 * SLICE);
    long now = 1_000;
    long start = now;
    for (int slice = 0; slice < 100; slice++) {
      rate.take(SLICE, now);
      now += rate.waitNanos(now);
    }
    // 100 slices at 10 a second, of which a quarter of a second's worth comes at once
    assertThat(now - start).isBetween(TimeUnit.MILLISECONDS.toNanos(9_740), 9_760_000_000L);
  }

  @Test
  void take_afterARest_savesNoMoreThanTheBurst() {
    MergeRate rate = new MergeRate(10 * SLICE);
    rate.take(SLICE, 0);
    long now = TimeUnit.HOURS.toNanos(1);
    rate.take(4 * SLICE, now);
    assertThat(rate.waitNanos(now)).isBetween(149_000_000L, 151_000_000L);
    rate.forgive(now);
    assertThat(rate.waitNanos(now)).isZero();
  }

  @Test
  void take_withoutALimit_neverWaits() {
    MergeRate rate = new MergeRate(0);
    rate.take(1L << 40, 0);
    assertThat(rate.waitNanos(0)).isZero();
  }

  @Test
  void retry_comesLaterEachTime_andAtOnceAfterASuccess() {
    MergeRetry retry = new MergeRetry(Path.of("shop"));
    assertThat(retry.isDue(0)).isTrue();
    long now = 0;
    long[] rests = {1, 2, 4, 8, 16, 32, 60, 60};
    for (long rest : rests) {
      retry.failed(new IllegalStateException("full"), now);
      assertThat(retry.isPutOff()).isTrue();
      assertThat(retry.isDue(now + TimeUnit.SECONDS.toNanos(rest) - 1)).isFalse();
      now += TimeUnit.SECONDS.toNanos(rest);
      assertThat(retry.isDue(now)).isTrue();
    }
    assertThat(retry.failures()).isEqualTo(rests.length);
    retry.succeeded();
    assertThat(retry.isPutOff()).isFalse();
  }
}
