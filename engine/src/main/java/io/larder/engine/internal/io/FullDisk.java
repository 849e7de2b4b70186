package io.larder.engine.internal.io;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a disk without room says. Stateless. */
public final class FullDisk {
  /** Linux, its quotas, Windows. */
  private static final List<String> WORDS =
      List.of("no space left", "disk quota exceeded", "not enough space", "disk is full");

  private static final int DEPTH_MAX = 10;

  private FullDisk() {}

  /** Returns whether a failure comes from a disk without room: nothing is wrong but that. */
  public static boolean isCauseOf(Throwable failure) {
    @Nullable Throwable each = failure;
    for (int depth = 0; each != null && depth < DEPTH_MAX; depth++, each = each.getCause()) {
      String message = each.getMessage();
      if (each instanceof IOException && message != null) {
        String text = message.toLowerCase(Locale.ROOT);
        if (WORDS.stream().anyMatch(text::contains)) {
          return true;
        }
      }
    }
    return false;
  }
}
