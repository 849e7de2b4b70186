package io.larder.engine.internal.database;

import java.util.Arrays;

/** A set of well-mixed numbers, eight to sixteen bytes each. Used by one thread. */
final class LongSet {
  private static final int LEAST_SLOTS = 16;

  /** Open addressing with linear probing; 0 marks a free slot, so 0 itself is kept apart. */
  private long[] slots = {};

  private boolean hasZero;
  private int used;

  /** Adds a number and returns whether it is new. */
  boolean add(long number) {
    if (number == 0) {
      boolean isNew = !hasZero;
      hasZero = true;
      return isNew;
    }
    if ((used + 1) * 4L > slots.length * 3L) {
      grow();
    }
    int slot = slotOf(number);
    if (slots[slot] == number) {
      return false;
    }
    slots[slot] = number;
    used++;
    return true;
  }

  boolean contains(long number) {
    if (number == 0) {
      return hasZero;
    }
    return used != 0 && slots[slotOf(number)] == number;
  }

  int size() {
    return used + (hasZero ? 1 : 0);
  }

  boolean isEmpty() {
    return used == 0 && !hasZero;
  }

  void clear() {
    slots = new long[0];
    hasZero = false;
    used = 0;
  }

  /** Returns the number's slot, or the free one where it would go. */
  private int slotOf(long number) {
    int mask = slots.length - 1;
    int slot = (int) number & mask;
    while (slots[slot] != 0 && slots[slot] != number) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    long[] before = slots;
    slots = new long[Math.max(LEAST_SLOTS, before.length * 2)];
    for (long number : Arrays.stream(before).filter(number -> number != 0).toArray()) {
      slots[slotOf(number)] = number;
    }
  }
}
