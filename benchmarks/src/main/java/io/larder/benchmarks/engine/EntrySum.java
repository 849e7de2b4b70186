package io.larder.benchmarks.engine;

/**
 * Adds up the entries a scan hands out, so that nothing read can be optimised away and wrong data
 * is noticed. Confined to one thread.
 */
final class EntrySum {

  private long entries;
  private long sum;

  /**
   * Takes one entry.
   *
   * @param keyHead the first eight bytes of the key, big endian
   * @param valueHead the first eight bytes of the value, big endian
   * @param valueLength the length of the value
   */
  void add(long keyHead, long valueHead, int valueLength) {
    entries++;
    sum += of(keyHead, valueHead, valueLength);
  }

  static long of(long keyHead, long valueHead, int valueLength) {
    return keyHead * 31 + valueHead + valueLength;
  }

  long entries() {
    return entries;
  }

  long sum() {
    return sum;
  }
}
