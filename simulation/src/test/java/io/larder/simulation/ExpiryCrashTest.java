package io.larder.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Entries expire, the clock jumps forwards and back, and the power goes: see {@link ExpiryRun}. */
@Timeout(600)
class ExpiryCrashTest {
  private static final int SEEDS = 4;
  private static final int STEPS = 60;

  @Test
  void crash_whileTheClockJumps_neverRevivesAndNeverLosesEntries() throws IOException {
    long states = 0;
    for (long seed : Scenario.seeds(SEEDS)) {
      states += new ExpiryRun("ExpiryCrashTest", seed, STEPS).run().states();
    }
    Tally.add("crash states with expiry and clock steps", states);
    assertThat(states).isPositive();
  }
}
