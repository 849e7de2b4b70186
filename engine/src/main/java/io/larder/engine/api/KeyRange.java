package io.larder.engine.api;

import org.jspecify.annotations.Nullable;

/**
 * A range of keys in unsigned byte order. Arrays are not copied; do not change them.
 *
 * @param from the first key, inclusive; null = from the start
 * @param to the end, exclusive; null = to the end
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier; compared by nobody
public record KeyRange(byte @Nullable [] from, byte @Nullable [] to) {

  private static final KeyRange ALL = new KeyRange(null, null);

  /** Returns the range of every key. */
  public static KeyRange all() {
    return ALL;
  }

  /** Returns the range from a key, inclusive, to another, exclusive. */
  public static KeyRange between(byte[] from, byte[] to) {
    return new KeyRange(from, to);
  }

  /** Returns the range of all keys that start with the prefix. */
  public static KeyRange prefix(byte[] prefix) {
    return new KeyRange(prefix, successorOfPrefix(prefix));
  }

  /** Returns the smallest key above all keys with the prefix, or null if there is none. */
  public static byte @Nullable [] successorOfPrefix(byte[] prefix) {
    for (int last = prefix.length - 1; last >= 0; last--) {
      if (prefix[last] != (byte) 0xFF) {
        byte[] successor = java.util.Arrays.copyOf(prefix, last + 1);
        successor[last]++;
        return successor;
      }
    }
    return null;
  }
}
