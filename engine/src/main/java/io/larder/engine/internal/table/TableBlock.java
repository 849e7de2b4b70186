package io.larder.engine.internal.table;

import java.util.Arrays;

/**
 * A reader's position in one block: the prefix, the current record, its whole key. One thread; reused from block to
 * block.
 */
final class TableBlock {
  final TableRecord record = new TableRecord();
  private final TablePages pages;
  private int start;
  private int end;
  private int prefixLength;
  private int firstRecord;
  private byte[] key = new byte[64];
  private int keyLength;
  private int[] keyStarts = new int[64];

  TableBlock(TablePages pages) {
    this.pages = pages;
  }

  /** Checks a block and reads its prefix; stands on no record yet. */
  void load(int blockStart, int blockEnd) {
    if (blockEnd - blockStart < 2) {
      throw pages.corrupt(blockStart, "a block that ends at " + blockEnd);
    }
    pages.require(blockStart, blockEnd - blockStart);
    start = blockStart;
    end = blockEnd;
    long length = 0;
    int at = blockStart;
    int shift = 0;
    byte next;
    do {
      next = pages.file.get(at++);
      length |= (next & 0x7FL) << shift;
      shift += 7;
    } while (next < 0 && shift < Integer.SIZE);
    if (length > blockEnd - at) {
      throw pages.corrupt(blockStart, "a block prefix of " + length + " bytes");
    }
    prefixLength = (int) length;
    firstRecord = at + prefixLength;
    reserveKey(prefixLength);
    pages.file.get(at, key, 0, prefixLength);
  }

  private void reserveKey(int length) {
    if (length > key.length) {
      key = Arrays.copyOf(key, Math.max(length, key.length << 1));
    }
  }

  int firstRecord() {
    return firstRecord;
  }

  boolean isEnd(int offset) {
    return offset >= end;
  }

  /** Reads a record and its key. */
  void moveTo(int offset) {
    record.read(pages, offset, end);
    int prefix = record.hasSuffix() ? prefixLength : 0;
    keyLength = prefix + record.keyLength;
    reserveKey(keyLength);
    pages.file.get(record.keyStart, key, prefix, record.keyLength);
  }

  /** Reads an older version of the current key. */
  void moveToOlder() {
    record.read(pages, record.end(), end);
  }

  /** Returns where the record behind all versions of the current key would start. */
  int endOfKey() {
    while (record.olderFollows()) {
      moveToOlder();
    }
    return record.end();
  }

  /** Finds the newest versions of the block's keys and returns how many there are. */
  int collectKeyStarts() {
    int count = 0;
    int offset = firstRecord;
    while (offset < end) {
      record.read(pages, offset, end);
      if (!record.isSameKey()) {
        if (count == keyStarts.length) {
          keyStarts = Arrays.copyOf(keyStarts, count << 1);
        }
        keyStarts[count++] = offset;
      }
      offset = record.end();
    }
    return count;
  }

  int keyStart(int index) {
    return keyStarts[index];
  }

  /** Compares the current key with another. */
  int compareKey(byte[] other) {
    return Arrays.compareUnsigned(key, 0, keyLength, other, 0, other.length);
  }

  byte[] key() {
    return key;
  }

  int keyLength() {
    return keyLength;
  }

  int start() {
    return start;
  }
}
