package io.larder.engine.internal.table;

import io.larder.engine.internal.codec.StoredBytes;
import java.util.Arrays;

/**
 * A reader's position in one block: the prefix, the current record, its whole key. One thread; reused from block to
 * block.
 *
 * <p>A block is copied into an array when it is loaded: one copy of 4 KB costs less than reading every byte of forty
 * records out of a mapping, and keys need no copy of their own. Of a block with large values only a window is copied.
 */
final class TableBlock {
  /** A larger block is read by windows, so that values nobody asks for are not copied. */
  private static final int WHOLE_BYTES_MAX = 1 << 14;

  private static final int WINDOW_BYTES = 512;
  private static final byte[] NOTHING = {};
  private static final int[] NO_STARTS = {};

  final TableRecord record = new TableRecord();
  private final TablePages pages;
  private int start;
  private int end;
  private int prefixLength;
  private int firstRecord;

  /** Bytes of the file from one offset to another; behind them some that a record's header may be read over. */
  private byte[] bytes = NOTHING;

  private int bytesStart;
  private int bytesEnd;
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

  /** Checks a block and reads its prefix; stands on no record yet. */
  void load(int blockStart, int blockEnd) {
    if (loaded && blockStart == start && blockEnd == end) {
      return; // it is here
    }
    loaded = false;
    int length = blockEnd - blockStart;
    if (length < 2) {
      throw pages.corrupt(blockStart, "a block that ends at " + blockEnd);
    }
    pages.require(blockStart, length);
    start = blockStart;
    end = blockEnd;
    whole = length <= WHOLE_BYTES_MAX;
    copy(blockStart, whole ? length : Math.min(length, WINDOW_BYTES));
    readPrefix();
    loaded = whole;
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
    prefixLength = (int) length;
    firstRecord = prefixStart + prefixLength;
    reserveJoined(prefixLength);
    pages.file.get(prefixStart, joined, 0, prefixLength);
  }

  private void copy(int from, int length) {
    int room = length + TableLayout.RECORD_HEADER_BYTES_MAX;
    if (room > bytes.length) {
      bytes = room <= BlockBuffers.BYTES ? BlockBuffers.take() : new byte[room];
    }
    pages.file.get(from, bytes, 0, length);
    bytesStart = from;
    bytesEnd = from + length;
  }

  /** Copies a window so that some bytes are in the array; a block that was copied whole has them. */
  private void reach(int offset, int length) {
    int wanted = Math.min(length, end - offset);
    if (offset < bytesStart || offset + wanted > bytesEnd) {
      copy(offset, Math.min(end - offset, Math.max(wanted, WINDOW_BYTES)));
    }
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
    bytesEnd = bytesStart;
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
      keyOffset = record.keyStart - bytesStart;
      keyLength = suffixLength;
      return;
    }
    int prefix = record.hasSuffix() ? prefixLength : 0;
    keyLength = prefix + suffixLength;
    reserveJoined(keyLength);
    if (record.keyStart + suffixLength <= bytesEnd) {
      System.arraycopy(bytes, record.keyStart - bytesStart, joined, prefix, suffixLength);
    } else {
      pages.file.get(record.keyStart, joined, prefix, suffixLength);
    }
    key = joined;
    keyOffset = 0;
  }

  private void read(int offset) {
    if (!whole) {
      if (offset >= end) {
        throw pages.corrupt(offset, "a record at the end of its block");
      }
      reach(offset, TableLayout.RECORD_HEADER_BYTES_MAX);
    }
    record.read(pages, bytes, bytesStart, offset, end);
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
    if (valueStart >= bytesStart && valueStart + length <= bytesEnd) {
      System.arraycopy(bytes, valueStart - bytesStart, target, offset, length);
    } else {
      pages.file.get(valueStart, target, offset, length);
    }
  }

  /** Points a view at the value of the current record, in the array if all of it is there. */
  void viewValue(StoredBytes view) {
    int valueStart = record.valueStart();
    int length = record.valueLength;
    if (valueStart >= bytesStart && valueStart + length <= bytesEnd) {
      view.set(bytes, valueStart - bytesStart, length);
    } else {
      view.set(pages.file, pages.path, valueStart, length);
    }
  }

  int start() {
    return start;
  }
}
