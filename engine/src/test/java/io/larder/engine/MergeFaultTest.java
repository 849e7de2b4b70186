package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.StorageException;
import io.larder.engine.api.WritesStoppedException;
import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.io.LossModel;
import io.larder.engine.internal.io.SystemClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Merges and tables on a disk that is full, on a heap that is, and under files that somebody cuts. */
@Timeout(120)
final class MergeFaultTest {
  private static final Path DIRECTORY = Path.of("/data/full");
  private static final int ENTRIES = 2_000;
  private static final DatabaseOptions OPTIONS =
      DatabaseOptions.defaults().with(EngineOptions.WAL_SEGMENT, "4MB");

  @TempDir Path temporary;

  private static byte[] key(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private static byte[] value(int round) {
    return ByteBuffer.allocate(200).putInt(round).array();
  }

  private static InMemoryFileSystem disk() throws IOException {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    disk.createDirectories(DIRECTORY.getParent());
    return disk;
  }

  private static Database open(InMemoryFileSystem disk) {
    return Databases.open(
        new DatabaseLocation.Directory(DIRECTORY), OPTIONS, disk, SystemClock.instance());
  }

  private static void write(Database database, int round) {
    Keyspace numbers = database.openKeyspace("numbers");
    for (int number = 0; number < ENTRIES; number++) {
      numbers.put(key(number), value(round));
    }
  }

  private static void requireRound(Database database, int round) {
    Keyspace numbers = database.keyspace("numbers");
    for (int number = 0; number < ENTRIES; number++) {
      assertThat(numbers.get(key(number))).isEqualTo(value(round));
    }
  }

  private static boolean isTableWrite(IoCall call) {
    return call.path().toString().endsWith(".table") && call.operation() == IoCall.Operation.WRITE;
  }

  private static long tableFiles(InMemoryFileSystem disk) throws IOException {
    return disk.list(DIRECTORY).stream().filter(name -> name.endsWith(".table")).count();
  }

  @Test
  void merge_onAFullDisk_isPutOff_writesGoOn_andItIsDoneLater() throws IOException {
    InMemoryFileSystem disk = disk();
    AtomicBoolean full = new AtomicBoolean();
    try (Database database = open(disk)) {
      write(database, 0);
      database.flush();
      // a table of two runs needs more than one of a run has, so a limit lets flushes pass and
      // merges not
      long limit = database.statistics().get("table.bytes") * 3 / 2;
      disk.setHook(
          call -> {
            boolean fails =
                full.get() && isTableWrite(call) && call.position() + call.lengthBytes() > limit;
            return fails ? Fault.NO_SPACE : Fault.NONE;
          });
      full.set(true);
      Keyspace more = database.createKeyspace("more");
      for (int round = 1; round <= 30; round++) {
        for (int number = 0; number < ENTRIES / 4; number++) {
          more.put(key(round * ENTRIES + number), value(round));
        }
        database.flush();
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> database.statistics().get("merge.failures") > 0);
      assertThat(database.statistics().get("writes.stopped")).isZero();
      assertThatThrownBy(database::compact)
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("everything is as it was")
          .hasMessageContaining("no space");
      more.put(key(1), value(99));
      requireRound(database, 0);
      assertThat(tableFiles(disk)).isEqualTo(database.statistics().get("table.files"));
      full.set(false);
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> database.statistics().get("table.runs") < 9);
      database.compact();
      assertThat(database.statistics().get("table.runs")).isEqualTo(1);
      requireRound(database, 0);
    }
    disk.requireNoLeaks();
    try (Database again = open(disk.afterCrash(LossModel.NOTHING, 1))) {
      requireRound(again, 0);
      assertThat(again.keyspace("more").get(key(1))).isEqualTo(value(99));
      assertThat(again.keyspace("more").get(key(30 * ENTRIES))).isEqualTo(value(30));
    }
  }

  @Test
  void merge_withoutMemory_isPutOff() throws IOException {
    InMemoryFileSystem disk = disk();
    AtomicBoolean failed = new AtomicBoolean();
    try (Database database = open(disk)) {
      write(database, 0);
      database.flush();
      write(database, 1);
      database.flush();
      disk.setHook(
          call -> {
            if (isTableWrite(call) && failed.compareAndSet(false, true)) {
              throw new OutOfMemoryError("simulated");
            }
            return Fault.NONE;
          });
      assertThatThrownBy(database::compact)
          .isInstanceOf(StorageException.class)
          .hasRootCauseInstanceOf(OutOfMemoryError.class);
      assertThat(database.statistics().get("writes.stopped")).isZero();
      write(database, 2);
      database.compact();
      requireRound(database, 2);
    }
    disk.requireNoLeaks();
  }

