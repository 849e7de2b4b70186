package io.larder.engine.internal.table;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Arrays that blocks are copied into, handed on from a cursor that is closed to the next one: to make one for each of
 * many short ranges would cost more than to fill it. Thread-safe; keeps at most {@value #STRIPES} arrays.
 */
final class BlockBuffers {
  /** Room for a block of the usual size, and for what a record's header may be read over. */
  static final int BYTES = 1 << 13;

  private static final int STRIPES = 16;
  private static final AtomicReferenceArray<byte @Nullable []> SPARE =
      new AtomicReferenceArray<>(STRIPES);

  private BlockBuffers() {}

  private static int stripe() {
    return (int) Thread.currentThread().getId() & STRIPES - 1;
  }

  /** Returns an array of {@value #BYTES} bytes with any content. */
  static byte[] take() {
    byte[] spare = SPARE.getAndSet(stripe(), null);
    return spare == null ? new byte[BYTES] : spare;
  }

  /** Takes an array back that nobody looks at any more; one of another size is left to the garbage collector. */
  static void giveBack(byte[] array) {
    if (array.length == BYTES) {
      SPARE.set(stripe(), array);
    }
  }
}
