package io.larder.engine.internal.codec;

import io.larder.engine.api.CorruptionException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Spells numbers, and bytes behind their length, as manifests and inventories hold them. Used by one thread. */
public final class FieldOutput extends ByteArrayOutputStream {
  private final byte[] scratch = new byte[Varints.LONG_BYTES_MAX];

  /** Adds a number. */
  public FieldOutput number(long value) {
    write(scratch, 0, Varints.put(scratch, 0, value));
    return this;
  }

  /** Adds bytes behind their length. */
  public FieldOutput bytes(byte[] bytes) {
    number(bytes.length);
    writeBytes(bytes);
    return this;
  }

  /** Adds a number behind its tag, unless it is 0. */
  public void field(int tag, long value) {
    if (value != 0) {
      number(tag).number(value);
    }
  }

  /**
   * Reads what {@link #bytes} wrote, as a view.
   *
   * @throws CorruptionException if the length is more than there is
   */
  public static ByteBuffer part(ByteBuffer source) {
    int length = Varints.getInt(source);
    if (length < 0 || length > source.remaining()) {
      throw new CorruptionException(
          "found a length of "
              + Integer.toUnsignedString(length)
              + " bytes, expected at most "
              + source.remaining());
    }
    ByteBuffer part = source.slice(source.position(), length);
    source.position(source.position() + length);
    return part;
  }
}
