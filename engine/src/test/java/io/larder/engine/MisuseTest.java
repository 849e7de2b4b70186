package io.larder.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.IsolationLevel;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.KeyspaceExistsException;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.LimitExceededException;
import io.larder.engine.api.NoSuchKeyspaceException;
import io.larder.engine.api.Reader;
import io.larder.engine.api.Snapshot;
import io.larder.engine.api.SyncMode;
import io.larder.engine.api.Transaction;
import io.larder.engine.api.WriteBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What users should not do, on both engines: it ends at once, says why, and harms nothing. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class MisuseTest {
  private static final byte[] KEY = "key".getBytes(UTF_8);
  private static final byte[] VALUE = "value".getBytes(UTF_8);

  private final ManualClock clock = new ManualClock();

  private static Keyspace filled(Database database) {
    Keyspace keyspace = database.createKeyspace("fruit");
    for (int number = 0; number < 100; number++) {
      keyspace.put(ByteBuffer.allocate(4).putInt(number).array(), VALUE);
    }
    keyspace.put(KEY, VALUE);
    return keyspace;
  }

  private static void requireWorks(Keyspace keyspace) {
    byte[] value = String.valueOf(System.nanoTime()).getBytes(UTF_8);
    keyspace.put(KEY, value);
    assertThat(keyspace.get(KEY)).isEqualTo(value);
    try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
      assertThat(cursor.next()).isTrue();
    }
  }

  private static void requireAll(Class<? extends Throwable> expected, ThrowingCallable... calls) {
    for (int index = 0; index < calls.length; index++) {
      assertThat(catchThrowable(calls[index])).as("call %d", index).isInstanceOf(expected);
    }
  }

  private static ThrowingCallable[] reads(Reader reader, Keyspace keyspace) {
    return new ThrowingCallable[] {
      () -> reader.get(keyspace, KEY),
      () -> reader.entry(keyspace, KEY),
      () -> reader.read(keyspace, KEY, (value, expiry, sequence) -> sequence),
      () -> reader.exists(keyspace, KEY),
      () -> reader.entries(keyspace, List.of(KEY)),
      () -> reader.cursor(keyspace, KeyRange.all()),
      () -> reader.cursorDescending(keyspace, KeyRange.all())
    };
  }

  @ParameterizedTest
  @EnumSource
  void closedDatabase_refusesEverything_andClosesOnce(EngineKind kind) {
    Database database = kind.open(clock);
    Keyspace keyspace = filled(database);
    Reader latest = database.latest();
    database.close();
    database.close();
    requireAll(ClosedException.class, reads(latest, keyspace));
    requireAll(
        ClosedException.class,
        () -> keyspace.get(KEY),
        () -> keyspace.entry(KEY),
        () -> keyspace.exists(KEY),
        () -> keyspace.entries(List.of(KEY)),
        () -> keyspace.put(KEY, VALUE),
        () -> keyspace.delete(KEY),
        () -> keyspace.cursor(KeyRange.all()),
        () -> keyspace.lock(KEY),
        () -> keyspace.lockAll(List.of(KEY)),
        keyspace::statistics,
        () -> database.findKeyspace("fruit"),
        () -> database.keyspace("fruit"),
        () -> database.createKeyspace("more"),
        () -> database.openKeyspace("fruit"),
        () -> database.dropKeyspace("fruit"),
        () -> database.clearKeyspace("fruit"),
        () -> database.renameKeyspace("fruit", "obst"),
        database::keyspaceNames,
        database::latest,
        () -> database.write(new WriteBatch().put(keyspace, KEY, VALUE)),
        () -> database.write(new WriteBatch()),
        database::snapshot,
        database::begin,
        () -> database.begin(IsolationLevel.SERIALIZABLE),
        database::sync,
        database::flush,
        database::compact,
        database::statistics);
  }

  @ParameterizedTest
  @EnumSource
  void closedSnapshot_andTransactionThatIsOver_refuseEverything(EngineKind kind) {
    try (Database database = kind.open(clock)) {
      Keyspace keyspace = filled(database);
      Snapshot snapshot = database.snapshot();
      snapshot.close();
      snapshot.close();
      requireAll(ClosedException.class, reads(snapshot, keyspace));
      List<Transaction> over = new ArrayList<>();
      for (IsolationLevel level : IsolationLevel.values()) {
        Transaction committed = database.begin(level);
        committed.put(keyspace, KEY, VALUE);
        committed.commit();
        Transaction rolledBack = database.begin(level);
        rolledBack.rollback();
        Transaction closed = database.begin(level);
        closed.close();
        closed.close();
        over.addAll(List.of(committed, rolledBack, closed));
      }
      for (Transaction each : over) {
        requireAll(ClosedException.class, reads(each, keyspace));
        requireAll(
            ClosedException.class,
            () -> each.put(keyspace, KEY, VALUE),
            () -> each.delete(keyspace, KEY),
            each::savepoint,
            () -> each.rollbackTo(0),
            each::commit,
            each::rollback);
        each.close();
      }
      assertThat(database.statistics().get("snapshots")).isZero();
      requireWorks(keyspace);
    }
  }

  @ParameterizedTest
  @EnumSource
  void closedCursor_andOneThatStandsNowhere_refuse(EngineKind kind) {
    try (Database database = kind.open(clock);
        Transaction transaction = database.begin()) {
      Keyspace keyspace = filled(database);
      for (Reader reader : List.of(database.latest(), transaction)) {
        Cursor cursor = reader.cursor(keyspace, KeyRange.all());
        cursor.close();
        cursor.close();
        requireAll(
            ClosedException.class,
            cursor::next,
            () -> cursor.seek(KEY),
            cursor::key,
            cursor::value,
            cursor::sequence,
            cursor::expiresAtMillis);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void handlesLeftOpen_doNotHoldUpTheClose_andAreOfNoUseAfterwards(EngineKind kind) {
    Database database = kind.open(clock);
    Keyspace keyspace = filled(database);
    database.flush();
    Snapshot snapshot = database.snapshot();
    Transaction transaction = database.begin(IsolationLevel.SERIALIZABLE);
    transaction.put(keyspace, KEY, VALUE);
    List<Cursor> cursors =
        List.of(
            keyspace.cursor(KeyRange.all()),
            snapshot.cursorDescending(keyspace, KeyRange.all()),
            transaction.cursor(keyspace, KeyRange.all()));
    cursors.forEach(cursor -> assertThat(cursor.next()).isTrue());
    database.close();
    for (Cursor cursor : cursors) {
      requireAll(ClosedException.class, cursor::next, () -> cursor.seek(KEY), cursor::key);
      cursor.close();
    }
    requireAll(ClosedException.class, transaction::commit, () -> snapshot.get(keyspace, KEY));
    transaction.close();
    snapshot.close();
  }

  @ParameterizedTest
  @EnumSource
  void nulls_areRefused_andNothingIsWritten(EngineKind kind) {
    try (Database database = kind.open(clock);
        Transaction transaction = database.begin()) {
      Keyspace keyspace = filled(database);
      WriteBatch batch = new WriteBatch();
      requireAll(
          NullPointerException.class,
          () -> keyspace.get(null),
          () -> keyspace.exists(null),
          () -> keyspace.entries(Arrays.asList(KEY, null)),
          () -> keyspace.put(null, VALUE),
          () -> keyspace.put(KEY, null),
          () -> keyspace.delete(null),
          () -> keyspace.cursor(null),
          () -> keyspace.lock(null),
          () -> batch.put(keyspace, null, VALUE),
          () -> batch.put(keyspace, KEY, null),
          () -> batch.put(null, KEY, VALUE),
          () -> batch.delete(keyspace, null),
          () -> database.write(null),
          () -> database.write(new WriteBatch().put(keyspace, KEY, VALUE), null),
          () -> database.createKeyspace(null),
          () -> database.keyspace(null),
          () -> database.begin(null),
          () -> transaction.get(keyspace, null),
          () -> transaction.put(keyspace, null, VALUE),
          () -> transaction.put(keyspace, KEY, null),
          () -> transaction.delete(keyspace, null));
      assertThat(batch.isEmpty()).isTrue();
      assertThat(keyspace.get(KEY)).isEqualTo(VALUE);
      requireWorks(keyspace);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keyspaceOfAnotherDatabase_isRefusedEverywhere(EngineKind kind) {
    try (Database database = kind.open(clock);
        Database other = kind.open(clock);
        Snapshot snapshot = database.snapshot();
        Transaction transaction = database.begin()) {
      Keyspace keyspace = filled(database);
      Keyspace foreign = filled(other);
      requireAll(LarderException.class, reads(database.latest(), foreign));
      requireAll(LarderException.class, reads(snapshot, foreign));
      requireAll(LarderException.class, reads(transaction, foreign));
      requireAll(
          LarderException.class,
          () -> transaction.put(foreign, KEY, VALUE),
          () -> transaction.delete(foreign, KEY),
          () ->
              database.write(
                  new WriteBatch().put(keyspace, KEY, new byte[1]).put(foreign, KEY, VALUE)));
      assertThat(keyspace.get(KEY)).isEqualTo(VALUE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void overTheLimit_namesSizeAndLimit_andWritesNothing(EngineKind kind) {
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .with(EngineOptions.KEY_LIMIT, "10")
            .with(EngineOptions.VALUE_LIMIT, "1000")
            .with(EngineOptions.BATCH_LIMIT, "2KB");
    try (Database database = kind.open(options, clock)) {
      Keyspace keyspace = filled(database);
      Transaction transaction = database.begin();
      byte[] longKey = new byte[11];
      byte[] large = new byte[1_001];
      byte[] fits = new byte[1_000];
      requireLimit(() -> keyspace.put(longKey, VALUE), "11", "key.limit of 10");
      requireLimit(() -> keyspace.put(KEY, large), "1001", "value.limit of 1000");
      requireLimit(() -> keyspace.delete(longKey), "11", "key.limit of 10");
      requireLimit(() -> transaction.put(keyspace, longKey, VALUE), "11", "key.limit of 10");
      requireLimit(() -> transaction.put(keyspace, KEY, large), "1001", "value.limit of 1000");
      WriteBatch batch = new WriteBatch();
      batch.put(keyspace, KEY, fits).put(keyspace, new byte[1], fits);
      batch.put(keyspace, new byte[2], fits);
      requireLimit(() -> database.write(batch), "3006", "batch.limit of 2048");
      assertThat(keyspace.get(KEY)).isEqualTo(VALUE);
      transaction.put(keyspace, KEY, fits);
      requireLimit(
          () -> transaction.put(keyspace, new byte[1], fits), "2260", "batch.limit of 2048");
      transaction.put(keyspace, KEY, fits); // instead of the one before
      transaction.put(keyspace, new byte[2], new byte[500]);
      transaction.commit();
      assertThat(keyspace.get(KEY)).isEqualTo(fits);
      assertThat(keyspace.get(new byte[1])).isNull();
      assertThat(keyspace.get(new byte[2])).hasSize(500);
    }
  }

  private static void requireLimit(ThrowingCallable call, String... numbers) {
    assertThatThrownBy(call)
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContainingAll(numbers);
  }

  @ParameterizedTest
  @EnumSource
  void transactionOfTinyChanges_isBoundedByWhatItTakesInMemory(EngineKind kind) {
    DatabaseOptions options = DatabaseOptions.defaults().with(EngineOptions.BATCH_LIMIT, "1MB");
    try (Database database = kind.open(options, clock);
        Transaction transaction = database.begin()) {
      Keyspace keyspace = database.createKeyspace("tiny");
      AtomicInteger changes = new AtomicInteger();
      requireLimit(
          () -> {
            while (true) {
              int number = changes.get();
              transaction.put(keyspace, ByteBuffer.allocate(4).putInt(number).array(), new byte[0]);
              changes.incrementAndGet();
            }
          },
          "128 for each change");
      assertThat(changes.get()).isBetween(7_000, 8_192);
      transaction.rollback();
      try (Transaction overwriting = database.begin()) {
        for (int round = 0; round < 50_000; round++) {
          overwriting.put(keyspace, KEY, VALUE); // without a savepoint this does not grow
        }
        int mark = overwriting.savepoint();
        requireLimit(
            () -> {
              for (int round = 0; round < 50_000; round++) {
                overwriting.put(keyspace, KEY, VALUE);
              }
            },
            "batch.limit");
        overwriting.rollbackTo(mark);
        overwriting.commit();
      }
      assertThat(keyspace.get(KEY)).isEqualTo(VALUE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void savepointsThatAreNone_areRefused(EngineKind kind) {
    try (Database database = kind.open(clock);
        Transaction transaction = database.begin()) {
      Keyspace keyspace = filled(database);
      requireAll(LarderException.class, () -> transaction.rollbackTo(0));
      int first = transaction.savepoint();
      transaction.put(keyspace, KEY, VALUE);
      int second = transaction.savepoint();
      transaction.rollbackTo(first);
      requireAll(
          LarderException.class,
          () -> transaction.rollbackTo(second),
          () -> transaction.rollbackTo(-1),
          () -> transaction.rollbackTo(99));
      transaction.rollbackTo(first);
      transaction.commit();
    }
  }

  @ParameterizedTest
  @EnumSource
  void keyspacesThatAreNotThere_areRefused_andCursorsOnThemGoOn(EngineKind kind) {
    try (Database database = kind.open(clock)) {
      Keyspace keyspace = filled(database);
      try (Cursor cursor = keyspace.cursor(KeyRange.all());
          Transaction transaction = database.begin()) {
        assertThat(cursor.next()).isTrue();
        transaction.put(keyspace, KEY, VALUE);
        database.dropKeyspace("fruit");
        database.compact();
        int rest = 0;
        while (cursor.next()) {
          rest++;
        }
        assertThat(rest).isEqualTo(100);
        requireAll(LarderException.class, transaction::commit);
      }
      requireAll(
          NoSuchKeyspaceException.class,
          () -> database.dropKeyspace("fruit"),
          () -> database.clearKeyspace("fruit"),
          () -> database.renameKeyspace("fruit", "obst"),
          () -> keyspace.get(KEY),
          () -> keyspace.lock(KEY),
          () -> keyspace.put(KEY, VALUE),
          () -> database.write(new WriteBatch().put(keyspace, KEY, VALUE)));
      database.createKeyspace("one");
      database.createKeyspace("two");
      requireAll(
          KeyspaceExistsException.class,
          () -> database.createKeyspace("one"),
          () -> database.renameKeyspace("one", "two"));
      database.renameKeyspace("one", "one");
    }
  }

  @ParameterizedTest
  @EnumSource
  void callbackThatThrows_isHeard_andHoldsNothing(EngineKind kind) {
    Database database = kind.open(clock);
    Keyspace keyspace = filled(database);
    database.flush();
    for (RuntimeException thrown :
        List.of(new IllegalStateException("mine"), new ClosedException("mine too"))) {
      assertThatThrownBy(
              () ->
                  keyspace.read(
                      KEY,
                      (value, expiry, sequence) -> {
                        throw thrown;
                      }))
          .isSameAs(thrown);
    }
    byte[] readInside = keyspace.read(KEY, (value, expiry, sequence) -> keyspace.get(KEY));
    assertThat(readInside).isEqualTo(VALUE);
    requireWorks(keyspace);
    database.compact();
    database.close();
  }

  @ParameterizedTest
  @EnumSource
  void lockGivenBackByAnother_isRefused(EngineKind kind) throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (Database database = kind.open(clock)) {
      Keyspace keyspace = filled(database);
      try (Keyspace.KeyLock held = keyspace.lock(KEY)) {
        Future<?> closing = other.submit(held::close);
        assertThatThrownBy(() -> closing.get(10, TimeUnit.SECONDS))
            .hasCauseInstanceOf(IllegalMonitorStateException.class);
      }
      requireWorks(keyspace);
    } finally {
      other.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void interruptedThread_goesOn_andStaysInterrupted(EngineKind kind) {
    Database database = kind.open(clock);
    Keyspace keyspace = filled(database);
    Thread.currentThread().interrupt();
    requireWorks(keyspace);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    database.write(new WriteBatch().put(keyspace, KEY, VALUE), SyncMode.ALWAYS);
    try (Transaction transaction = database.begin(IsolationLevel.SERIALIZABLE)) {
      assertThat(transaction.get(keyspace, KEY)).isEqualTo(VALUE);
      transaction.put(keyspace, KEY, VALUE);
      transaction.commit();
    }
    database.sync();
    database.flush();
    database.compact();
    database.clearKeyspace("fruit");
    requireWorks(keyspace);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    database.close();
    assertThat(Thread.interrupted()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void threadsInterruptedAllTheTime_loseNothingAcknowledged(EngineKind kind) throws Exception {
    DatabaseOptions options =
        DatabaseOptions.defaults()
            .with(EngineOptions.MEMTABLE_SIZE, "64KB")
            .with(EngineOptions.WAL_SEGMENT, "64KB");
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try (Database database = kind.open(options, clock)) {
      Keyspace keyspace = filled(database);
      List<Thread> threads = new java.util.concurrent.CopyOnWriteArrayList<>();
      List<Future<Integer>> writers = new ArrayList<>();
      for (int writer = 0; writer < 2; writer++) {
        byte tag = (byte) writer;
        writers.add(
            pool.submit(
                () -> {
                  threads.add(Thread.currentThread());
                  int number = 0;
                  for (; number < 2_000; number++) {
                    byte[] key = ByteBuffer.allocate(5).put(tag).putInt(number).array();
                    keyspace.put(key, new byte[100]);
                    assertThat(keyspace.exists(key)).isTrue();
                  }
                  return number;
                }));
      }
      while (!writers.stream().allMatch(Future::isDone)) {
        threads.forEach(Thread::interrupt);
        Thread.onSpinWait();
      }
      for (int writer = 0; writer < 2; writer++) {
        int written = writers.get(writer).get(10, TimeUnit.SECONDS);
        for (int number = 0; number < written; number++) {
          byte[] key = ByteBuffer.allocate(5).put((byte) writer).putInt(number).array();
          assertThat(keyspace.get(key)).hasSize(100);
        }
      }
      requireWorks(keyspace);
    } finally {
      pool.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void closingUnderEverybody_endsEveryCallInTime(EngineKind kind) throws Exception {
    Map<String, ThrowingUser> users = new TreeMap<>();
    users.put("put", (database, keyspace) -> keyspace.put(KEY, VALUE));
    users.put("get", (database, keyspace) -> keyspace.get(KEY));
    users.put("scan", (database, keyspace) -> scan(keyspace));
    users.put("transact", MisuseTest::transact);
    users.put("flush", (database, keyspace) -> database.flush());
    users.put("lock", (database, keyspace) -> keyspace.lock(KEY).close());
    for (int round = 0; round < 5; round++) {
      Database database = kind.open(clock);
      Keyspace keyspace = filled(database);
      CountDownLatch running = new CountDownLatch(users.size());
      ExecutorService pool = Executors.newCachedThreadPool();
      try {
        List<Future<?>> results = new ArrayList<>();
        users.forEach(
            (name, user) ->
                results.add(
                    pool.submit(() -> useUntilClosed(name, user, database, keyspace, running))));
        assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
        database.close();
        for (Future<?> result : results) {
          result.get(30, TimeUnit.SECONDS);
        }
      } finally {
        pool.shutdownNow();
      }
    }
  }

  private interface ThrowingUser {
    void use(Database database, Keyspace keyspace);
  }

  private static void useUntilClosed(
      String name,
      ThrowingUser user,
      Database database,
      Keyspace keyspace,
      CountDownLatch running) {
    try {
      user.use(database, keyspace);
      running.countDown();
      while (true) {
        user.use(database, keyspace);
      }
    } catch (ClosedException e) {
      running.countDown(); // the only right end
    } catch (RuntimeException e) {
      throw new AssertionError(name + " ended with " + e, e);
    }
  }

  private static void scan(Keyspace keyspace) {
    try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
      while (cursor.next()) {
        assertThat(cursor.key()).isNotEmpty();
      }
    }
  }

  private static void transact(Database database, Keyspace keyspace) {
    try (Transaction transaction = database.begin(IsolationLevel.SERIALIZABLE)) {
      transaction.get(keyspace, new byte[] {1});
      transaction.put(keyspace, new byte[] {2}, VALUE);
      transaction.commit();
    }
  }
}
