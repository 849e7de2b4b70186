package io.larder.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.SyncMode;
import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.LossModel;
import io.larder.engine.internal.wal.WriteAheadLog;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Crashes a log workload before every call that changes the disk, with every loss model. What is then
 * recovered must be a prefix of what was started, with everything acknowledged; a further commit must
 * work, and a second recovery after another power loss must agree.
 */
@Timeout(300)
class LogCrashTest {
  private static final int SEEDS = 8;
  private long states;
  private long nested;

  @Test
  void crash_beforeEveryCall_losesNothingAcknowledged() throws IOException {
    for (long seed : Scenario.seeds(SEEDS)) {
      InMemoryFileSystem fileSystem = new InMemoryFileSystem();
      LogWorkload workload = new LogWorkload(fileSystem, seed);
      fileSystem.setHook(
          call -> {
            if (call.operation().isChanging() && workload.isCreated()) {
              checkEveryLoss(fileSystem, workload, seed, call.index());
            }
            return Fault.NONE;
          });
      workload.run();
      checkEveryLoss(fileSystem, workload, seed, fileSystem.calls());
      fileSystem.requireNoLeaks();
    }
    Tally.add("crash states of the log", states);
    Tally.add("crashes inside recovery", nested);
    assertThat(states).isPositive();
  }

  private void checkEveryLoss(
      InMemoryFileSystem fileSystem, LogWorkload workload, long seed, long call) {
    for (LossModel loss : LossModel.values()) {
      Scenario scenario = new Scenario("LogCrashTest", seed, call, loss);
      boolean distinct =
          fileSystem.pendingChanges() > 0
              || loss == LossModel.NOTHING
              || loss == LossModel.PROCESS_KILLED;
      if (!distinct || !scenario.isWanted()) {
        continue;
      }
      states++;
      try {
        check(fileSystem.afterCrash(loss, scenario.lossSeed()), workload, scenario);
      } catch (IOException | RuntimeException | AssertionError e) {
        throw scenario.failure(String.valueOf(e.getMessage()), e);
      }
    }
  }

  private void check(InMemoryFileSystem crashed, LogWorkload workload, Scenario scenario)
      throws IOException {
    LogModel model = workload.model();
    long acknowledged =
        scenario.loss() == LossModel.PROCESS_KILLED
            ? model.acknowledged
            : model.acknowledgedDurable;
    if (scenario.lossSeed() % 10 == 0) {
      crashInsideRecovery(crashed, workload, scenario, acknowledged);
    }
    judge(crashed, workload, model, acknowledged);
  }

  /** Recovers, commits once more, loses the power again, and recovers again. */
  private void judge(
      InMemoryFileSystem crashed, LogWorkload workload, LogModel model, long acknowledged) {
    WriteAheadLog log = recover(crashed, workload, model);
    long recovered = log.recovery().lastSequence();
    if (recovered < acknowledged || recovered > model.started()) {
      throw new AssertionError(
          "recovered %d, acknowledged %d, started %d"
              .formatted(recovered, acknowledged, model.started()));
    }
    LogModel survived = model.survivedTo(recovered);
    log.append(survived.next(new Random(recovered)), recovered + 1, 0);
    log.await(survived.started(), SyncMode.ALWAYS);
    log.abandon();
    crashed.requireNoLeaks();
    WriteAheadLog second = recover(crashed.afterCrash(LossModel.NOTHING, 0), workload, survived);
    assertThat(second.recovery().lastSequence()).isEqualTo(survived.started());
    second.close();
  }

  private static WriteAheadLog recover(
      InMemoryFileSystem fileSystem, LogWorkload workload, LogModel model) {
    LogModel.Checker checker = model.new Checker(model.manifest.flushedSequence());
    WriteAheadLog log =
        WriteAheadLog.recover(
            fileSystem,
            new ManualClock(),
            LogWorkload.DIRECTORY,
            workload.options(),
            model.manifest,
            checker);
    assertThat(checker.last()).isEqualTo(log.recovery().lastSequence());
    return log;
  }

  private void crashInsideRecovery(
      InMemoryFileSystem crashed, LogWorkload workload, Scenario scenario, long acknowledged) {
    LogModel model = workload.model();
    InMemoryFileSystem recovering = crashed.afterCrash(LossModel.PROCESS_KILLED, 0);
    LossModel[] losses = LossModel.values();
    recovering.setHook(
        call -> {
          if (call.operation().isChanging()) {
            nested++;
            LossModel loss =
                losses[Math.floorMod(call.index() * 7 + scenario.lossSeed(), losses.length)];
            long expected =
                loss == LossModel.PROCESS_KILLED ? acknowledged : model.acknowledgedDurable;
            judge(recovering.afterCrash(loss, call.index()), workload, model, expected);
          }
          return Fault.NONE;
        });
    recover(recovering, workload, model).close();
  }
}
