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
    for (int i = 0; i < count; i++) {
      long key = FuseShape.mix(hashes[i], seed);
      for (int which = 0; which < 3; which++) {
        int place = shape.place(key, which);
        users[place] = users[place] + 4 ^ which;
        keys[place] ^= key;
      }
    }
    long[] settledKeys = new long[count];
    byte[] settledWhich = new byte[count];
    int settled = peel(shape, users, keys, settledKeys, settledWhich);
    if (settled < count) {
      return null;
    }
    byte[] filter = shape.header(seed);
    for (int i = count - 1; i >= 0; i--) {
      long key = settledKeys[i];
      int which = settledWhich[i];
      byte fingerprint = FuseShape.fingerprint(key);
      for (int other = 0; other < 3; other++) {
        if (other != which) {
          fingerprint ^= filter[FuseShape.HEADER_BYTES + shape.place(key, other)];
        }
      }
      filter[FuseShape.HEADER_BYTES + shape.place(key, which)] = fingerprint;
    }
    return filter;
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
      int which = users[place] & 3;
      settledKeys[settled] = key;
      settledWhich[settled++] = (byte) which;
      for (int i = 0; i < 3; i++) {
        int used = shape.place(key, i);
        users[used] = users[used] - 4 ^ i;
        keys[used] ^= key;
        if (users[used] >>> 2 == 1) {
          alone[aloneCount++] = used;
        }
      }
    }
    return settled;
  }
}
