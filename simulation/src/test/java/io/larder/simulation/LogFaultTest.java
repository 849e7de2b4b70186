package io.larder.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.SyncMode;
import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.LossModel;
import io.larder.engine.internal.wal.LogOptions;
import io.larder.engine.internal.wal.LogStart;
import io.larder.engine.internal.wal.WriteAheadLog;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Lets single calls of a log fail, once or from then on. Nothing acknowledged may be lost, whether the log is
 * reopened at once or after a power loss, and no handle may stay open.
 */
@Timeout(300)
class LogFaultTest {
  private static final int SEEDS = 2;
  private static final List<Fault> RECOVERY_FAULTS =
      List.of(Fault.IO_ERROR, Fault.NO_SPACE, Fault.SHORT, Fault.END_OF_FILE);

  /** A flip in a tail that nothing vouches for yet cannot be told from a torn write. */
  private static final List<Fault> RECOVERY_FAULTS_AND_FLIPS =
      List.of(Fault.IO_ERROR, Fault.NO_SPACE, Fault.SHORT, Fault.END_OF_FILE, Fault.FLIP);

  @Test
  void fault_atEveryChange_losesNothingAcknowledged() throws IOException {
    int faults = 0;
    for (long seed : Scenario.seeds(SEEDS)) {
      for (Fault fault : List.of(Fault.IO_ERROR, Fault.NO_SPACE, Fault.SHORT)) {
        for (boolean forever : new boolean[] {false, true}) {
          for (long call = 0; runWithFault(seed, call, fault, forever); call += forever ? 5 : 2) {
            faults++;
          }
        }
      }
    }
    System.out.printf("log faults: %,d%n", faults);
    assertThat(faults).isPositive();
  }

  /** Returns whether the workload reached the call. */
  private static boolean runWithFault(long seed, long call, Fault fault, boolean forever)
      throws IOException {
    InMemoryFileSystem fileSystem = new InMemoryFileSystem();
    LogWorkload workload = new LogWorkload(fileSystem, seed);
    long from = fileSystem.calls() + call;
    fileSystem.setHook(
        each -> {
          boolean hit = forever ? each.index() >= from : each.index() == from;
          return hit && each.operation().isChanging() ? fault : Fault.NONE;
        });
    try {
      workload.run();
    } catch (LarderException e) {
      workload.abandon();
    }
    boolean reached = fileSystem.calls() > from;
    fileSystem.setHook(each -> Fault.NONE);
    String place = "seed %d, %s at call %d, forever %s".formatted(seed, fault, call, forever);
    try {
      fileSystem.requireNoLeaks();
      if (workload.isCreated()) {
        judge(fileSystem, workload, LossModel.PROCESS_KILLED);
        judge(fileSystem, workload, LossModel.NOTHING);
        judge(fileSystem, workload, LossModel.RANDOM);
      }
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(place + ": " + e.getMessage(), e);
    }
    return reached;
  }

  /** Recovers, commits once more, loses the power, and recovers again. */
  private static void judge(InMemoryFileSystem failed, LogWorkload workload, LossModel loss) {
    LogModel model = workload.model();
    InMemoryFileSystem after = failed.afterCrash(loss, 7);
    WriteAheadLog log = recover(after, workload.options(), model);
    long recovered = log.recovery().lastSequence();
    assertThat(recovered).isBetween(model.acknowledgedDurable, model.started());
    LogModel survived = model.survivedTo(recovered);
    log.append(survived.next(new Random(recovered)), recovered + 1, 0);
    log.await(survived.started(), SyncMode.ALWAYS);
    log.abandon();
    WriteAheadLog second =
        recover(after.afterCrash(LossModel.NOTHING, 0), workload.options(), survived);
    assertThat(second.recovery().lastSequence()).isEqualTo(survived.started());
    second.close();
  }

  @Test
  void fault_atEveryCallOfARecovery_isAnErrorOrTheRightData() throws IOException {
    int faults = 0;
    int refused = 0;
    for (long seed : Scenario.seeds(SEEDS)) {
      InMemoryFileSystem disk = new InMemoryFileSystem();
      LogWorkload workload = new LogWorkload(disk, seed);
      workload.run();
      for (boolean clean : new boolean[] {true, false}) {
        if (!clean) {
          dirty(disk, workload);
        }
        for (Fault fault : clean ? RECOVERY_FAULTS_AND_FLIPS : RECOVERY_FAULTS) {
          boolean reached = true;
          for (long call = 0; reached; call++) {
            InMemoryFileSystem copy = disk.afterCrash(LossModel.PROCESS_KILLED, 0);
            long at = call;
            copy.setHook(each -> each.index() == at ? fault : Fault.NONE);
            try {
              expectAll(copy, workload);
            } catch (LarderException e) {
              refused++;
            }
            reached = copy.calls() > at;
            faults++;
            copy.requireNoLeaks();
            if (fault != Fault.FLIP) {
              copy.setHook(each -> Fault.NONE);
              expectAll(copy, workload);
            }
          }
        }
      }
    }
    System.out.printf("faults in recovery: %,d, of which %,d refused%n", faults, refused);
    assertThat(refused).isPositive();
  }

