package io.larder.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import io.larder.engine.internal.io.LossModel;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Crashes a database workload (commits, keyspace changes, flushes, compactions, reopenings) before every call
 * that changes the disk, with every loss model. After reopening, the content must be the model's after some
 * step between the last acknowledged and the last started one; further commits must work, and a second
 * reopening after another power loss must agree.
 */
@Timeout(600)
class DatabaseCrashTest {
  private static final int SEEDS = 3;
  private static final int STEPS = 50;

  private final AtomicLong states = new AtomicLong();
  private final AtomicLong nested = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  @Test
  void crash_beforeEveryCall_losesNothingAcknowledged() throws IOException {
    for (long seed : Scenario.seeds(SEEDS)) {
      InMemoryFileSystem fileSystem = new InMemoryFileSystem();
      DatabaseWorkload workload = new DatabaseWorkload(fileSystem, seed, STEPS);
      fileSystem.setHook(
          call -> {
            if (call.operation().isChanging() && failure.get() == null) {
              checkEveryLoss(fileSystem, workload.model(), seed, call);
            }
            return failure.get() == null ? Fault.NONE : Fault.POWER_OFF;
          });
      try {
        workload.run();
      } catch (RuntimeException e) {
        failure.compareAndSet(null, e);
      }
      rethrow();
      fileSystem.requireNoLeaks();
    }
    System.out.printf(
        "database crashes: %,d states, %,d crashes inside recovery%n", states.get(), nested.get());
    assertThat(states.get()).isPositive();
  }

  private void rethrow() {
    Throwable problem = failure.get();
    if (problem != null) {
      throw new AssertionError(problem.getMessage(), problem);
    }
  }

  private void checkEveryLoss(
      InMemoryFileSystem fileSystem, DatabaseModel model, long seed, IoCall call) {
    for (LossModel loss : LossModel.values()) {
      Scenario scenario = new Scenario("DatabaseCrashTest", seed, call.index(), loss);
      boolean distinct =
          fileSystem.pendingChanges() > 0
              || loss == LossModel.NOTHING
              || loss == LossModel.PROCESS_KILLED;
      if (!distinct || !scenario.isWanted()) {
        continue;
      }
      states.incrementAndGet();
      int acknowledged =
          loss == LossModel.PROCESS_KILLED ? model.acknowledged() : model.acknowledgedDurable();
      try {
        InMemoryFileSystem crashed = fileSystem.afterCrash(loss, scenario.lossSeed());
        if (scenario.lossSeed() % 60 == 0) {
          crashInsideRecovery(crashed, model, scenario, acknowledged);
        }
        DatabaseOracle.judge(crashed, model, acknowledged, scenario.lossSeed());
      } catch (RuntimeException | AssertionError e) {
        failure.compareAndSet(null, scenario.failure(call + ": " + e.getMessage(), e));
        return;
      }
    }
  }

  private void crashInsideRecovery(
      InMemoryFileSystem crashed, DatabaseModel model, Scenario scenario, int acknowledged) {
    InMemoryFileSystem recovering = crashed.afterCrash(LossModel.PROCESS_KILLED, 0);
    LossModel[] losses = LossModel.values();
    AtomicReference<Throwable> problem = new AtomicReference<>();
    recovering.setHook(
        call -> {
          if (call.operation().isChanging() && problem.get() == null) {
            nested.incrementAndGet();
            LossModel loss =
                losses[Math.floorMod(call.index() * 7 + scenario.lossSeed(), losses.length)];
            int expected =
                loss == LossModel.PROCESS_KILLED ? acknowledged : model.acknowledgedDurable();
            try {
              DatabaseOracle.judge(
                  recovering.afterCrash(loss, call.index()), model, expected, call.index());
            } catch (RuntimeException | AssertionError e) {
              problem.set(
                  new AssertionError(
                      "inside recovery, " + call + ", " + loss + ": " + e.getMessage(), e));
            }
          }
          return Fault.NONE;
        });
    DatabaseWorkload.open(recovering, new ManualClock()).close();
    Throwable found = problem.get();
    if (found instanceof AssertionError error) {
      throw error;
    }
  }
}
