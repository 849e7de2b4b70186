package io.larder.engine.internal.codec;

import io.larder.engine.api.CorruptionException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a point read found: the newest version of a key at or below a sequence number. Reusable and not thread-safe;
 * its view of the value is valid as long as the memtable or table that filled it is pinned.
 *
 * <p>Found does not mean live: the version may be a tombstone or expired, see {@link #isLive}.
 */
public final class Lookup {
  private boolean found;
  private boolean delete;
  private long sequence;
  private long expiresAtMillis;
  private byte @Nullable [] array;
  private @Nullable ByteBuffer buffer;

  /** What the buffer shows, for messages. */
  private Object place = "a mapped table";

  private int offset;
  private int length;

  /** Forgets everything. */
  public void clear() {
    found = false;
    delete = false;
    sequence = 0;
    expiresAtMillis = 0;
    array = null;
    buffer = null;
    offset = 0;
    length = 0;
  }

  /** Takes a version whose value lies in an array. */
  public void setArray(
      long foundSequence,
      boolean isDelete,
      long expiry,
      byte[] source,
      int start,
      int valueLength) {
    set(foundSequence, isDelete, expiry, start, valueLength);
    array = source;
    buffer = null;
  }

  /** Takes a version whose value lies in a buffer, at an absolute position. */
  public void setBuffer(
      long foundSequence,
      boolean isDelete,
      long expiry,
      ByteBuffer source,
      int start,
      int valueLength) {
    set(foundSequence, isDelete, expiry, start, valueLength);
    array = null;
    buffer = source;
  }

  /** Says what the buffer shows, for the message about bytes that cannot be read. */
  public void setPlace(Object path) {
    place = path;
  }

  /** Returns what to throw for a fault in a mapped file, which is how the JVM says that bytes cannot be read. */
  public CorruptionException unreadable(InternalError fault) {
    return MappedFaults.corruption(place, fault);
  }

  private void set(long foundSequence, boolean isDelete, long expiry, int start, int valueLength) {
    found = true;
    delete = isDelete;
    sequence = foundSequence;
    expiresAtMillis = expiry;
    offset = start;
    length = valueLength;
  }

  /** Returns whether any version was found, tombstones and expired ones included. */
  public boolean isFound() {
    return found;
  }

  /** Returns whether the version says that the key is deleted. */
  public boolean isDelete() {
    return delete;
  }

  /** Returns whether a version was found that is neither a tombstone nor expired at the given time. */
  public boolean isLive(long nowMillis) {
    return found && !delete && (expiresAtMillis == 0 || expiresAtMillis > nowMillis);
  }

  /** Returns the sequence number of the version, 0 if none was found. */
  public long sequence() {
    return sequence;
  }

  /** Returns the absolute expiry in milliseconds since the epoch, 0 = never. */
  public long expiresAtMillis() {
    return expiresAtMillis;
  }

  /** Returns the length of the value in bytes. */
  public int valueLength() {
    return length;
  }

  /** Returns a copy of the value. */
  public byte[] copyValue() {
    byte[] copy = new byte[length];
    copyValue(copy, 0);
    return copy;
  }

  /** Returns a read-only view of the value, from position 0 to its limit, big-endian. */
  public ByteBuffer viewValue() {
    if (array != null) {
      return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
    }
    if (buffer != null) {
      ByteBuffer view = buffer.slice(offset, length);
      return view.isReadOnly() ? view : view.asReadOnlyBuffer();
    }
    throw new IllegalStateException("nothing was found");
  }

  /** Copies the value into an array with enough room. */
  public void copyValue(byte[] target, int targetOffset) {
    if (array != null) {
      System.arraycopy(array, offset, target, targetOffset, length);
    } else if (buffer != null) {
      try {
        buffer.get(offset, target, targetOffset, length);
      } catch (InternalError e) {
        throw unreadable(e);
      }
    }
  }
}
