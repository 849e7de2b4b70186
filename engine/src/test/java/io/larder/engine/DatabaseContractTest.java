package io.larder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.ClosedException;
import io.larder.engine.api.ConflictException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Entry;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database does, wherever it keeps its entries. */
abstract class DatabaseContractTest {
  final ManualClock clock = new ManualClock();
  Database database;
  Keyspace keyspace;

  /** Opens a new, empty database by {@link #clock}. */
  abstract Database open(DatabaseOptions options);

  @BeforeEach
  void openDatabase() {
    database = open(DatabaseOptions.defaults());
    keyspace = database.createKeyspace("fruit");
  }

  @AfterEach
  void closeDatabase() {
    database.close();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  static void put(Keyspace keyspace, String... pairs) {
    for (int index = 0; index < pairs.length; index += 2) {
      keyspace.put(bytes(pairs[index]), bytes(pairs[index + 1]));
    }
  }

  static String get(Keyspace keyspace, String key) {
    return text(keyspace.get(bytes(key)));
  }

  static List<String> drain(Cursor cursor) {
    List<String> entries = new ArrayList<>();
    try (cursor) {
      while (cursor.next()) {
        entries.add(text(cursor.key()) + "=" + text(cursor.value()));
      }
    }
    return entries;
  }

  static List<String> all(Reader reader, Keyspace keyspace) {
    return drain(reader.cursor(keyspace, KeyRange.all()));
  }

  @Test
  void put_isReadBack() {
    put(keyspace, "apple", "red");
    assertThat(get(keyspace, "apple")).isEqualTo("red");
    assertThat(keyspace.exists(bytes("apple"))).isTrue();
    assertThat(keyspace.exists(bytes("pear"))).isFalse();
    assertThat(keyspace.get(bytes("pear"))).isNull();
  }

  @Test
  void put_again_replacesAndGivesALaterSequence() {
    put(keyspace, "apple", "red");
    long first = keyspace.entry(bytes("apple")).sequence();
    put(keyspace, "apple", "green");
    Entry entry = keyspace.entry(bytes("apple"));
    assertThat(text(entry.value())).isEqualTo("green");
    assertThat(entry.sequence()).isGreaterThan(first);
    assertThat(entry.expiresAtMillis()).isZero();
  }

  @Test
  void put_emptyValue_isAValue() {
    put(keyspace, "apple", "");
    assertThat(keyspace.get(bytes("apple"))).isEmpty();
    assertThat(all(database.latest(), keyspace)).containsExactly("apple=");
  }

  @Test
  void get_givesTheCallerItsOwnArray() {
    byte[] given = bytes("red");
    keyspace.put(bytes("apple"), given);
    given[0] = 'x';
    keyspace.get(bytes("apple"))[0] = 'y';
    assertThat(get(keyspace, "apple")).isEqualTo("red");
  }

  @Test
  void delete_removesAndDeletingAbsentIsFine() {
    put(keyspace, "apple", "red");
    keyspace.delete(bytes("apple"));
    keyspace.delete(bytes("never"));
    assertThat(keyspace.get(bytes("apple"))).isNull();
    assertThat(all(database.latest(), keyspace)).isEmpty();
    put(keyspace, "apple", "again");
    assertThat(get(keyspace, "apple")).isEqualTo("again");
  }

  @Test
  void entries_keepTheOrderAskedFor() {
    put(keyspace, "a", "1", "b", "2");
    List<Entry> entries = keyspace.entries(List.of(bytes("b"), bytes("x"), bytes("a")));
    assertThat(entries).hasSize(3);
    assertThat(text(entries.get(0).value())).isEqualTo("2");
    assertThat(entries.get(1)).isNull();
    assertThat(text(entries.get(2).value())).isEqualTo("1");
  }

  @Test
  void write_batch_laterChangesWinAndAllShareTheMoment() {
    Keyspace other = database.createKeyspace("vegetables");
    put(keyspace, "gone", "x");
    database.write(
        new WriteBatch()
            .put(keyspace, bytes("a"), bytes("1"))
            .put(keyspace, bytes("a"), bytes("2"))
            .put(other, bytes("leek"), bytes("green"))
            .delete(keyspace, bytes("gone")));
    assertThat(all(database.latest(), keyspace)).containsExactly("a=2");
    assertThat(all(database.latest(), other)).containsExactly("leek=green");
  }

  @Test
  void write_everySyncMode_isVisibleAtOnce() {
    for (SyncMode mode : SyncMode.values()) {
      database.write(new WriteBatch().put(keyspace, bytes(mode.name()), bytes("1")), mode);
      assertThat(get(keyspace, mode.name())).isEqualTo("1");
    }
    database.sync();
  }

  @Test
  void keyspaces_doNotSeeEachOther() {
    Keyspace other = database.createKeyspace("vegetables");
    put(keyspace, "a", "1", "b", "2");
    put(other, "a", "9");
    assertThat(all(database.latest(), other)).containsExactly("a=9");
    assertThat(drain(other.cursorDescending(KeyRange.all()))).containsExactly("a=9");
    assertThat(all(database.latest(), keyspace)).containsExactly("a=1", "b=2");
  }

  @Test
  void cursor_ordersByUnsignedBytes() {
    byte[][] keys = {{(byte) 0xFF}, {0}, {0x7F}, {(byte) 0x80}, {0, 0}, {0x7F, 1}};
    for (byte[] key : keys) {
      keyspace.put(key, key);
    }
    List<byte[]> seen = new ArrayList<>();
    try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
      while (cursor.next()) {
        seen.add(cursor.key());
        assertThat(cursor.value()).isEqualTo(cursor.key());
      }
    }
    assertThat(seen)
        .containsExactly(
            new byte[] {0},
            new byte[] {0, 0},
            new byte[] {0x7F},
            new byte[] {0x7F, 1},
            new byte[] {(byte) 0x80},
            new byte[] {(byte) 0xFF});
  }

