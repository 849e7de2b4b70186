package io.larder.jcache.internal.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.Databases;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.LarderUri;
import io.larder.jcache.internal.storage.EntryStore.Change;
import io.larder.jcache.internal.storage.HeapRules.Relocation;
import io.larder.tables.EntryCodec;
import io.larder.tables.Store;
import io.larder.tables.Table;
import io.larder.tables.TableDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stores on the heap that are closed, cleared, moved and forgotten at the same time. */
@Timeout(120)
final class HeapStoresTest {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final int MOST = 10;

  private final LarderUri uri =
      LarderUri.parse("larder:mem:heap-stores-" + NAMES.incrementAndGet());
  private final Store store = Store.open(uri);
  private final Database database = store.database();
  private final Table table =
      store.createTable(TableDefinition.ofTypes("c", String.class, String.class));
  private final HeapBudget budget = new HeapBudget(database, 1 << 20);
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** What happens while the table's store is made, which is in the middle of a move. */
  private Runnable whileMoving = () -> {};

  @AfterEach
  void close() {
    threads.shutdownNow();
    store.close();
  }

  private final class TestSource implements HeapStores.Source<String, String> {
    @Override
    public int keyspaceId() {
      return table.keyspace().id();
    }

    @Override
    public boolean isEmpty() {
      return keys(table.keyspace()) == 0;
    }

    @Override
    public TableEntryStore<String, String> table() {
      TableEntryStore<String, String> made = bounded();
      whileMoving.run();
      return made;
    }

    @Override
    public void tableClosed() {
      budget.giveBack("c");
    }

    @Override
    public EntryCodec<String, String> codec() {
      return HeapStoresTest.this.codec();
    }
  }

  private EntryCodec<String, String> codec() {
    return table.entries(String.class, String.class, getClass().getClassLoader());
  }

  private TableEntryStore<String, String> bounded() {
    return new TableEntryStore<>(
        table,
        String.class,
        String.class,
        getClass().getClassLoader(),
        new TableEntryStore.Behaviour<>(budget.newTier("c"), null, new Limit(false, MOST)));
  }

  private static int keys(Keyspace keyspace) {
    int count = 0;
    try (Cursor cursor = keyspace.cursor(KeyRange.all())) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }

  private @Nullable HeapEntryStore<String, String> open(HeapStores stores) {
    return stores.ofValues(
        new HeapStores.Wish<>("c", String.class, String.class, new Limit(false, MOST)),
        new TestSource());
  }

  private HeapEntryStore<String, String> opened(HeapStores stores) {
    return Objects.requireNonNull(open(stores));
  }

  /** Writes as other doors do; returns how many entries stay. */
  private int entriesThatStay() {
    for (int number = 0; number < 5 * MOST; number++) {
      table
          .keyspace()
          .put(codec().encodeKey("by another door " + number), codec().encodeValue("v"));
    }
    return keys(table.keyspace());
  }

  /** What a tier of another cache has when it is alone. */
  private long roomOfAnother() {
    return Objects.requireNonNull(budget.newTier("another")).bytesMax();
  }

  @Test
  void aClosedStore_isInNoBoundOnceItIsMoved() {
    HeapStores stores = new HeapStores(database, 1);
    HeapEntryStore<String, String> closed = opened(stores);
    closed.putEternal("k", "v");
    closed.close();
    stores.share();
    assertThat(entriesThatStay()).isEqualTo(5 * MOST + 1);
    assertThat(roomOfAnother()).isEqualTo(1 << 20);

    assertThat(open(stores)).isNull(); // it is in the table
    TableEntryStore<String, String> next = bounded();
    assertThat(keys(table.keyspace())).isEqualTo(MOST);
    next.close();
  }

  @Test
  void aStoreClosedDuringTheMove_isInNoBound() {
    HeapStores stores = new HeapStores(database, 1);
    HeapEntryStore<String, String> closing = opened(stores);
    closing.putEternal("k", "v");
    whileMoving = closing::close;
    stores.share();
    assertThat(entriesThatStay()).isEqualTo(5 * MOST + 1);
    assertThat(roomOfAnother()).isEqualTo(1 << 20);
  }

  @Test
  void aStoreOpenedAgain_staysInItsBound_whenItsLastCacheIsDoneClosing() {
    HeapStores stores = new HeapStores(database, 1);
    HeapEntryStore<String, String> first = opened(stores);
    assertThat(open(stores)).isSameAs(first);
    first.close(); // by the cache that had it first
    stores.share();
    assertThat(entriesThatStay()).isEqualTo(MOST);
    first.close();
    assertThat(entriesThatStay()).isGreaterThan(MOST);
  }

  @Test
  void aMovedStoreThatIsRemoved_isInNoBound() {
    HeapStores stores = new HeapStores(database, 1);
    opened(stores).putEternal("k", "v");
    stores.share();
    stores.remove("c");
    assertThat(entriesThatStay()).isEqualTo(5 * MOST + 1);
  }

  /** Who has joined the database, and waits for its preparation, gets it with all entries. */
  @Test
  void closing_whileAnotherOpens_movesBefore() throws Exception {
    CountDownLatch joined = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    assertThat(
            database.beforeSharing(
                () -> {
                  joined.countDown();
                  await(closed);
                }))
        .isNotNull();
    HeapStores stores = new HeapStores(database, 1);
    opened(stores).putEternal("k", "v");
    Future<Database> opening = threads.submit(() -> Databases.open(uri));
    await(joined);
    stores.close();
    closed.countDown();
    try (Database other = opening.get(60, TimeUnit.SECONDS)) {
      assertThat(keys(other.keyspace("c"))).isOne();
    }
  }