  /** Leaves the log with a tail that is written and not known to be durable. */
  private static void dirty(InMemoryFileSystem disk, LogWorkload workload) {
    LogModel model = workload.model();
    WriteAheadLog log = recover(disk, workload.options(), model);
    for (int i = 0; i < 5; i++) {
      long first = model.started() + 1;
      log.append(model.next(new Random(i)), first, 0);
      log.await(model.started(), SyncMode.NONE);
    }
    log.abandon();
  }

  @Test
  void bitFlip_anywhereInAClosedLog_isDetectedOrHarmless() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    LogWorkload workload = new LogWorkload(disk, 5);
    workload.run();
    int detected = 0;
    int flips = 0;
    for (Path file : segments(disk)) {
      for (long bit = 0; bit < disk.sizeBytes(file) * 8; bit += 11) {
        InMemoryFileSystem copy = disk.afterCrash(LossModel.PROCESS_KILLED, 0);
        copy.flipBit(file, bit);
        flips++;
        try {
          expectAll(copy, workload);
        } catch (LarderException e) {
          detected++;
        } catch (AssertionError e) {
          throw new AssertionError(file + ": bit " + bit + ": " + e.getMessage(), e);
        }
        copy.requireNoLeaks();
      }
    }
    System.out.printf("bit flips: %,d, %,d detected, the others harmless%n", flips, detected);
    assertThat(detected).isPositive();
  }

  @Test
  void segmentFile_missingOrShortOrSwapped_isDetectedOrHarmless() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    LogWorkload workload = new LogWorkload(disk, 3);
    workload.run();
    List<Path> segments = segments(disk);
    for (long seed = 4; segments.size() < 2; seed++) {
      disk = new InMemoryFileSystem();
      workload = new LogWorkload(disk, seed);
      workload.run();
      segments = segments(disk);
    }
    Path first = segments.get(0);
    Path last = segments.get(segments.size() - 1);
    expectRefused(disk, workload, copy -> delete(copy, first));
    expectRefused(disk, workload, copy -> rename(copy, last, first));
    expectRefused(disk, workload, copy -> truncate(copy, first));
    expectRefused(disk, workload, copy -> truncate(copy, last));
  }

  private static void expectRefused(
      InMemoryFileSystem disk, LogWorkload workload, Predicate<InMemoryFileSystem> damage) {
    InMemoryFileSystem copy = disk.afterCrash(LossModel.PROCESS_KILLED, 0);
    assertThat(damage.test(copy)).isTrue();
    LogModel model = workload.model();
    assertThatThrownBy(() -> recover(copy, workload.options(), model).close())
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("found");
    copy.requireNoLeaks();
  }

  private static boolean delete(InMemoryFileSystem disk, Path file) {
    try {
      disk.delete(file);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean rename(InMemoryFileSystem disk, Path source, Path target) {
    try {
      disk.rename(source, target);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean truncate(InMemoryFileSystem disk, Path path) {
    try (StorageFile file = disk.open(path, OpenMode.READ_WRITE)) {
      file.truncate(file.sizeBytes() - 512);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<Path> segments(InMemoryFileSystem disk) throws IOException {
    return disk.list(LogWorkload.DIRECTORY).stream()
        .filter(name -> name.endsWith(".wal"))
        .map(LogWorkload.DIRECTORY::resolve)
        .toList();
  }

  private static void expectAll(InMemoryFileSystem disk, LogWorkload workload) {
    LogModel model = workload.model();
    try (WriteAheadLog log = recover(disk, workload.options(), model)) {
      if (log.recovery().lastSequence() != model.started()) {
        throw new AssertionError(
            "recovered "
                + log.recovery().lastSequence()
                + " of "
                + model.started()
                + " after an error that was not reported");
      }
    }
  }

  private static WriteAheadLog recover(
      InMemoryFileSystem disk, LogOptions options, LogModel model) {
    LogStart start = model.manifest;
    LogModel.Checker checker = model.new Checker(start.flushedSequence());
    WriteAheadLog log =
        WriteAheadLog.recover(
            disk, new ManualClock(), LogWorkload.DIRECTORY, options, start, checker);
    assertThat(checker.last()).isEqualTo(log.recovery().lastSequence());
    return log;
  }
}
