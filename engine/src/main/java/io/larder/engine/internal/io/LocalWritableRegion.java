package io.larder.engine.internal.io;

import io.larder.engine.spi.WritableRegion;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A writable mapped part of a file. Thread-safe as long as no two threads write the same bytes. Closing only lets go
 * of it, for the reasons {@link LocalRegion} gives.
 */
final class LocalWritableRegion implements WritableRegion {
  private final Path path;
  private volatile @Nullable MappedByteBuffer buffer;

  LocalWritableRegion(Path path, MappedByteBuffer buffer) {
    this.path = path;
    this.buffer = buffer;
  }

  @Override
  public void write(int position, byte[] source, int offset, int length) throws IOException {
    MappedByteBuffer mapped = buffer;
    if (mapped == null) {
      throw new IOException(path + ": the mapped region is closed");
    }
    try {
      mapped.put(position, source, offset, length);
    } catch (InternalError e) {
      // what the JVM makes of a memory access that the operating system could not serve
      throw new IOException(path + ": writing to mapped memory failed at offset " + position, e);
    }
  }

  @Override
  public void close() {
    buffer = null;
  }
}
