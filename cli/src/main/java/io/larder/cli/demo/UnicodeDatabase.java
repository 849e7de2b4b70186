package io.larder.cli.demo;

import java.util.stream.IntStream;

/**
 * Every code point the running JDK knows as assigned, surrogates excepted: they are no characters.
 */
final class UnicodeDatabase {

  private UnicodeDatabase() {}

  /** Returns the code points in ascending order. */
  static int[] codePoints() {
    return IntStream.rangeClosed(Character.MIN_CODE_POINT, Character.MAX_CODE_POINT)
        .filter(Character::isDefined)
        .filter(codePoint -> Character.getType(codePoint) != Character.SURROGATE)
        .toArray();
  }
}