  @Test
  void openingOnceEntriesAreForgotten_isRefusedUntilTheDatabaseIsGone() {
    HeapStores stores = new HeapStores(database, 1);
    opened(stores).putEternal("k", "v");
    stores.close();
    assertThatThrownBy(() -> Databases.open(uri))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("open it again");
    store.close();
    try (Database fresh = Databases.open(uri)) {
      assertThat(fresh.keyspaceNames()).doesNotContain("c");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An owner with endless room. */
  private static class TestOwner implements HeapRules.Owner {
    @Override
    public boolean isFull() {
      return false;
    }

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public void changed() {}

    @Override
    public void expires() {}

    @Override
    public void share() {}
  }

  private HeapEntryStore<String, String> alone(HeapRules.Owner owner) {
    return new HeapEntryStore<>(
        new HeapRules<>(
            "c",
            () -> 0,
            true,
            null,
            owner,
            new Relocation<>(
                table.keyspace().id(),
                () -> unbounded(table),
                () -> {},
                new EntryWeights<>(database.options(), this::codec),
                1 << 20)),
        Duration.ofSeconds(30));
  }

  private TableEntryStore<String, String> unbounded(Table target) {
    return new TableEntryStore<>(
        target,
        String.class,
        String.class,
        getClass().getClassLoader(),
        new TableEntryStore.Behaviour<>(null, null, null));
  }

  /** A batch of one thread holds up nobody who reads other keys, be they held or not. */
  @Test
  void readAll_duringABatchOfOtherKeys_ends() throws Exception {
    CountDownLatch inBatch = new CountDownLatch(1);
    CountDownLatch read = new CountDownLatch(1);
    HeapEntryStore<String, String> heap =
        alone(
            new TestOwner() {
              @Override
              public void expires() {
                inBatch.countDown();
                await(read);
              }
            });
    heap.putEternal("b", "v");
    Future<?> writing =
        threads.submit(
            () -> {
              List<Slot<String, String>> slots = List.of(heap.slot("a"));
              Exclusion exclusion = heap.lockAll(slots);
              try {
                heap.apply(List.of(new Change<>(slots.get(0), heap.prepare("v"), 100)));
              } finally {
                exclusion.release();
              }
            });
    await(inBatch);
    assertThat(KeyStripes.of("a")).isNotEqualTo(KeyStripes.of("b"));
    assertThat(values(heap.readAll(List.of(heap.slot("b"))))).containsExactly("v");
    List<Slot<String, String>> held = List.of(heap.slot("b"), heap.slot("b"));
    Exclusion exclusion = heap.lockAll(held);
    assertThat(values(heap.readAll(held))).containsExactly("v", "v");
    exclusion.release();
    assertThat(writing.isDone()).isFalse();
    read.countDown();
    writing.get(60, TimeUnit.SECONDS);
  }

  private static List<String> values(List<@Nullable StoredEntry<String>> found) {
    List<String> values = new ArrayList<>();
    found.forEach(entry -> values.add(entry == null ? "" : entry.value()));
    return values;
  }

  @Test
  void apply_isRefusedAsAWhole() {
    HeapEntryStore<String, String> heap = alone(new TestOwner());
    List<Slot<String, String>> slots = List.of(heap.slot("a"), heap.slot("b"));
    Exclusion exclusion = heap.lockAll(slots);
    assertThatThrownBy(
            () ->
                heap.apply(
                    List.of(
                        new Change<>(slots.get(0), heap.prepare("v"), EntryStore.NEVER),
                        new Change<>(
                            slots.get(1), heap.prepare("v".repeat(2 << 20)), EntryStore.NEVER))))
        .hasMessageContaining("value.limit");
    exclusion.release();
    assertThat(heap.find("a")).isNull();
  }

  /** A key that has something happen whenever it is looked up, a few times. */
  private static final class Trap {
    private final int hash;
    private Runnable whenLookedUp = () -> {};

    Trap(int hash) {
      this.hash = hash;
    }

    @Override
    public int hashCode() {
      whenLookedUp.run();
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }
  }

  /** Of two keys, one always has an entry, but each only when the other one is looked up. */
  @Test
  void readAll_ofKeysThatTakeTurns_findsOne() {
    HeapGeneration<Trap, String> generation =
        new HeapGeneration<>(new HeapRules<>("c", () -> 0, true, null, new TestOwner(), null));
    Trap one = new Trap(1);
    Trap other = new Trap(2);
    AtomicInteger turns = new AtomicInteger();
    generation.put(other, KeyStripes.of(other), new HeapEntry<>("v"));
    one.whenLookedUp = () -> takeTurns(generation, other, one, turns);
    other.whenLookedUp = () -> takeTurns(generation, one, other, turns);
    List<@Nullable HeapEntry<String>> found = generation.readAll(List.of(one, other));
    assertThat(found).isNotNull().filteredOn(Objects::nonNull).hasSize(1);
    assertThat(turns.get()).isGreaterThanOrEqualTo(8);
  }

  private static void takeTurns(
      HeapGeneration<Trap, String> generation, Trap appears, Trap vanishes, AtomicInteger turns) {
    if (turns.get() >= 8) {
      return;
    }
    Runnable ofAppearing = appears.whenLookedUp;
    Runnable ofVanishing = vanishes.whenLookedUp;
    appears.whenLookedUp = () -> {};
    vanishes.whenLookedUp = () -> {};
    generation.put(appears, KeyStripes.of(appears), new HeapEntry<>("v"));
    generation.remove(vanishes, KeyStripes.of(vanishes));
    turns.incrementAndGet();
    appears.whenLookedUp = ofAppearing;
    vanishes.whenLookedUp = ofVanishing;
  }
}
