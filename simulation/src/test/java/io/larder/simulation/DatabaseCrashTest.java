package io.larder.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.simulation.DatabaseWorkload.Mix;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Crashes database workloads (commits, keyspace changes, flushes, compactions, reopenings) before every call
 * that changes the disk, with every loss model. After reopening, the content must be the model's after some
 * step between the last acknowledged and the last started one; further commits must work, and a second
 * reopening after another power loss must agree.
 */
@Timeout(600)
class DatabaseCrashTest {
  private static final String GENERAL = "DatabaseCrashTest#crash_beforeEveryCall*";
  private static final String KEYSPACES = "DatabaseCrashTest#crash_amongKeyspaceChanges*";

  @Test
  void crash_beforeEveryCall_losesNothingAcknowledged() throws IOException {
    crash(GENERAL, Mix.GENERAL, 3, 50);
  }

  @Test
  void crash_amongKeyspaceChanges_losesNothingAcknowledged() throws IOException {
    crash(KEYSPACES, Mix.KEYSPACES, 3, 50);
  }

  private static void crash(String test, Mix mix, int seeds, int steps) throws IOException {
    long states = 0;
    long nested = 0;
    for (long seed : Scenario.seeds(seeds)) {
      CrashRun run = new CrashRun(test, seed, mix, steps).run();
      states += run.states();
      nested += run.nested();
    }
    Tally.add("crash states of a database, " + mix, states);
    Tally.add("crashes inside recovery", nested);
    assertThat(states).isPositive();
  }
}
