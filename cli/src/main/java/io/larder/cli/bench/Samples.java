package io.larder.cli.bench;

import java.util.Arrays;

/** Times of single operations of one thread; grows. Not thread-safe. */
final class Samples {
  private long[] nanos = new long[1 << 12];
  private int count;

  void add(long time) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    nanos[count++] = time;
  }

  long[] toArray() {
    return Arrays.copyOf(nanos, count);
  }

  static long[] together(Iterable<Samples> parts) {
    int total = 0;
    for (Samples part : parts) {
      total += part.count;
    }
    long[] all = new long[total];
    int offset = 0;
    for (Samples part : parts) {
      System.arraycopy(part.nanos, 0, all, offset, part.count);
      offset += part.count;
    }
    return all;
  }
}
