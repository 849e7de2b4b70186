package io.larder.simulation;

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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A workload of entries that expire while the clock of the machine jumps forwards and back, crashed before every call
 * that changes the disk, and recovered with the clock ahead, behind or right. Used by one thread.
 *
 * <p>What must hold: an entry that no clock ever passed is there; one that had expired when the last durable commit was
 * made is gone, however far back the clock is set afterwards; in between either is right. What is there has the newest
 * value of its key, never an older one that an expired value had replaced.
 */
final class ExpiryRun {
  private static final long START_MILLIS = 1_700_000_000_000L;
  private static final int KEYS = 40;
  private static final LossModel[] LOSSES = {
    LossModel.NOTHING, LossModel.EVERYTHING, LossModel.RANDOM, LossModel.PROCESS_KILLED
  };

  private final String test;
  private final long seed;
  private final int steps;
  private final Random random;
  private final InMemoryFileSystem fileSystem = new InMemoryFileSystem();
  private final SteppingClock clock = new SteppingClock(START_MILLIS);
  private final List<State> history = new ArrayList<>();
  private final AtomicLong states = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile int acknowledgedDurable;
  private volatile int acknowledged;
  private volatile int started;

  /** A value and when it expires, 0 for never. */
  private record Entry(String value, long expiresAtMillis) {}

  /**
   * What is written after a step, and the time by which readers judged expiry before it. The machine's clock may have
   * shown a higher one to the log, which notes it in its files and tells no reader.
   */
  private record State(Map<String, Entry> entries, long timeMillis) {}

  /**
   * Prepares a run.
   *
   * @param test what to run to see a failure again, as {@link Scenario} takes it
   */
  ExpiryRun(String test, long seed, int steps) {
    this.test = test;
    this.seed = seed;
    this.steps = steps;
    this.random = new Random(seed);
    history.add(new State(Map.of(), 0));
  }

  long states() {
    return states.get();
  }

  ExpiryRun run() throws IOException {
    fileSystem.createDirectories(DatabaseWorkload.DIRECTORY.getParent());
    fileSystem.setHook(
        call -> {
          if (call.operation().isChanging() && failure.get() == null) {
            crash(call);
          }
          return failure.get() == null ? Fault.NONE : Fault.POWER_OFF;
        });
    try {
      work();
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

  private void work() {
    Database database = DatabaseWorkload.open(fileSystem, clock);
    Keyspace keyspace = database.createKeyspace("mortal");
    for (int i = 0; i < steps; i++) {
      clock.step(random.nextInt(50));
      switch (random.nextInt(16)) {
        case 0 -> clock.step(-random.nextInt(20_000));
        case 1 -> clock.step(random.nextInt(20_000));
        case 2 -> database.flush();
        case 3 -> database.compact();
        case 4 -> {
          database.close();
          acknowledgeAll();
          clock.step(random.nextInt(10_000) - 5_000);
          database = DatabaseWorkload.open(fileSystem, clock);
          keyspace = database.keyspace("mortal");
        }
        default -> commit(database, keyspace);
      }
    }
    database.close();
    acknowledgeAll();
  }

  private void acknowledgeAll() {
    acknowledged = started;
    acknowledgedDurable = started;
  }

  private void commit(Database database, Keyspace keyspace) {
    Map<String, Entry> after;
    synchronized (history) {
      after = new TreeMap<>(history.get(history.size() - 1).entries());
    }
    WriteBatch batch = new WriteBatch();
    for (int i = 0; i < 4; i++) {
      String key = "key" + random.nextInt(KEYS);
      String value = started + 1 + "." + i + "x".repeat(random.nextInt(300));
      long expires = random.nextInt(3) == 0 ? 0 : clock.now() + 1 + random.nextInt(8_000);
      batch.put(keyspace, bytes(key), bytes(value), expires);
      after.put(key, new Entry(value, expires));
    }
    batch.put(keyspace, bytes("marker"), bytes("" + (started + 1)));
    after.put("marker", new Entry("" + (started + 1), 0));
    synchronized (history) {
      history.add(new State(after, database.expiryTimeMillis()));
      started = history.size() - 1;
    }
    SyncMode sync = random.nextInt(3) == 0 ? SyncMode.NONE : SyncMode.ALWAYS;
    database.write(batch, sync);
    acknowledged = started;
    if (sync == SyncMode.ALWAYS) {
      acknowledgedDurable = started;
    }
  }

  private void crash(IoCall call) {
    for (LossModel loss : LOSSES) {
      Scenario scenario = new Scenario(test, seed, call.index(), loss);
      if (!scenario.isWanted()) {
        continue;
      }
      long[] jumps = {0, -60_000, 5_000};
      long jump = jumps[Math.floorMod(scenario.lossSeed(), jumps.length)];
      int least = loss == LossModel.PROCESS_KILLED ? acknowledged : acknowledgedDurable;
      states.incrementAndGet();
      try {
        InMemoryFileSystem crashed = fileSystem.afterCrash(loss, scenario.lossSeed());
        long highest = clock.highestShown(); // after the crash: other threads go on until then
        SteppingClock opened = new SteppingClock(clock.now() + jump);
        int found = judge(crashed, opened, least, highest);
        judge(
            crashed.afterCrash(LossModel.NOTHING, 0),
            new SteppingClock(clock.now() - 100_000),
            found,
            Math.max(highest, opened.highestShown()));
      } catch (RuntimeException | AssertionError e) {
        failure.compareAndSet(
            null, scenario.failure(call + ", clock " + jump + ": " + e.getMessage(), e));
        return;
      }
    }
  }

  /** Opens the database by a clock, and returns the step it is at. */
  private int judge(
      InMemoryFileSystem crashed, SteppingClock opened, int least, long highestShown) {
    try (Database database = DatabaseWorkload.open(crashed, opened)) {
      Keyspace keyspace = database.findKeyspace("mortal").orElse(null);
      if (keyspace == null) {
        require(least == 0, "the keyspace is missing");
        return 0;
      }
      String marker = text(keyspace.get(bytes("marker")));
      int step = marker == null ? 0 : Integer.parseInt(marker);
      require(
          step >= least && step <= started,
          "found step " + step + ", acknowledged " + least + ", started " + started);
      State state;
      synchronized (history) {
        state = history.get(step);
      }
      long highest = Math.max(highestShown, opened.highestShown());
      long lowest = Math.max(state.timeMillis(), opened.highestShown());
      require(keyspace, state, lowest, highest);
      database.flush();
      require(keyspace, state, lowest, highest);
      return step;
    } finally {
      crashed.requireNoLeaks();
    }
  }

  private static void require(Keyspace keyspace, State state, long lowest, long highest) {
    state
        .entries()
        .forEach(
            (key, entry) -> {
              String found = text(keyspace.get(bytes(key)));
              long expires = entry.expiresAtMillis();
              boolean mustBe = expires == 0 || expires > highest;
              boolean mayBe = expires == 0 || expires > lowest;
              require(found != null || !mustBe, key + " is missing, it expires at " + expires);
              require(
                  found == null || mayBe,
                  key + " is there, it expired at " + expires + " and it was " + lowest);
              require(found == null || found.equals(entry.value()), key + " has an older value");
            });
    try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
      while (cursor.next()) {
        Entry entry = state.entries().get(text(cursor.key()));
        require(
            entry != null && entry.value().equals(text(cursor.value())),
            text(cursor.key()) + " is found by a cursor and not right");
      }
    }
  }

  private static void require(boolean right, String problem) {
    if (!right) {
      throw new AssertionError(problem);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.US_ASCII);
  }
}