  @Test
  void flush_withoutMemory_stopsWrites_andReopeningFindsEverything() throws IOException {
    InMemoryFileSystem disk = disk();
    AtomicBoolean failed = new AtomicBoolean();
    Database database = open(disk);
    try (database) {
      write(database, 0);
      disk.setHook(
          call -> {
            if (isTableWrite(call) && failed.compareAndSet(false, true)) {
              throw new OutOfMemoryError("simulated");
            }
            return Fault.NONE;
          });
      assertThatThrownBy(database::flush).isInstanceOf(WritesStoppedException.class);
      requireRound(database, 0);
    }
    disk.setHook(call -> Fault.NONE);
    disk.requireNoLeaks();
    for (LossModel loss : List.of(LossModel.PROCESS_KILLED, LossModel.NOTHING)) {
      try (Database again = open(disk.afterCrash(loss, 3))) {
        requireRound(again, 0);
        again.compact();
        requireRound(again, 0);
      }
    }
  }

  /**
   * The JVM tells of a fault a few instructions late, which may be outside of the call or in the next one. So it is
   * called again and again by threads of its own, and what is told too late ends with its thread.
   */
  private static void requireNamed(Path table, Runnable read) throws InterruptedException {
    AtomicReference<String> told = new AtomicReference<>("");
    for (int threads = 0; threads < 50 && !told.get().contains(table.toString()); threads++) {
      Thread reader = new Thread(() -> readUntilNamed(table, read, told));
      reader.setUncaughtExceptionHandler((thread, late) -> {});
      reader.start();
      reader.join();
    }
    assertThat(told.get()).contains(table.toString());
  }

  /** Of a longer read the fault may be told where no file is known; but it is told. */
  private static void requireTold(Runnable read) throws InterruptedException {
    AtomicReference<String> told = new AtomicReference<>("");
    Thread reader =
        new Thread(
            () -> {
              readUntilNamed(Path.of(""), read, told);
            });
    reader.setUncaughtExceptionHandler((thread, late) -> told.set(late.toString()));
    reader.start();
    reader.join();
    assertThat(told.get()).isNotEmpty();
  }

  @SuppressWarnings("ThreadPriorityCheck") // a short call out of Java, where faults are told of
  private static void readUntilNamed(Path table, Runnable read, AtomicReference<String> told) {
    for (int attempt = 0; attempt < 1_000; attempt++) {
      if (!told.get().isEmpty() && told.get().contains(table.toString())) {
        return;
      }
      try {
        read.run();
        Thread.yield();
      } catch (CorruptionException e) {
        told.set(String.valueOf(e.getMessage()));
      } catch (InternalError e) {
        told.compareAndSet("", e.toString()); // told outside of the call
      }
    }
  }

  @Test
  void tableCutWhileOpen_isCorruptionThatNamesTheFile() throws Exception {
    Path directory = temporary.resolve("cut");
    Database database =
        Databases.open(
            new DatabaseLocation.Directory(directory),
            OPTIONS.with(EngineOptions.SYNC, "none"),
            LocalFileSystem.instance(),
            SystemClock.instance());
    Keyspace numbers = database.createKeyspace("numbers");
    byte[] large = new byte[100_000];
    for (int number = 0; number < 100; number++) {
      numbers.put(key(number), large);
    }
    database.flush();
    for (int number = 0; number < 100; number++) { // all pages are checked and good
      assertThat(numbers.get(key(number))).hasSize(large.length);
    }
    Path table;
    try (Stream<Path> files = Files.list(directory)) {
      table = files.filter(file -> file.toString().endsWith(".table")).findFirst().orElseThrow();
    }
    try (FileChannel file = FileChannel.open(table, StandardOpenOption.WRITE)) {
      file.truncate(4_096);
    }
    if (Runtime.version().feature() >= 25) {
      requireNamed(table, () -> numbers.get(key(99)));
    } else {
      // compiled code of 17 may tell of it only after the call, whatever the call does at its end
      requireTold(() -> numbers.get(key(99)));
    }
    requireTold(
        () -> {
          try (Cursor cursor = numbers.cursor(KeyRange.all())) {
            while (cursor.next()) {
              cursor.value();
            }
          }
        });
    numbers.put(key(7), value(7));
    assertThat(numbers.get(key(7))).isEqualTo(value(7));
    database.close();
  }
}
