package io.larder.engine.internal.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * A column of ints numbered from 0 that grows without moving. One writer; readers on any thread see an element at least
 * as new as when its number was published to them.
 */
final class IntColumn {
  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(int[].class);
  private static final int CHUNK_BITS = 12;
  private static final int CHUNK_MASK = (1 << CHUNK_BITS) - 1;

  private volatile int[][] chunks = new int[16][];
  private int capacity;

  /** Makes room for an element, so that setting it cannot fail. */
  void reserve(int index) {
    if (index < capacity) {
      return;
    }
    int chunkIndex = index >>> CHUNK_BITS;
    int[] chunk = new int[1 << CHUNK_BITS];
    int[][] present = chunks;
    if (chunkIndex == present.length) {
      present = Arrays.copyOf(present, present.length << 1);
      present[chunkIndex] = chunk;
      chunks = present;
    } else {
      present[chunkIndex] = chunk;
    }
    capacity += chunk.length;
  }

  void setRelease(int index, int value) {
    ELEMENT.setRelease(chunks[index >>> CHUNK_BITS], index & CHUNK_MASK, value);
  }

  int getAcquire(int index) {
    return (int) ELEMENT.getAcquire(chunks[index >>> CHUNK_BITS], index & CHUNK_MASK);
  }
}
