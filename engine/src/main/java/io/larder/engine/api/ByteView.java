package io.larder.engine.api;

/**
 * Bytes of an entry where they are stored, seen without a copy. Used by the thread that uses the cursor they belong
 * to; owns nothing and needs no closing.
 *
 * <p>A view is good until its cursor moves, seeks or is closed; whoever uses it later gets an {@link
 * IllegalStateException}, unless the cursor was asked for its view again: it hands out the same object for each entry,
 * so that nothing is allocated. What is to stay is copied, by {@link #toArray} or {@link #copyTo}.
 *
 * <p>Numbers are big-endian. An index outside of the bytes is an {@link IndexOutOfBoundsException}.
 */
public interface ByteView {

  /** Returns the number of bytes. */
  int length();

  /** Returns the byte at an index. */
  byte getByte(int index);

  /** Returns the four bytes from an index on as a number. */
  int getInt(int index);

  /** Returns the eight bytes from an index on as a number. */
  long getLong(int index);

  /** Copies bytes from an index on into an array. */
  void copyTo(int index, byte[] target, int offset, int length);

  /** Compares all bytes, as unsigned ones, with those of an array: negative, zero or positive. */
  int compareUnsigned(byte[] other);

  /** Returns a copy of all bytes. */
  default byte[] toArray() {
    byte[] copy = new byte[length()];
    copyTo(0, copy, 0, copy.length);
    return copy;
  }
}
