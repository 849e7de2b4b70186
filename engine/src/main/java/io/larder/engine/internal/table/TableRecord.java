package io.larder.engine.internal.table;

import io.larder.engine.internal.codec.Varints;
import java.nio.ByteBuffer;

/** Where the parts of one record are; read from the file, reused. One thread. */
final class TableRecord {
  int start;
  int flags;
  int keyStart;
  int keyLength;
  int valueLength;
  long sequence;
  long expiresAtMillis;
  private int distance;
  private int position;

  /** A value up to this length is checked with its record's key, a larger one when it is asked for. */
  private static final int SMALL_VALUE_BYTES = TableLayout.PAGE_BYTES;

  /** Reads a record reached by its offset, checking its pages, but for those of a large value. */
  void readChecked(TablePages pages, int offset, int blocksEnd) {
    pages.require(offset, Math.min(TableLayout.RECORD_HEADER_BYTES_MAX, blocksEnd - offset));
    read(pages, offset, blocksEnd);
    pages.require(offset, valueStart() + Math.min(valueLength, SMALL_VALUE_BYTES) - offset);
  }

  /** Checks the pages of the value of a record that was read checked. */
  void requireValue(TablePages pages) {
    if (valueLength > SMALL_VALUE_BYTES) {
      pages.require(valueStart(), valueLength);
    }
  }

  /** Reads a record of a block but for its value, checking its pages. */
  void readHead(TablePages pages, int offset, int blockEnd) {
    pages.require(offset, Math.min(TableLayout.RECORD_HEADER_BYTES_MAX, blockEnd - offset));
    read(pages, offset, blockEnd);
    pages.require(offset, valueStart() - offset);
  }

  /** Reads the first record of a block but for its value, and returns the length of the block's prefix. */
  int readFirst(TablePages pages, int blockStart, int blockEnd) {
    int prefixLength = readPrefixLength(pages, blockStart, blockEnd);
    readHead(pages, prefixStart() + prefixLength, blockEnd);
    return prefixLength;
  }

  /** Returns the length of a block's prefix, whose pages it checks; {@link #prefixStart} is where it is. */
  int readPrefixLength(TablePages pages, int blockStart, int blockEnd) {
    pages.require(blockStart, Math.min(Varints.INT_BYTES_MAX, blockEnd - blockStart));
    position = blockStart;
    int prefixLength = (int) varint(pages.file);
    if (prefixLength < 0 || prefixLength >= blockEnd - position) {
      throw pages.corrupt(blockStart, "a block prefix of " + prefixLength + " bytes");
    }
    pages.require(blockStart, position + prefixLength - blockStart);
    return prefixLength;
  }

  /** Returns where the prefix lies whose length was read last. */
  int prefixStart() {
    return position;
  }

  /** Reads a record whose pages were checked. */
  void read(TablePages pages, int offset, int limit) {
    ByteBuffer file = pages.file;
    start = offset;
    position = offset + 1;
    flags = file.get(offset);
    keyLength = (int) varint(file);
    valueLength = isDelete() ? 0 : (int) varint(file);
    sequence = varint(file);
    expiresAtMillis = (flags & TableLayout.FLAG_EXPIRY) == 0 ? 0 : varint(file);
    distance = (flags & TableLayout.FLAG_SUFFIX) == 0 ? 0 : (int) varint(file);
    requireFit(pages, offset, limit);
  }

  /**
   * Reads a record of a block that was copied out of the file.
   *
   * @param bytes has the record's header, and as many bytes behind it as a header can be long
   * @param base where in the file the first of the bytes is
   */
  void read(TablePages pages, byte[] bytes, int base, int offset, int limit) {
    if (offset >= limit) {
      throw pages.corrupt(offset, "a record at the end of its block");
    }
    start = offset;
    position = offset - base + 1;
    flags = bytes[position - 1];
    keyLength = (int) varint(bytes);
    valueLength = isDelete() ? 0 : (int) varint(bytes);
    sequence = varint(bytes);
    expiresAtMillis = (flags & TableLayout.FLAG_EXPIRY) == 0 ? 0 : varint(bytes);
    distance = (flags & TableLayout.FLAG_SUFFIX) == 0 ? 0 : (int) varint(bytes);
    position += base;
    requireFit(pages, offset, limit);
  }

  private long varint(byte[] bytes) {
    int at = position;
    long value = bytes[at++];
    if (value < 0) {
      value &= 0x7F;
      for (int shift = 7; shift < Long.SIZE; shift += 7) {
        long next = bytes[at++];
        value |= (next & 0x7F) << shift;
        if (next >= 0) {
          break;
        }
      }
    }
    position = at;
    return value;
  }

  private void requireFit(TablePages pages, int offset, int limit) {
    keyStart = position;
    boolean fits = keyLength >= 0 && valueLength >= 0 && position <= limit;
    if (!fits
        || (long) keyLength + valueLength > limit - position
        || (flags & ~TableLayout.FLAGS_KNOWN) != 0) {
      throw pages.corrupt(
          offset,
          "a record with flags "
              + flags
              + ", a key of "
              + Integer.toUnsignedString(keyLength)
              + " and a value of "
              + Integer.toUnsignedString(valueLength)
              + " bytes, expected it to end by "
              + limit);
    }
  }

  private long varint(ByteBuffer file) {
    int at = position;
    long value = file.get(at++);
    if (value < 0) {
      value &= 0x7F;
      for (int shift = 7; shift < Long.SIZE; shift += 7) {
        long next = file.get(at++);
        value |= (next & 0x7F) << shift;
        if (next >= 0) {
          break;
        }
      }
    }
    position = at;
    return value;
  }

  boolean isDelete() {
    return (flags & TableLayout.FLAG_DELETE) != 0;
  }

  boolean isSameKey() {
    return (flags & TableLayout.FLAG_SAME_KEY) != 0;
  }

  boolean olderFollows() {
    return (flags & TableLayout.FLAG_OLDER_FOLLOWS) != 0;
  }

  boolean hasSuffix() {
    return (flags & TableLayout.FLAG_SUFFIX) != 0;
  }

  int valueStart() {
    return keyStart + keyLength;
  }

  int end() {
    return keyStart + keyLength + valueLength;
  }

  /** Returns whether the record's key, prefix included, is the given one. */
  boolean keyEquals(TablePages pages, byte[] key) {
    if (!hasSuffix()) {
      return keyLength == key.length && pages.isEqual(keyStart, keyLength, key, 0);
    }
    int blockStart = start - distance;
    if (distance <= 0 || blockStart < 0) {
      throw pages.corrupt(start, "a distance of " + distance + " to the start of the block");
    }
    pages.require(blockStart, distance);
    position = blockStart;
    int prefixLength = (int) varint(pages.file);
    return prefixLength >= 0
        && (long) prefixLength + keyLength == key.length
        && pages.isEqual(keyStart, keyLength, key, prefixLength)
        && pages.isEqual(position, prefixLength, key, 0);
  }
}
