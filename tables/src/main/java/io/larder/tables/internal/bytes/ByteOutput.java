package io.larder.tables.internal.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes being written into a growing array. Used by one thread; numbers are big-endian.
 *
 * <p>{@link #borrow} reuses one scratch array a thread. The thread keeps the plain array, nothing of this class, so
 * that a thread which outlives an application does not hold its class loader.
 */
public final class ByteOutput {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int SCRATCH_BYTES = 512;
  private static final int BULK_CHARS_MIN = 24;
  private static final int KEPT_BYTES_MAX = 64 << 10;
  private static final ThreadLocal<byte @Nullable []> SCRATCH = new ThreadLocal<>();

  private byte[] buffer;
  private int size;

  /** Creates an output with room for so many bytes; it grows on demand. */
  public ByteOutput(int capacity) {
    buffer = new byte[capacity];
  }

  private ByteOutput(byte[] buffer) {
    this.buffer = buffer;
  }

  /** Returns an empty output over the thread's scratch array; end it with {@link #finish}. */
  public static ByteOutput borrow() {
    byte @Nullable [] scratch = SCRATCH.get();
    if (scratch == null) {
      return new ByteOutput(SCRATCH_BYTES);
    }
    // Taken, so that a codec called from within an accessor gets an array of its own.
    SCRATCH.set(null);
    return new ByteOutput(scratch);
  }

  /** Returns what was written, and gives the scratch array back; the output is not used after that. */
  public byte[] finish() {
    byte[] bytes = toByteArray();
    if (buffer.length <= KEPT_BYTES_MAX) {
      SCRATCH.set(buffer);
    }
    return bytes;
  }

  /** Returns the array itself if it is full, else a copy; the output is not used after that. */
  public byte[] detach() {
    return size == buffer.length ? buffer : toByteArray();
  }

  /** Returns what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, size);
  }

  /** Returns the number of bytes written. */
  public int size() {
    return size;
  }

  /** Forgets what was written after a position. */
  public void truncate(int position) {
    size = position;
  }

  /** Returns the byte at a position already written. */
  public byte at(int position) {
    return buffer[position];
  }

  /** Replaces the byte at a position already written. */
  public void set(int position, int value) {
    buffer[position] = (byte) value;
  }

  /** Writes the low 8 bits. */
  public void putByte(int value) {
    ensure(1);
    buffer[size++] = (byte) value;
  }

  /** Writes the low 16 bits. */
  public void putShort(int value) {
    ensure(2);
    buffer[size] = (byte) (value >>> 8);
    buffer[size + 1] = (byte) value;
    size += 2;
  }

  /** Writes 4 bytes. */
  public void putInt(int value) {
    ensure(4);
    INT.set(buffer, size, value);
    size += 4;
  }

  /** Writes 8 bytes. */
  public void putLong(long value) {
    ensure(8);
    LONG.set(buffer, size, value);
    size += 8;
  }

  /** Writes an unsigned number in 1 to 10 bytes of 7 bits, lowest first. */
  public void putVarint(long value) {
    if (value >= 0 && value < 0x80) {
      putByte((int) value);
      return;
    }
    ensure(value >= 0 && value < 0x4000 ? 2 : 10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
  }

  /** Writes a signed number so that those near zero are short. */
  public void putZigzag(long value) {
    putVarint((value << 1) ^ (value >> 63));
  }

  /** Writes all bytes of an array. */
  public void putBytes(byte[] bytes) {
    putBytes(bytes, 0, bytes.length);
  }

  /** Writes a part of an array. */
  public void putBytes(byte[] bytes, int offset, int length) {
    ensure(length);
    System.arraycopy(bytes, offset, buffer, size, length);
    size += length;
  }

  /**
   * Writes one byte for each char, if all are below a limit of 128 or 256; else writes nothing.
   *
   * @return whether it was written
   */
  public boolean putNarrow(String text, int limit) {
    int length = text.length();
    ensure(length);
    if (length >= BULK_CHARS_MIN) {
      return putNarrowInBulk(text, length, limit);
    }
    byte[] target = buffer;
    int position = size;
    for (int i = 0; i < length; i++) {
      char unit = text.charAt(i);
      if (unit >= limit) {
        return false;
      }
      target[position + i] = (byte) unit;
    }
    size = position + length;
    return true;
  }

  /** Copies low bytes without looking, then compares: three passes in machine words beat one char by char. */
  @SuppressWarnings(
      "deprecation") // the one bulk copy of chars; what it loses is found by comparing
  private boolean putNarrowInBulk(String text, int length, int limit) {
    text.getBytes(0, length, buffer, size);
    if (limit < 0x100) {
      for (int i = size; i < size + length; i++) {
        if (buffer[i] < 0) {
          return false;
        }
      }
    }
    if (!new String(buffer, size, length, StandardCharsets.ISO_8859_1).equals(text)) {
      return false;
    }
    size += length;
    return true;
  }

  private void ensure(int count) {
    if (buffer.length - size < count) {
      grow(count);
    }
  }

  private void grow(int count) {
    long wanted = Math.max((long) size + count, 2L * buffer.length);
    int capacity = (int) Math.min(wanted, Integer.MAX_VALUE - 16);
    if (capacity - size < count) {
      throw new OutOfMemoryError("an encoded value has more than " + capacity + " bytes");
    }
    buffer = Arrays.copyOf(buffer, capacity);
  }
}
