package io.larder.engine.internal.table;

import java.nio.ByteBuffer;

/** Finds the record of a key through the mapped hash index. Thread-safe. */
final class BucketIndex {
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private final TablePages pages;
  private final int start;
  private final int bucketCount;
  private final int blocksEnd;

  BucketIndex(TablePages pages, TableFooter footer) {
    this.pages = pages;
    this.start = footer.hashOffset();
    this.bucketCount = footer.bucketCount();
    this.blocksEnd = footer.blocksEnd();
  }

  /**
   * Finds the newest version of a key among the records of a range of the file, and returns whether there is one.
   *
   * @param record receives where it is
   */
  boolean find(long hash, byte[] key, int rangeStart, int rangeEnd, TableRecord record) {
    ByteBuffer file = pages.file;
    long tags = (hash & 0xFF) * LOW_BITS;
    int bucket = TableLayout.bucket(hash, bucketCount);
    for (int probes = 0; probes < bucketCount; probes++) {
      int position = start + bucket * TableLayout.BUCKET_BYTES;
      pages.require(position, TableLayout.BUCKET_BYTES);
      long low = file.getLong(position) ^ tags;
      long high = file.getInt(position + Long.BYTES) ^ tags & 0xFFFFFFFFL;
      long matches = reversedMatches(low);
      if (matches != 0 && findAmong(matches, position, 0, key, rangeStart, rangeEnd, record)) {
        return true;
      }
      matches = reversedMatches(high << 32 | 0xFFFFFFFFL);
      if (matches != 0 && findAmong(matches, position, 8, key, rangeStart, rangeEnd, record)) {
        return true;
      }
      if (file.get(position + TableLayout.BUCKET_OVERFLOW_OFFSET) == 0) {
        return false;
      }
      bucket = bucket + 1 == bucketCount ? 0 : bucket + 1;
    }
    return false;
  }

  /** Brings the bucket a search starts at into the cache, and returns a number without meaning. */
  int touch(long hash) {
    return pages.file.get(start + TableLayout.bucket(hash, bucketCount) * TableLayout.BUCKET_BYTES);
  }

  /** Returns the offset in the first slot whose tag fits, without a look at the key, or 0. */
  int likely(long hash) {
    int position = start + TableLayout.bucket(hash, bucketCount) * TableLayout.BUCKET_BYTES;
    pages.require(position, TableLayout.BUCKET_BYTES);
    long tags = (hash & 0xFF) * LOW_BITS;
    long marks = reversedMatches(pages.file.getLong(position) ^ tags);
    int slot = Long.numberOfTrailingZeros(marks) >>> 3;
    if (marks == 0) {
      long high = pages.file.getInt(position + Long.BYTES) ^ tags & 0xFFFFFFFFL;
      marks = reversedMatches(high << 32 | 0xFFFFFFFFL);
      slot = Long.BYTES + (Long.numberOfTrailingZeros(marks) >>> 3);
    }
    if (marks == 0 || slot >= TableLayout.BUCKET_SLOTS) {
      return 0;
    }
    int entry = position + TableLayout.BUCKET_OFFSETS_OFFSET + slot * Integer.BYTES;
    int offset = pages.file.getInt(entry);
    return offset > 0 && offset < blocksEnd ? offset : 0;
  }

  /** Marks the zero bytes of a big-endian word, the first byte lowest; may mark a byte too many, never too few. */
  private static long reversedMatches(long word) {
    long bytes = Long.reverseBytes(word);
    return (bytes - LOW_BITS) & ~bytes & HIGH_BITS;
  }

  private boolean findAmong(
      long marks,
      int position,
      int firstSlot,
      byte[] key,
      int rangeStart,
      int rangeEnd,
      TableRecord record) {
    int count = pages.file.get(position + TableLayout.BUCKET_COUNT_OFFSET);
    for (long rest = marks; rest != 0; rest &= rest - 1) {
      int slot = firstSlot + (Long.numberOfTrailingZeros(rest) >>> 3);
      if (slot >= count) {
        return false;
      }
      int entry = position + TableLayout.BUCKET_OFFSETS_OFFSET + slot * Integer.BYTES;
      int offset = pages.file.getInt(entry);
      if (offset >= rangeStart && offset < rangeEnd) {
        record.readChecked(pages, offset, blocksEnd);
        if (record.keyEquals(pages, key)) {
          return true;
        }
      } else if (offset < 0 || offset >= blocksEnd) {
        throw pages.corrupt(entry, "an offset of " + offset + ", not before " + blocksEnd);
      }
    }
    return false;
  }
}
