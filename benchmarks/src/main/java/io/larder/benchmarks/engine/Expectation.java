package io.larder.benchmarks.engine;

import java.util.Arrays;

/**
 * What scans over entries 0 to n - 1 must yield. Immutable after construction.
 *
 * <p>Holds the key heads in key order and running sums over the entries in that order: 16 bytes an
 * entry on the heap, the same for every contestant.
 */
final class Expectation {

  private final long[] keyHeads;
  private final long[] sums;

  Expectation(long entries, int valueBytes) {
    keyHeads = new long[Math.toIntExact(entries)];
    for (int number = 0; number < keyHeads.length; number++) {
      keyHeads[number] = Records.keyHead(number) ^ Long.MIN_VALUE;
    }
    Arrays.sort(keyHeads);
    sums = new long[keyHeads.length + 1];
    for (int rank = 0; rank < keyHeads.length; rank++) {
      keyHeads[rank] ^= Long.MIN_VALUE;
      long valueHead = Records.valueHead(Records.number(keyHeads[rank]));
      sums[rank + 1] = sums[rank] + EntrySum.of(keyHeads[rank], valueHead, valueBytes);
    }
  }

  int entries() {
    return keyHeads.length;
  }

  /** The number of the entry whose key is the {@code rank}-th in order. */
  long numberAt(int rank) {
    return Records.number(keyHeads[rank]);
  }

  /** Fails unless {@code sum} holds exactly the entries from {@code rank} on, at most limit. */
  void verify(EntrySum sum, int rank, long limit) {
    int end = (int) Math.min(keyHeads.length, rank + limit);
    if (sum.entries() != end - rank || sum.sum() != sums[end] - sums[rank]) {
      throw new IllegalStateException(
          "scan from rank %d: expected %d entries with sum %x, found %d with sum %x"
              .formatted(rank, end - rank, sums[end] - sums[rank], sum.entries(), sum.sum()));
    }
  }
}