  @Test
  void cursor_rangesAndSeeksInBothDirections() {
    put(keyspace, "a", "1", "b", "2", "c", "3", "d", "4");
    KeyRange middle = KeyRange.between(bytes("b"), bytes("d"));
    assertThat(drain(keyspace.cursor(middle))).containsExactly("b=2", "c=3");
    assertThat(drain(keyspace.cursorDescending(middle))).containsExactly("c=3", "b=2");
    assertThat(drain(keyspace.cursor(KeyRange.between(bytes("d"), bytes("b"))))).isEmpty();
    try (Cursor cursor = keyspace.cursor(middle)) {
      cursor.seek(bytes("bb"));
      assertThat(cursor.next()).isTrue();
      assertThat(text(cursor.key())).isEqualTo("c");
      cursor.seek(bytes("a"));
      assertThat(cursor.next()).isTrue();
      assertThat(text(cursor.key())).isEqualTo("b");
      cursor.seek(bytes("d"));
      assertThat(cursor.next()).isFalse();
    }
    try (Cursor cursor = keyspace.cursorDescending(KeyRange.all())) {
      cursor.seek(bytes("cc"));
      assertThat(cursor.next()).isTrue();
      assertThat(text(cursor.key())).isEqualTo("c");
      assertThat(cursor.next()).isTrue();
      assertThat(text(cursor.key())).isEqualTo("b");
    }
  }

  @Test
  void cursor_prefixRange() {
    put(keyspace, "app", "1", "apple", "2", "apq", "3", "b", "4");
    assertThat(drain(keyspace.cursor(KeyRange.prefix(bytes("app")))))
        .containsExactly("app=1", "apple=2");
  }

