package io.larder.engine.internal.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Spells the changes of one batch as the payload of a log frame. Not thread-safe; whoever made it may use
 * it again after {@link #clear}.
 *
 * <p>One change after the other, in the order they were made ({@code varint} as in {@link Varints}):
 *
 * <pre>
 *  bytes    what
 *      1    change code: 1 put, 2 delete, 3 put with expiry
 *  varint   keyspace id
 *  varint   key length n
 *      n    key
 *      8    expiry, milliseconds since the epoch, big-endian    only for code 3
 *  varint   value length m                                      only for codes 1 and 3
 *      m    value                                               only for codes 1 and 3
 * </pre>
 *
 * How many changes there are stands in the frame, not here. {@link #finish} computes the checksum, so that
 * it happens before any lock is taken.
 */
public final class BatchEncoder {
  static final int PUT = 1;
  static final int DELETE = 2;
  static final int PUT_WITH_EXPIRY = 3;

  private static final int CHANGE_OVERHEAD_BYTES_MAX = 1 + 3 * Varints.INT_BYTES_MAX + Long.BYTES;

  private static final int INITIAL_BYTES = 512;

  /** How many zeros follow a finished payload. */
  public static final int PADDING_BYTES = 8;

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int length;
  private int count;
  private int checksum;
  private boolean finished;

  /** Adds a put; expiry is absolute in milliseconds since the epoch, 0 = never. */
  public BatchEncoder put(int keyspaceId, byte[] key, byte[] value, long expiresAtMillis) {
    begin(expiresAtMillis == 0 ? PUT : PUT_WITH_EXPIRY, keyspaceId, key, (long) value.length);
    if (expiresAtMillis != 0) {
      ByteBuffer.wrap(bytes).putLong(length, expiresAtMillis);
      length += Long.BYTES;
    }
    append(value);
    return this;
  }

  /** Adds a delete. */
  public BatchEncoder delete(int keyspaceId, byte[] key) {
    begin(DELETE, keyspaceId, key, 0);
    return this;
  }

  /** Returns how many changes were added. */
  public int count() {
    return count;
  }

  /** Returns how many bytes the payload has. */
  public int length() {
    return length;
  }

  /**
   * Returns the array whose first {@link #length} bytes are the payload; not a copy. After {@link #finish} at least
   * {@value #PADDING_BYTES} zeros follow, so that a payload can be copied together with its padding.
   */
  public byte[] bytes() {
    return bytes;
  }

  /** Computes the checksum; nothing may be added after it. */
  public BatchEncoder finish() {
    reserve(PADDING_BYTES);
    Arrays.fill(bytes, length, length + PADDING_BYTES, (byte) 0);
    checksum = Checksums.crc32c(bytes, 0, length);
    finished = true;
    return this;
  }

  /** Returns the payload's checksum. Requires: {@link #finish}. */
  public int checksum() {
    if (!finished) {
      throw new IllegalStateException("the batch is not finished");
    }
    return checksum;
  }

  /** Forgets everything, so that another batch can be spelled, in the same memory. */
  public void clear() {
    length = 0;
    count = 0;
    finished = false;
  }

  /** Returns how much memory it has for the payload. */
  public int capacityBytes() {
    return bytes.length;
  }

  /**
   * Makes room for all of a batch at once, rather than a little more again and again.
   *
   * @param changes how many there will be
   * @param contentBytes the bytes of all their keys and values
   */
  public void reserve(int changes, long contentBytes) {
    reserve(contentBytes + (long) changes * CHANGE_OVERHEAD_BYTES_MAX + PADDING_BYTES);
  }

  private void begin(int code, int keyspaceId, byte[] key, long valueLength) {
    if (finished) {
      throw new IllegalStateException("the batch is finished");
    }
    reserve(CHANGE_OVERHEAD_BYTES_MAX + key.length + valueLength);
    bytes[length++] = (byte) code;
    length = Varints.put(bytes, length, Integer.toUnsignedLong(keyspaceId));
    append(key);
    count++;
  }

  private void append(byte[] content) {
    length = Varints.put(bytes, length, content.length);
    System.arraycopy(content, 0, bytes, length, content.length);
    length += content.length;
  }

  private void reserve(long more) {
    long needed = length + more;
    if (needed > Integer.MAX_VALUE - 8) {
      throw new OutOfMemoryError("a batch of " + needed + " bytes does not fit an array");
    }
    if (needed > bytes.length) {
      long doubled = length == 0 ? 0 : Math.min(Integer.MAX_VALUE - 8L, 2L * bytes.length);
      bytes = Arrays.copyOf(bytes, (int) Math.max(needed, doubled));
    }
  }
}
