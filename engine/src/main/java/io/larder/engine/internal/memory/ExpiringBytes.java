package io.larder.engine.internal.memory;

import java.util.TreeMap;

/**
 * An estimate of how many bytes have expired, from a count of bytes by second of expiry; by minute where that is more
 * than five minutes ahead, by hour from a day on, by day from a month on. Guarded by the commit lock; {@link
 * #expiredBytes} may be read by any thread.
 */
final class ExpiringBytes {
  private static final long SECOND_MILLIS = 1_000;
  private static final long MINUTE_MILLIS = 60 * SECOND_MILLIS;
  private static final long HOUR_MILLIS = 60 * MINUTE_MILLIS;
  private static final long DAY_MILLIS = 24 * HOUR_MILLIS;

  /** Bytes by the end of their slot. */
  private final TreeMap<Long, Long> slots = new TreeMap<>();

  private long firstSlotMillis = Long.MAX_VALUE;
  private volatile long expiredBytes;

  void add(long expiresAtMillis, long bytes, long nowMillis) {
    long width = slotWidth(expiresAtMillis - nowMillis);
    long slot =
        expiresAtMillis > Long.MAX_VALUE - width
            ? Long.MAX_VALUE
            : (expiresAtMillis / width + 1) * width;
    slots.merge(slot, bytes, Long::sum);
    firstSlotMillis = Math.min(firstSlotMillis, slot);
  }

  private static long slotWidth(long aheadMillis) {
    if (aheadMillis > 30 * DAY_MILLIS) {
      return DAY_MILLIS;
    }
    if (aheadMillis > DAY_MILLIS) {
      return HOUR_MILLIS;
    }
    return aheadMillis > 5 * MINUTE_MILLIS ? MINUTE_MILLIS : SECOND_MILLIS;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // as in advanceTo
  void addAll(ExpiringBytes other) {
    other.slots.forEach((slot, bytes) -> slots.merge(slot, bytes, Long::sum));
    firstSlotMillis = Math.min(firstSlotMillis, other.firstSlotMillis);
    expiredBytes = expiredBytes + other.expiredBytes;
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
