package io.larder.simulation.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.LarderException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A real file system of a few megabytes runs full: in the log, while a table is written, while tables are merged, in
 * the manifest. Reads go on, nothing acknowledged is lost, opening again and again on the full disk neither loses
 * anything nor eats more space, and with space freed writes go on after a reopening.
 */
@Timeout(300)
class FullDiskTest {
  private static final int DISK_KILOBYTES = 6_000;
  private static final int OPENINGS = 4;
  private static final Logger LOGGER = Logger.getLogger("io.larder");

  @TempDir Path temporary;

  @BeforeAll
  static void silence() {
    LOGGER.setLevel(Level.OFF);
  }

  @AfterAll
  static void restore() {
    LOGGER.setLevel(null);
  }

  /** Takes steps until one fails, and returns the last acknowledged one. */
  private static long fill(Door door, Ledger ledger, int tidyEvery) throws Exception {
    long number = ledger.taken();
    try {
      for (int i = 0; i < 200_000; i++) {
        door.take(Ledger.step(number + 1, true));
        number++;
        if (tidyEvery > 0 && number % tidyEvery == 0) {
          door.tidy(0); // a flush and a compaction
        }
      }
    } catch (LarderException e) {
      assertThat(e).as("tells why").hasStackTraceContaining("space left");
      return number;
    }
    throw new AssertionError("the disk did not run full in " + number + " steps");
  }

  @ParameterizedTest
  @CsvSource({
    "always, 64MB, 0, 1500000", // the log
    "none, 64MB, 0, 700000", // the log, without syncs
    "always, 256KB, 0, 900000", // flushes in the background
    "always, 64MB, 300, 1200000", // flush and compaction when asked for
    "none, 64KB, 0, 400000"
  })
  void fullDisk_readsGoOn_andFreedSpaceLetsWritesGoOn(
      String sync, String memtable, int tidyEvery, long leftBytes) throws Exception {
    String options = "wal.segment=64KB&sync=" + sync + "&memtable.size=" + memtable;
    try (SmallDisk disk = new SmallDisk(temporary, DISK_KILOBYTES)) {
      Path directory = disk.directory().resolve("database");
      Ledger ledger = new Ledger(true);
      Door door = Door.open("engine", directory, options);
      try {
        prepare(door, ledger);
        disk.fillBut(leftBytes);
        long acknowledged = fill(door, ledger, tidyEvery);
        ledger.moveTo(door.read(), acknowledged, acknowledged + 1);
        long again = ledger.taken() + 1;
        assertThatThrownBy(() -> door.take(Ledger.step(again, true)))
            .as("fails closed")
            .isInstanceOf(LarderException.class);
      } finally {
        closeIfItCan(door);
      }
      openAgainAndAgain(disk, directory, options, ledger);
      disk.release();
      try (Door opened = Door.open("engine", directory, options)) {
        goOn(opened, ledger, 200);
        opened.tidy(0);
      }
      try (Door opened = Door.open("engine", directory, options)) {
        assertThat(ledger.isRight(opened.read())).isTrue();
      }
    }
  }

  private static void prepare(Door door, Ledger ledger) throws Exception {
    goOn(door, ledger, 36);
    door.tidy(0);
  }

  private static void goOn(Door door, Ledger ledger, int steps) throws Exception {
    ledger.moveTo(door.read(), ledger.taken(), ledger.taken() + 1);
    for (int i = 0; i < steps; i++) {
      door.take(Ledger.step(ledger.taken() + 1, true));
      ledger.advanceTo(ledger.taken() + 1);
    }
    assertThat(ledger.isRight(door.read())).isTrue();
  }

  private static void closeIfItCan(Door door) throws Exception {
    try {
      door.close();
    } catch (LarderException e) {
      // a close that cannot write says so; what counts is what is found afterwards
    }
  }

  /** No crash loop: each opening works or is refused with a reason, and takes no more space than the one before. */
  private static void openAgainAndAgain(
      SmallDisk disk, Path directory, String options, Ledger ledger) throws Exception {
    long free = Long.MAX_VALUE;
    int opened = 0;
    for (int i = 0; i < OPENINGS; i++) {
      try {
        Door door = Door.open("engine", directory, options);
        opened++;
        try {
          Map<String, Map<Integer, String>> found = door.read();
          ledger.moveTo(found, ledger.taken(), ledger.taken() + 1);
        } finally {
          closeIfItCan(door);
        }
      } catch (LarderException e) {
        assertThat(e).as("refused on a full disk").hasStackTraceContaining("space left");
      }
      if (i > 0) {
        assertThat(disk.freeBytes()).as("free after opening " + i).isGreaterThanOrEqualTo(free);
      }
      free = disk.freeBytes();
    }
    System.out.printf(
        "full disk: step %,d, opened %d of %d times on it%n", ledger.taken(), opened, OPENINGS);
  }

  @Test
  void fullDisk_whenADatabaseIsCreated_leavesNothingThatHinders() throws Exception {
    String options = Door.SMALL + "always";
    try (SmallDisk disk = new SmallDisk(temporary, 1_000)) {
      for (long left : List.of(0L, 4_096L, 8_192L, 40_000L, 70_000L, 76_000L)) {
        Path directory = disk.directory().resolve("database" + left);
        disk.fillBut(left);
        try {
          Door.open("engine", directory, options).close();
        } catch (LarderException e) {
          assertThat(e).hasStackTraceContaining("space left");
        }
        disk.release();
        try (Door door = Door.open("engine", directory, options)) {
          goOn(door, new Ledger(true), 5);
        }
        try (var files = Files.list(directory)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  @Test
  void fullDisk_lettingEntriesGo_worksAfterAReopening() throws Exception {
    String options = "wal.segment=64KB&sync=always&memtable.size=1MB";
    try (SmallDisk disk = new SmallDisk(temporary, DISK_KILOBYTES)) {
      Path directory = disk.directory().resolve("database");
      Ledger ledger = new Ledger(true);
      Door door = Door.open("engine", directory, options);
      try {
        prepare(door, ledger);
        disk.fillBut(600_000);
        long acknowledged = fill(door, ledger, 0);
        ledger.moveTo(door.read(), acknowledged, acknowledged + 1);
      } finally {
        closeIfItCan(door);
      }
      disk.release();
      disk.fillBut(200_000); // as little as a recovery needs, not what was missing
      try (Door opened = Door.open("engine", directory, options)) {
        ledger.moveTo(opened.read(), ledger.taken(), ledger.taken() + 1);
        opened.take(List.of(new Ledger.Change(Ledger.Kind.REMOVE, "a", 1, "")));
      }
    }
  }
}
