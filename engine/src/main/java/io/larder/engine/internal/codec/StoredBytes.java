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
  private static final ByteBuffer NO_BUFFER = ByteBuffer.allocate(0);
  private static final int CLEARED = -1;

  /** The bytes are here, unless they are in a buffer. */
  private byte[] array = NOTHING;

  private ByteBuffer buffer = NO_BUFFER;

  /** Checks what is looked at of the buffer; null if the bytes are in the array. */
  private @Nullable BufferGuard guard;

  private int start;
  private int length = CLEARED;

  /** Shows bytes of an array. */
  public void set(byte[] source, int offset, int lengthBytes) {
    array = source;
    buffer = NO_BUFFER;
    guard = null;
    start = offset;
    length = lengthBytes;
  }

  /** Shows bytes of a big-endian buffer, from an absolute position on, which are checked when they are looked at. */
  public void set(ByteBuffer source, BufferGuard checks, int position, int lengthBytes) {
    array = NOTHING;
    buffer = source;
    guard = checks;
    start = position;
    length = lengthBytes;
  }

  /** Shows nothing any more: every use is an error until it is set again. */
  public void clear() {
    length = CLEARED;
    array = NOTHING;
    buffer = NO_BUFFER;
    guard = null;
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
    BufferGuard checks = guard;
    if (checks == null) {
      return array[start + index];
    }
    try {
      return checked(checks, index, 1).get(start + index);
    } catch (InternalError e) {
      throw checks.unreadable(e);
    }
  }

  @Override
  public int getInt(int index) {
    require(index, Integer.BYTES);
    BufferGuard checks = guard;
    if (checks == null) {
      return (int) INT.get(array, start + index);
    }
    try {
      return checked(checks, index, Integer.BYTES).getInt(start + index);
    } catch (InternalError e) {
      throw checks.unreadable(e);
    }
  }

  @Override
  public long getLong(int index) {
    require(index, Long.BYTES);
    BufferGuard checks = guard;
    if (checks == null) {
      return (long) LONG.get(array, start + index);
    }
    try {
      return checked(checks, index, Long.BYTES).getLong(start + index);
    } catch (InternalError e) {
      throw checks.unreadable(e);
    }
  }

  @Override
  public void copyTo(int index, byte[] target, int offset, int count) {
    require(index, count);
    BufferGuard checks = guard;
    if (checks == null) {
      System.arraycopy(array, start + index, target, offset, count);
      return;
    }
    try {
      checked(checks, index, count).get(start + index, target, offset, count);
    } catch (InternalError e) {
      throw checks.unreadable(e);
    }
  }

  @Override
  public int compareUnsigned(byte[] other) {
    int count = length();
    BufferGuard checks = guard;
    if (checks == null) {
      return Arrays.compareUnsigned(array, start, start + count, other, 0, other.length);
    }
    int common = Math.min(count, other.length);
    try {
      ByteBuffer first = checked(checks, 0, common).slice(start, common);
      int same = first.mismatch(ByteBuffer.wrap(other, 0, common));
      return same < 0 ? count - other.length : Byte.compareUnsigned(first.get(same), other[same]);
    } catch (InternalError e) {
      throw checks.unreadable(e);
    }
  }

  /** Returns the buffer, of which some bytes were checked. Requires: there is a guard. */
  private ByteBuffer checked(BufferGuard checks, int index, int count) {
    if (count > 0) {
      checks.require(start + index, count);
    }
    return buffer;
  }
}
