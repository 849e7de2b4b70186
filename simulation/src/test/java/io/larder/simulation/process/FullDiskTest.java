package io.larder.simulation.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.DiskFullException;
import io.larder.engine.api.LarderException;
import io.larder.simulation.SilentLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A real file system of a few megabytes runs full: in the log, while a table is written, while tables are merged, in
 * the manifest. Reads go on, nothing acknowledged is lost, opening again and again on the full disk neither loses
 * anything nor eats more space, and with space freed writes go on after a reopening.
 */
@ExtendWith(SilentLog.class)
@Timeout(300)
class FullDiskTest {
  private static final int DISK_KILOBYTES = 6_000;
  private static final int OPENINGS = 4;
  private static final Ledger.Change PUT =
      new Ledger.Change(Ledger.Kind.PUT, "a", 1, "x".repeat(200_000));

  /** A delete that leaves what the ledger knows as it is. */
  private static final Ledger.Change REMOVE_NOTHING =
      new Ledger.Change(Ledger.Kind.REMOVE, "a", 1_000, "");

  @TempDir Path temporary;

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
      assertThat(e)
          .as("tells why")
          .satisfiesAnyOf(
              told -> assertThat(told).isInstanceOf(DiskFullException.class),
              told -> assertThat(told).hasStackTraceContaining("space left"));
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
        disk.fillBut(0);
        // fails closed; perhaps later, if a flush or a merge that ended now has made room
        long last = fill(door, ledger, 0);
        ledger.moveTo(door.read(), last, last + 1);
      } finally {
        closeIfItCan(door);
      }
      disk.fillBut(0);
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

  /** No crash loop: each opening reads and deletes, refuses what needs room, and takes no more space than the reserve. */
  private static void openAgainAndAgain(
      SmallDisk disk, Path directory, String options, Ledger ledger) throws Exception {
    for (int i = 0; i < OPENINGS; i++) {
      Door door = Door.open("engine", directory, options);
      try {
        Map<String, Map<Integer, String>> found = door.read();
        ledger.moveTo(found, ledger.taken(), ledger.taken() + 1);
        if (i == 0) {
          door.take(List.of(REMOVE_NOTHING));
        } else {
          removeAsFarAsTheReserveGoes(door);
        }
        assertThat(ledger.isRight(door.read())).as("after a delete").isTrue();
      } finally {
        closeIfItCan(door);
      }
      System.out.printf("full disk: opening %d, %,d bytes free after it%n", i, disk.freeBytes());
    }
  }

  private static void removeAsFarAsTheReserveGoes(Door door) throws Exception {
    try {
      door.take(List.of(REMOVE_NOTHING));
    } catch (DiskFullException e) {
      assertThat(e).hasMessageContaining("no room on the disk");
    }
  }

  /** A process is killed on a full disk: the log cannot go on in a new segment but of what is kept in reserve. */
  @Test
  void fullDisk_afterAKill_readsAndDeletes_andWritesOnceThereIsRoom() throws Exception {
    String options = "wal.segment=64KB&sync=always";
    try (SmallDisk disk = new SmallDisk(temporary, DISK_KILOBYTES)) {
      Path directory = disk.directory().resolve("database");
      Ledger ledger = new Ledger(true);
      Path killed = disk.directory().resolve("killed");
      try (Door door = Door.open("engine", directory, options)) {
        prepare(door, ledger);
        goOn(door, ledger, 50);
        Files.createDirectories(killed);
        try (var files = Files.list(directory)) {
          for (Path file : files.toList()) {
            Files.copy(file, killed.resolve(file.getFileName()));
          }
        }
      }
      disk.fillBut(0);
      assertThat(disk.freeBytes()).isLessThan(4096);
      try (Door opened = Door.open("engine", killed, options)) {
        ledger.moveTo(opened.read(), ledger.taken(), ledger.taken() + 1);
        for (int i = 0; i < 200; i++) {
          opened.take(List.of(REMOVE_NOTHING));
        }
        assertThatThrownBy(() -> opened.take(List.of(PUT)))
            .isInstanceOf(DiskFullException.class)
            .hasMessageContaining("no room on the disk");
        assertThat(ledger.isRight(opened.read())).isTrue();
        disk.release();
        goOn(opened, ledger, 40);
        opened.tidy(0);
      }
      try (Door opened = Door.open("engine", killed, options)) {
        assertThat(ledger.isRight(opened.read())).isTrue();
      }
    }
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
