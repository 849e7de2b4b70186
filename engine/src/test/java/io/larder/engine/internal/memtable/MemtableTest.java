package io.larder.engine.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.EntryModel;
import io.larder.engine.internal.codec.EntryModel.Key;
import io.larder.engine.internal.codec.EntryModel.Version;
import io.larder.engine.internal.codec.Lookup;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemtableTest {

  private static void add(Memtable memtable, EntryModel model, Version version) {
    memtable.add(
        version.key().keyspaceId(),
        version.key().bytes(),
        version.sequence(),
        version.value(),
        version.expiresAtMillis());
    model.add(version);
  }

  @ParameterizedTest(name = "seed {0}, {1} operations, variety {2}, {3} keyspaces")
  @CsvSource({
    "1, 10, 5, 1",
    "2, 300, 40, 2",
    "3, 3000, 100000, 1",
    "4, 20000, 500, 5",
    "5, 40000, 1000000, 3",
    "6, 5000, 8, 5"
  })
  void everyOperation_randomVersions_equalsModel(
      long seed, int operations, int variety, int keyspaces) {
    Random random = new Random(seed);
    Memtable memtable = new Memtable();
    EntryModel model = new EntryModel();
    Lookup lookup = new Lookup();
    long sequence = 0;
    for (int i = 0; i < operations; i++) {
      sequence += 1 + random.nextInt(3);
      Key key = EntryModel.randomKey(random, keyspaces, variety);
      add(memtable, model, EntryModel.randomVersion(random, key, sequence));
      Key probe = EntryModel.randomKey(random, keyspaces, variety);
      long maxSequence = random.nextBoolean() ? Long.MAX_VALUE : random.nextLong(sequence + 1);
      assertLookup(memtable, model, lookup, probe, maxSequence);
    }
    for (Key key : model.keys()) {
      assertLookup(memtable, model, lookup, key, Long.MAX_VALUE);
      assertThat(memtable.newestSequence(key.keyspaceId(), key.bytes()))
          .isEqualTo(model.newest(key, Long.MAX_VALUE).sequence());
    }
    assertCursors(memtable, model, random, keyspaces, variety);
    assertThat(memtable.count()).isEqualTo(operations);
    assertThat(memtable.keyCount()).isEqualTo(model.keys().size());
    assertThat(memtable.lastSequence()).isEqualTo(sequence);
  }

  private static void assertLookup(
      Memtable memtable, EntryModel model, Lookup lookup, Key key, long maxSequence) {
    Version expected = model.newest(key, maxSequence);
    boolean found = memtable.get(key.keyspaceId(), key.bytes(), maxSequence, lookup);
    assertThat(found).isEqualTo(expected != null).isEqualTo(lookup.isFound());
    if (expected != null) {
      byte[] value = lookup.isDelete() ? null : lookup.copyValue();
      Version actual = new Version(key, lookup.sequence(), value, lookup.expiresAtMillis());
      assertThat(actual).isEqualTo(expected);
    }
  }

  private static void assertCursors(
      Memtable memtable, EntryModel model, Random random, int keyspaces, int variety) {
    for (boolean descending : new boolean[] {false, true}) {
      try (EntryCursor cursor = descending ? memtable.cursorDescending() : memtable.cursor()) {
        List<Version> all = model.versions(descending);
        assertThat(EntryModel.drain(cursor)).isEqualTo(all);
        cursor.rewind();
        assertThat(EntryModel.drainKeys(cursor)).isEqualTo(EntryModel.firstOfEachKey(all));
        for (int i = 0; i < 30; i++) {
          Key target = EntryModel.randomKey(random, keyspaces + 1, variety);
          cursor.seek(target.keyspaceId(), target.bytes());
          List<Version> expected = model.versionsFrom(target, descending);
          int steps = Math.min(expected.size(), 40);
          for (int step = 0; step < steps; step++) {
            assertThat(cursor.next()).isTrue();
            assertThat(EntryModel.current(cursor)).isEqualTo(expected.get(step));
          }
          assertThat(steps == 40 || !cursor.next()).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void cursor_keysInsertedInOrder_givesThemAll(boolean ascending) {
    Memtable memtable = new Memtable();
    EntryModel model = new EntryModel();
    int keys = 30_000; // several index groups
    for (int i = 0; i < keys; i++) {
      int number = ascending ? i : keys - i;
      byte[] key = {0, (byte) (number >> 16), (byte) (number >> 8), (byte) number};
      add(memtable, model, new Version(new Key(3, key), i + 1, key, 0));
    }
    assertCursors(memtable, model, new Random(1), 2, 100);
  }

  @Test
  void cursor_emptyMemtable_hasNothing() {
    Memtable memtable = new Memtable();
    try (EntryCursor cursor = memtable.cursor()) {
      assertThat(cursor.next()).isFalse();
      cursor.seek(1, new byte[] {1});
      assertThat(cursor.next()).isFalse();
    }
    assertThat(memtable.isEmpty()).isTrue();
    assertThat(memtable.bytes()).isZero();
    assertThat(memtable.keyspaceIds()).isEmpty();
  }

  @Test
  void add_largeValues_areKeptWhole() {
    Memtable memtable = new Memtable();
    EntryModel model = new EntryModel();
    Random random = new Random(7);
    long sequence = 0;
    for (int size : new int[] {0, 1, 5000, 130_000, 131_072, 140_000, 1 << 20, 3_000_000, 10}) {
      byte[] value = new byte[size];
      random.nextBytes(value);
      Key key = new Key(1, new byte[] {(byte) sequence});
      add(memtable, model, new Version(key, ++sequence, value, 0));
    }
    assertThat(EntryModel.drain(memtable.cursor())).isEqualTo(model.versions(false));
    assertThat(memtable.bytes()).isGreaterThan(4_000_000);
  }

  @Test
  void add_sequenceNotAboveNewest_isRefused() {
    Memtable memtable = new Memtable();
    byte[] key = {1};
    memtable.add(1, key, 5, key, 0);
    assertThatThrownBy(() -> memtable.add(1, key, 5, key, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5");
  }

  @Test
  void accounting_updatesAndDeletes_countsEveryVersion() {
    Memtable memtable = new Memtable();
    byte[] key = {1};
    memtable.add(1, key, 1, new byte[100], 0);
    long first = memtable.bytes();
    assertThat(first).isBetween(137L, 200L);
    assertThat(memtable.shadowedBytes()).isZero();
    memtable.add(1, key, 2, new byte[100], 77);
    memtable.add(1, key, 3, null, 0);
    assertThat(memtable.shadowedBytes()).isBetween(274L, 300L);
    assertThat(memtable.bytes()).isGreaterThan(first + 170);
    assertThat(memtable.count()).isEqualTo(3);
    assertThat(memtable.keyCount()).isEqualTo(1);
    assertThat(memtable.keyCount(1)).isEqualTo(1);
    assertThat(memtable.keyCount(2)).isZero();
    assertThat(memtable.firstSequence()).isEqualTo(1);
    assertThat(memtable.minExpiryMillis()).isEqualTo(77);
  }

  @Test
  void add_callerChangesItsArrays_memtableKeepsItsOwn() {
    Memtable memtable = new Memtable();
    byte[] key = {1};
    byte[] value = {2};
    memtable.add(1, key, 1, value, 0);
    key[0] = 9;
    value[0] = 9;
    Lookup lookup = new Lookup();
    assertThat(memtable.get(1, new byte[] {1}, 1, lookup)).isTrue();
    assertThat(lookup.copyValue()).containsExactly(2);
    assertThat(memtable.get(1, key, 1, lookup)).isFalse();
  }

  /** The hash index moves to a larger table a few keys at a time; no key and no version may be missed on the way. */
  @Test
  void get_whileTheIndexGrows_findsEveryKeysNewestVersion() {
    Memtable memtable = new Memtable(5);
    Random random = new Random(6);
    List<Integer> newest = new ArrayList<>();
    Lookup lookup = new Lookup();
    long sequence = 0;
    while (newest.size() < 5_000) {
      int number = newest.size();
      memtable.add(1, numbered(number), ++sequence, numbered(-number), 0);
      newest.add(-number);
      for (int change = random.nextInt(3); change > 0; change--) {
        int changed = random.nextInt(newest.size());
        int version = random.nextInt();
        memtable.add(1, numbered(changed), ++sequence, numbered(version), 0);
        newest.set(changed, version);
      }
      for (int read = 0; read < 3; read++) {
        int key = read == 0 ? number : random.nextInt(newest.size());
        assertThat(memtable.get(1, numbered(key), sequence, lookup)).isTrue();
        assertThat(lookup.copyValue()).isEqualTo(numbered(newest.get(key)));
      }
      assertThat(memtable.get(1, numbered(number + 1), sequence, lookup)).isFalse();
    }
    for (int key = 0; key < newest.size(); key++) {
      assertThat(memtable.get(1, numbered(key), sequence, lookup)).isTrue();
      assertThat(lookup.copyValue()).isEqualTo(numbered(newest.get(key)));
    }
  }

  private static byte[] numbered(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }
}
