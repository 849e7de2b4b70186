package io.larder.benchmarks.engine;

import java.util.Arrays;

/**
 * What scans over entries 0 to n - 1 must yield. Immutable after construction.
 *
 * <p>Holds the key heads in key order and, for every sixteenth, the sum over the entries before it:
 * 8.5 bytes an entry on the heap, the same for every contestant.
 */
final class Expectation {

  private static final int STRIDE = 16;

  private final long[] keyHeads;
  private final long[] sums;
  private final int valueBytes;

  Expectation(long entries, int valueBytes) {
    this.valueBytes = valueBytes;
    keyHeads = new long[Math.toIntExact(entries)];
    for (int number = 0; number < keyHeads.length; number++) {
      keyHeads[number] = Records.keyHead(number) ^ Long.MIN_VALUE;
    }
    Arrays.parallelSort(keyHeads);
    sums = new long[keyHeads.length / STRIDE + 1];
    long sum = 0;
    for (int rank = 0; rank < keyHeads.length; rank++) {
      if (rank % STRIDE == 0) {
        sums[rank / STRIDE] = sum;
      }
      keyHeads[rank] ^= Long.MIN_VALUE;
      sum += sumOf(rank);
    }
    if (keyHeads.length % STRIDE == 0) {
      sums[keyHeads.length / STRIDE] = sum;
    }
  }

  private long sumOf(int rank) {
    long valueHead = Records.valueHead(Records.number(keyHeads[rank]));
    return EntrySum.of(keyHeads[rank], valueHead, valueBytes);
  }

  private long sumBefore(int rank) {
    long sum = sums[rank / STRIDE];
    for (int later = rank - rank % STRIDE; later < rank; later++) {
      sum += sumOf(later);
    }
    return sum;
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
    long expected = sumBefore(end) - sumBefore(rank);
    if (sum.entries() != end - rank || sum.sum() != expected) {
      throw new IllegalStateException(
          "scan from rank %d: expected %d entries with sum %x, found %d with sum %x"
              .formatted(rank, end - rank, expected, sum.entries(), sum.sum()));
    }
  }
}
