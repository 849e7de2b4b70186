package io.larder.engine.internal.table;

import io.larder.engine.internal.table.TableProperties.KeyspaceRange;
import java.util.Arrays;

/** Finds the block a key belongs to, by binary search over the mapped sparse index. Thread-safe. */
final class BlockIndex {
  private final TablePages pages;
  private final int indexOffset;
  private final int blockCount;
  private final int blocksEnd;

  BlockIndex(TablePages pages, TableFooter footer) {
    this.pages = pages;
    this.indexOffset = footer.indexOffset();
    this.blockCount = footer.blockCount();
    this.blocksEnd = footer.blocksEnd();
  }

  int start(int block) {
    int entry = indexOffset + block * TableLayout.INDEX_ENTRY_BYTES;
    pages.require(entry, TableLayout.INDEX_ENTRY_BYTES);
    int start = pages.file.getInt(entry);
    if (start < 0 || start >= blocksEnd) {
      throw pages.corrupt(entry, "a block that starts at " + start + ", not before " + blocksEnd);
    }
    return start;
  }

  int end(int block) {
    return block + 1 < blockCount ? start(block + 1) : blocksEnd;
  }

  private long discriminator(int block) {
    int entry = indexOffset + block * TableLayout.INDEX_ENTRY_BYTES;
    pages.require(entry, TableLayout.INDEX_ENTRY_BYTES);
    return pages.file.getLong(entry + Integer.BYTES);
  }

  /** Returns the last block of a keyspace whose first key is at or below the given one, or one below its first. */
  int floor(KeyspaceRange range, byte[] key) {
    int prefixLength = range.prefixLength();
    byte[] common = range.firstKey();
    int shared = Math.min(prefixLength, key.length);
    int order = Arrays.compareUnsigned(key, 0, shared, common, 0, prefixLength);
    if (order < 0) {
      return range.firstBlock() - 1;
    }
    if (order > 0) {
      return range.firstBlock() + range.blockCount() - 1;
    }
    long sought = TableLayout.discriminator(key, prefixLength, key.length);
    int low = range.firstBlock();
    int high = low + range.blockCount();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int middleOrder = Long.compareUnsigned(discriminator(middle), sought);
      if (middleOrder == 0) {
        middleOrder = compareFirstKey(middle, key);
      }
      if (middleOrder <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  private int compareFirstKey(int block, byte[] key) {
    int blockStart = start(block);
    TableRecord first = new TableRecord();
    int prefixLength = first.readFirst(pages, blockStart, end(block));
    int prefixStart = first.start - prefixLength;
    int shared = Math.min(prefixLength, key.length);
    int order = pages.compare(prefixStart, prefixLength, key, 0, shared);
    return order != 0
        ? order
        : pages.compare(first.keyStart, first.keyLength, key, shared, key.length - shared);
  }
}
