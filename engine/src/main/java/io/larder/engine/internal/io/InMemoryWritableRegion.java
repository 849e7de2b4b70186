package io.larder.engine.internal.io;

import io.larder.engine.internal.io.IoCall.Operation;
import io.larder.engine.internal.io.SimulatedDisk.Inode;
import io.larder.engine.spi.WritableRegion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A writable mapped part of a file in an {@link InMemoryFileSystem}. Thread-safe; counts as an open handle.
 *
 * <p>Each copy into it is a change that is pending until the file is synced, and is lost, kept or torn on its own in
 * a crash. Real pages are lost or kept with all that was ever copied into them, which is kinder.
 */
final class InMemoryWritableRegion implements WritableRegion {
  private final InMemoryFileSystem fileSystem;
  private final Path path;
  private final Inode inode;
  private final int start;
  private final int lengthBytes;
  private final AtomicBoolean closed = new AtomicBoolean();

  InMemoryWritableRegion(
      InMemoryFileSystem fileSystem, Path path, Inode inode, int start, int lengthBytes) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.inode = inode;
    this.start = start;
    this.lengthBytes = lengthBytes;
    fileSystem.remember(this);
  }

  @Override
  public void write(int position, byte[] source, int offset, int length) throws IOException {
    if (closed.get()) {
      throw new IOException(path + ": the mapped region is closed");
    }
    if (position < 0 || length > lengthBytes - position) {
      throw new IndexOutOfBoundsException(
          path + ": " + length + " bytes at " + position + " of " + lengthBytes);
    }
    byte[] bytes = Arrays.copyOfRange(source, offset, offset + length);
    fileSystem.call(
        Operation.WRITE_MAPPED,
        path,
        start + position,
        length,
        call -> {
          InMemoryFile.write(fileSystem, path, inode, start + position, bytes, call);
          return length;
        });
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      fileSystem.forget(this);
    }
  }

  @Override
  public String toString() {
    return "writable mapped region of " + path;
  }
}
