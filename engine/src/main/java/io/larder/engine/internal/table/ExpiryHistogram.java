package io.larder.engine.internal.table;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.Varints;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * How many bytes of entries expire by when, in at most {@value #SLOTS_MAX} slots of equal width, which is about a second
 * at first and doubles as often as the slots do not reach. Filled by one thread, then unchanged.
 *
 * <pre>
 * number of slots (0 if nothing expires), then: log2 of the width in milliseconds, number of the first slot,
 * bytes of each slot
 * </pre>
 *
 * All numbers are varints. The slot of an expiry is its milliseconds divided by the width.
 */
final class ExpiryHistogram {
  static final int SLOTS_MAX = 64;
  private static final int FIRST_SHIFT = 10;

  private int shift = FIRST_SHIFT;
  private long firstSlot;
  private int count;
  private final long[] bytes = new long[SLOTS_MAX];

  /** Adds an entry that expires. */
  void add(long expiresAtMillis, long entryBytes) {
    long slot = expiresAtMillis >>> shift;
    if (count == 0) {
      firstSlot = slot;
      count = 1;
    }
    while (slot < firstSlot || slot >= firstSlot + count) {
      if (!reach(slot)) {
        widen();
        slot = expiresAtMillis >>> shift;
      }
    }
    bytes[(int) (slot - firstSlot)] += entryBytes;
  }

  /** Makes the slots reach to one more, unless they are too few. */
  private boolean reach(long slot) {
    long first = Math.min(firstSlot, slot);
    long last = Math.max(firstSlot + count - 1, slot);
    if (last - first >= SLOTS_MAX) {
      return false;
    }
    int moved = (int) (firstSlot - first);
    if (moved > 0) {
      System.arraycopy(bytes, 0, bytes, moved, count);
      Arrays.fill(bytes, 0, moved, 0);
    }
    firstSlot = first;
    count = (int) (last - first) + 1;
    return true;
  }

  private void widen() {
    long first = firstSlot >>> 1;
    long[] wider = new long[SLOTS_MAX];
    int widerCount = 0;
    for (int i = 0; i < count; i++) {
      int slot = (int) ((firstSlot + i >>> 1) - first);
      wider[slot] += bytes[i];
      widerCount = slot + 1;
    }
    System.arraycopy(wider, 0, bytes, 0, SLOTS_MAX);
    shift++;
    firstSlot = first;
    count = widerCount;
  }

  /** Returns the bytes of the slots that lie wholly at or before a time. */
  long bytesUntil(long millis) {
    long sum = 0;
    for (int i = 0; i < count && (firstSlot + i + 1 << shift) - 1 <= millis; i++) {
      sum += bytes[i];
    }
    return sum;
  }

  void encode(ByteArrayOutputStream target) {
    put(target, count);
    if (count > 0) {
      put(target, shift);
      put(target, firstSlot);
      for (int i = 0; i < count; i++) {
        put(target, bytes[i]);
      }
    }
  }

  private static void put(ByteArrayOutputStream target, long value) {
    byte[] encoded = new byte[Varints.LONG_BYTES_MAX];
    target.write(encoded, 0, Varints.put(encoded, 0, value));
  }

  static ExpiryHistogram decode(ByteBuffer source) {
    ExpiryHistogram histogram = new ExpiryHistogram();
    int count = Varints.getInt(source);
    if (count < 0 || count > SLOTS_MAX) {
      throw new CorruptionException(
          "table properties: found "
              + Integer.toUnsignedString(count)
              + " slots of expiry, expected at most "
              + SLOTS_MAX);
    }
    if (count > 0) {
      histogram.count = count;
      histogram.shift = Varints.getInt(source) & 63;
      histogram.firstSlot = Varints.getLong(source);
      for (int i = 0; i < count; i++) {
        histogram.bytes[i] = Varints.getLong(source);
      }
    }
    return histogram;
  }
}
