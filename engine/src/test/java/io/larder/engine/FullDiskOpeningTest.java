package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.DiskFullException;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.ProgressListener;
import io.larder.engine.internal.io.FaultHook;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import io.larder.engine.internal.io.LossModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A disk on which no file can be made any more. An opening after a crash was refused there, since it makes a segment of the
 * log, and so nothing could be read, let alone deleted.
 */
final class FullDiskOpeningTest {
  private static final Path SHOP = Path.of("/disk/shop");
  private static final String RESERVE = "0000000000000000.spare";
  private static final long RESERVE_BYTES = 64 << 10;
  private static final DatabaseOptions OPTIONS =
      DatabaseOptions.defaults().with(EngineOptions.WAL_SEGMENT, "64KB");

  private final ManualClock clock = new ManualClock();
  private InMemoryFileSystem disk = new InMemoryFileSystem();

  @BeforeEach
  void crash() throws IOException {
    disk.createDirectories(SHOP.getParent());
    Database database = open();
    put(database, "flushed");
    database.flush();
    put(database, "logged");
    InMemoryFileSystem live = disk;
    disk = live.afterCrash(LossModel.PROCESS_KILLED, 0);
    live.powerOff();
  }

  private Database open() {
    return Databases.open(new DatabaseLocation.Directory(SHOP), OPTIONS, disk, clock);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void put(Database database, String key) {
    database.openKeyspace("some").put(bytes(key), bytes("value of " + key));
  }

  /** From here on no file can be made. */
  private void fill() {
    disk.setHook(
        call ->
            call.operation() == IoCall.Operation.CREATE
                ? FaultHook.Fault.NO_SPACE
                : FaultHook.Fault.NONE);
  }

  /** From here on there is only the room that the reserve takes, once it is given up. */
  private void fillButForTheReserve() {
    long[] reserve = {RESERVE_BYTES};
    long[] free = {0};
    disk.setHook(
        call -> {
          boolean isReserve = call.path().endsWith(RESERVE);
          if (call.operation() == IoCall.Operation.DELETE && isReserve) {
            free[0] += reserve[0];
            reserve[0] = 0;
          } else if (call.operation() == IoCall.Operation.PREALLOCATE) {
            if (call.lengthBytes() > free[0]) {
              return FaultHook.Fault.NO_SPACE;
            }
            free[0] -= call.lengthBytes();
            reserve[0] = isReserve ? call.lengthBytes() : reserve[0];
          }
          return FaultHook.Fault.NONE;
        });
  }

  private void release() {
    disk.setHook(call -> FaultHook.Fault.NONE);
  }

  private static void requireContent(Database database) {
    Keyspace some = database.keyspace("some");
    for (String key : new String[] {"flushed", "logged"}) {
      assertThat(some.get(bytes(key))).isEqualTo(bytes("value of " + key));
    }
  }

  @Test
  void noFileCanBeMade_readsGoOn_andWritesDoOnceThereIsRoom() {
    fill();
    try (Database database = open()) {
      requireContent(database);
      Keyspace some = database.keyspace("some");
      assertThatThrownBy(() -> put(database, "new"))
          .isInstanceOf(DiskFullException.class)
          .hasMessageContaining(SHOP.toString())
          .hasMessageContaining("no space left");
      assertThatThrownBy(() -> some.delete(bytes("flushed")))
          .as("nothing is left in reserve")
          .isInstanceOf(DiskFullException.class);
      assertThatThrownBy(database::flush).isInstanceOf(DiskFullException.class);
      assertThat(database.statistics().get("disk.full")).isEqualTo(1);
      assertThat(database.statistics().writesStopped()).isFalse();
      assertThat(database.verify(true, ProgressListener.none()).findings()).isEmpty();
      requireContent(database);
    }
    try (Database database = open()) {
      requireContent(database);
      release();
      put(database, "new");
      database.flush();
      assertThat(database.statistics().get("disk.full")).isZero();
    }
    try (Database database = open()) {
      requireContent(database);
      assertThat(database.keyspace("some").get(bytes("new"))).isNotNull();
    }
    disk.requireNoLeaks();
  }

  @Test
  void onlyTheReserveIsLeft_deletesGoOn_nothingElse() throws IOException {
    assertThat(disk.list(SHOP)).contains(RESERVE);
    fillButForTheReserve();
    try (Database database = open()) {
      requireContent(database);
      Keyspace some = database.keyspace("some");
      for (int i = 0; i < 50; i++) {
        some.delete(bytes("nothing"));
      }
      some.delete(bytes("logged"));
      assertThatThrownBy(() -> put(database, "new")).isInstanceOf(DiskFullException.class);
      database.createKeyspace("other");
      database.dropKeyspace("other");
    }
    try (Database database = open()) {
      Keyspace some = database.keyspace("some");
      assertThat(some.get(bytes("logged"))).isNull();
      assertThatThrownBy(() -> put(database, "new")).isInstanceOf(DiskFullException.class);
      release();
      some.delete(bytes("flushed"));
      put(database, "new");
      assertThat(disk.list(SHOP)).contains(RESERVE);
    }
    try (Database database = open()) {
      Keyspace some = database.keyspace("some");
      assertThat(some.get(bytes("flushed"))).isNull();
      assertThat(some.get(bytes("new"))).isNotNull();
    }
    disk.requireNoLeaks();
  }

  /** What filled the disk does not eat the room that is kept for deletes. */
  @Test
  void putsThatFindNoRoom_leaveTheReserveToDeletes() throws IOException {
    try (Database database = open()) {
      fillButForTheReserve();
      Keyspace some = database.keyspace("some");
      assertThatThrownBy(
              () -> {
                while (true) {
                  some.put(bytes("large"), new byte[10_000]);
                }
              })
          .isInstanceOf(DiskFullException.class);
      assertThat(disk.sizeBytes(SHOP.resolve(RESERVE))).isEqualTo(RESERVE_BYTES);
      for (int i = 0; i < 20; i++) {
        some.delete(bytes("nothing"));
        some.delete(bytes("large"));
      }
      assertThat(some.get(bytes("large"))).isNull();
      requireContent(database);
      release();
      put(database, "new");
    }
    try (Database database = open()) {
      requireContent(database);
      assertThat(database.keyspace("some").get(bytes("large"))).isNull();
    }
    disk.requireNoLeaks();
  }

  /** A table that finds no room is no failure either: its content is in memory and in the log. */
  @Test
  void tableFindsNoRoom_memtableWaits_andIsWrittenLater() {
    try (Database database = open()) {
      put(database, "new");
      disk.setHook(
          call ->
              call.operation() == IoCall.Operation.CREATE
                      && call.path().toString().endsWith(".table")
                  ? FaultHook.Fault.NO_SPACE
                  : FaultHook.Fault.NONE);
      assertThatThrownBy(database::flush).isInstanceOf(DiskFullException.class);
      requireContent(database);
      assertThat(database.statistics().writesStopped()).isFalse();
      database.keyspace("some").delete(bytes("new"));
      release();
      put(database, "more");
      database.flush();
      Awaitility.await()
          .atMost(30, TimeUnit.SECONDS)
          .until(() -> database.statistics().get("memtable.waiting") == 0);
    }
    try (Database database = open()) {
      requireContent(database);
      assertThat(database.keyspace("some").get(bytes("more"))).isNotNull();
    }
    disk.requireNoLeaks();
  }

  /** That a writer found the reserve whole says nothing of the flush that finds no room. */
  @Test
  void deleteWhileAWriterWaitsForAFlushThatFindsNoRoom_isTaken() throws Exception {
    DatabaseOptions small = OPTIONS.with(EngineOptions.MEMTABLE_SIZE, "64KB");
    try (Database database =
        Databases.open(new DatabaseLocation.Directory(SHOP), small, disk, clock)) {
      Keyspace some = database.keyspace("some");
      AtomicReference<Runnable> whenFlushing = new AtomicReference<>(() -> {});
      disk.setHook(
          call -> {
            if (call.operation() != IoCall.Operation.CREATE
                || !call.path().toString().endsWith(".table")) {
              return FaultHook.Fault.NONE;
            }
            whenFlushing.getAndSet(() -> {}).run();
            return FaultHook.Fault.NO_SPACE;
          });
      assertThatThrownBy(
              () -> {
                while (true) {
                  some.put(bytes("large"), new byte[10_000]);
                }
              })
          .isInstanceOf(DiskFullException.class);
      FutureTask<Boolean> delete = new FutureTask<>(() -> some.delete(bytes("large")), true);
      Thread deleting = new Thread(delete);
      whenFlushing.set(
          () -> {
            deleting.start();
            Awaitility.await()
                .until(
                    () ->
                        deleting.getState() == Thread.State.WAITING
                            || deleting.getState() == Thread.State.TIMED_WAITING
                            || deleting.getState() == Thread.State.TERMINATED);
          });
      assertThatThrownBy(() -> some.put(bytes("large"), new byte[10_000]))
          .isInstanceOf(DiskFullException.class);
      delete.get(30, TimeUnit.SECONDS);
      assertThat(some.get(bytes("large"))).isNull();
      release();
      put(database, "new");
      database.flush();
      assertThat(database.statistics().get("disk.full")).isZero();
    }
    disk.requireNoLeaks();
  }

  /** A close that cannot write its time into the manifest keeps it in the log. */
  @Test
  void closedOnAFullDisk_whatWasSeenExpired_staysSo_thoughTheMachinesClockGoesBack() {
    try (Database database = open()) {
      Keyspace some = database.keyspace("some");
      some.put(bytes("short"), bytes("lived"), clock.currentTimeMillis() + 1_000);
      disk.setHook(
          call ->
              call.path().toString().endsWith(".table")
                  ? FaultHook.Fault.NO_SPACE
                  : FaultHook.Fault.NONE);
      assertThatThrownBy(database::flush).isInstanceOf(DiskFullException.class);
      clock.advanceMillis(1_000);
      assertThat(some.get(bytes("short"))).isNull();
    }
    release();
    clock.advanceMillis(-1_000);
    try (Database database = open()) {
      requireContent(database);
      assertThat(database.keyspace("some").get(bytes("short"))).isNull();
    }
    disk.requireNoLeaks();
  }

  /** The reserve too waits for the first commit. */
  @Test
  void openedAfterAnOrderlyClose_writesNothing() throws IOException {
    open().close();
    disk.delete(SHOP.resolve(RESERVE));
    List<IoCall> changing = new CopyOnWriteArrayList<>();
    disk.setHook(
        call -> {
          if (call.operation().isChanging() && call.operation() != IoCall.Operation.LOCK) {
            changing.add(call);
          }
          return FaultHook.Fault.NONE;
        });
    try (Database database = open()) {
      requireContent(database);
      assertThat(changing).isEmpty();
      assertThat(disk.list(SHOP)).doesNotContain(RESERVE);
      put(database, "new");
      assertThat(disk.list(SHOP)).contains(RESERVE);
    }
    disk.requireNoLeaks();
  }
}
