package io.larder.engine.internal.codec;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC-32C (Castagnoli), the one checksum of every format; the processor computes it. Stateless.
 *
 * <p>It finds every damage of up to 32 neighbouring bits and any odd number of flipped bits; it is no
 * protection against somebody who means to deceive.
 */
public final class Checksums {

  private Checksums() {}

  /** Returns the checksum of a part of an array; to be read as unsigned. */
  public static int crc32c(byte[] bytes, int offset, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, offset, length);
    return (int) checksum.getValue();
  }

  /** Returns the checksum of a part of a buffer, whose position and limit stay as they are. */
  public static int crc32c(ByteBuffer bytes, int position, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.slice(position, length));
    return (int) checksum.getValue();
  }
}
