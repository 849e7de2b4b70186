package io.larder.engine.internal.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.engine.api.KeyRange;
import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.EntryModel;
import io.larder.engine.internal.codec.EntryModel.Key;
import io.larder.engine.internal.codec.EntryModel.Version;
import io.larder.engine.internal.memtable.Memtable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The three cursors over the same random versions, spread over several memtables, against the model. */
class MergeTest {
  private static final int KEYSPACES = 3;
  private static final long NOW = 1000;

  private final EntryModel model = new EntryModel();
  private final List<Memtable> sources = new ArrayList<>();
  private long lastSequence;

  /** Fills {@code parts} memtables one after the other, oldest first, as flushes would. */
  private void fill(Random random, int parts, int operations, int variety) {
    for (int part = 0; part < parts; part++) {
      Memtable memtable = new Memtable();
      for (int i = 0; i < operations; i++) {
        lastSequence += 1 + random.nextInt(2);
        Key key = EntryModel.randomKey(random, KEYSPACES, variety);
        Version version = EntryModel.randomVersion(random, key, lastSequence);
        memtable.add(
            key.keyspaceId(),
            key.bytes(),
            version.sequence(),
            version.value(),
            version.expiresAtMillis());
        model.add(version);
      }
      sources.add(0, memtable);
    }
  }

