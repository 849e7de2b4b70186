package io.larder.benchmarks.engine;

/** What a reader looked at in a value it did not copy. Confined to one thread; reused. */
final class ValueView {

  private long head;
  private long tail;
  private int length;

  /**
   * Takes what was seen.
   *
   * @param valueHead the first eight bytes, big endian
   * @param valueTail the last eight bytes, big endian
   * @param valueLength the length of the whole value
   */
  void see(long valueHead, long valueTail, int valueLength) {
    head = valueHead;
    tail = valueTail;
    length = valueLength;
  }

  void see(byte[] value, int valueLength) {
    see(Records.head(value), Records.longAt(value, valueLength - Long.BYTES), valueLength);
  }

  long head() {
    return head;
  }

  long tail() {
    return tail;
  }

  int length() {
    return length;
  }
}
