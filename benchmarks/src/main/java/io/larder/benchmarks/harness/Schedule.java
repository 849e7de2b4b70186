package io.larder.benchmarks.harness;

import java.time.Duration;

/**
 * When a tournament stops. Immutable.
 *
 * @param warmUpRound whether a round that is not counted comes first
 * @param limit no further round begins that would, by the longest so far, end after it
 */
public record Schedule(boolean warmUpRound, Duration limit) {

  /** All rounds, after one that warms up. */
  public static Schedule allRounds() {
    return new Schedule(true, Duration.ofDays(1));
  }

  /** As many rounds as fit into the time, at least one, after one that warms up. */
  public static Schedule within(Duration limit) {
    return new Schedule(true, limit);
  }

  /** All rounds and nothing before them: for groups whose first step warms up. */
  public static Schedule withoutWarmUp() {
    return new Schedule(false, Duration.ofDays(1));
  }
}
