package io.larder.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.LarderException;
import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import io.larder.engine.internal.io.IoCall.Operation;
import io.larder.engine.internal.io.LossModel;
import io.larder.simulation.DatabaseWorkload.Mix;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Lets the n-th sync of a workload fail, for every n, goes on with the same handle as long as it lets us, and then takes
 * the power away: nothing acknowledged before or after the failure is lost.
 */
@ExtendWith(SilentLog.class)
@Timeout(600)
class FailedSyncTest {
  private static final int STEPS = 30;
  private static final int FURTHER_STEPS = 4;

  @ParameterizedTest
  @CsvSource({"GENERAL, 21", "GENERAL, 22", "KEYSPACES, 23"})
  void failedSync_thenPowerLoss_losesNothingAcknowledged(Mix mix, long firstSeed)
      throws IOException {
    int failures = 0;
    for (long round : Scenario.seeds(1)) {
      long seed = firstSeed + 100 * (round - 1);
      for (int n = 1; fail(mix, seed, n); n++) {
        failures++;
      }
    }
    Tally.add("failed syncs before a power loss", failures);
    assertThat(failures).isGreaterThan(20);
  }

  /** Returns whether there were so many syncs. */
  private static boolean fail(Mix mix, long seed, int n) throws IOException {
    InMemoryFileSystem fileSystem = new InMemoryFileSystem();
    DatabaseWorkload workload = new DatabaseWorkload(fileSystem, seed, STEPS, mix);
    AtomicInteger syncs = new AtomicInteger();
    AtomicReference<IoCall> failed = new AtomicReference<>();
    fileSystem.setHook(
        call -> {
          boolean sync =
              call.operation() == Operation.SYNC || call.operation() == Operation.SYNC_DIRECTORY;
          if (sync && syncs.incrementAndGet() == n) {
            failed.set(call);
            return Fault.IO_ERROR;
          }
          return Fault.NONE;
        });
    try {
      try {
        workload.run();
      } catch (LarderException e) {
        workload.insist(FURTHER_STEPS);
        workload.requireReadable();
      }
      DatabaseModel model = workload.model();
      for (LossModel loss : List.of(LossModel.NOTHING, LossModel.RANDOM, LossModel.EVERYTHING)) {
        DatabaseOracle.judge(fileSystem.afterCrash(loss, n), model, model.acknowledgedDurable(), n);
      }
      try {
        workload.close();
      } catch (LarderException e) {
        // says that not everything could be saved, which was never promised
      }
      fileSystem.setHook(call -> Fault.NONE);
      fileSystem.requireNoLeaks();
      DatabaseOracle.judge(
          fileSystem.afterCrash(LossModel.NOTHING, n), model, model.acknowledgedDurable(), n);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          mix + ", seed " + seed + ", sync " + n + ", " + failed + ": " + e.getMessage(), e);
    }
    return failed.get() != null;
  }
}
