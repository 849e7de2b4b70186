package io.larder.engine.internal.table;

import org.jspecify.annotations.Nullable;

/**
 * Builds a binary fuse filter (Graf, Lemire, 2022): three places a key in neighbouring segments, whose fingerprints xor
 * to the key's own. One thread; stateless between calls.
 *
 * <p>Peeling: a place that only one key uses settles that key; take the key away, and others become alone. Keys are
 * settled in the order of their removal and filled in backwards. If a core remains, another seed is tried.
 */
final class FuseFilterBuilder {
  private static final int ATTEMPTS_MAX = 64;

  /** Fewer keys than this fit the cache in any order. */
  private static final int ORDERED_KEYS_MIN = 1 << 15;

  private static final int PARTITIONS = 1 << 10;
  private static final int PARTITION_SHIFT = Long.SIZE - 10;

  private FuseFilterBuilder() {}

  /** Returns the filter of the first {@code count} hashes, or null if they do not yield one (equal hashes). */
  static byte @Nullable [] build(long[] hashes, int count) {
    FuseShape shape = FuseShape.of(count);
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      long seed = FuseShape.mix(attempt + 1L, 0x5EEDL);
      byte[] filter = tryBuild(shape, seed, hashes, count);
      if (filter != null) {
        return filter;
      }
    }
    return null;
  }

  private static byte @Nullable [] tryBuild(FuseShape shape, long seed, long[] hashes, int count) {
    int places = shape.places();
    int[] users = new int[places]; // number of keys << 2 xor which of their three places this is
    long[] keys = new long[places]; // xor of the keys that use the place
    for (long key : mixedInPlaceOrder(hashes, count, seed)) {
      int first = shape.firstPlace(key);
      int second = shape.secondPlace(key, first);
      int third = shape.thirdPlace(key, first);
      users[first] += 4;
      keys[first] ^= key;
      users[second] = users[second] + 4 ^ 1;
      keys[second] ^= key;
      users[third] = users[third] + 4 ^ 2;
      keys[third] ^= key;
    }
    long[] settledKeys = new long[count];
    byte[] settledWhich = new byte[count];
    int settled = peel(shape, users, keys, settledKeys, settledWhich);
    if (settled < count) {
      return null;
    }
    byte[] filter = shape.header(seed);
    int start = FuseShape.HEADER_BYTES;
    for (int i = count - 1; i >= 0; i--) {
      long key = settledKeys[i];
      int which = settledWhich[i];
      int first = start + shape.firstPlace(key);
      int second = start + shape.secondPlace(key, first - start);
      int third = start + shape.thirdPlace(key, first - start);
      int own = which == 0 ? first : which == 1 ? second : third;
      filter[own] = 0;
      filter[own] =
          (byte) (FuseShape.fingerprint(key) ^ filter[first] ^ filter[second] ^ filter[third]);
    }
    return filter;
  }

  /**
   * Returns the keys of an attempt, roughly in the order of their first places, so that filling and peeling stay in a
   * part of the arrays that fits the cache.
   */
  private static long[] mixedInPlaceOrder(long[] hashes, int count, long seed) {
    long[] ordered = new long[count];
    if (count < ORDERED_KEYS_MIN) {
      for (int i = 0; i < count; i++) {
        ordered[i] = FuseShape.mix(hashes[i], seed);
      }
      return ordered;
    }
    int[] starts = new int[PARTITIONS + 1];
    for (int i = 0; i < count; i++) {
      starts[(int) (FuseShape.mix(hashes[i], seed) >>> PARTITION_SHIFT) + 1]++;
    }
    for (int i = 0; i < PARTITIONS; i++) {
      starts[i + 1] += starts[i];
    }
    for (int i = 0; i < count; i++) {
      long key = FuseShape.mix(hashes[i], seed);
      ordered[starts[(int) (key >>> PARTITION_SHIFT)]++] = key;
    }
    return ordered;
  }

  private static int peel(
      FuseShape shape, int[] users, long[] keys, long[] settledKeys, byte[] settledWhich) {
    int[] alone = new int[users.length];
    int aloneCount = 0;
    for (int place = 0; place < users.length; place++) {
      if (users[place] >>> 2 == 1) {
        alone[aloneCount++] = place;
      }
    }
    int settled = 0;
    while (aloneCount > 0) {
      int place = alone[--aloneCount];
      if (users[place] >>> 2 != 1) {
        continue;
      }
      long key = keys[place];
      settledKeys[settled] = key;
      settledWhich[settled++] = (byte) (users[place] & 3);
      int first = shape.firstPlace(key);
      aloneCount = leave(users, keys, key, first, 0, alone, aloneCount);
      int second = shape.secondPlace(key, first);
      aloneCount = leave(users, keys, key, second, 1, alone, aloneCount);
      int third = shape.thirdPlace(key, first);
      aloneCount = leave(users, keys, key, third, 2, alone, aloneCount);
    }
    return settled;
  }

  /** Takes a key away from a place, and notes the place if one key is left; returns how many are noted. */
  private static int leave(
      int[] users, long[] keys, long key, int place, int which, int[] alone, int aloneCount) {
    int left = users[place] - 4 ^ which;
    users[place] = left;
    keys[place] ^= key;
    if (left >>> 2 == 1) {
      alone[aloneCount] = place;
      return aloneCount + 1;
    }
    return aloneCount;
  }
}
