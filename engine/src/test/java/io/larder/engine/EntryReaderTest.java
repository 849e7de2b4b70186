package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.Entry;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.Reader;
import io.larder.engine.api.Snapshot;
import io.larder.engine.api.Transaction;
import io.larder.engine.internal.io.InMemoryFileSystem;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads without a copy and reads of many keys, from memtables and from tables. */
final class EntryReaderTest {
  private final ManualClock clock = new ManualClock();

  enum Place {
    MEMORY,
    MEMTABLE,
    TABLE,
    MEMTABLE_OVER_TABLES
  }

  Database open(Place place) {
    if (place == Place.MEMORY) {
      return Databases.open(
          new DatabaseLocation.InMemory("read"), DatabaseOptions.defaults(), clock);
    }
    return Databases.open(
        new DatabaseLocation.Directory(Path.of("/data/read")),
        DatabaseOptions.defaults(),
        new InMemoryFileSystem(),
        clock);
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  static void settle(Database database, Place place, int round) {
    if (place == Place.TABLE || place == Place.MEMTABLE_OVER_TABLES && round < 3) {
      database.flush();
    }
  }

  private static String describe(ByteBuffer value, long expiresAtMillis, long sequence) {
    assertThat(value.position()).isZero();
    assertThatThrownBy(() -> value.put(0, (byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
    assertThat(value.hasArray()).isFalse();
    return value.limit()
        + ":"
        + (value.limit() >= 4 ? value.getInt() : 0)
        + "@"
        + expiresAtMillis
        + "#"
        + sequence;
  }

  private static String read(Reader reader, Keyspace keyspace, int key) {
    return reader.read(keyspace, bytes(key), EntryReaderTest::describe);
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void read_showsWhatEntryCopies(Place place) {
    try (Database database = open(place)) {
      Keyspace keyspace = database.createKeyspace("k");
      long later = clock.currentTimeMillis() + 1_000;
      keyspace.put(bytes(1), bytes(100));
      keyspace.put(bytes(2), bytes(200), later);
      keyspace.put(bytes(3), new byte[0]);
      keyspace.put(bytes(4), bytes(400));
      keyspace.delete(bytes(4));
      settle(database, place, 0);
      long sequence = keyspace.entry(bytes(1)).sequence();
      assertThat(keyspace.read(bytes(1), EntryReaderTest::describe))
          .isEqualTo("4:100@0#" + sequence);
      assertThat(read(database.latest(), keyspace, 2))
          .isEqualTo("4:200@" + later + "#" + keyspace.entry(bytes(2)).sequence());
      assertThat(read(database.latest(), keyspace, 3)).startsWith("0:0@0#");
      assertThat(read(database.latest(), keyspace, 4)).isNull();
      assertThat(read(database.latest(), keyspace, 5)).isNull();
      clock.advanceMillis(1_000);
      assertThat(keyspace.read(bytes(2), EntryReaderTest::describe)).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void read_throughSnapshotAndTransaction_isOfTheirTime(Place place) {
    try (Database database = open(place)) {
      Keyspace keyspace = database.createKeyspace("k");
      keyspace.put(bytes(1), bytes(100));
      try (Snapshot snapshot = database.snapshot();
          Transaction transaction = database.begin()) {
        keyspace.put(bytes(1), bytes(101));
        settle(database, place, 0);
        assertThat(read(snapshot, keyspace, 1)).startsWith("4:100@");
        assertThat(read(transaction, keyspace, 1)).startsWith("4:100@");
        transaction.put(keyspace, bytes(2), bytes(102));
        assertThat(read(transaction, keyspace, 2)).isEqualTo("4:102@0#0");
        transaction.delete(keyspace, bytes(1));
        assertThat(read(transaction, keyspace, 1)).isNull();
        assertThat(read(database.latest(), keyspace, 1)).startsWith("4:101@");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void read_whoseReaderThrows_leavesTheDatabaseUsable(Place place) {
    try (Database database = open(place)) {
      Keyspace keyspace = database.createKeyspace("k");
      keyspace.put(bytes(1), bytes(100));
      settle(database, place, 0);
      IllegalStateException thrown = new IllegalStateException("mine");
      for (int round = 0; round < 5; round++) {
        assertThatThrownBy(
                () ->
                    keyspace.read(
                        bytes(1),
                        (value, expiry, sequence) -> {
                          throw thrown;
                        }))
            .isSameAs(thrown);
      }
      keyspace.put(bytes(1), bytes(101));
      database.compact();
      assertThat(read(database.latest(), keyspace, 1)).startsWith("4:101@");
      database.close();
      assertThatThrownBy(() -> keyspace.read(bytes(1), EntryReaderTest::describe))
          .isInstanceOf(ClosedException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void entries_ofManyKeys_areThoseOfEachKey(Place place) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (Database database = open(place)) {
      Keyspace keyspace = database.createKeyspace("k");
      for (int round = 0; round < 4; round++) {
        for (int change = 0; change < 400; change++) {
          int number = random.nextInt(600);
          if (random.nextInt(5) == 0) {
            keyspace.delete(bytes(number));
          } else {
            long expiry =
                random.nextInt(4) == 0 ? clock.currentTimeMillis() + random.nextInt(9) : 0;
            keyspace.put(bytes(number), bytes(random.nextInt()), expiry);
          }
        }
        settle(database, place, round);
      }
      clock.advanceMillis(4);
      for (int size : new int[] {0, 1, 2, 7, 16, 17, 100, 1_000}) {
        List<byte[]> keys = new ArrayList<>();
        for (int index = 0; index < size; index++) {
          keys.add(bytes(random.nextInt(700)));
        }
        List<Entry> found = keyspace.entries(keys);
        assertThat(found).as("seed %d", seed).hasSize(size);
        for (int index = 0; index < size; index++) {
          Entry expected = keyspace.entry(keys.get(index));
          Entry entry = found.get(index);
          assertThat(entry == null).as("seed %d, key %d", seed, index).isEqualTo(expected == null);
          if (entry != null) {
            assertThat(entry.value()).isEqualTo(expected.value());
            assertThat(entry.expiresAtMillis()).isEqualTo(expected.expiresAtMillis());
            assertThat(entry.sequence()).isEqualTo(expected.sequence());
          }
        }
      }
    }
  }
}
