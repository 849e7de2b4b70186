package io.larder.engine.internal.manifest;

import io.larder.engine.internal.codec.Checksums;
import java.nio.ByteBuffer;

/**
 * One record of a manifest file. Immutable.
 *
 * <pre>
 *  offset  bytes  what                                  all numbers big-endian
 *       0      4  length of the payload, n
 *       4      4  number of the record in the file, from 1
 *       8      1  kind: 1 = edit, 2 = confirmation
 *       9      3  zero
 *      12      4  CRC-32C of bytes 0..11
 *      16      n  payload: an edit (see VersionEditCodec), empty in a confirmation
 *    16+n      4  CRC-32C of the payload
 * </pre>
 *
 * <p>A confirmation is written after the edit before it was synced. So an edit followed by any valid record was
 * durable once, and damage to it is corruption; only damage behind the last valid record can be a write that a
 * crash cut short. Edits have odd numbers, confirmations even ones. A confirmation is not synced on its own, so a
 * crash may spoil it and keep the edit behind it; a spoilt confirmation between two valid edits harms nothing.
 *
 * @param number its number
 * @param kind its kind
 * @param payload the edit
 * @param endOffset where the next record starts
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier; compared by nobody
record ManifestRecord(int number, byte kind, byte[] payload, int endOffset) {
  static final byte EDIT = 1;
  static final byte CONFIRMATION = 2;

  static final int CONFIRMATION_BYTES = 20;

  private static final int HEADER_BYTES = 16;
  private static final int NUMBER_OFFSET = 4;
  private static final int KIND_OFFSET = 8;
  private static final int CHECKSUM_OFFSET = 12;
  private static final int TRAILER_BYTES = 4;

  static ByteBuffer encode(int number, byte kind, byte[] payload) {
    ByteBuffer record = ByteBuffer.allocate(HEADER_BYTES + payload.length + TRAILER_BYTES);
    record.putInt(0, payload.length).putInt(NUMBER_OFFSET, number).put(KIND_OFFSET, kind);
    record.putInt(CHECKSUM_OFFSET, Checksums.crc32c(record, 0, CHECKSUM_OFFSET));
    record.put(HEADER_BYTES, payload);
    record.putInt(HEADER_BYTES + payload.length, Checksums.crc32c(payload, 0, payload.length));
    return record;
  }

  /** Returns the kind that the record of a number has. */
  static byte kindOf(int number) {
    return number % 2 == 1 ? EDIT : CONFIRMATION;
  }

  /** What is wrong with a record at an offset. */
  static final class Damage extends Exception {
    private static final long serialVersionUID = 1L;

    private final String found;

    Damage(String found) {
      super(found);
      this.found = found;
    }

    /** Says what was found. */
    String found() {
      return found;
    }
  }

  /** Reads the record at an offset. */
  static ManifestRecord read(ByteBuffer file, int offset) throws Damage {
    int available = file.limit() - offset;
    if (available < HEADER_BYTES + TRAILER_BYTES) {
      throw new Damage("found " + available + " bytes, expected a record");
    }
    if (!hasValidHeader(file, offset)) {
      throw new Damage("found a record header whose checksum does not fit");
    }
    int length = file.getInt(offset);
    if (length < 0 || length > available - HEADER_BYTES - TRAILER_BYTES) {
      throw new Damage(
          "found a record of "
              + Integer.toUnsignedString(length)
              + " bytes, but the file ends before it does");
    }
    byte[] payload = new byte[length];
    file.get(offset + HEADER_BYTES, payload);
    if (file.getInt(offset + HEADER_BYTES + length) != Checksums.crc32c(payload, 0, length)) {
      throw new Damage("found a record whose checksum does not fit its " + length + " bytes");
    }
    return new ManifestRecord(
        file.getInt(offset + NUMBER_OFFSET),
        file.get(offset + KIND_OFFSET),
        payload,
        offset + HEADER_BYTES + length + TRAILER_BYTES);
  }

  /** Returns whether a record header may be at an offset, be it of a record cut short. */
  private static boolean hasValidHeader(ByteBuffer file, int offset) {
    byte kind = file.get(offset + KIND_OFFSET);
    return (kind == EDIT || kind == CONFIRMATION)
        && file.getInt(offset + CHECKSUM_OFFSET) == Checksums.crc32c(file, offset, CHECKSUM_OFFSET);
  }

  /** Returns whether a whole, valid record of a number is at an offset. */
  static boolean isValid(ByteBuffer file, int offset, int number) {
    return numberOf(file, offset) == number;
  }

  /** Returns the number of the whole, valid record at an offset, or 0 if there is none. */
  private static int numberOf(ByteBuffer file, int offset) {
    try {
      return read(file, offset).number();
    } catch (Damage e) {
      return 0;
    }
  }

  /** Returns whether a whole, valid record with a number above the given one starts anywhere from an offset on. */
  static boolean isFollowedByValidRecord(ByteBuffer file, int offset, int number) {
    int last = file.limit() - HEADER_BYTES - TRAILER_BYTES;
    for (int start = offset; start <= last; start++) {
      if (hasValidHeader(file, start) && numberOf(file, start) > number) {
        return true;
      }
    }
    return false;
  }
}
