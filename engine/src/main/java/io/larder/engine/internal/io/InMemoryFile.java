package io.larder.engine.internal.io;

import io.larder.engine.internal.io.IoCall.Operation;
import io.larder.engine.internal.io.SimulatedDisk.Inode;
import io.larder.engine.spi.MappedRegion;
import io.larder.engine.spi.StorageFile;
import io.larder.engine.spi.WritableRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/** A handle of a file in an {@link InMemoryFileSystem}. Thread-safe; the opener closes it. */
final class InMemoryFile implements StorageFile {
  private final InMemoryFileSystem fileSystem;
  private final Path path;
  private final Inode inode;
  private final boolean writable;
  private final AtomicBoolean closed = new AtomicBoolean();

  InMemoryFile(InMemoryFileSystem fileSystem, Path path, Inode inode, boolean writable) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.inode = inode;
    this.writable = writable;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public int read(long position, ByteBuffer target) throws IOException {
    requireOpen(false);
    return fileSystem.call(
        Operation.READ,
        path,
        position,
        target.remaining(),
        call -> {
          long left = inode.seen.size - position;
          if (left <= 0 || call.isEndOfFile()) {
            return target.hasRemaining() ? -1 : 0;
          }
          int length = (int) Math.min(left, target.remaining());
          byte[] bytes = new byte[call.shortened(length)];
          System.arraycopy(inode.seen.bytes, (int) position, bytes, 0, bytes.length);
          call.flip(bytes);
          target.put(bytes);
          return bytes.length;
        });
  }

  @Override
  public void write(long position, ByteBuffer source) throws IOException {
    requireOpen(true);
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    fileSystem.call(
        Operation.WRITE,
        path,
        position,
        bytes.length,
        call -> {
          write(fileSystem, path, inode, Math.toIntExact(position), bytes, call);
          return bytes.length;
        });
  }

  static void write(
      InMemoryFileSystem fileSystem,
      Path path,
      Inode inode,
      int position,
      byte[] bytes,
      InMemoryFileSystem.Served call)
      throws IOException {
    int length = call.shortened(bytes.length);
    byte[] written = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    call.flip(written);
    if (length > 0 && !call.isDropped()) {
      fileSystem.disk().write(inode, position, written);
    }
    if (length < bytes.length) {
      throw new IOException(path + ": input/output error after " + length + " bytes");
    }
  }

  @Override
  public long sizeBytes() throws IOException {
    requireOpen(false);
    return fileSystem.call(Operation.LOOK, path, 0, 0, call -> inode.seen.size);
  }

  @Override
  public void truncate(long sizeBytes) throws IOException {
    requireOpen(true);
    fileSystem.call(
        Operation.TRUNCATE,
        path,
        0,
        sizeBytes,
        call -> {
          if (sizeBytes > inode.seen.size) {
            throw new IOException(
                path + ": cannot cut " + inode.seen.size + " bytes to " + sizeBytes + " bytes");
          }
          if (!call.isDropped()) {
            fileSystem.disk().truncate(inode, Math.toIntExact(sizeBytes));
          }
          return 0;
        });
  }

  @Override
  public void preallocate(long sizeBytes) throws IOException {
    requireOpen(true);
    fileSystem.call(
        Operation.PREALLOCATE,
        path,
        0,
        sizeBytes,
        call -> {
          int missing = Math.toIntExact(sizeBytes - inode.seen.size);
          if (missing > 0) {
            write(fileSystem, path, inode, inode.seen.size, new byte[missing], call);
          }
          return 0;
        });
  }

  @Override
  public void sync(SyncScope scope) throws IOException {
    requireOpen(true);
    fileSystem.call(
        Operation.SYNC,
        path,
        0,
        0,
        call -> {
          if (!call.isDropped()) {
            fileSystem.disk().sync(inode);
          }
          return 0;
        },
        call -> fileSystem.disk().failSync(inode, call.random()));
  }

  @Override
  public MappedRegion map(long position, long lengthBytes) throws IOException {
    requireOpen(false);
    return fileSystem.call(
        Operation.MAP,
        path,
        position,
        lengthBytes,
        call -> {
          requireInside(position, lengthBytes);
          byte[] bytes = inode.seen.bytes;
          ByteBuffer buffer =
              ByteBuffer.wrap(bytes, (int) position, (int) lengthBytes).slice().asReadOnlyBuffer();
          return new InMemoryRegion(fileSystem, path, buffer);
        });
  }

  @Override
  public WritableRegion mapForWriting(long position, long lengthBytes) throws IOException {
    requireOpen(true);
    return fileSystem.call(
        Operation.MAP,
        path,
        position,
        lengthBytes,
        call -> {
          requireInside(position, lengthBytes);
          return new InMemoryWritableRegion(
              fileSystem, path, inode, (int) position, (int) lengthBytes);
        });
  }

  private void requireInside(long position, long lengthBytes) throws IOException {
    if (position < 0 || lengthBytes < 0 || position + lengthBytes > inode.seen.size) {
      throw new IOException(
          path
              + ": cannot map "
              + lengthBytes
              + " bytes at offset "
              + position
              + ", the file has "
              + inode.seen.size
              + " bytes");
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      fileSystem.forget(this);
    }
  }

  @Override
  public String toString() {
    return "file " + path;
  }

  private void requireOpen(boolean forWriting) throws IOException {
    if (closed.get()) {
      throw new ClosedChannelException();
    }
    if (forWriting && !writable) {
      throw new IOException(path + ": is open for reading only");
    }
  }
}
