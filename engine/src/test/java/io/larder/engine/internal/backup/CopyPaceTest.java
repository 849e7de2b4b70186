package io.larder.engine.internal.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.ManualClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A backup rests for as long as it must beside those who write, and not without them. */
final class CopyPaceTest {
  private static final int PIECES = 500;
  private static final int PIECE_MILLIS = 2;
  private static final int BATCHES_PER_MILLI = 100;

  private final ManualClock clock = new ManualClock();
  private long batches;
  private long rested;

  /** Time goes by, and a writer goes on at a share of its rate. */
  private void pass(long millis, double share) {
    clock.advanceMillis(millis);
    batches += Math.round(millis * BATCHES_PER_MILLI * share);
  }

  private CopyPace pace(double restingShare) {
    return new CopyPace(
        clock,
        () -> batches,
        nanos -> {
          long millis = Math.max(1, Math.round(nanos / 1e6));
          rested += millis;
          pass(millis, restingShare);
        });
  }

  private void copy(CopyPace pace, double writerShare) {
    for (int i = 0; i < PIECES; i++) {
      pass(PIECE_MILLIS, writerShare);
      pace.pieceDone();
    }
  }

  @ParameterizedTest
  @CsvSource({"0.25, 4.1", "0.4, 4.1", "0.6, 2.5", "0.8, 1"})
  void writerThatIsSlowedDown_keepsMostOfItsRate(double writerShare, double restMax) {
    copy(pace(1), writerShare);

    long copied = (long) PIECES * PIECE_MILLIS;
    double kept = (double) batches / BATCHES_PER_MILLI / (copied + rested);
    assertThat(kept).as("of its rate").isBetween(0.8, 0.97);
    assertThat((double) rested / copied).as("rest for each copying").isBetween(0.1, restMax);
  }

  @Test
  void nobodyWrites_neverRests() {
    copy(pace(0), 0);

    assertThat(rested).isZero();
  }

  @Test
  void writerThatStopsMeanwhile_isSoonForgotten() {
    double[] share = {1};
    CopyPace pace =
        new CopyPace(
            clock,
            () -> batches,
            nanos -> {
              rested += 1;
              pass(1, share[0]);
            });
    copy(pace, 0.4);
    share[0] = 0;
    copy(pace, 0);
    long before = rested;
    copy(pace, 0);

    assertThat(rested).isEqualTo(before);
  }
}