  @Test
  void cursor_seesTheMomentItWasOpened() {
    put(keyspace, "a", "1", "c", "3");
    try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
      assertThat(cursor.next()).isTrue();
      put(keyspace, "b", "2", "c", "changed");
      keyspace.delete(bytes("a"));
      database.flush();
      database.compact();
      assertThat(cursor.next()).isTrue();
      assertThat(text(cursor.key())).isEqualTo("c");
      assertThat(text(cursor.value())).isEqualTo("3");
      assertThat(cursor.next()).isFalse();
    }
  }

  @Test
  void snapshot_readsRepeatWhateverHappens() {
    Keyspace dropped = database.createKeyspace("dropped");
    Keyspace cleared = database.createKeyspace("cleared");
    put(keyspace, "a", "1", "b", "2");
    put(dropped, "x", "1");
    put(cleared, "y", "1");
    try (Snapshot snapshot = database.snapshot()) {
      put(keyspace, "a", "9", "c", "3");
      keyspace.delete(bytes("b"));
      database.dropKeyspace("dropped");
      database.clearKeyspace("cleared");
      put(cleared, "y", "2");
      database.flush();
      database.compact();
      put(keyspace, "a", "10");
      database.flush();
      database.compact();
      assertThat(all(snapshot, keyspace)).containsExactly("a=1", "b=2");
      assertThat(text(snapshot.get(keyspace, bytes("a")))).isEqualTo("1");
      assertThat(snapshot.exists(keyspace, bytes("c"))).isFalse();
      assertThat(all(snapshot, dropped)).containsExactly("x=1");
      assertThat(all(snapshot, cleared)).containsExactly("y=1");
      assertThat(snapshot.entry(keyspace, bytes("b")).sequence())
          .isLessThanOrEqualTo(snapshot.sequence());
    }
    assertThat(all(database.latest(), keyspace)).containsExactly("a=10", "c=3");
    assertThat(all(database.latest(), cleared)).containsExactly("y=2");
  }

  @Test
  void expiry_hidesFromEveryReaderAtOnce() {
    long soon = clock.currentTimeMillis() + 1_000;
    keyspace.put(bytes("short"), bytes("1"), soon);
    keyspace.put(bytes("long"), bytes("2"), soon + 1_000);
    put(keyspace, "ever", "3");
    try (Snapshot snapshot = database.snapshot()) {
      clock.advanceMillis(999);
      assertThat(keyspace.entry(bytes("short")).expiresAtMillis()).isEqualTo(soon);
      clock.advanceMillis(1);
      assertThat(keyspace.get(bytes("short"))).isNull();
      assertThat(keyspace.exists(bytes("short"))).isFalse();
      assertThat(snapshot.get(keyspace, bytes("short"))).isNull();
      assertThat(keyspace.entries(List.of(bytes("short"))).get(0)).isNull();
      assertThat(all(database.latest(), keyspace)).containsExactly("ever=3", "long=2");
    }
    database.flush();
    database.compact();
    assertThat(all(database.latest(), keyspace)).containsExactly("ever=3", "long=2");
  }

  @Test
  void expiry_clockSetBack_bringsNothingBack() {
    keyspace.put(bytes("short"), bytes("1"), clock.currentTimeMillis() + 1_000);
    clock.advanceMillis(2_000);
    assertThat(keyspace.get(bytes("short"))).isNull();
    clock.advanceMillis(-2_000);
    assertThat(keyspace.get(bytes("short"))).isNull();
    assertThat(database.expiryTimeMillis()).isGreaterThan(clock.currentTimeMillis());
  }

  @Test
  void expiry_overAnOlderValue_doesNotUncoverIt() {
    put(keyspace, "a", "old");
    database.flush();
    keyspace.put(bytes("a"), bytes("new"), clock.currentTimeMillis() + 10);
    clock.advanceMillis(20);
    database.flush();
    assertThat(keyspace.get(bytes("a"))).isNull();
    database.compact();
    assertThat(keyspace.get(bytes("a"))).isNull();
  }

  @Test
  void expiry_switchedOff_keepsEverything() {
    try (Database forever = open(DatabaseOptions.defaults().with(EngineOptions.TTL, "off"))) {
      Keyspace kept = forever.createKeyspace("kept");
      kept.put(bytes("a"), bytes("1"), clock.currentTimeMillis() + 10);
      clock.advanceMillis(20);
      forever.flush();
      forever.compact();
      assertThat(get(kept, "a")).isEqualTo("1");
    }
  }

  @Test
  void limits_nameSizeAndLimit() {
    assertThatThrownBy(() -> keyspace.put(new byte[1025], new byte[1]))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("1025")
        .hasMessageContaining("key.limit of 1024");
    assertThatThrownBy(() -> keyspace.put(new byte[0], new byte[1]))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("0 bytes");
    assertThatThrownBy(() -> keyspace.put(new byte[1], new byte[(1 << 20) + 1]))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("1048577")
        .hasMessageContaining("value.limit of 1048576");
    keyspace.put(new byte[1024], new byte[1 << 20]);
    assertThat(keyspace.get(new byte[1024])).hasSize(1 << 20);
    assertThatThrownBy(() -> keyspace.put(bytes("a"), bytes("1"), -1))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("-1");
  }

  @Test
  void write_batchWithOneBadChange_writesNothing() {
    WriteBatch batch =
        new WriteBatch()
            .put(keyspace, bytes("a"), bytes("1"))
            .put(keyspace, new byte[2000], bytes("2"));
    assertThatThrownBy(() -> database.write(batch)).isInstanceOf(LimitExceededException.class);
    assertThat(all(database.latest(), keyspace)).isEmpty();
  }

  @Test
  void keyspaces_createFindListDrop() {
    assertThat(database.keyspaceNames()).containsExactly("fruit");
    assertThat(database.findKeyspace("nuts")).isEmpty();
    assertThat(database.openKeyspace("fruit")).isEqualTo(keyspace);
    assertThatThrownBy(() -> database.createKeyspace("fruit"))
        .isInstanceOf(KeyspaceExistsException.class)
        .hasMessageContaining("'fruit'");
    assertThatThrownBy(() -> database.keyspace("nuts"))
        .isInstanceOf(NoSuchKeyspaceException.class)
        .hasMessageContaining("'nuts'");
    put(keyspace, "a", "1");
    int id = keyspace.id();
    database.dropKeyspace("fruit");
    assertThatThrownBy(() -> keyspace.get(bytes("a"))).isInstanceOf(NoSuchKeyspaceException.class);
    assertThatThrownBy(() -> put(keyspace, "a", "2")).isInstanceOf(NoSuchKeyspaceException.class);
    Keyspace again = database.createKeyspace("fruit");
    assertThat(again.id()).isGreaterThan(id);
    assertThat(all(database.latest(), again)).isEmpty();
  }

  @Test
  void keyspaces_clearAndRename() {
    put(keyspace, "a", "1");
    database.clearKeyspace("fruit");
    assertThat(all(database.latest(), keyspace)).isEmpty();
    put(keyspace, "b", "2");
    database.renameKeyspace("fruit", "obst");
    assertThat(keyspace.name()).isEqualTo("obst");
    assertThat(get(database.keyspace("obst"), "b")).isEqualTo("2");
    assertThat(database.findKeyspace("fruit")).isEmpty();
    database.createKeyspace("fruit");
    assertThatThrownBy(() -> database.renameKeyspace("obst", "fruit"))
        .isInstanceOf(KeyspaceExistsException.class);
  }

  @Test
  void keyspaces_badNames() {
    assertThatThrownBy(() -> database.createKeyspace(""))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("1 to 255");
    assertThatThrownBy(() -> database.createKeyspace("x".repeat(256)))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("256 bytes");
    assertThatThrownBy(() -> database.createKeyspace("a\nb"))
        .isInstanceOf(LarderException.class)
        .hasMessageContaining("control character");
    assertThat(database.createKeyspace("../x/%\u00fc").name()).isEqualTo("../x/%\u00fc");
  }

  @Test
  void keyspace_ofAnotherDatabase_isRefused() {
    try (Database other = open(DatabaseOptions.defaults())) {
      Keyspace foreign = other.createKeyspace("fruit");
      WriteBatch batch = new WriteBatch().put(foreign, bytes("a"), bytes("1"));
      assertThatThrownBy(() -> database.write(batch))
          .isInstanceOf(LarderException.class)
          .hasMessageContaining("belongs to another database");
    }
  }

  @Test
  void transaction_seesItsOwnChangesAndNobodyElseDoes() {
    put(keyspace, "a", "1", "b", "2", "d", "4");
    try (Transaction transaction = database.begin()) {
      transaction.put(keyspace, bytes("c"), bytes("3"));
      transaction.put(keyspace, bytes("b"), bytes("changed"));
      transaction.delete(keyspace, bytes("a"));
      put(keyspace, "e", "later");
      assertThat(all(transaction, keyspace)).containsExactly("b=changed", "c=3", "d=4");
      assertThat(drain(transaction.cursorDescending(keyspace, KeyRange.all())))
          .containsExactly("d=4", "c=3", "b=changed");
      assertThat(drain(transaction.cursor(keyspace, KeyRange.between(bytes("c"), bytes("d")))))
          .containsExactly("c=3");
      assertThat(transaction.get(keyspace, bytes("a"))).isNull();
      assertThat(transaction.exists(keyspace, bytes("c"))).isTrue();
      assertThat(all(database.latest(), keyspace)).containsExactly("a=1", "b=2", "d=4", "e=later");
      transaction.commit();
    }
    assertThat(all(database.latest(), keyspace))
        .containsExactly("b=changed", "c=3", "d=4", "e=later");
  }

  @Test
  void transaction_cursorSeeks() {
    put(keyspace, "a", "1", "c", "3", "e", "5");
    try (Transaction transaction = database.begin()) {
      transaction.put(keyspace, bytes("d"), bytes("4"));
      transaction.delete(keyspace, bytes("c"));
      try (Cursor cursor = transaction.cursor(keyspace, KeyRange.all())) {
        cursor.seek(bytes("b"));
        assertThat(cursor.next()).isTrue();
        assertThat(text(cursor.key())).isEqualTo("d");
        assertThat(cursor.next()).isTrue();
        assertThat(text(cursor.key())).isEqualTo("e");
        assertThat(cursor.next()).isFalse();
        cursor.seek(bytes("a"));
        assertThat(cursor.next()).isTrue();
        assertThat(text(cursor.key())).isEqualTo("a");
      }
      try (Cursor cursor = transaction.cursorDescending(keyspace, KeyRange.all())) {
        cursor.seek(bytes("dd"));
        assertThat(cursor.next()).isTrue();
        assertThat(text(cursor.key())).isEqualTo("d");
        assertThat(cursor.next()).isTrue();
        assertThat(text(cursor.key())).isEqualTo("a");
      }
    }
  }

  @Test
  void transaction_everySyncMode_isVisibleAtOnce() {
    for (SyncMode mode : SyncMode.values()) {
      Transaction transaction = database.begin();
      transaction.put(keyspace, bytes(mode.name()), bytes("1"));
      transaction.commit(mode);
      assertThat(keyspace.exists(bytes(mode.name()))).isTrue();
    }
  }

  @Test
  void transaction_firstCommitterWins() {
    put(keyspace, "a", "1");
    try (Transaction first = database.begin();
        Transaction second = database.begin()) {
      first.put(keyspace, bytes("a"), bytes("first"));
      second.put(keyspace, bytes("a"), bytes("second"));
      second.put(keyspace, bytes("b"), bytes("second"));
      first.commit();
      assertThatThrownBy(second::commit).isInstanceOf(ConflictException.class);
      assertThatThrownBy(() -> second.put(keyspace, bytes("a"), bytes("x")))
          .isInstanceOf(ClosedException.class);
    }
    assertThat(all(database.latest(), keyspace)).containsExactly("a=first");
  }

  @Test
  void transaction_conflictIsSeenThroughFlushAndCompaction() {
    put(keyspace, "a", "1");
    try (Transaction transaction = database.begin()) {
      transaction.put(keyspace, bytes("a"), bytes("mine"));
      put(keyspace, "a", "theirs");
      database.flush();
      database.compact();
      assertThatThrownBy(transaction::commit).isInstanceOf(ConflictException.class);
    }
    assertThat(get(keyspace, "a")).isEqualTo("theirs");
  }

  @Test
  void transaction_onAClearedKeyspace_conflicts() {
    try (Transaction transaction = database.begin()) {
      transaction.put(keyspace, bytes("a"), bytes("mine"));
      database.clearKeyspace("fruit");
      assertThatThrownBy(transaction::commit).isInstanceOf(ConflictException.class);
    }
    assertThat(all(database.latest(), keyspace)).isEmpty();
  }

  @Test
  void transaction_savepoints() {
    put(keyspace, "a", "1");
    try (Transaction transaction = database.begin()) {
      transaction.put(keyspace, bytes("a"), bytes("2"));
      int mark = transaction.savepoint();
      transaction.put(keyspace, bytes("a"), bytes("3"));
      transaction.put(keyspace, bytes("b"), bytes("4"));
      transaction.delete(keyspace, bytes("a"));
      transaction.rollbackTo(mark);
      assertThat(all(transaction, keyspace)).containsExactly("a=2");
      transaction.put(keyspace, bytes("c"), bytes("5"));
      transaction.rollbackTo(mark);
      transaction.commit();
    }
    assertThat(all(database.latest(), keyspace)).containsExactly("a=2");
  }

  @Test
  void transaction_rollbackLeavesNothing() {
    Transaction transaction = database.begin();
    transaction.put(keyspace, bytes("a"), bytes("1"));
    transaction.rollback();
    assertThatThrownBy(transaction::commit).isInstanceOf(ClosedException.class);
    assertThat(all(database.latest(), keyspace)).isEmpty();
    assertThat(database.statistics().get("snapshots")).isZero();
  }

  @Test
  void lock_excludesOthersAndIsReentrant() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      AtomicBoolean entered = new AtomicBoolean();
      CountDownLatch asking = new CountDownLatch(1);
      Future<?> waiting;
      try (Keyspace.KeyLock outer = keyspace.lock(bytes("a"));
          Keyspace.KeyLock inner = keyspace.lockAll(List.of(bytes("b"), bytes("a"), bytes("a")))) {
        assertThat(outer).isNotNull();
        assertThat(inner).isNotNull();
        waiting =
            other.submit(
                () -> {
                  asking.countDown();
                  try (Keyspace.KeyLock lock = keyspace.lock(bytes("a"))) {
                    assertThat(lock).isNotNull();
                    entered.set(true);
                  }
                });
        assertThat(asking.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(entered).isFalse();
      }
      waiting.get(60, TimeUnit.SECONDS);
      assertThat(entered).isTrue();
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void concurrentIncrements_underLockAndTransactions_loseNothing() throws Exception {
    int threads = 4;
    int rounds = 200;
    byte[] key = bytes("counter");
    put(keyspace, "counter", "0");
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> results = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        boolean locking = thread % 2 == 0;
        results.add(
            pool.submit(
                () -> {
                  for (int round = 0; round < rounds; round++) {
                    if (locking) {
                      incrementLocked(key);
                    } else {
                      incrementInTransaction(key);
                    }
                  }
                }));
      }
      for (Future<?> result : results) {
        result.get(60, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(get(keyspace, "counter")).isEqualTo(String.valueOf(threads * rounds));
  }

  private void incrementLocked(byte[] key) {
    try (Keyspace.KeyLock lock = keyspace.lock(key)) {
      assertThat(lock).isNotNull();
      int count = Integer.parseInt(text(keyspace.get(key)));
      keyspace.put(key, bytes(String.valueOf(count + 1)));
    }
  }

  private void incrementInTransaction(byte[] key) {
    while (true) {
      try (Transaction transaction = database.begin()) {
        int count = Integer.parseInt(text(transaction.get(keyspace, key)));
        transaction.put(keyspace, key, bytes(String.valueOf(count + 1)));
        transaction.commit();
        return;
      } catch (ConflictException e) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void batches_areNeverSeenInPart() throws Exception {
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<?> writing =
          writer.submit(
              () -> {
                for (int round = 0; round < 500; round++) {
                  WriteBatch batch = new WriteBatch();
                  for (int key = 0; key < 10; key++) {
                    batch.put(keyspace, bytes("k" + key), bytes("v" + round));
                  }
                  database.write(batch, SyncMode.NONE);
                }
              });
      while (!writing.isDone()) {
        List<String> seen = all(database.latest(), keyspace);
        assertThat(seen.stream().map(entry -> entry.substring(3)).distinct().count())
            .isLessThanOrEqualTo(1);
        assertThat(seen.size()).isIn(0, 10);
      }
      writing.get(60, TimeUnit.SECONDS);
    } finally {
      writer.shutdownNow();
    }
  }

  @Test
  void close_everyCallAfterItSaysSo() {
    Cursor cursor = keyspace.cursor(KeyRange.all());
    Snapshot snapshot = database.snapshot();
    database.close();
    database.close();
    assertThatThrownBy(() -> keyspace.get(bytes("a"))).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> put(keyspace, "a", "1")).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> database.begin()).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> database.keyspaceNames()).isInstanceOf(ClosedException.class);
    assertThatThrownBy(cursor::next).isInstanceOf(ClosedException.class);
    assertThatThrownBy(() -> snapshot.get(keyspace, bytes("a")))
        .isInstanceOf(ClosedException.class);
    cursor.close();
    snapshot.close();
  }

  @Test
  void statistics_countWhatIsThere() {
    put(keyspace, "a", "1", "b", "2");
    assertThat(keyspace.statistics().entriesEstimated()).isEqualTo(2);
    assertThat(keyspace.statistics().bytesEstimated()).isPositive();
    assertThat(database.statistics().get("commits")).isEqualTo(2);
    assertThat(database.statistics().get("keyspaces")).isEqualTo(1);
  }
}
