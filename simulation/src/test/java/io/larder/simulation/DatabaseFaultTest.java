package io.larder.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.Database;
import io.larder.engine.api.LarderException;
import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import io.larder.engine.internal.io.LossModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Lets single calls of a database fail. Reads must go on and agree with what was acknowledged; closing must release
 * everything; and whether the database is reopened at once or after a power loss, nothing acknowledged may be
 * missing.
 */
@ExtendWith(SilentLog.class)
@Timeout(600)
class DatabaseFaultTest {
  private static final int SEEDS = 1;
  private static final int STEPS = 30;

  @Test
  void fault_atEveryChange_losesNothingAcknowledged() throws IOException {
    int faults = 0;
    for (long seed : Scenario.seeds(SEEDS)) {
      for (Fault fault : List.of(Fault.IO_ERROR, Fault.NO_SPACE, Fault.SHORT)) {
        for (boolean forever : new boolean[] {false, true}) {
          int stride = forever ? 7 : 3;
          for (long call = fault.ordinal() % stride;
              runWithFault(seed, call, fault, forever);
              call += stride) {
            faults++;
          }
        }
      }
    }
    System.out.printf("database faults: %,d%n", faults);
    assertThat(faults).isPositive();
  }

  /** Returns whether the workload reached the call. */
  private static boolean runWithFault(long seed, long call, Fault fault, boolean forever)
      throws IOException {
    InMemoryFileSystem fileSystem = new InMemoryFileSystem();
    DatabaseWorkload workload = new DatabaseWorkload(fileSystem, seed, STEPS);
    long from = fileSystem.calls() + call;
    AtomicReference<IoCall> hitCall = new AtomicReference<>();
    fileSystem.setHook(
        each -> {
          boolean hit = forever ? each.index() >= from : each.index() == from;
          if (each.index() == from) {
            hitCall.set(each);
          }
          return hit && each.operation().isChanging() ? fault : Fault.NONE;
        });
    DatabaseModel model = workload.model();
    try {
      try {
        workload.run();
      } catch (LarderException e) {
        workload.requireReadable();
        closeAfterFailure(workload);
      }
      boolean reached = fileSystem.calls() > from;
      fileSystem.setHook(each -> Fault.NONE);
      fileSystem.requireNoLeaks();
      for (LossModel loss :
          List.of(LossModel.PROCESS_KILLED, LossModel.NOTHING, LossModel.RANDOM)) {
        DatabaseOracle.judge(
            fileSystem.afterCrash(loss, call), model, model.acknowledgedDurable(), call);
      }
      return reached;
    } catch (RuntimeException | AssertionError e) {
      String place = "seed %d, %s at %s, forever %s".formatted(seed, fault, hitCall, forever);
      throw new AssertionError(place + ": " + e.getMessage(), e);
    }
  }

  private static void closeAfterFailure(DatabaseWorkload workload) {
    try {
      workload.close();
    } catch (LarderException e) {
      // a close that cannot write says so; what counts is that it releases everything
    }
  }

  @Test
  void fault_atEveryCallOfAnOpening_isAnErrorOrTheRightData() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    DatabaseWorkload workload = new DatabaseWorkload(disk, 11, 40);
    workload.run();
    DatabaseModel model = workload.model();
    int faults = 0;
    int refused = 0;
    for (Fault fault :
        List.of(Fault.IO_ERROR, Fault.NO_SPACE, Fault.SHORT, Fault.END_OF_FILE, Fault.FLIP)) {
      boolean reached = true;
      for (long call = 0; reached; call++) {
        InMemoryFileSystem copy = disk.afterCrash(LossModel.PROCESS_KILLED, 0);
        long at = call;
        copy.setHook(each -> each.index() == at ? fault : Fault.NONE);
        String place = fault + " at call " + at;
        if (!isReadRight(copy, model, place)) {
          refused++;
        }
        reached = copy.calls() > at;
        faults++;
        requireNoLeaks(copy, place);
        copy.setHook(each -> Fault.NONE);
        assertThat(fault == Fault.FLIP || isReadRight(copy, model, "afterwards, " + place))
            .as("refused after " + place)
            .isTrue();
      }
    }
    System.out.printf("faults in openings: %,d, of which %,d refused%n", faults, refused);
    assertThat(refused).isPositive();
  }

  @Test
  void bitFlip_anywhereInAClosedDatabase_isDetectedOrHarmless() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    DatabaseWorkload workload = new DatabaseWorkload(disk, 12, 40);
    workload.run();
    int flips = 0;
    int detected = 0;
    for (String name : disk.list(DatabaseWorkload.DIRECTORY)) {
      Path file = DatabaseWorkload.DIRECTORY.resolve(name);
      long bits = disk.sizeBytes(file) * Byte.SIZE;
      long stride = Math.max(3, bits / 2_000) | 1;
      for (long bit = 0; bit < bits; bit += stride) {
        InMemoryFileSystem copy = disk.afterCrash(LossModel.PROCESS_KILLED, 0);
        copy.flipBit(file, bit);
        flips++;
        String place = "bit " + bit + " of " + name + " (" + bits / Byte.SIZE + " bytes)";
        if (!isReadRight(copy, workload.model(), place)) {
          detected++;
        }
        requireNoLeaks(copy, place);
      }
    }
    System.out.printf(
        "database bit flips: %,d, %,d detected, the others harmless%n", flips, detected);
    assertThat(detected).isPositive();
  }

  /** Returns whether the last state is read; false if it was refused, and an error if it is another. */
  private static boolean isReadRight(InMemoryFileSystem disk, DatabaseModel model, String place) {
    Map<String, Map<String, String>> found;
    try (Database database = DatabaseWorkload.open(disk, new ManualClock())) {
      found = DatabaseModel.read(database);
    } catch (LarderException e) {
      return false;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(place + ": " + e, e);
    }
    if (!found.equals(model.state(model.started()))) {
      throw new AssertionError(place + ": read something else without an error");
    }
    return true;
  }

  private static void requireNoLeaks(InMemoryFileSystem disk, String place) {
    try {
      disk.requireNoLeaks();
    } catch (IllegalStateException e) {
      throw new AssertionError(place + ": " + e.getMessage(), e);
    }
  }
}
