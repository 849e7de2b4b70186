package io.larder.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.larder.engine.api.ByteView;
import io.larder.engine.api.ClosedException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.DiskUsage;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.IsolationLevel;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.Reader;
import io.larder.engine.api.Snapshot;
import io.larder.engine.api.SnapshotTooOldException;
import io.larder.engine.api.Transaction;
import io.larder.engine.internal.io.InMemoryFileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The limit on the age of whatever keeps old versions from being merged away, on both engines. */
@Timeout(60)
final class SnapshotAgeTest {
  private static final byte[] KEY = "a".getBytes(UTF_8);
  private static final long HOUR_MILLIS = 3_600_000;

  private final ManualClock clock = new ManualClock();

  private Database open(EngineKind kind, String age) {
    return kind.open(DatabaseOptions.defaults().with(EngineOptions.SNAPSHOT_AGE, age), clock);
  }

  private static Keyspace filled(Database database) {
    Keyspace keyspace = database.createKeyspace("fruit");
    for (int number = 0; number < 1_000; number++) {
      keyspace.put(new byte[] {(byte) (number >> 8), (byte) number}, KEY);
    }
    keyspace.put(KEY, KEY);
    return keyspace;
  }

  private static void requireTooOld(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(SnapshotTooOldException.class);
  }

  private static void requireNoReads(Reader reader, Keyspace keyspace) {
    requireTooOld(() -> reader.get(keyspace, KEY));
    requireTooOld(() -> reader.entry(keyspace, KEY));
    requireTooOld(() -> reader.read(keyspace, KEY, (value, expiry, sequence) -> sequence));
    requireTooOld(() -> reader.exists(keyspace, KEY));
    requireTooOld(() -> reader.entries(keyspace, List.of(KEY)));
    requireTooOld(() -> reader.cursor(keyspace, KeyRange.all()));
    requireTooOld(() -> reader.cursorDescending(keyspace, KeyRange.all()));
  }

