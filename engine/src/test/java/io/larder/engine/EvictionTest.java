package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.ChangeStamps;
import io.larder.engine.api.ConflictException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LimitExceededException;
import io.larder.engine.api.Transaction;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.spi.Evictor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In-memory databases that are full, or whose entries expire while nobody looks. */
final class EvictionTest {
  private static final long LIMIT = 8 << 20;
  private final ManualClock clock = new ManualClock();

  private Database open(String full) {
    return Databases.open(
        new DatabaseLocation.InMemory("full"),
        DatabaseOptions.defaults()
            .with(EngineOptions.MEMORY_LIMIT, Long.toString(LIMIT))
            .with(EngineOptions.MEMORY_FULL, full),
        clock);
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(8).putLong(number * 0x9E3779B97F4A7C15L).array();
  }

  /** A value that tells its key, of a size that varies. */
  private static byte[] value(long number, int version) {
    int size = 16 + (int) ((number * 31 + version) & 1023);
    return ByteBuffer.allocate(size).putLong(number).putInt(version).array();
  }

  private static void assertWithinLimit(Database database) {
    assertThat(database.statistics().get("memtable.reserved.bytes")).isLessThanOrEqualTo(LIMIT);
    assertThat(database.statistics().get("memtable.bytes")).isLessThanOrEqualTo(LIMIT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evict", "reject"})
  void churn_byManyThreads_neverExceedsTheLimit_andReadsAreRight(String full) throws Exception {
    long seed = System.nanoTime();
    try (Database database = open(full)) {
      Keyspace keyspace = database.createKeyspace("k");
      ExecutorService executor = Executors.newFixedThreadPool(4);
      AtomicBoolean over = new AtomicBoolean();
      try {
        List<Future<?>> writers = new ArrayList<>();
        for (int writer = 0; writer < 2; writer++) {
          int number = writer;
          writers.add(executor.submit(() -> churn(database, keyspace, full, seed + number)));
        }
        Future<?> watcher =
            executor.submit(
                () -> {
                  while (!over.get()) {
                    assertWithinLimit(database);
                  }
                });
        Future<?> reader =
            executor.submit(
                () -> {
                  while (!over.get()) {
                    assertOrderedAndWhole(keyspace);
                  }
                });
        for (Future<?> writer : writers) {
          writer.get(120, TimeUnit.SECONDS);
        }
        over.set(true);
        watcher.get(60, TimeUnit.SECONDS);
        reader.get(60, TimeUnit.SECONDS);
      } finally {
        over.set(true);
        executor.shutdownNow();
      }
      assertWithinLimit(database);
      assertOrderedAndWhole(keyspace);
      if (full.equals("evict")) {
        assertThat(database.statistics().get("eviction.entries")).as("seed %d", seed).isPositive();
        assertThat(database.statistics().get("memtable.partitions")).isBetween(2L, 256L);
        assertThat(database.statistics().get("memtable.bytes")).isGreaterThan(LIMIT / 2);
      }
    }
  }

  /** Writes several times the limit; where that is an error, deletes to make room. */
  private static void churn(Database database, Keyspace keyspace, String full, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int change = 0; change < 40_000; change++) {
      long number = random.nextInt(60_000);
      try {
        if (change % 100 == 0) {
          WriteBatch batch = new WriteBatch();
          for (int index = 0; index < 20; index++) {
            long other = number + index;
            batch.put(keyspace, key(other), value(other, change));
          }
          database.write(batch);
        } else {
          keyspace.put(key(number), value(number, change));
        }
      } catch (LimitExceededException e) {
        assertThat(full).isEqualTo("reject");
        assertThat(e).hasMessageContaining("memory.limit of " + LIMIT + " bytes");
        List<byte[]> victims = new ArrayList<>();
        try (Cursor cursor = keyspace.cursor(new KeyRange(key(number), null))) {
          while (victims.size() < 2_000 && cursor.next()) {
            victims.add(cursor.key());
          }
        }
        victims.forEach(keyspace::delete);
      }
    }
  }

  private static void assertOrderedAndWhole(Keyspace keyspace) {
    byte[] previous = null;
    int step = 0;
    try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
      while (cursor.next()) {
        byte[] key = cursor.key();
        if (previous != null) {
          assertThat(Arrays.compareUnsigned(previous, key)).isNegative();
        }
        previous = key;
        byte[] value = cursor.value();
        assertThat(key(ByteBuffer.wrap(value).getLong())).isEqualTo(key);
        if (step++ % 16 == 0) {
          byte[] found = keyspace.get(key);
          assertThat(found == null || Arrays.equals(found, 0, 8, value, 0, 8)).isTrue();
        }
      }
    }
  }

