package io.larder.engine.internal.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.CancelledException;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.DatabaseOptions;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Entry;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.WriteBatch;
import io.larder.engine.internal.io.SystemClock;
import io.larder.engine.internal.memory.MemoryEngine;
import io.larder.engine.internal.mvcc.StorageEngine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Reads of several keys of an in-memory database while the range of one of them is rebuilt and a batch changes all: at
 * the worst moment, which is after the reader took its view and before it took its number.
 */
final class WholeBatchTest {
  private static final int ENTRIES = 8_000;
  private static final byte[] FIRST = key(0);
  private static final byte[] LAST = key(ENTRIES - 1);

  /** Runs once, as soon as somebody has taken a view. */
  private final AtomicReference<Runnable> onceViewed = new AtomicReference<>(() -> {});

  /** Runs once, as soon as somebody is about to read. */
  private final AtomicReference<Runnable> onceEntering = new AtomicReference<>(() -> {});

  private final DatabaseOptions options =
      DatabaseOptions.defaults().with(EngineOptions.MEMORY_LIMIT, "16MB");
  private final MemoryEngine engine =
      new MemoryEngine("whole", options, 1, SystemClock.instance(), null);
  private final EmbeddedDatabase embedded =
      new EmbeddedDatabase(
          new DatabaseLocation.InMemory("whole"), options, watched(), SystemClock.instance());
  private final Database database = embedded.newHandle(embedded::close);
  private final Keyspace keyspace = database.createKeyspace("k");

  /**
   * The engine, which calls {@link #onceEntering} before somebody enters, and {@link #onceViewed} between giving a view
   * away and returning it.
   */
  private StorageEngine watched() {
    return (StorageEngine)
        Proxy.newProxyInstance(
            StorageEngine.class.getClassLoader(),
            new Class<?>[] {StorageEngine.class},
            (proxy, method, arguments) -> {
              try {
                if (method.getName().equals("enter")) {
                  onceEntering.getAndSet(() -> {}).run();
                }
                Object result = method.invoke(engine, arguments);
                if (method.getName().equals("view") || method.getName().equals("pin")) {
                  onceViewed.getAndSet(() -> {}).run();
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private static byte[] value(int version) {
    return ByteBuffer.allocate(1_000).putInt(version).array();
  }

  @BeforeEach
  void fillSeveralPartitions() {
    for (int number = 0; number < ENTRIES; number++) {
      keyspace.put(key(number), value(0));
    }
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(database.statistics().get("memtable.partitions")).isGreaterThan(2L));
    database.compact();
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Rebuilds the first partition only, then changes the first and the last key at once. */
  private void rebuildAndWrite() {
    long before = database.statistics().get("memtable.rebuilds");
    assertThat(rebuildFirst()).isTrue();
    assertThat(database.statistics().get("memtable.rebuilds")).isEqualTo(before + 1);
    WriteBatch batch = new WriteBatch();
    batch.put(keyspace, FIRST, value(1));
    batch.put(keyspace, LAST, value(1));
    database.write(batch);
  }

  /** Makes the entries of the first partition go for good; unasked, the others go only a while later. */
  private void clearAndRebuild() {
    database.clearKeyspace("k");
    rebuildFirst(); // little is left to do if the background was quicker
  }

  /** Asks for a merge of everything, and for its end as soon as one partition is done. */
  private boolean rebuildFirst() {
    AtomicInteger calls = new AtomicInteger();
    try {
      database.compact((phase, done, total) -> calls.incrementAndGet() < 2);
      return false;
    } catch (CancelledException e) {
      return true;
    }
  }

  private void armed() {
    onceViewed.set(this::rebuildAndWrite);
  }

  @Test
  void entries_seeAllOfABatch_orNothing() {
    armed();
    List<Integer> versions = new ArrayList<>();
    for (Entry entry : keyspace.entries(List.of(FIRST, LAST))) {
      versions.add(ByteBuffer.wrap(entry.value()).getInt());
    }
    assertThat(versions).containsExactly(1, 1);
  }

  /**
   * A keyspace that is cleared carries a new number, and what carries the old one may go. A read that had looked the
   * number up before it took its view found the last entry of the old ones without the first.
   */
  @Test
  void entries_besideAClear_seeAllOrNothing() {
    onceEntering.set(this::clearAndRebuild);
    List<Entry> found = keyspace.entries(List.of(FIRST, LAST));
    assertThat(found.get(0) == null).isEqualTo(found.get(1) == null);
  }

  @Test
  void entriesOfTheNewestState_besideAClear_seeAllOrNothing() {
    onceEntering.set(this::clearAndRebuild);
    List<Entry> found = database.latest().entries(keyspace, List.of(FIRST, LAST));
    assertThat(found.get(0) == null).isEqualTo(found.get(1) == null);
  }

  @Test
  void cursor_besideAClear_seesAllOrNothing() {
    onceViewed.set(this::clearAndRebuild);
    int entries = 0;
    try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
      while (cursor.next()) {
        entries++;
      }
    }
    assertThat(entries).isIn(0, ENTRIES);
  }

  @Test
  void cursor_seesAllOfABatch_orNothing() {
    armed();
    try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
      assertThat(versions(cursor)).containsExactly(1, 1);
    }
  }

  @Test
  void cursorDescending_seesAllOfABatch_orNothing() {
    armed();
    try (Cursor cursor = keyspace.cursorDescending(KeyRange.all())) {
      assertThat(versions(cursor)).containsExactly(1, 1);
    }
  }

  /** Returns the versions of the first and the last entry of a walk. */
  private static List<Integer> versions(Cursor cursor) {
    List<Integer> versions = new ArrayList<>();
    while (cursor.next()) {
      versions.add(ByteBuffer.wrap(cursor.value()).getInt());
    }
    assertThat(versions).hasSize(ENTRIES);
    return List.of(versions.get(0), versions.get(ENTRIES - 1));
  }
}
