package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.InvalidOptionException;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.engine.api.LimitExceededException;
import io.larder.engine.spi.Clock;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class MemoryDatabaseTest extends DatabaseContractTest {
  @Override
  Database open(DatabaseOptions options) {
    return Databases.open(new DatabaseLocation.InMemory("contract"), options, clock);
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private static void awaitBytesBelow(Database database, long bytes) {
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(database.statistics().get("memtable.bytes")).isLessThan(bytes));
  }

  private Database small() {
    return open(DatabaseOptions.defaults().with(EngineOptions.MEMORY_LIMIT, "8MB"));
  }

  @Test
  void open_sharesByName_andTheLastCloseForgets() {
    LarderUri uri = LarderUri.parse("larder:mem:shared-by-name");
    try (Database first = Databases.open(uri)) {
      Keyspace written = first.createKeyspace("a");
      put(written, "k", "v");
      try (Database second = Databases.open(uri)) {
        assertThat(second).isNotSameAs(first);
        assertThat(get(second.keyspace("a"), "k")).isEqualTo("v");
      }
      assertThat(get(written, "k")).isEqualTo("v");
    }
    try (Database again = Databases.open(uri)) {
      assertThat(again.keyspaceNames()).isEmpty();
    }
  }

  @Test
  void open_contradictingOption_namesBothValues() {
    try (Database first = Databases.open(LarderUri.parse("larder:mem:options?key.limit=2KB"))) {
      assertThatThrownBy(
              () -> Databases.open(LarderUri.parse("larder:mem:options?key.limit=3KB&sync=none")))
          .isInstanceOf(InvalidOptionException.class)
          .hasMessageContaining("key.limit is '2KB' there, and '3KB' is asked for")
          .hasMessageContaining("sync is 'always' there, and 'none' is asked for");
      try (Database same = Databases.open(LarderUri.parse("larder:mem:options?key.limit=2048"))) {
        assertThat(same.options()).isSameAs(first.options());
      }
    }
  }

  @Test
  void memoryLimit_rejectsAndLosesNothing_andDeletesMakeRoom() {
    try (Database full = small()) {
      Keyspace entries = full.createKeyspace("entries");
      byte[] value = new byte[10_000];
      int[] count = new int[1];
      assertThatThrownBy(
              () -> {
                while (true) {
                  entries.put(key(count[0]), value);
                  count[0]++;
                }
              })
          .isInstanceOf(LimitExceededException.class)
          .hasMessageContaining("memory.limit of 8388608 bytes");
      assertThat(count[0]).isGreaterThan(600);
      for (int number = 0; number < count[0]; number++) {
        assertThat(entries.get(key(number))).hasSize(value.length);
      }
      for (int number = 0; number < count[0]; number += 2) {
        entries.delete(key(number));
      }
      for (int number = 0; number < count[0] / 3; number++) {
        entries.put(key(-1 - number), value);
      }
      for (int number = 1; number < count[0]; number += 2) {
        assertThat(entries.exists(key(number))).isTrue();
      }
    }
  }

  @Test
  void memory_ofOverwrittenEntries_isGivenBack() {
    try (Database busy = small()) {
      Keyspace entries = busy.createKeyspace("entries");
      byte[] value = new byte[1_000];
      for (int round = 0; round < 50_000; round++) {
        value[0] = (byte) round;
        entries.put(key(round % 100), value);
      }
      awaitBytesBelow(busy, 4 << 20);
      assertThat(entries.get(key(99))[0]).isEqualTo((byte) 49_999);
    }
  }

  @Test
  void memory_ofExpiredEntries_isGivenBack() {
    try (Database busy = small()) {
      Keyspace entries = busy.createKeyspace("entries");
      for (int round = 0; round < 50_000; round++) {
        entries.put(key(round), new byte[1_000], clock.currentTimeMillis() + 60_000);
        clock.advanceMillis(100);
      }
      awaitBytesBelow(busy, 8 << 20);
      assertThat(entries.exists(key(49_999))).isTrue();
    }
  }

  @Test
  void memory_ofClearedKeyspaces_isGivenBack() {
    try (Database busy = small()) {
      Keyspace entries = busy.createKeyspace("entries");
      for (int round = 0; round < 30; round++) {
        for (int number = 0; number < 1_000; number++) {
          entries.put(key(number), new byte[1_000]);
        }
        busy.clearKeyspace("entries");
      }
      awaitBytesBelow(busy, 4 << 20);
    }
  }

  @Test
  void compact_failingOnTheWay_losesNothing() {
    FailingClock failing = new FailingClock();
    try (Database hurt = open(failing)) {
      Keyspace entries = hurt.createKeyspace("entries");
      for (int number = 0; number < 1_000; number++) {
        entries.put(key(number), key(number));
      }
      for (int attempt = 0; attempt < 3; attempt++) {
        failing.fails = true;
        assertThatThrownBy(hurt::compact).isSameAs(failing.failure);
        failing.fails = false;
        entries.put(key(attempt), key(-attempt));
        entries.delete(key(500 + attempt));
      }
      hurt.compact();
      assertThat(hurt.statistics().get("memtable.entries")).isEqualTo(997);
      for (int number = 0; number < 1_000; number++) {
        byte[] expected = number < 3 ? key(-number) : key(number);
        assertThat(entries.get(key(number)))
            .as("key %d", number)
            .isEqualTo(number >= 500 && number < 503 ? null : expected);
      }
    }
  }

  @Test
  void put_whoseTidyingFails_isCommitted_andLaterOnesTidyAgain() {
    FailingClock failing = new FailingClock();
    try (Database hurt = open(failing)) {
      Keyspace entries = hurt.createKeyspace("entries");
      entries.put(key(-1), key(-1));
      byte[] value = new byte[1_000];
      failing.fails = true;
      for (int round = 0; round < 4_000; round++) {
        ByteBuffer.wrap(value).putInt(round);
        entries.put(key(round % 10), value);
      }
      // not one for each commit, but one for each megabyte
      Awaitility.await().untilAsserted(() -> assertThat(failing.failures.get()).isBetween(1, 8));
      failing.fails = false;
      assertThat(hurt.statistics().get("memtable.rebuilds")).isZero();
      for (int round = 4_000; round < 8_000; round++) {
        ByteBuffer.wrap(value).putInt(round);
        entries.put(key(round % 10), value);
      }
      awaitBytesBelow(hurt, 4 << 20);
      assertThat(hurt.statistics().get("memtable.rebuilds")).isPositive();
      for (int number = 0; number < 10; number++) {
        byte[] found = entries.get(key(number));
        assertThat(ByteBuffer.wrap(found).getInt()).isEqualTo(7_990 + number);
      }
      assertThat(entries.get(key(-1))).isEqualTo(key(-1));
    }
  }

  private static Database open(Clock clock) {
    return Databases.open(
        new DatabaseLocation.InMemory("failing"),
        DatabaseOptions.defaults().with(EngineOptions.MEMORY_LIMIT, "64MB"),
        clock);
  }

  /** A clock that can be told to fail, for failures inside a rebuild. Thread-safe. */
  private static final class FailingClock implements Clock {
    private final IllegalStateException failure = new IllegalStateException("the clock fails");
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean fails;

    @Override
    public long currentTimeMillis() {
      if (fails) {
        failures.incrementAndGet();
        throw failure;
      }
      return 1_700_000_000_000L;
    }

    @Override
    public long nanoTime() {
      return 1;
    }
  }
}
