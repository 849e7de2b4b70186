package io.larder.simulation;

import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import io.larder.engine.internal.io.LossModel;
import io.larder.simulation.DatabaseWorkload.Mix;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One seeded workload, crashed before every call that changes the disk with every loss model, and now and then crashed
 * again inside the recovery from that. Used by one thread; the workload's own threads report to it.
 */
final class CrashRun {
  private static final int NESTED_EVERY = 60;

  private final String test;
  private final long seed;
  private final Mix mix;
  private final int steps;
  private final AtomicLong states = new AtomicLong();
  private final AtomicLong nested = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /**
   * Prepares a run.
   *
   * @param test what to run to see a failure again, as {@link Scenario} takes it
   */
  CrashRun(String test, long seed, Mix mix, int steps) {
    this.test = test;
    this.seed = seed;
    this.mix = mix;
    this.steps = steps;
  }

  /** Returns how many crashes were judged. */
  long states() {
    return states.get();
  }

  /** Returns how many of them came inside a recovery. */
  long nested() {
    return nested.get();
  }

  /** Runs it; the first state that is wrong ends it by an error that tells how to run that state again. */
  CrashRun run() throws IOException {
    InMemoryFileSystem fileSystem = new InMemoryFileSystem();
    DatabaseWorkload workload = new DatabaseWorkload(fileSystem, seed, steps, mix);
    fileSystem.setHook(
        call -> {
          if (call.operation().isChanging() && failure.get() == null) {
            checkEveryLoss(fileSystem, workload.model(), call);
          }
          return failure.get() == null ? Fault.NONE : Fault.POWER_OFF;
        });
    try {
      workload.run();
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
    Throwable problem = failure.get();
    if (problem != null) {
      throw new AssertionError(problem.getMessage(), problem);
    }
    fileSystem.requireNoLeaks();
    return this;
  }

  private void checkEveryLoss(InMemoryFileSystem fileSystem, DatabaseModel model, IoCall call) {
    for (LossModel loss : LossModel.values()) {
      Scenario scenario = new Scenario(test, seed, call.index(), loss);
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
        if (scenario.lossSeed() % NESTED_EVERY == 0) {
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
    if (problem.get() instanceof AssertionError error) {
      throw error;
    }
  }
}
