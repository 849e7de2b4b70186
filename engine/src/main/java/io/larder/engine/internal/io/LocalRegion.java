package io.larder.engine.internal.io;

import io.larder.engine.spi.MappedRegion;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A mapped part of a file. Thread-safe.
 *
 * <p>Closing only lets go of the buffer: the address space comes back when the garbage collector finds
 * that no duplicate is left. Unmapping at once would need an internal call that JDK 25 warns about, or an
 * API that 17 does not have, and would turn a reader that comes late into a crash of the JVM; this way
 * it reads an unlinked file. The price is disk space held a little longer after a delete.
 */
final class LocalRegion implements MappedRegion {
  private volatile @Nullable MappedByteBuffer buffer;

  LocalRegion(MappedByteBuffer buffer) {
    this.buffer = buffer;
  }

  @Override
  public ByteBuffer buffer() {
    MappedByteBuffer mapped = buffer;
    if (mapped == null) {
      throw new IllegalStateException("the mapped region is closed");
    }
    return mapped;
  }

  @Override
  public void close() {
    buffer = null;
  }
}
