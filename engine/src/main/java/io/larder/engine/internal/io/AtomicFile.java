package io.larder.engine.internal.io;

import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import io.larder.engine.spi.StorageFile.SyncScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Whole-file replacement that a crash leaves either undone or done. Stateless; two writers of one target
 * must exclude each other.
 *
 * <p>The order is what makes it safe: write a temporary file beside the target, sync it, rename it over
 * the target, sync the directory. A crash can leave a temporary file behind, which the next write
 * replaces; its name is the target's with {@value #TEMPORARY_SUFFIX} appended.
 */
public final class AtomicFile {
  /** What is appended to a target's name while its new content is being written. */
  public static final String TEMPORARY_SUFFIX = ".new";

  private AtomicFile() {}

  /** Replaces the target's content, durably before it returns. Consumes the buffer. */
  public static void write(FileSystem fileSystem, Path target, ByteBuffer content)
      throws IOException {
    Path temporary = target.resolveSibling(target.getFileName() + TEMPORARY_SUFFIX);
    if (fileSystem.exists(temporary)) {
      fileSystem.delete(temporary);
    }
    try (StorageFile file = fileSystem.open(temporary, OpenMode.CREATE_NEW)) {
      file.write(0, content);
      file.sync(SyncScope.FULL);
    } catch (IOException e) {
      deleteQuietly(fileSystem, temporary, e); // a disk that is full must not stay so because of it
      throw e;
    }
    fileSystem.rename(temporary, target);
    Path directory = target.getParent();
    fileSystem.syncDirectory(directory == null ? Path.of("") : directory);
  }

  private static void deleteQuietly(FileSystem fileSystem, Path file, IOException reason) {
    try {
      if (fileSystem.exists(file)) {
        fileSystem.delete(file);
      }
    } catch (IOException e) {
      reason.addSuppressed(e); // the next write deletes it
    }
  }

  /**
   * Reads a whole file.
   *
   * @throws IOException if it is larger than the limit, or shorter than its size says
   */
  public static byte[] read(FileSystem fileSystem, Path file, int limitBytes) throws IOException {
    try (StorageFile source = fileSystem.open(file, OpenMode.READ)) {
      long size = source.sizeBytes();
      if (size > limitBytes) {
        throw new IOException(
            file + ": has " + size + " bytes, expected at most " + limitBytes + " bytes");
      }
      ByteBuffer content = ByteBuffer.allocate((int) size);
      readFully(source, 0, content);
      return content.array();
    }
  }

  /**
   * Fills the buffer's remaining space from a position, reading as often as it takes.
   *
   * @throws IOException if the file ends before; never mistake that for the end of the data
   */
  public static void readFully(StorageFile source, long position, ByteBuffer target)
      throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int count = source.read(at, target);
      if (count <= 0) {
        throw new IOException(
            source.path()
                + ": short read at offset "
                + at
                + ": found the end of the file, expected "
                + target.remaining()
                + " more bytes");
      }
      at += count;
    }
  }
}
