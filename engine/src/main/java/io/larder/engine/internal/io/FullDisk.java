package io.larder.engine.internal.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a disk without room says. Stateless.
 *
 * <p>Where the process has a locale other than English, the machine says it in that language. A failure in words that are
 * not known is so compared with the room the store says it has ({@link #recognised}), and its message is made to say it. A
 * quota, and a store without room for more files, are recognised by their English words alone.
 */
public final class FullDisk {
  /** Linux, its quotas, Windows. */
  private static final List<String> WORDS =
      List.of("no space left", "disk quota exceeded", "not enough space", "disk is full");

  /** What else a write, a sync or a creation may meet; however full the disk is, that is something else. */
  private static final List<String> OTHER_WORDS =
      List.of("input/output error", "i/o error", "read-only", "denied", "too many open files");

  /** Growing a file may take a block for its end, and some for what describes it. */
  private static final long BLOCKS_BYTES = 16 << 10;

  private static final int DEPTH_MAX = 10;

  /** Tells how many bytes a store has room for. */
  @FunctionalInterface
  interface Store {
    long usableBytes() throws IOException;
  }

  private FullDisk() {}

  /** Returns whether a failure comes from a disk without room: nothing is wrong but that. */
  public static boolean isCauseOf(Throwable failure) {
    @Nullable Throwable each = failure;
    for (int depth = 0; each != null && depth < DEPTH_MAX; depth++, each = each.getCause()) {
      String message = each.getMessage();
      if (each instanceof IOException && message != null && hasAny(WORDS, message)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasAny(List<String> words, String message) {
    String text = message.toLowerCase(Locale.ROOT);
    return words.stream().anyMatch(text::contains);
  }

  /**
   * Returns the failure of a call that needed room, in words that {@link #isCauseOf} knows if that is what was missing.
   *
   * @param bytes how much it needed
   */
  static IOException recognised(IOException failure, Path path, long bytes) {
    return recognised(
        failure,
        path,
        bytes,
        () -> {
          Path parent = path.toAbsolutePath().getParent();
          return Files.getFileStore(parent == null ? path : parent).getUsableSpace();
        });
  }

  static IOException recognised(IOException failure, Path path, long bytes, Store store) {
    boolean untyped =
        failure.getClass() == IOException.class || failure.getClass() == FileSystemException.class;
    String message = String.valueOf(failure.getMessage());
    if (!untyped || hasAny(WORDS, message) || hasAny(OTHER_WORDS, message)) {
      return failure;
    }
    try {
      if (store.usableBytes() < bytes + BLOCKS_BYTES) {
        return new IOException(path + ": no space left, as its store says: " + message, failure);
      }
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }
}