  @Test
  void evict_keepsWhatIsUsed_andWhatIsNew() {
    try (Database database = open("evict")) {
      Keyspace keyspace = database.createKeyspace("k");
      int hot = 1_000;
      for (int number = 0; number < hot; number++) {
        keyspace.put(key(number), value(number, 0));
      }
      int written = 60_000;
      for (int number = hot; number < written; number++) {
        keyspace.put(key(number), value(number, 0));
        keyspace.get(key(number % hot));
      }
      int kept = 0;
      for (int number = 0; number < hot; number++) {
        kept += keyspace.exists(key(number)) ? 1 : 0;
      }
      assertThat(kept).as("hot entries kept").isGreaterThan(hot * 95 / 100);
      int recent = 0;
      for (int number = written - hot; number < written; number++) {
        recent += keyspace.exists(key(number)) ? 1 : 0;
      }
      assertThat(recent).as("new entries kept").isGreaterThan(hot * 95 / 100);
      int old = 0;
      for (int number = hot; number < 5 * hot; number++) {
        old += keyspace.exists(key(number)) ? 1 : 0;
      }
      assertThat(old).as("old entries kept").isLessThan(hot / 5);
      assertWithinLimit(database);
    }
  }

  @Test
  void evict_ascendingKeys_partitionsStayFew() {
    try (Database database = open("evict")) {
      Keyspace keyspace = database.createKeyspace("k");
      for (int number = 0; number < 200_000; number++) {
        keyspace.put(ByteBuffer.allocate(4).putInt(number).array(), new byte[200]);
      }
      assertWithinLimit(database);
      assertThat(database.statistics().get("memtable.partitions")).isLessThan(256L);
      byte[] last = ByteBuffer.allocate(4).putInt(199_999).array();
      assertThat(keyspace.get(last)).hasSize(200);
    }
  }

  @Test
  void evict_changesTheStampOfWhatLeaves() {
    try (Database database = open("evict")) {
      Keyspace keyspace = database.createKeyspace("k");
      ChangeStamps stamps = database.changeStamps(1 << 16);
      List<Long> before = new ArrayList<>();
      for (int number = 0; number < 1_000; number++) {
        keyspace.put(key(number), value(number, 0));
        before.add(stamps.stamp(stamps.stripeOf(key(number))));
      }
      for (int number = 1_000; number < 30_000; number++) {
        keyspace.put(key(number), value(number, 0));
      }
      int left = 0;
      for (int number = 0; number < 1_000; number++) {
        long stamp = stamps.stamp(stamps.stripeOf(key(number)));
        if (stamp == before.get(number)) {
          assertThat(keyspace.exists(key(number))).as("key %d", number).isTrue();
        } else {
          left++;
        }
      }
      assertThat(left).isPositive();
    }
  }

  @Test
  void evict_sparesTheSystemsKeyspaces() {
    try (Database database = open("evict")) {
      Keyspace system = database.createKeyspace("larder:catalog");
      Keyspace keyspace = database.createKeyspace("k");
      for (int number = 0; number < 500; number++) {
        system.put(key(number), value(number, 7));
      }
      for (int number = 0; number < 60_000; number++) {
        keyspace.put(key(number), value(number, 0));
      }
      for (int number = 0; number < 500; number++) {
        assertThat(system.get(key(number))).isEqualTo(value(number, 7));
      }
    }
  }

  @Test
  void evict_aBatchThatNeverFits_isRefusedAtOnce() {
    try (Database database = open("evict")) {
      Keyspace keyspace = database.createKeyspace("k");
      keyspace.put(key(1), value(1, 0));
      WriteBatch batch = new WriteBatch();
      for (int number = 0; number < 100; number++) {
        batch.put(keyspace, key(number), new byte[100_000]);
      }
      assertThatThrownBy(() -> database.write(batch))
          .isInstanceOf(LimitExceededException.class)
          .hasMessageContaining("nothing of the batch was written");
      assertThat(keyspace.get(key(1))).isEqualTo(value(1, 0));
    }
  }

