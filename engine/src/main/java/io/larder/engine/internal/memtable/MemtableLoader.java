package io.larder.engine.internal.memtable;

import org.jspecify.annotations.Nullable;

/**
 * Fills a memtable that nobody reads yet faster than adding to it would: keys are put in order once, at the end. Used
 * by one thread, for one recovery.
 */
public final class MemtableLoader {
  private final Memtable memtable;

  /** Begins to fill an empty memtable; nothing may be read from it before {@link #finish}. */
  public MemtableLoader(Memtable empty) {
    memtable = empty;
    empty.beginLoading();
  }

  /** Adds a version of a key, or a tombstone if the value is null; sequence numbers ascend. */
  public void add(
      int keyspaceId,
      byte[] key,
      int keyOffset,
      int keyLength,
      long sequence,
      byte @Nullable [] value,
      int valueOffset,
      int valueLength,
      long expiresAtMillis) {
    memtable.add(
        keyspaceId,
        key,
        keyOffset,
        keyLength,
        sequence,
        value,
        valueOffset,
        valueLength,
        expiresAtMillis);
  }

  /** Puts the keys in order; from now on the memtable is like any other. */
  public void finish() {
    memtable.endLoading();
  }
}