  private EntryCursor merged(boolean descending) {
    List<EntryCursor> cursors = new ArrayList<>();
    for (Memtable memtable : sources) {
      cursors.add(descending ? memtable.cursorDescending() : memtable.cursor());
    }
    return MergingCursor.of(cursors, descending);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void merging_anyNumberOfSources_equalsModel(long seed) {
    Random random = new Random(seed);
    int variety = seed % 2 == 0 ? 30 : 2000;
    fill(random, (int) seed - 1, 400, variety);
    for (boolean descending : new boolean[] {false, true}) {
      try (EntryCursor cursor = merged(descending)) {
        List<Version> all = model.versions(descending);
        assertThat(EntryModel.drain(cursor)).isEqualTo(all);
        cursor.rewind();
        assertThat(EntryModel.drainKeys(cursor)).isEqualTo(EntryModel.firstOfEachKey(all));
        for (int i = 0; i < 50; i++) {
          Key target = EntryModel.randomKey(random, KEYSPACES + 1, variety);
          cursor.seek(target.keyspaceId(), target.bytes());
          assertThat(EntryModel.drain(cursor)).isEqualTo(model.versionsFrom(target, descending));
        }
      }
    }
  }

  @Test
  void merging_sourceOfOtherDirection_isRefused() {
    Memtable memtable = new Memtable();
    assertThatThrownBy(() -> MergingCursor.of(List.of(memtable.cursor()), true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void visibility_anySnapshotRangeAndDirection_equalsModel(long seed) {
    Random random = new Random(seed);
    int variety = seed % 2 == 0 ? 40 : 500;
    fill(random, 3, 500, variety);
    for (int i = 0; i < 150; i++) {
      boolean descending = random.nextBoolean();
      int keyspaceId = EntryModel.randomKey(random, KEYSPACES, variety).keyspaceId();
      long snapshot = random.nextLong(lastSequence + 2);
      KeyRange range = randomRange(random, variety);
      List<Version> expected = inRange(model.visible(keyspaceId, snapshot, NOW), range);
      if (descending) {
        Collections.reverse(expected);
      }
      try (VisibilityCursor cursor =
          new VisibilityCursor(merged(descending), keyspaceId, range, snapshot, () -> NOW)) {
        assertThat(drain(cursor, keyspaceId)).isEqualTo(expected);
        byte[] target = EntryModel.randomKey(random, KEYSPACES, variety).bytes();
        cursor.seek(target);
        expected.removeIf(
            version -> {
              int order = Arrays.compareUnsigned(version.key().bytes(), target);
              return descending ? order > 0 : order < 0;
            });
        assertThat(drain(cursor, keyspaceId)).isEqualTo(expected);
      }
    }
  }

  private static KeyRange randomRange(Random random, int variety) {
    byte[] from = EntryModel.randomKey(random, 1, variety).bytes();
    byte[] to = EntryModel.randomKey(random, 1, variety).bytes();
    return new KeyRange(random.nextInt(3) == 0 ? null : from, random.nextInt(3) == 0 ? null : to);
  }

  private static List<Version> inRange(List<Version> versions, KeyRange range) {
    List<Version> kept = new ArrayList<>();
    for (Version version : versions) {
      byte[] key = version.key().bytes();
      boolean above = range.from() == null || Arrays.compareUnsigned(key, range.from()) >= 0;
      boolean below = range.to() == null || Arrays.compareUnsigned(key, range.to()) < 0;
      if (above && below) {
        kept.add(version);
      }
    }
    return kept;
  }

  private static List<Version> drain(VisibilityCursor cursor, int keyspaceId) {
    List<Version> all = new ArrayList<>();
    while (cursor.next()) {
      all.add(
          new Version(
              new Key(keyspaceId, cursor.key()),
              cursor.sequence(),
              cursor.value(),
              cursor.expiresAtMillis()));
      assertThat(cursor.valueLength()).isEqualTo(cursor.value().length);
    }
    assertThat(cursor.next()).isFalse();
    return all;
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26})
  void compaction_ofSomeSources_changesNothingAnyReaderSees(long seed) {
    Random random = new Random(seed);
    fill(random, 4, 300, seed % 2 == 0 ? 30 : 400);
    long[] snapshots = randomSnapshots(random);
    // Merging all is at the bottom; merging only the newer two leaves older versions below.
    for (boolean bottom : new boolean[] {true, false}) {
      List<Memtable> older = bottom ? List.of() : sources.subList(2, 4);
      List<EntryCursor> inputs = new ArrayList<>();
      for (Memtable memtable : bottom ? sources : sources.subList(0, 2)) {
        inputs.add(memtable.cursor());
      }
      EntryModel after = new EntryModel();
      List<Version> kept = new ArrayList<>();
      long dropped;
      try (CompactionCursor cursor =
          new CompactionCursor(
              MergingCursor.of(inputs, false), snapshots, bottom, NOW, id -> true)) {
        kept.addAll(EntryModel.drain(cursor));
        dropped = cursor.droppedEntries();
      }
      List<Version> all = new ArrayList<>(kept);
      older.forEach(memtable -> all.addAll(EntryModel.drain(memtable.cursor())));
      all.sort((left, right) -> Long.compare(left.sequence(), right.sequence()));
      all.forEach(after::add);
      for (int keyspaceId : new int[] {1, 7, 300}) {
        for (long snapshot : snapshots) {
          assertThat(after.visible(keyspaceId, snapshot, NOW))
              .isEqualTo(model.visible(keyspaceId, snapshot, NOW));
        }
        assertThat(after.visible(keyspaceId, Long.MAX_VALUE, NOW))
            .isEqualTo(model.visible(keyspaceId, Long.MAX_VALUE, NOW));
      }
      assertThat(dropped).isEqualTo((bottom ? 1200 : 600) - kept.size()).isPositive();
      assertOneVersionAStripe(kept, snapshots);
    }
  }

  private long[] randomSnapshots(Random random) {
    TreeSet<Long> snapshots = new TreeSet<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      snapshots.add(random.nextLong(lastSequence));
    }
    return snapshots.stream().mapToLong(Long::longValue).toArray();
  }

  private static void assertOneVersionAStripe(List<Version> kept, long[] snapshots) {
    TreeSet<String> stripes = new TreeSet<>();
    for (Version version : kept) {
      int found = Arrays.binarySearch(snapshots, version.sequence());
      int stripe = found >= 0 ? found : -found - 1;
      assertThat(stripes.add(version.key() + "#" + stripe)).isTrue();
    }
  }

  @Test
  void compaction_bottomWithoutSnapshots_keepsOnlyWhatIsLive() {
    fill(new Random(31), 3, 500, 50);
    try (EntryCursor cursor =
        new CompactionCursor(merged(false), new long[0], true, NOW, id -> id != 7)) {
      List<Version> expected = new ArrayList<>(model.visible(1, Long.MAX_VALUE, NOW));
      expected.addAll(model.visible(300, Long.MAX_VALUE, NOW));
      assertThat(EntryModel.drain(cursor)).isEqualTo(expected);
    }
  }

  @Test
  void compaction_expiredAboveTheBottom_becomesTombstone() {
    Memtable memtable = new Memtable();
    memtable.add(1, new byte[] {1}, 5, new byte[] {1, 2, 3}, NOW);
    memtable.add(1, new byte[] {2}, 6, new byte[] {1, 2, 3}, NOW + 1);
    try (EntryCursor cursor =
        new CompactionCursor(memtable.cursor(), new long[0], false, NOW, id -> true)) {
      assertThat(EntryModel.drain(cursor))
          .containsExactly(
              new Version(new Key(1, new byte[] {1}), 5, null, 0),
              new Version(new Key(1, new byte[] {2}), 6, new byte[] {1, 2, 3}, NOW + 1));
    }
  }
}
