package io.larder.engine.internal.database;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** How keys are shown in messages. */
final class Keys {
  private static final int SHOWN_BYTES = 32;

  private Keys() {}

  /** Returns a key in hexadecimal digits, shortened if it is long. */
  static String shown(byte[] key) {
    int shown = Math.min(key.length, SHOWN_BYTES);
    String digits = HexFormat.of().formatHex(key, 0, shown);
    return shown < key.length ? digits + "..." : digits;
  }

  /** Returns a bound of a range, null being none. */
  static String bound(byte @Nullable [] key, String none) {
    return key == null ? none : shown(key);
  }
}
