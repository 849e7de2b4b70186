package io.larder.engine.internal.table;

import io.larder.engine.internal.codec.StoredBytes;
import java.util.Arrays;

/**
 * A reader's position in one block: the prefix, the current record, its whole key. One thread; reused from block to
 * block.
 *
 * <p>A block is copied into an array when it is loaded: one copy of 4 KB costs less than reading every byte of forty
 * records out of a mapping, and keys need no copy of their own. A block with large values is read where it lies, and its
 * pages are checked as they are reached: whoever walks over large values without looking at them does not read them.
 */
final class TableBlock {
  /** A larger block is not copied, so that values nobody asks for are not read. */
  private static final int WHOLE_BYTES_MAX = 1 << 14;

  private static final byte[] NOTHING = {};
  private static final int[] NO_STARTS = {};

  final TableRecord record = new TableRecord();
  private final TablePages pages;
  private int start;
  private int end;
  private int prefixLength;
  private int firstRecord;

  /** The block, if it was copied; behind it some bytes that a record's header may be read over. */
  private byte[] bytes = NOTHING;

  private boolean whole;

  /** Whether all of the block is in the array and was found good. */
  private boolean loaded;

  /** Where a key is put together that is not in one piece; the block's prefix stands at its front. */
  private byte[] joined = new byte[64];

  private byte[] key = joined;
  private int keyOffset;
  private int keyLength;
  private int[] keyStarts = NO_STARTS;

  TableBlock(TablePages pages) {
    this.pages = pages;
  }

  /** Checks a block, or the start of one that is not copied, and reads its prefix; stands on no record yet. */
  void load(int blockStart, int blockEnd) {
    if (loaded && blockStart == start && blockEnd == end) {
      return; // it is here
    }
    loaded = false;
    int length = blockEnd - blockStart;
    if (length < 2) {
      throw pages.corrupt(blockStart, "a block that ends at " + blockEnd);
    }
    start = blockStart;
    end = blockEnd;
    whole = length <= WHOLE_BYTES_MAX;
    if (whole) {
      pages.require(blockStart, length);
      copy(length);
      readPrefix();
      loaded = true;
    } else {
      takePrefix(record.readPrefixLength(pages, blockStart, blockEnd), record.prefixStart());
    }
  }

  private void readPrefix() {
    long length = 0;
    int at = 0;
    int shift = 0;
    byte next;
    do {
      next = bytes[at++];
      length |= (next & 0x7FL) << shift;
      shift += 7;
    } while (next < 0 && shift < Integer.SIZE);
    int prefixStart = start + at;
    if (prefixStart > end || length > end - prefixStart) {
      throw pages.corrupt(start, "a block prefix of " + length + " bytes");
    }
    takePrefix((int) length, prefixStart);
  }

  private void takePrefix(int length, int offset) {
    prefixLength = length;
    firstRecord = offset + length;
    reserveJoined(length);
    pages.file.get(offset, joined, 0, length);
  }

  private void copy(int length) {
    int room = length + TableLayout.RECORD_HEADER_BYTES_MAX;
    if (room > bytes.length) {
      bytes = room <= BlockBuffers.BYTES ? BlockBuffers.take() : new byte[room];
    }
    pages.file.get(start, bytes, 0, length);
  }

  private void reserveJoined(int length) {
    if (length > joined.length) {
      joined = Arrays.copyOf(joined, Math.max(length, joined.length << 1));
    }
  }

  /** Lets go of what was loaded; a block can be loaded again. */
  void release() {
    byte[] unused = bytes;
    loaded = false;
    bytes = NOTHING;
    key = joined;
    BlockBuffers.giveBack(unused);
  }

  int firstRecord() {
    return firstRecord;
  }

  boolean isEnd(int offset) {
    return offset >= end;
  }

  /** Reads a record and its key. */
  void moveTo(int offset) {
    read(offset);
    int suffixLength = record.keyLength;
    if (whole && !record.hasSuffix()) {
      key = bytes;
      keyOffset = record.keyStart - start;
      keyLength = suffixLength;
      return;
    }
    int prefix = record.hasSuffix() ? prefixLength : 0;
    keyLength = prefix + suffixLength;
    reserveJoined(keyLength);
    if (whole) {
      System.arraycopy(bytes, record.keyStart - start, joined, prefix, suffixLength);
    } else {
      pages.file.get(record.keyStart, joined, prefix, suffixLength);
    }
    key = joined;
    keyOffset = 0;
  }

  private void read(int offset) {
    if (whole) {
      record.read(pages, bytes, start, offset, end);
    } else if (offset < end) {
      record.readHead(pages, offset, end);
    } else {
      throw pages.corrupt(offset, "a record at the end of its block");
    }
  }

  /** Reads an older version of the current key. */
  void moveToOlder() {
    read(record.end());
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
      read(offset);
      if (!record.isSameKey()) {
        if (count == keyStarts.length) {
          keyStarts = Arrays.copyOf(keyStarts, Math.max(64, count << 1));
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
    return Arrays.compareUnsigned(key, keyOffset, keyOffset + keyLength, other, 0, other.length);
  }

  byte[] key() {
    return key;
  }

  int keyOffset() {
    return keyOffset;
  }

  int keyLength() {
    return keyLength;
  }

  /** Copies the value of the current record. */
  void copyValue(byte[] target, int offset) {
    int valueStart = record.valueStart();
    int length = record.valueLength;
    if (whole) {
      System.arraycopy(bytes, valueStart - start, target, offset, length);
    } else {
      requireValue();
      pages.file.get(valueStart, target, offset, length);
    }
  }

  /** Checks the value of the current record, if that was left to those who look at it. */
  void requireValue() {
    if (!whole && record.valueLength > 0) {
      pages.require(record.valueStart(), record.valueLength);
    }
  }

  /** Points a view at the value of the current record; one that was not copied is checked where it is looked at. */
  void viewValue(StoredBytes view) {
    int valueStart = record.valueStart();
    int length = record.valueLength;
    if (whole) {
      view.set(bytes, valueStart - start, length);
    } else {
      view.set(pages.file, pages, valueStart, length);
    }
  }

  int start() {
    return start;
  }
}
