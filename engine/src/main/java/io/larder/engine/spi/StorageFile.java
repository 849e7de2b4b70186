package io.larder.engine.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * An open file with positional access. Thread-safe; the opener closes it.
 *
 * <p>A thread's interrupt never closes the file and never makes a call fail.
 */
public interface StorageFile extends AutoCloseable {

  /** What {@link #sync} makes durable. */
  enum SyncScope {
    /** The bytes, and the size if it changed ({@code fdatasync}). */
    DATA,
    /** The bytes and all metadata ({@code fsync}). */
    FULL
  }

  /** Returns the path the file was opened by. */
  Path path();

  /**
   * Reads bytes from a position into the buffer's remaining space.
   *
   * @return the number of bytes read, possibly fewer than asked, or -1 at the end of the file
   */
  int read(long position, ByteBuffer target) throws IOException;

  /** Writes all remaining bytes of the buffer at a position, extending the file if needed. */
  void write(long position, ByteBuffer source) throws IOException;

  /** Returns the current size in bytes. */
  long sizeBytes() throws IOException;

  /** Cuts the file to a size not larger than the present one. */
  void truncate(long sizeBytes) throws IOException;

  /** Extends the file with zero bytes that occupy real disk space, to at least the given size. */
  void preallocate(long sizeBytes) throws IOException;

  /** Makes what was written durable. After a failure nothing may be assumed of unsynced bytes. */
  void sync(SyncScope scope) throws IOException;

  /**
   * Maps a part of the file, which must lie within its size, for reading. The bytes may be at most 2 GiB
   * - 1. The region outlives {@link #close} of the file and is closed on its own.
   */
  MappedRegion map(long position, long lengthBytes) throws IOException;

  /**
   * Maps a part of the file, which must lie within its size and be backed by disk space (see {@link
   * #preallocate}), for writing. The bytes may be at most 2 GiB - 1. {@link #sync} of this handle covers what is
   * written to the region; the region is closed on its own.
   */
  WritableRegion mapForWriting(long position, long lengthBytes) throws IOException;

  /** Closes the handle; does nothing the second time. Syncs nothing. */
  @Override
  void close() throws IOException;
}
