package io.larder.engine.internal.database;

import io.larder.engine.api.KeyRange;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one cursor has seen of its range, absent keys included: for each seek the keys from there to where it
 * went, or to the end of the range. Used by one thread.
 */
final class WalkedRange {
  private final KeyspaceReads reads;
  private final byte @Nullable [] from;
  private final byte @Nullable [] to;
  private final boolean descending;

  /** Where the present stretch began: the key sought, or null for the range's own start. */
  private byte @Nullable [] start;

  private KeyspaceReads.@Nullable Stretch stretch;

  WalkedRange(KeyspaceReads reads, KeyRange range, boolean descending) {
    this.reads = reads;
    this.from = clone(range.from());
    this.to = clone(range.to());
    this.descending = descending;
  }

  private static byte @Nullable [] clone(byte @Nullable [] key) {
    return key == null ? null : key.clone();
  }

  /** The cursor goes on from a key. */
  void seek(byte[] key) {
    boolean outside =
        descending
            ? to != null && Arrays.compareUnsigned(key, to) >= 0
            : from != null && Arrays.compareUnsigned(key, from) <= 0;
    start = outside ? null : key.clone();
    stretch = null;
  }

  /** The cursor found a key, or null at the end of the range; there is nothing between it and where it was. */
  void reached(byte @Nullable [] key) {
    KeyspaceReads.Stretch present = stretch;
    if (present == null) {
      present = begin();
      stretch = present;
      reads.addStretch(present);
    }
    if (descending) {
      present.low = key == null ? from : key;
    } else {
      present.high = key == null ? to : successor(key);
    }
  }

  private KeyspaceReads.Stretch begin() {
    KeyspaceReads.Stretch begun = new KeyspaceReads.Stretch();
    if (descending) {
      begun.high = start == null ? to : successor(start);
    } else {
      begun.low = start == null ? from : start;
    }
    return begun;
  }

  /** The first key after another. */
  private static byte[] successor(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }
}
