package io.larder.engine.internal.backup;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import io.larder.engine.spi.StorageFile.SyncScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Copies and checks files in pieces, counting their checksum on the way. Used by one thread. */
final class FileCopy {
  private static final int PIECE_BYTES = 1 << 20;

  /** So much is written before it is synced: one sync of everything would keep those of the log waiting. */
  private static final long SYNC_BYTES = 64L << 20;

  private final FileSystem fileSystem;
  private final Progress progress;
  private final Runnable pieceDone;
  private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);

  FileCopy(FileSystem fileSystem, Progress progress) {
    this(fileSystem, progress, () -> {});
  }

  /**
   * Creates what copies.
   *
   * @param pieceDone run after each piece; it may rest
   */
  FileCopy(FileSystem fileSystem, Progress progress, Runnable pieceDone) {
    this.fileSystem = fileSystem;
    this.progress = progress;
    this.pieceDone = pieceDone;
  }

  /** Where bytes go, piece by piece. */
  @FunctionalInterface
  private interface Sink {
    void take(long position, ByteBuffer bytes) throws IOException;
  }

  /**
   * Copies a part of a file into a new file, which is durable on return, but for its name.
   *
   * @throws CorruptionException if the bytes are not those of the checksum; the new file is left then
   */
  void copy(Path source, long offset, BackupFile expected, Path target) throws IOException {
    try (StorageFile from = fileSystem.open(source, OpenMode.READ);
        StorageFile to = fileSystem.open(target, OpenMode.CREATE_NEW)) {
      requireChecksum(source, expected, read(from, offset, expected.sizeBytes(), sink(to, 0)));
      to.sync(SyncScope.FULL);
    }
  }

  /** Copies a part of a file to a place in an open one. */
  void copy(Path source, BackupFile expected, StorageFile target, long position)
      throws IOException {
    try (StorageFile from = fileSystem.open(source, OpenMode.READ)) {
      int checksum = read(from, 0, expected.sizeBytes(), sink(target, position));
      requireChecksum(source, expected, checksum);
    }
  }

  /** Writes to a file from a position on, and syncs in pieces; the last one is left to the caller. */
  private static Sink sink(StorageFile target, long position) {
    return (at, bytes) -> {
      long end = at + bytes.remaining();
      target.write(position + at, bytes);
      if (end / SYNC_BYTES != at / SYNC_BYTES) {
        target.sync(SyncScope.DATA);
      }
    };
  }

  /** Reads a part of a file and checks it. */
  void check(Path source, long offset, BackupFile expected) throws IOException {
    requireChecksum(source, expected, checksum(source, offset, expected.sizeBytes()));
  }

  /** Returns the checksum of a part of a file. */
  int checksum(Path source, long offset, long length) throws IOException {
    try (StorageFile from = fileSystem.open(source, OpenMode.READ)) {
      return read(from, offset, length, (at, bytes) -> {});
    }
  }

  private int read(StorageFile from, long offset, long length, Sink sink) throws IOException {
    CRC32C checksum = new CRC32C();
    long done = 0;
    while (done < length) {
      piece.clear().limit((int) Math.min(PIECE_BYTES, length - done));
      int count = from.read(offset + done, piece);
      if (count <= 0) {
        throw new CorruptionException(
            from.path()
                + ": found the end of the file at offset "
                + (offset + done)
                + ", expected "
                + (length - done)
                + " more bytes");
      }
      piece.flip();
      checksum.update(piece);
      piece.rewind();
      sink.take(done, piece);
      done += count;
      progress.add(count);
      pieceDone.run();
    }
    return (int) checksum.getValue();
  }

  private static void requireChecksum(Path source, BackupFile expected, int found) {
    if (found != expected.checksum()) {
      throw new CorruptionException(
          source
              + ": "
              + expected.name()
              + ": found checksum "
              + HexFormat.of().toHexDigits(found)
              + ", expected "
              + HexFormat.of().toHexDigits(expected.checksum()));
    }
  }
}
