package io.larder.engine.internal.table;

import java.nio.ByteBuffer;

/** Builds the hash index of a table: buckets that lead from a hash to a file offset. Stateless. */
final class BucketIndexBuilder {
  private static final double LOAD = 0.85;

  private BucketIndexBuilder() {}

  /** Returns how many buckets a number of keys gets. */
  static int bucketCount(int keys) {
    return (int) Math.ceil(keys / (TableLayout.BUCKET_SLOTS * LOAD));
  }

  /** Returns the buckets of the first {@code count} hashes and offsets. */
  static byte[] build(long[] hashes, int[] offsets, int count) {
    int bucketCount = bucketCount(count);
    byte[] buckets = new byte[Math.multiplyExact(bucketCount, TableLayout.BUCKET_BYTES)];
    ByteBuffer view = ByteBuffer.wrap(buckets);
    for (int i = 0; i < count; i++) {
      int bucket = TableLayout.bucket(hashes[i], bucketCount);
      int start = bucket * TableLayout.BUCKET_BYTES;
      while (buckets[start + TableLayout.BUCKET_COUNT_OFFSET] == TableLayout.BUCKET_SLOTS) {
        buckets[start + TableLayout.BUCKET_OVERFLOW_OFFSET] = 1;
        bucket = bucket + 1 == bucketCount ? 0 : bucket + 1;
        start = bucket * TableLayout.BUCKET_BYTES;
      }
      int slot = buckets[start + TableLayout.BUCKET_COUNT_OFFSET]++;
      buckets[start + slot] = (byte) hashes[i];
      view.putInt(start + TableLayout.BUCKET_OFFSETS_OFFSET + slot * Integer.BYTES, offsets[i]);
    }
    return buckets;
  }
}
