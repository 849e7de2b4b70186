package io.larder.engine.internal.io;

import io.larder.engine.spi.MappedRegion;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** A mapped part of a file in an {@link InMemoryFileSystem}. Thread-safe; counts as an open handle. */
final class InMemoryRegion implements MappedRegion {
  private final InMemoryFileSystem fileSystem;
  private final Path path;
  private final ByteBuffer buffer;
  private final AtomicBoolean closed = new AtomicBoolean();

  InMemoryRegion(InMemoryFileSystem fileSystem, Path path, ByteBuffer buffer) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.buffer = buffer;
    fileSystem.remember(this);
  }

  @Override
  public ByteBuffer buffer() {
    if (closed.get()) {
      throw new IllegalStateException("the mapped region of " + path + " is closed");
    }
    return buffer;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      fileSystem.forget(this);
    }
  }

  @Override
  public String toString() {
    return "mapped region of " + path;
  }
}
