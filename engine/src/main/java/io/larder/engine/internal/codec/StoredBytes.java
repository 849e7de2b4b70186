package io.larder.engine.internal.codec;

import io.larder.engine.api.ByteView;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Shows bytes of an array or of a mapped file, and nothing around them. Reusable and not thread-safe; whoever owns it
 * points it at bytes, and {@linkplain #clear clears} it when they may change.
 */
public final class StoredBytes implements ByteView {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final byte[] NOTHING = {};
  private static final int CLEARED = -1;

  /** The bytes are here, unless there is a buffer. */
  private byte[] array = NOTHING;

  private @Nullable ByteBuffer buffer;

  /** What the buffer shows, for messages. */
  private Object place = "a mapped table";

  private int start;
  private int length = CLEARED;

  /** Shows bytes of an array. */
  public void set(byte[] source, int offset, int lengthBytes) {
    array = source;
    buffer = null;
    start = offset;
    length = lengthBytes;
  }

  /** Shows bytes of a big-endian buffer, from an absolute position on. */
  public void set(ByteBuffer source, Object path, int position, int lengthBytes) {
    array = NOTHING;
    buffer = source;
    place = path;
    start = position;
    length = lengthBytes;
  }

  /** Shows nothing any more: every use is an error until it is set again. */
  public void clear() {
    length = CLEARED;
    array = NOTHING;
    buffer = null;
  }

  private void require(int index, int count) {
    if (index < 0 || count < 0 || index > length - count) {
      throw outside(index, count);
    }
  }

  private RuntimeException outside(int index, int count) {
    return length == CLEARED
        ? gone()
        : new IndexOutOfBoundsException(
            count + " bytes from index " + index + " on, of " + length + " bytes");
  }

  private static IllegalStateException gone() {
    return new IllegalStateException(
        "The cursor has moved or is closed since it showed this view; ask it again");
  }

  @Override
  public int length() {
    if (length == CLEARED) {
      throw gone();
    }
    return length;
  }

  @Override
  public byte getByte(int index) {
    require(index, 1);
    ByteBuffer mapped = buffer;
    if (mapped == null) {
      return array[start + index];
    }
    try {
      return mapped.get(start + index);
    } catch (InternalError e) {
      throw MappedFaults.corruption(place, e);
    }
  }

  @Override
  public int getInt(int index) {
    require(index, Integer.BYTES);
    ByteBuffer mapped = buffer;
    if (mapped == null) {
      return (int) INT.get(array, start + index);
    }
    try {
      return mapped.getInt(start + index);
    } catch (InternalError e) {
      throw MappedFaults.corruption(place, e);
    }
  }

  @Override
  public long getLong(int index) {
    require(index, Long.BYTES);
    ByteBuffer mapped = buffer;
    if (mapped == null) {
      return (long) LONG.get(array, start + index);
    }
    try {
      return mapped.getLong(start + index);
    } catch (InternalError e) {
      throw MappedFaults.corruption(place, e);
    }
  }

  @Override
  public void copyTo(int index, byte[] target, int offset, int count) {
    require(index, count);
    ByteBuffer mapped = buffer;
    if (mapped == null) {
      System.arraycopy(array, start + index, target, offset, count);
      return;
    }
    try {
      mapped.get(start + index, target, offset, count);
    } catch (InternalError e) {
      throw MappedFaults.corruption(place, e);
    }
  }

  @Override
  public int compareUnsigned(byte[] other) {
    int count = length();
    ByteBuffer mapped = buffer;
    if (mapped == null) {
      return Arrays.compareUnsigned(array, start, start + count, other, 0, other.length);
    }
    try {
      ByteBuffer all = mapped.slice(start, count);
      int same = all.mismatch(ByteBuffer.wrap(other));
      if (same < 0) {
        return 0;
      }
      return same == Math.min(count, other.length)
          ? count - other.length
          : Byte.compareUnsigned(all.get(same), other[same]);
    } catch (InternalError e) {
      throw MappedFaults.corruption(place, e);
    }
  }
}