  /** Sends away what was written last, and counts what it is told. */
  private static final class NewestFirst implements Evictor {
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong writes = new AtomicLong();
    private final java.util.concurrent.ConcurrentHashMap<Long, Long> written =
        new java.util.concurrent.ConcurrentHashMap<>();

    @Override
    public void read(int keyspaceId, long keyHash) {
      reads.incrementAndGet();
    }

    @Override
    public void written(int keyspaceId, long keyHash, int sizeBytes) {
      assertThat(sizeBytes).isPositive();
      written.put(keyHash, writes.incrementAndGet());
    }

    @Override
    public long worth(int keyspaceId, long keyHash) {
      return -written.getOrDefault(keyHash, 0L);
    }
  }

  @Test
  void evictor_ofTheCallers_isTold_andDecides() {
    NewestFirst evictor = new NewestFirst();
    DatabaseOptions evicting =
        DatabaseOptions.defaults()
            .with(EngineOptions.MEMORY_LIMIT, Long.toString(LIMIT))
            .with(EngineOptions.MEMORY_FULL, "evict");
    DatabaseLocation.InMemory location = new DatabaseLocation.InMemory("evictor-of-the-callers");
    assertThatThrownBy(() -> Databases.open(location, DatabaseOptions.defaults(), evictor))
        .isInstanceOf(InvalidOptionException.class)
        .hasMessageContaining("memory.full");
    try (Database database = Databases.open(location, evicting, evictor)) {
      Keyspace keyspace = database.createKeyspace("k");
      try (Transaction early = database.begin()) {
        for (int number = 0; number < 30_000; number++) {
          keyspace.put(key(number), value(number, 0));
        }
        assertThat(evictor.writes).hasValue(30_000);
        for (int number = 0; number < 1_000; number++) {
          assertThat(keyspace.get(key(number))).isEqualTo(value(number, 0));
        }
        assertThat(evictor.reads).hasValue(1_000);
        // what left was newer than the transaction: it must not take it for never written
        int absent = 29_000;
        while (keyspace.exists(key(absent))) {
          absent--;
        }
        early.put(keyspace, key(absent), value(absent, 1));
        assertThatThrownBy(early::commit).isInstanceOf(ConflictException.class);
      }
    }
  }

  @Test
  void sweep_givesTheBytesOfExpiredEntriesBack_thoughNobodyTouchesThem() {
    try (Database database = open("reject")) {
      Keyspace keyspace = database.createKeyspace("k");
      long expiry = clock.currentTimeMillis() + 60_000;
      for (int number = 0; number < 4_000; number++) {
        keyspace.put(key(number), new byte[1_000], expiry);
      }
      for (int number = 4_000; number < 4_100; number++) {
        keyspace.put(key(number), value(number, 0));
      }
      assertThat(database.statistics().get("memtable.bytes")).isGreaterThan(4_000_000);
      clock.advanceMillis(60_000 + 2_000);
      clock.advanceMillis(10_000);
      Awaitility.await()
          .untilAsserted(
              () -> assertThat(database.statistics().get("memtable.bytes")).isLessThan(100_000));
      assertThat(database.statistics().get("sweep.count")).isPositive();
      for (int number = 4_000; number < 4_100; number++) {
        assertThat(keyspace.get(key(number))).isEqualTo(value(number, 0));
      }
    }
  }

  @Test
  void sweep_ofAFewExpiredEntries_happensOnceNobodyWrites() {
    try (Database database = open("reject")) {
      Keyspace keyspace = database.createKeyspace("k");
      for (int number = 0; number < 2_000; number++) {
        keyspace.put(key(number), new byte[1_000], number < 10 ? clock.currentTimeMillis() + 5 : 0);
      }
      long before = database.statistics().get("memtable.entries");
      clock.advanceMillis(12_000);
      Awaitility.await()
          .untilAsserted(() -> assertThat(database.statistics().get("sweep.count")).isEqualTo(1));
      clock.advanceMillis(10_000);
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(database.statistics().get("memtable.entries")).isEqualTo(before - 10));
    }
  }

  @Test
  void threads_endWithTheDatabase() {
    Database database = open("evict");
    Keyspace keyspace = database.createKeyspace("k");
    for (int number = 0; number < 20_000; number++) {
      keyspace.put(key(number), value(number, 0), clock.currentTimeMillis() + 1_000);
    }
    assertThat(threads()).contains("larder-maintenance full", "larder-sweep full");
    database.close();
    assertThat(threads()).doesNotContain("larder-maintenance full", "larder-sweep full");
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
  }
}
