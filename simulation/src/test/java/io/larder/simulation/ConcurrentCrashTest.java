package io.larder.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.io.FaultHook.Fault;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import io.larder.engine.internal.io.LossModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Several threads commit at once, so that one leader syncs for many, and the power goes before each call that
 * changes the disk. Every thread has a keyspace of its own; what is found there must be what its first n commits
 * made, with n between its last acknowledged and its last started commit.
 */
@Timeout(300)
class ConcurrentCrashTest {
  private static final int SEEDS = 3;
  private static final int COMMITS = 40;
  private static final int KEYS = 12;
  private static final List<SyncMode> MODES =
      List.of(SyncMode.ALWAYS, SyncMode.ALWAYS, SyncMode.ALWAYS, SyncMode.NONE);

  private final AtomicInteger states = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  /** One committing thread and what is known of its commits. */
  private static final class Writer {
    final String name;
    final SyncMode mode;
    volatile int started;
    volatile int acknowledged;

    Writer(int number) {
      name = "writer" + number;
      mode = MODES.get(number);
    }

    int acknowledgedFor(LossModel loss) {
      return mode == SyncMode.ALWAYS || loss == LossModel.PROCESS_KILLED ? acknowledged : 0;
    }

    void run(Database database, Keyspace keyspace) {
      for (int commit = 1; commit <= COMMITS; commit++) {
        WriteBatch batch = new WriteBatch();
        batch.put(keyspace, bytes("count"), bytes(Integer.toString(commit)));
        batch.put(keyspace, bytes("key" + commit % KEYS), bytes(Integer.toString(commit)));
        started = commit;
        database.write(batch, mode);
        acknowledged = commit;
      }
    }

    /** Checks a recovered keyspace. */
    void check(Database database, int acknowledgedBefore) {
      Keyspace keyspace = database.keyspace(name);
      byte[] counted = keyspace.get(bytes("count"));
      int count = counted == null ? 0 : Integer.parseInt(text(counted));
      if (count < acknowledgedBefore || count > started) {
        throw new AssertionError(
            name
                + ": found "
                + count
                + " commits, acknowledged "
                + acknowledgedBefore
                + ", started "
                + started);
      }
      int keys = 0;
      try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
        while (cursor.next()) {
          String key = text(cursor.key());
          if (!key.equals("count")) {
            int slot = Integer.parseInt(key.substring(3));
            int last = count - Math.floorMod(count - slot, KEYS);
            assertThat(text(cursor.value())).as(name + " " + key).isEqualTo("" + last);
            keys++;
          }
        }
      }
      assertThat(keys).as(name + " after " + count).isEqualTo(Math.min(count, KEYS));
    }
  }

  @Test
  void crash_whileThreadsCommitTogether_keepsWhatEachWasPromised() throws Exception {
    for (long seed : Scenario.seeds(SEEDS)) {
      run(seed);
      Throwable problem = failure.get();
      if (problem != null) {
        throw new AssertionError(problem.getMessage(), problem);
      }
    }
    Tally.add("crash states of concurrent commits", states.get());
    assertThat(states.get()).isPositive();
  }

  private void run(long seed) throws Exception {
    InMemoryFileSystem fileSystem = new InMemoryFileSystem();
    fileSystem.createDirectories(DatabaseWorkload.DIRECTORY.getParent());
    List<Writer> writers = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(MODES.size());
    try (Database database = DatabaseWorkload.open(fileSystem, new ManualClock())) {
      List<Keyspace> keyspaces = new ArrayList<>();
      for (int number = 0; number < MODES.size(); number++) {
        writers.add(new Writer(number));
        keyspaces.add(database.createKeyspace(writers.get(number).name));
      }
      Random random = new Random(seed);
      fileSystem.setHook(
          call -> {
            if (call.operation().isChanging() && failure.get() == null) {
              crash(fileSystem, writers, call, random);
            }
            return Fault.NONE;
          });
      List<Future<?>> work = new ArrayList<>();
      for (int number = 0; number < MODES.size(); number++) {
        Writer writer = writers.get(number);
        Keyspace keyspace = keyspaces.get(number);
        work.add(pool.submit(() -> writer.run(database, keyspace)));
      }
      database.flush();
      for (Future<?> one : work) {
        one.get();
      }
      assertThat(database.statistics().get("wal.syncs"))
          .as("syncs of %d commits", MODES.size() * COMMITS)
          .isLessThan((long) MODES.size() * COMMITS);
    } finally {
      pool.shutdownNow();
    }
    fileSystem.requireNoLeaks();
  }

  private void crash(
      InMemoryFileSystem fileSystem, List<Writer> writers, IoCall call, Random random) {
    LossModel[] losses = LossModel.values();
    for (int i = 0; i < 4; i++) {
      LossModel loss = losses[random.nextInt(losses.length)];
      // Before the image is taken: whatever is acknowledged by then must be in it.
      int[] acknowledged = writers.stream().mapToInt(each -> each.acknowledgedFor(loss)).toArray();
      InMemoryFileSystem crashed = fileSystem.afterCrash(loss, random.nextLong());
      states.incrementAndGet();
      try {
        for (int opening = 0; opening < 2; opening++) {
          try (Database database = DatabaseWorkload.open(crashed, new ManualClock())) {
            for (int number = 0; number < acknowledged.length; number++) {
              writers.get(number).check(database, acknowledged[number]);
            }
          }
          crashed.requireNoLeaks();
          crashed = crashed.afterCrash(LossModel.NOTHING, 0);
        }
      } catch (RuntimeException | AssertionError e) {
        failure.compareAndSet(
            null, new AssertionError(call + ", " + loss + ": " + e.getMessage(), e));
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
