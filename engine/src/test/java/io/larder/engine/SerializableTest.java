package io.larder.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.ConflictException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.IsolationLevel;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.Transaction;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.io.FaultHook;
import io.larder.engine.internal.io.InMemoryFileSystem;
import io.larder.engine.internal.io.IoCall;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@link IsolationLevel#SERIALIZABLE} adds to a transaction, on both engines. */
@Timeout(120)
final class SerializableTest {
  private final ManualClock clock = new ManualClock();

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** A database with the keys b, d, f, h, j in the keyspace "fruit", which the test gets. */
  private void with(EngineKind kind, Script test) {
    try (Database database = kind.open(clock)) {
      Keyspace fruit = database.createKeyspace("fruit");
      for (String key : List.of("b", "d", "f", "h", "j")) {
        fruit.put(bytes(key), bytes("old"));
      }
      test.run(database, fruit);
    }
  }

  private interface Script {
    void run(Database database, Keyspace fruit);
  }

  /** One transaction reads, somebody else changes a key, the transaction writes elsewhere and commits. */
  private static void run(
      Database database, Keyspace fruit, Consumer<Transaction> reads, Runnable change) {
    try (Transaction transaction = database.begin(IsolationLevel.SERIALIZABLE)) {
      reads.accept(transaction);
      change.run();
      transaction.put(fruit, bytes("zz"), bytes("mine"));
      transaction.commit();
    }
  }

  private static void requireConflict(
      Database database, Keyspace fruit, Consumer<Transaction> reads, Runnable change) {
    assertThatThrownBy(() -> run(database, fruit, reads, change))
        .isInstanceOf(ConflictException.class);
    assertThat(fruit.get(bytes("zz"))).isNull();
  }

