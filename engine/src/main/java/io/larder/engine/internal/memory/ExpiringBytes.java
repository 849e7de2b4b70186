package io.larder.engine.internal.memory;

import java.util.TreeMap;

/**
 * An estimate of how many bytes have expired, from a count of bytes by minute of expiry (by day where that is
 * more than a day ahead). Guarded by the commit lock; {@link #expiredBytes} may be read by any thread.
 */
final class ExpiringBytes {
  private static final long MINUTE_MILLIS = 60_000;
  private static final long DAY_MILLIS = 1440 * MINUTE_MILLIS;

  /** Bytes by the end of their slot. */
  private final TreeMap<Long, Long> slots = new TreeMap<>();

  private long firstSlotMillis = Long.MAX_VALUE;
  private volatile long expiredBytes;

  void add(long expiresAtMillis, long bytes, long nowMillis) {
    long width = expiresAtMillis - nowMillis > DAY_MILLIS ? DAY_MILLIS : MINUTE_MILLIS;
    long slot =
        expiresAtMillis > Long.MAX_VALUE - width
            ? Long.MAX_VALUE
            : (expiresAtMillis / width + 1) * width;
    slots.merge(slot, bytes, Long::sum);
    firstSlotMillis = Math.min(firstSlotMillis, slot);
  }

  /** Moves what has expired by now out of the slots. */
  @SuppressWarnings(
      "NonAtomicVolatileUpdate") // written under the commit lock, volatile for readers
  void advanceTo(long nowMillis) {
    while (firstSlotMillis <= nowMillis) {
      expiredBytes = expiredBytes + slots.pollFirstEntry().getValue();
      firstSlotMillis = slots.isEmpty() ? Long.MAX_VALUE : slots.firstKey();
    }
  }

  long expiredBytes() {
    return expiredBytes;
  }

  /** Returns whether something can expire. */
  boolean isEmpty() {
    return slots.isEmpty();
  }
}
