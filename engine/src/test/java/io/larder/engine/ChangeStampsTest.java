package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.ChangeStamps;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.Entry;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.Transaction;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.io.FaultHook;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cache above the database that trusts the stamps never shows anything old. */
class ChangeStampsTest {
  private static final int KEYS = 24;
  private static final int STRIPES = 8;

  @TempDir Path directory;

  private static byte[] key(int number) {
    return new byte[] {'k', (byte) number};
  }

  private static byte[] value(long version) {
    return ByteBuffer.allocate(Long.BYTES).putLong(version).array();
  }

  @Test
  void stamp_afterAChange_isAnotherAndStableAgain() {
    try (Database database = Databases.open(LarderUri.parse("larder:mem:stamps-change"))) {
      Keyspace keyspace = database.createKeyspace("fruit");
      ChangeStamps stamps = database.changeStamps(1 << 10);
      int stripe = stamps.stripeOf(key(1));
      long before = stamps.stamp(stripe);
      assertThat(ChangeStamps.isStable(before)).isTrue();

      keyspace.put(key(1), value(1));

      assertThat(ChangeStamps.isNext(before, stamps.stamp(stripe))).isTrue();
    }
  }

  @Test
  void stamp_ofAnotherKey_staysTheSame() {
    try (Database database = Databases.open(LarderUri.parse("larder:mem:stamps-other"))) {
      Keyspace keyspace = database.createKeyspace("fruit");
      ChangeStamps stamps = database.changeStamps(1 << 16);
      long before = stamps.stamp(stamps.stripeOf(key(1)));

      keyspace.put(key(2), value(1));

      assertThat(stamps.stripeOf(key(1))).isNotEqualTo(stamps.stripeOf(key(2)));
      assertThat(stamps.stamp(stamps.stripeOf(key(1)))).isEqualTo(before);
    }
  }

  @Test
  void stamps_afterClearOrDrop_areAllOthers() {
    try (Database database = Databases.open(LarderUri.parse("larder:mem:stamps-clear"))) {
      database.createKeyspace("fruit");
      ChangeStamps stamps = database.changeStamps(STRIPES);
      long first = stamps.stamp(0);

      database.clearKeyspace("fruit");
      long second = stamps.stamp(0);
      database.dropKeyspace("fruit");
      long third = stamps.stamp(0);

      assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
      assertThat(ChangeStamps.isStable(third)).isTrue();
    }
  }

  @Test
  void stamp_whileACommitWaitsForItsSync_isUnstable() {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    DatabaseLocation.Directory location = new DatabaseLocation.Directory(Path.of("/data"));
    try (Database database =
        Databases.open(location, DatabaseOptions.defaults(), disk, new ManualClock())) {
      Keyspace keyspace = database.createKeyspace("fruit");
      ChangeStamps stamps = database.changeStamps(STRIPES);
      int stripe = stamps.stripeOf(key(1));
      List<Long> seen = new ArrayList<>();
      disk.setHook(
          call -> {
            if (call.operation() == IoCall.Operation.SYNC) {
              seen.add(stamps.stamp(stripe));
            }
            return FaultHook.Fault.NONE;
          });

      keyspace.put(key(1), value(1));
      disk.setHook(call -> FaultHook.Fault.NONE);

      assertThat(seen).isNotEmpty().noneMatch(ChangeStamps::isStable);
      assertThat(ChangeStamps.isStable(stamps.stamp(stripe))).isTrue();
    }
  }

  @Test
  @Timeout(60)
  void cacheAboveMemory_whileOthersWrite_neverShowsOldValues() throws Exception {
    try (Database database = Databases.open(LarderUri.parse("larder:mem:stamps-race"))) {
      race(database);
    }
  }

  @Test
  @Timeout(60)
  void cacheAboveDisk_whileOthersWrite_neverShowsOldValues() throws Exception {
    String uri = "larder:" + directory + "?memtable.size=64KB&sync=none";
    try (Database database = Databases.open(LarderUri.parse(uri))) {
      race(database);
    }
  }

  private record Kept(long version, int stripe, long stamp) {}

  /**
   * Each writer owns some keys and raises their versions through all doors; a reader must see at least what was
   * acknowledged before it looked.
   */
  private static void race(Database database) throws Exception {
    Keyspace keyspace = database.createKeyspace("fruit");
    AtomicLongArray acknowledged = new AtomicLongArray(KEYS);
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong hits = new AtomicLong();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int writer = 0; writer < 3; writer++) {
        int first = writer;
        running.add(
            threads.submit(() -> writeUntil(over, database, keyspace, first, acknowledged)));
      }
      ChangeStamps stamps = database.changeStamps(STRIPES); // while commits are under way
      for (int reader = 0; reader < 2; reader++) {
        int seed = reader;
        running.add(
            threads.submit(() -> readUntil(over, keyspace, stamps, acknowledged, seed, hits)));
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
      while (System.nanoTime() < end && running.stream().noneMatch(Future::isDone)) {
        Thread.onSpinWait();
      }
      over.set(true);
      for (Future<?> each : running) {
        each.get(30, TimeUnit.SECONDS);
      }
      assertThat(hits.get()).as("reads answered by the cache").isPositive();
    } finally {
      over.set(true);
      threads.shutdownNow();
    }
  }

  private static @Nullable Void writeUntil(
      AtomicBoolean over,
      Database database,
      Keyspace keyspace,
      int first,
      AtomicLongArray acknowledged) {
    SplittableRandom random = new SplittableRandom(first);
    for (long version = 1; !over.get(); version++) {
      int number = first + 3 * random.nextInt(KEYS / 3);
      switch (random.nextInt(3)) {
        case 0 -> keyspace.put(key(number), value(version));
        case 1 ->
            database.write(
                new WriteBatch().put(keyspace, key(number), value(version)), SyncMode.NONE);
        default -> {
          try (Transaction transaction = database.begin()) {
            transaction.put(keyspace, key(number), value(version));
            transaction.commit();
          }
        }
      }
      acknowledged.accumulateAndGet(number, version, Math::max);
    }
    return null;
  }

  private static @Nullable Void readUntil(
      AtomicBoolean over,
      Keyspace keyspace,
      ChangeStamps stamps,
      AtomicLongArray acknowledged,
      int seed,
      AtomicLong hits) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<Integer, Kept> cache = new HashMap<>();
    while (!over.get()) {
      int number = random.nextInt(KEYS);
      long least = acknowledged.get(number);
      Kept kept = cache.get(number);
      long found;
      if (kept != null && stamps.stamp(kept.stripe()) == kept.stamp()) {
        found = kept.version();
        hits.incrementAndGet();
      } else {
        int stripe = stamps.stripeOf(key(number));
        long stamp = stamps.stamp(stripe);
        Entry entry = keyspace.entry(key(number));
        found = entry == null ? 0 : ByteBuffer.wrap(entry.value()).getLong();
        acknowledged.accumulateAndGet(number, found, Math::max); // nobody may see less from now on
        if (ChangeStamps.isStable(stamp)) {
          cache.put(number, new Kept(found, stripe, stamp));
        }
      }
      assertThat(found).as("version of key %s", number).isGreaterThanOrEqualTo(least);
    }
    return null;
  }
}
