package io.larder.engine.internal.memtable;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.internal.codec.EntryCursor;
import io.larder.engine.internal.codec.Lookup;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Readers beside a writer. The whole history is drawn beforehand, so that for every sequence number the number of keys
 * and the sum of the visible sequence numbers are known: a walk that misses, repeats or misorders one key, or takes a
 * wrong version, gives other figures.
 */
class MemtableConcurrencyTest {
  private static final int KEYSPACE = 9;

  enum Pattern {
    RANDOM,
    ASCENDING,
    DESCENDING,
    FEW_KEYS
  }

  /** The drawn history: which key each sequence number writes, and what is visible after it. */
  private static final class History {
    final long[] keys;
    final int[] keyCounts;
    final long[] sequenceSums;

    History(Pattern pattern, int operations, long seed) {
      keys = new long[operations + 1];
      keyCounts = new int[operations + 1];
      sequenceSums = new long[operations + 1];
      SplittableRandom random = new SplittableRandom(seed);
      java.util.HashMap<Long, Integer> newest = new java.util.HashMap<>();
      for (int sequence = 1; sequence <= operations; sequence++) {
        keys[sequence] =
            switch (pattern) {
              case RANDOM -> random.nextLong() & 0xFFFF_FFFF_FFFFL;
              case ASCENDING -> sequence;
              case DESCENDING -> operations - sequence;
              case FEW_KEYS -> random.nextLong(50);
            };
        Integer previous = newest.put(keys[sequence], sequence);
        keyCounts[sequence] = newest.size();
        sequenceSums[sequence] =
            sequenceSums[sequence - 1] + sequence - (previous == null ? 0 : previous);
      }
    }
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(12).putInt(0x41414141).putLong(number).array();
  }

  @ParameterizedTest
  @EnumSource(Pattern.class)
  void readers_besideWriter_seeExactlyTheirSnapshot(Pattern pattern) throws Exception {
    long seed = 20260101;
    ExecutorService executor = Executors.newFixedThreadPool(3);
    try {
      for (int round = 0; round < 12; round++) {
        int operations = round % 3 == 0 ? 40_000 : 3_000;
        runRound(new History(pattern, operations, seed + round), executor, seed + round);
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private static void runRound(History history, ExecutorService executor, long seed)
      throws Exception {
    Memtable memtable = new Memtable();
    AtomicLong visible = new AtomicLong();
    int last = history.keys.length - 1;
    List<Future<?>> tasks = new ArrayList<>();
    for (int reader = 0; reader < 2; reader++) {
      SplittableRandom random = new SplittableRandom(seed * 31 + reader);
      tasks.add(executor.submit(() -> readUntil(last, memtable, history, visible, random)));
    }
    tasks.add(
        executor.submit(
            () -> {
              for (int sequence = 1; sequence <= last; sequence++) {
                byte[] key = key(history.keys[sequence]);
                memtable.add(KEYSPACE, key, sequence, key, 0);
                visible.setRelease(sequence);
              }
            }));
    for (Future<?> task : tasks) {
      task.get(120, TimeUnit.SECONDS);
    }
  }

  private static void readUntil(
      int last, Memtable memtable, History history, AtomicLong visible, SplittableRandom random) {
    int snapshot;
    int walks = 0;
    do {
      snapshot = (int) visible.getAcquire();
      if (snapshot > 0) {
        boolean descending = (walks++ & 1) != 0;
        assertWalk(memtable, history, snapshot, descending);
        for (int i = 0; i < 50; i++) {
          int sequence = 1 + random.nextInt(snapshot);
          assertPoint(memtable, history, sequence, random);
        }
      }
    } while (snapshot < last);
  }

  private static void assertWalk(
      Memtable memtable, History history, int snapshot, boolean descending) {
    int keys = 0;
    long sum = 0;
    byte[] previous = null;
    try (EntryCursor cursor = descending ? memtable.cursorDescending() : memtable.cursor()) {
      boolean hasEntry = cursor.next();
      while (hasEntry) {
        if (cursor.sequence() > snapshot) {
          hasEntry = cursor.next();
          continue;
        }
        byte[] key = cursor.key();
        if (previous != null) {
          int order = Arrays.compareUnsigned(previous, key);
          assertThat(descending ? order > 0 : order < 0).isTrue();
        }
        assertThat(key).isEqualTo(key(history.keys[(int) cursor.sequence()]));
        previous = key;
        keys++;
        sum += cursor.sequence();
        hasEntry = cursor.nextKey();
      }
    }
    assertThat(keys).as("keys at %d", snapshot).isEqualTo(history.keyCounts[snapshot]);
    assertThat(sum).as("sum at %d", snapshot).isEqualTo(history.sequenceSums[snapshot]);
  }

  private static void assertPoint(
      Memtable memtable, History history, int sequence, SplittableRandom random) {
    byte[] key = key(history.keys[sequence]);
    Lookup lookup = new Lookup();
    assertThat(memtable.get(KEYSPACE, key, sequence, lookup)).isTrue();
    assertThat(lookup.sequence()).isEqualTo(sequence);
    assertThat(lookup.copyValue()).isEqualTo(key);
    assertThat(memtable.get(KEYSPACE + 1, key, sequence, lookup)).isFalse();
    boolean descending = random.nextBoolean();
    try (EntryCursor cursor = descending ? memtable.cursorDescending() : memtable.cursor()) {
      cursor.seek(KEYSPACE, key);
      assertThat(cursor.next()).isTrue();
      assertThat(cursor.key()).isEqualTo(key);
      assertThat(cursor.sequence()).isGreaterThanOrEqualTo(sequence);
    }
  }
}