  @ParameterizedTest
  @EnumSource
  void snapshot_olderThanTheLimit_saysSoAndHoldsNothing(EngineKind kind) {
    try (Database database = open(kind, "24h")) {
      Keyspace keyspace = filled(database);
      Snapshot snapshot = database.snapshot();
      clock.advanceMillis(24 * HOUR_MILLIS);
      assertThat(snapshot.get(keyspace, KEY)).isEqualTo(KEY);
      assertThat(database.statistics().get("snapshots")).isEqualTo(1);
      assertThat(database.statistics().get("snapshot.oldest.millis")).isEqualTo(24 * HOUR_MILLIS);
      clock.advanceMillis(HOUR_MILLIS);
      assertThatThrownBy(() -> snapshot.get(keyspace, KEY))
          .isInstanceOf(SnapshotTooOldException.class)
          .hasMessageContaining("The snapshot is 25h old")
          .hasMessageContaining("snapshot.age=1d");
      assertThat(database.statistics().get("snapshots")).isZero();
      assertThat(database.statistics().get("snapshot.expired")).isEqualTo(1);
      requireNoReads(snapshot, keyspace);
      clock.advanceMillis(-24 * HOUR_MILLIS);
      requireNoReads(snapshot, keyspace);
      snapshot.close();
      assertThat(database.statistics().get("snapshots")).isZero();
      try (Snapshot fresh = database.snapshot()) {
        assertThat(fresh.get(keyspace, KEY)).isEqualTo(KEY);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void transaction_olderThanTheLimit_neitherReadsNorCommits(EngineKind kind) {
    try (Database database = open(kind, "1h")) {
      Keyspace keyspace = filled(database);
      for (IsolationLevel level : IsolationLevel.values()) {
        Transaction unread = database.begin(level);
        Transaction read = database.begin(level);
        unread.put(keyspace, KEY, new byte[1]);
        clock.advanceMillis(HOUR_MILLIS + 1);
        assertThatThrownBy(unread::commit)
            .isInstanceOf(SnapshotTooOldException.class)
            .hasMessageContaining("The transaction is");
        requireNoReads(read, keyspace);
        requireTooOld(() -> read.put(keyspace, KEY, KEY));
        read.close();
        assertThat(keyspace.get(KEY)).isEqualTo(KEY);
        assertThat(database.statistics().get("snapshots")).isZero();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void cursor_olderThanTheLimit_endsWithin64Steps(EngineKind kind) {
    try (Database database = open(kind, "1h")) {
      Keyspace keyspace = filled(database);
      requireEndsSoon(keyspace.cursor(KeyRange.all()));
      try (Snapshot snapshot = database.snapshot()) {
        requireEndsSoon(snapshot.cursor(keyspace, KeyRange.all()));
      }
      try (Transaction transaction = database.begin()) {
        requireEndsSoon(transaction.cursorDescending(keyspace, KeyRange.all()));
      }
      Cursor sought = keyspace.cursor(KeyRange.all());
      clock.advanceMillis(HOUR_MILLIS + 1);
      assertThatThrownBy(() -> sought.seek(KEY))
          .isInstanceOf(SnapshotTooOldException.class)
          .hasMessageContaining("The cursor is");
    }
  }

  private void requireEndsSoon(Cursor cursor) {
    assertThat(cursor.next()).isTrue();
    clock.advanceMillis(HOUR_MILLIS + 1);
    requireTooOld(
        () -> {
          for (int step = 0; step < 64; step++) {
            assertThat(cursor.next()).isTrue();
          }
        });
    cursor.close();
  }

  @ParameterizedTest
  @EnumSource
  void merge_letsGoWhatWasForgotten(EngineKind kind) {
    try (Database database = open(kind, "1h")) {
      Keyspace keyspace = filled(database);
      Snapshot forgotten = database.snapshot();
      keyspace.put(KEY, new byte[] {2});
      database.compact();
      assertThat(forgotten.get(keyspace, KEY)).isEqualTo(KEY);
      clock.advanceMillis(HOUR_MILLIS + 1);
      keyspace.put(KEY, new byte[] {3});
      database.compact();
      assertThat(database.statistics().get("snapshots")).isZero();
      assertThat(entries(database)).isEqualTo(1_001);
      clock.advanceMillis(-HOUR_MILLIS); // young by the clock, but what it saw is gone
      requireNoReads(forgotten, keyspace);
      assertThat(keyspace.get(KEY)).isEqualTo(new byte[] {3});
    }
  }

  /**
   * A cursor that nobody moved any more kept its tables, and with them their space on disk, until it was closed.
   */
  @Test
  void cursorThatNobodyMoves_letsItsTablesGo() {
    InMemoryFileSystem files = new InMemoryFileSystem();
    try (Database database =
        Databases.open(
            new DatabaseLocation.Directory(Path.of("/data/test")),
            DatabaseOptions.defaults().with(EngineOptions.SNAPSHOT_AGE, "1h"),
            files,
            clock)) {
      Keyspace keyspace = filled(database);
      byte[] large = new byte[50_000];
      large[49_999] = 7;
      keyspace.put(new byte[] {-1}, large);
      database.compact();
      Cursor forgotten = keyspace.cursor(KeyRange.all());
      Cursor descending = keyspace.cursorDescending(KeyRange.all());
      assertThat(forgotten.next()).isTrue();
      assertThat(descending.next()).isTrue();
      ByteView value = descending.valueView();
      clock.advanceMillis(HOUR_MILLIS);
      keyspace.put(KEY, new byte[] {2});
      database.compact();
      await().untilAsserted(() -> assertThat(tables(database)).isEqualTo(2)); // theirs, newest
      Cursor young = keyspace.cursor(KeyRange.all());
      clock.advanceMillis(1);
      keyspace.put(KEY, new byte[] {3});
      database.compact(); // nobody touches the cursors
      await().untilAsserted(() -> assertThat(tables(database)).isEqualTo(2)); // young's, newest
      assertThat(database.statistics().get("snapshot.expired")).isEqualTo(2);
      assertThat(value.length()).isEqualTo(50_000); // what is looked at stays readable
      assertThat(value.getByte(49_999)).isEqualTo((byte) 7);
      for (Cursor cursor : List.of(forgotten, descending)) {
        List<ThrowingCallable> calls =
            List.of(
                cursor::next,
                cursor::key,
                cursor::value,
                cursor::keyView,
                cursor::valueView,
                cursor::sequence,
                cursor::expiresAtMillis,
                () -> cursor.seek(KEY));
        for (ThrowingCallable call : calls) {
          assertThatThrownBy(call)
              .isInstanceOf(SnapshotTooOldException.class)
              .hasMessageContaining("The cursor is ")
              .hasMessageContaining("snapshot.age=1h");
        }
        cursor.close();
        cursor.close();
        assertThatThrownBy(cursor::next).isInstanceOf(ClosedException.class);
      }
      assertThat(young.next()).isTrue();
      young.close();
      await().untilAsserted(() -> assertThat(tables(database)).isEqualTo(1));
    }
  }

  private static long tables(Database database) {
    return database.diskUsage().kinds().get(DiskUsage.Kind.TABLE).count();
  }

  @ParameterizedTest
  @EnumSource
  void cursors_closedOrYoung_areNotLetGo(EngineKind kind) {
    try (Database database = open(kind, "1h")) {
      Keyspace keyspace = filled(database);
      List<Cursor> cursors = new ArrayList<>();
      try (Transaction transaction = database.begin()) {
        for (int count = 0; count < 10; count++) {
          cursors.add(keyspace.cursor(KeyRange.all()));
          cursors.add(transaction.cursorDescending(keyspace, KeyRange.all()));
          assertThat(cursors.get(2 * count).next()).isTrue();
          assertThat(cursors.get(2 * count + 1).next()).isTrue();
          clock.advanceMillis(HOUR_MILLIS / 10);
        }
      }
      cursors.get(0).close();
      clock.advanceMillis(1);
      keyspace.put(KEY, new byte[] {2});
      database.compact();
      // of the two older than an hour one is closed, and the transaction is over
      assertThat(database.statistics().get("snapshot.expired")).isEqualTo(1);
      assertThat(cursors.get(2).next()).isTrue();
      cursors.forEach(Cursor::close);
      clock.advanceMillis(2 * HOUR_MILLIS);
      keyspace.put(KEY, new byte[] {3});
      database.compact();
      assertThat(database.statistics().get("snapshot.expired")).isEqualTo(1);
    }
  }

  private static long entries(Database database) {
    return database.statistics().get("table.entries")
        + database.statistics().get("memtable.entries");
  }

  @ParameterizedTest
  @EnumSource
  void limitOfZero_isNone(EngineKind kind) {
    try (Database database = open(kind, "0")) {
      Keyspace keyspace = filled(database);
      try (Snapshot snapshot = database.snapshot();
          Cursor cursor = keyspace.cursor(KeyRange.all())) {
        clock.advanceMillis(10_000 * HOUR_MILLIS);
        database.compact();
        assertThat(snapshot.get(keyspace, KEY)).isEqualTo(KEY);
        assertThatCode(cursor::next).doesNotThrowAnyException();
      }
    }
  }
}
