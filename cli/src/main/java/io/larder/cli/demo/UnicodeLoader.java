package io.larder.cli.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import javax.cache.Cache;

/**
 * Puts code points into a cache in ascending order and reports how many are acknowledged, so that
 * the number alone says which ones. Used by one thread.
 */
final class UnicodeLoader {

  /** Code points at the beginning that are put, and acknowledged, one by one. */
  static final int SINGLE_PUTS = 2_000;

  /** Code points in each {@code putAll} that follows. */
  static final int BATCH = 250;

  private final Cache<Integer, UnicodeCharacter> cache;
  private final int[] codePoints;

  UnicodeLoader(Cache<Integer, UnicodeCharacter> cache, int[] codePoints) {
    this.cache = cache;
    this.codePoints = codePoints;
  }

  /**
   * Loads everything from an index on, calling back with the number of code points acknowledged so
   * far.
   */
  void loadFrom(int start, IntConsumer acknowledged) {
    int next = start;
    while (next < Math.min(SINGLE_PUTS, codePoints.length)) {
      int codePoint = codePoints[next];
      cache.put(codePoint, UnicodeCharacter.of(codePoint));
      acknowledged.accept(++next);
    }
    while (next < codePoints.length) {
      int end = Math.min(next + BATCH, codePoints.length);
      Map<Integer, UnicodeCharacter> batch = new LinkedHashMap<>();
      for (; next < end; next++) {
        batch.put(codePoints[next], UnicodeCharacter.of(codePoints[next]));
      }
      cache.putAll(batch);
      acknowledged.accept(end);
    }
  }
}
