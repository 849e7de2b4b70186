package io.larder.engine.internal.codec;

import io.larder.engine.api.CorruptionException;

/** Checks bytes of a mapped file before they are looked at. Thread-safe. */
public interface BufferGuard {
  /**
   * Checks a range of the file as far as it was not checked before.
   *
   * @param length at least 1
   * @throws CorruptionException if a byte is not what was written
   */
  void require(int offset, int length);

  /** Returns what to throw for a fault in the mapping, which is how the JVM says that bytes cannot be read. */
  CorruptionException unreadable(InternalError fault);
}