  private static void walk(Cursor cursor, int steps) {
    try (cursor) {
      for (int step = 0; step < steps; step++) {
        cursor.next();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void writeSkew_passesAtSnapshot_andNotAtSerializable(EngineKind kind) {
    with(
        kind,
        (database, fruit) -> {
          for (IsolationLevel level : IsolationLevel.values()) {
            try (Transaction first = database.begin(level);
                Transaction second = database.begin(level)) {
              assertThat(first.get(fruit, bytes("b"))).isNotNull();
              assertThat(second.get(fruit, bytes("d"))).isNotNull();
              first.put(fruit, bytes("d"), bytes(level + " first"));
              second.put(fruit, bytes("b"), bytes(level + " second"));
              first.commit();
              if (level == IsolationLevel.SNAPSHOT) {
                second.commit();
              } else {
                assertThatThrownBy(second::commit)
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("The key 64 of the keyspace 'fruit'")
                    .hasMessageContaining("which the transaction read")
                    .hasMessageContaining("begin again");
              }
            }
          }
          assertThat(fruit.get(bytes("b"))).isEqualTo(bytes("SNAPSHOT second"));
          assertThat(fruit.get(bytes("d"))).isEqualTo(bytes("SERIALIZABLE first"));
        });
  }

  @ParameterizedTest
  @EnumSource
  void keys_presentOrAbsent_readInAnyWay_areValidated(EngineKind kind) {
    with(
        kind,
        (database, fruit) -> {
          for (String key : List.of("b", "absent")) {
            byte[] read = bytes(key);
            Runnable change = () -> fruit.put(read, bytes("new"));
            requireConflict(database, fruit, t -> t.get(fruit, read), change);
            requireConflict(database, fruit, t -> t.entry(fruit, read), change);
            requireConflict(database, fruit, t -> t.exists(fruit, read), change);
            requireConflict(
                database, fruit, t -> t.read(fruit, read, (v, expiry, seq) -> seq), change);
            requireConflict(
                database, fruit, t -> t.entries(fruit, List.of(bytes("x"), read)), change);
            requireConflict(database, fruit, t -> t.get(fruit, read), () -> fruit.delete(read));
            requireConflict(
                database,
                fruit,
                t -> t.get(fruit, read),
                () -> database.write(new WriteBatch().put(fruit, read, read), SyncMode.NONE));
          }
          run(
              database,
              fruit,
              t -> t.get(fruit, bytes("b")),
              () -> fruit.put(bytes("c"), bytes("x")));
        });
  }

  @ParameterizedTest
  @EnumSource
  void ranges_walkedToTheEnd_areValidatedEndsIncluded(EngineKind kind) {
    with(
        kind,
        (database, fruit) -> {
          KeyRange range = KeyRange.between(bytes("c"), bytes("i"));
          for (String changed : List.of("c", "cc", "d", "e", "f", "h", "hzzz")) {
            for (boolean descending : new boolean[] {false, true}) {
              requireConflict(
                  database,
                  fruit,
                  t -> walk(open(t, fruit, range, descending), 100),
                  () -> fruit.put(bytes(changed), bytes("phantom")));
              fruit.delete(bytes("c"));
              fruit.delete(bytes("cc"));
              fruit.delete(bytes("e"));
              fruit.delete(bytes("hzzz"));
            }
          }
          for (String changed : List.of("b", "bz", "i", "j")) {
            run(
                database,
                fruit,
                t -> walk(t.cursor(fruit, range), 100),
                () -> fruit.put(bytes(changed), bytes("outside")));
            fruit.delete(bytes("zz"));
          }
          requireConflict(
              database,
              fruit,
              t -> walk(t.cursor(fruit, KeyRange.between(bytes("k"), bytes("m"))), 1),
              () -> fruit.put(bytes("l"), bytes("into the empty range")));
        });
  }

  private static Cursor open(
      Transaction transaction, Keyspace keyspace, KeyRange range, boolean descending) {
    return descending
        ? transaction.cursorDescending(keyspace, range)
        : transaction.cursor(keyspace, range);
  }

  @ParameterizedTest
  @EnumSource
  void ranges_walkedInPart_areValidatedInThatPartOnly(EngineKind kind) {
    with(
        kind,
        (database, fruit) -> {
          // ascending: b, d seen; descending: j, h seen; after a seek: f, h seen
          Consumer<Transaction> up = t -> walk(t.cursor(fruit, KeyRange.all()), 2);
          Consumer<Transaction> down = t -> walk(t.cursorDescending(fruit, KeyRange.all()), 2);
          Consumer<Transaction> sought =
              t -> {
                try (Cursor cursor = t.cursor(fruit, KeyRange.all())) {
                  cursor.seek(bytes("e"));
                  assertThat(cursor.next()).isTrue();
                  assertThat(cursor.next()).isTrue();
                }
              };
          requirePart(database, fruit, up, List.of("a", "b", "c", "d"), List.of("da", "e", "x"));
          requirePart(database, fruit, down, List.of("z", "j", "i", "h"), List.of("g", "a"));
          requirePart(
              database, fruit, sought, List.of("e", "f", "g", "h"), List.of("dz", "ha", "j"));
          requirePart(
              database,
              fruit,
              t -> t.cursor(fruit, KeyRange.all()).close(),
              List.of(),
              List.of("b"));
        });
  }

  private static void requirePart(
      Database database,
      Keyspace fruit,
      Consumer<Transaction> reads,
      List<String> inside,
      List<String> outside) {
    for (String key : inside) {
      byte[] before = fruit.get(bytes(key));
      requireConflict(database, fruit, reads, () -> fruit.put(bytes(key), bytes("new")));
      if (before == null) {
        fruit.delete(bytes(key));
      }
    }
    for (String key : outside) {
      byte[] before = fruit.get(bytes(key));
      run(database, fruit, reads, () -> fruit.put(bytes(key), bytes("new")));
      fruit.delete(bytes("zz"));
      if (before == null) {
        fruit.delete(bytes(key));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void ownChanges_readBack_areNoReads(EngineKind kind) {
    with(
        kind,
        (database, fruit) -> {
          try (Transaction transaction = database.begin(IsolationLevel.SERIALIZABLE)) {
            transaction.put(fruit, bytes("a"), bytes("mine"));
            assertThat(transaction.get(fruit, bytes("a"))).isEqualTo(bytes("mine"));
            fruit.put(bytes("b"), bytes("theirs"));
            transaction.commit();
          }
          assertThat(fruit.get(bytes("a"))).isEqualTo(bytes("mine"));
        });
  }

  @ParameterizedTest
  @EnumSource
  void transactionThatWroteNothing_commitsWhateverHappened(EngineKind kind) {
    with(
        kind,
        (database, fruit) -> {
          try (Transaction transaction = database.begin(IsolationLevel.SERIALIZABLE)) {
            assertThat(transaction.get(fruit, bytes("b"))).isEqualTo(bytes("old"));
            fruit.put(bytes("b"), bytes("new"));
            assertThat(transaction.get(fruit, bytes("b"))).isEqualTo(bytes("old"));
            transaction.commit();
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void keyspaceReadFrom_clearedOrDropped_isAConflict(EngineKind kind) {
    with(
        kind,
        (database, fruit) -> {
          Keyspace other = database.createKeyspace("other");
          requireConflict(
              database,
              fruit,
              t -> t.get(other, bytes("b")),
              () -> database.clearKeyspace("other"));
          requireConflict(
              database, fruit, t -> t.get(other, bytes("b")), () -> database.dropKeyspace("other"));
        });
  }

  @ParameterizedTest
  @EnumSource
  void renamedKeyspace_isNoConflict_andItsChangesAre(EngineKind kind) {
    with(
        kind,
        (database, fruit) -> {
          run(
              database,
              fruit,
              t -> t.get(fruit, bytes("b")),
              () -> database.renameKeyspace("fruit", "obst"));
          fruit.delete(bytes("zz"));
          requireConflict(
              database,
              fruit,
              t -> t.get(fruit, bytes("b")),
              () -> {
                database.renameKeyspace("obst", "fruit");
                fruit.put(bytes("b"), bytes("new"));
              });
        });
  }

  @ParameterizedTest
  @EnumSource
  void conflict_isSeenThroughFlushAndCompaction(EngineKind kind) {
    with(
        kind,
        (database, fruit) ->
            requireConflict(
                database,
                fruit,
                t -> walk(t.cursor(fruit, KeyRange.all()), 100),
                () -> {
                  fruit.put(bytes("e"), bytes("new"));
                  database.flush();
                  fruit.delete(bytes("e"));
                  database.compact();
                }));
  }

  @ParameterizedTest
  @EnumSource
  void moreChangesThanAreRemembered_areAConflict_andMemoryStaysBounded(EngineKind kind) {
    with(
        kind,
        (database, fruit) -> {
          Keyspace other = database.createKeyspace("other");
          Runnable manyChanges =
              () -> {
                WriteBatch batch = new WriteBatch();
                for (int number = 0; number < 70_000; number++) {
                  batch.put(other, ByteBuffer.allocate(4).putInt(number).array(), new byte[1]);
                  if (batch.size() == 1_000) {
                    database.write(batch, SyncMode.NONE);
                    batch.clear();
                  }
                }
              };
          assertThatThrownBy(() -> run(database, fruit, t -> t.get(fruit, bytes("b")), manyChanges))
              .isInstanceOf(ConflictException.class)
              .hasMessageContaining("So many changes");
          assertThat(database.statistics().get("transaction.recorded"))
              .isPositive()
              .isLessThan(66_000);
          run(database, fruit, t -> {}, manyChanges); // it read nothing, so nothing can be missed
        });
  }

  @ParameterizedTest
  @EnumSource
  void recording_endsSomeTimeAfterTheLastTransaction(EngineKind kind) {
    with(
        kind,
        (database, fruit) -> {
          fruit.put(bytes("a"), bytes("1"));
          assertThat(database.statistics().get("transaction.recorded")).isZero();
          try (Transaction transaction = database.begin(IsolationLevel.SERIALIZABLE)) {
            assertThat(transaction.get(fruit, bytes("b"))).isNotNull();
            fruit.put(bytes("a"), bytes("2"));
            assertThat(database.statistics().get("transaction.recorded")).isEqualTo(1);
          }
          for (int number = 0; number < 2_000; number++) {
            fruit.put(bytes("a"), bytes("3"));
          }
          assertThat(database.statistics().get("transaction.recorded")).isZero();
          requireConflict(
              database,
              fruit,
              t -> t.get(fruit, bytes("a")),
              () -> fruit.put(bytes("a"), bytes("4")));
        });
  }

  @Test
  void conflictWithACommitOnItsWay_isToldOnceThatIsVisible() throws Exception {
    InMemoryFileSystem disk = new InMemoryFileSystem();
    CountDownLatch syncing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    ExecutorService others = Executors.newCachedThreadPool();
    try (Database database =
        Databases.open(
            new DatabaseLocation.Directory(Path.of("/data/slow")),
            DatabaseOptions.defaults(),
            disk,
            clock)) {
      Keyspace fruit = database.createKeyspace("fruit");
      Transaction transaction = database.begin(IsolationLevel.SERIALIZABLE);
      assertThat(transaction.get(fruit, bytes("b"))).isNull();
      transaction.put(fruit, bytes("zz"), bytes("mine"));
      disk.setHook(
          call -> {
            if (call.operation() == IoCall.Operation.SYNC) {
              syncing.countDown();
              awaitQuietly(goOn);
            }
            return FaultHook.Fault.NONE;
          });
      Future<?> slow = others.submit(() -> fruit.put(bytes("b"), bytes("theirs")));
      assertThat(syncing.await(30, TimeUnit.SECONDS)).isTrue();
      Future<byte[]> again =
          others.submit(
              () -> {
                assertThatThrownBy(transaction::commit).isInstanceOf(ConflictException.class);
                try (Transaction second = database.begin(IsolationLevel.SERIALIZABLE)) {
                  return second.get(fruit, bytes("b"));
                }
              });
      assertThatThrownBy(() -> again.get(50, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      goOn.countDown();
      assertThat(again.get(30, TimeUnit.SECONDS)).isEqualTo(bytes("theirs"));
      slow.get(30, TimeUnit.SECONDS);
    } finally {
      goOn.countDown();
      others.shutdownNow();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void moreReadsThanAreKeptApart_standForTheWholeKeyspace(EngineKind kind) {
    with(
        kind,
        (database, fruit) -> {
          Keyspace other = database.createKeyspace("other");
          Consumer<Transaction> manyReads =
              t -> {
                for (int number = 0; number < 270_000; number++) {
                  t.exists(fruit, ByteBuffer.allocate(4).putInt(number).array());
                }
              };
          requireConflict(
              database, fruit, manyReads, () -> fruit.put(bytes("never read"), bytes("x")));
          run(database, fruit, manyReads, () -> other.put(bytes("b"), bytes("x")));
        });
  }
}
