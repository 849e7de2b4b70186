package io.larder.engine.internal.backup;

import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import io.larder.engine.spi.StorageFile.SyncScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Copies and deletes the files of a closed database as they are, be they damaged. Stateless. */
final class DirectoryCopy {
  private static final int PIECE_BYTES = 1 << 20;
  private static final String LOCK = "LOCK";

  private DirectoryCopy() {}

  /**
   * Copies every file but the lock and spare log segments, which hold nothing; tables, which never change, are linked if
   * possible.
   */
  static void copy(FileSystem fileSystem, Path source, Path target) throws IOException {
    for (String name : fileSystem.list(source)) {
      Path file = source.resolve(name);
      if (name.equals(LOCK)
          || name.endsWith(BackupFile.SPARE_SUFFIX)
          || fileSystem.isDirectory(file)) {
        continue;
      }
      if (name.endsWith(BackupFile.TABLE_SUFFIX)) {
        copyTable(fileSystem, file, target.resolve(name));
      } else {
        copyFile(fileSystem, file, target.resolve(name));
      }
    }
  }

  /** Links a table if possible, otherwise copies it. */
  static void copyTable(FileSystem fileSystem, Path table, Path target) throws IOException {
    if (!link(fileSystem, table, target)) {
      copyFile(fileSystem, table, target);
    }
  }

  private static boolean link(FileSystem fileSystem, Path existing, Path link) throws IOException {
    try {
      fileSystem.link(existing, link);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      if (fileSystem.exists(link)) {
        throw e;
      }
      return false;
    }
  }

  private static void copyFile(FileSystem fileSystem, Path source, Path target) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    try (StorageFile from = fileSystem.open(source, OpenMode.READ);
        StorageFile to = fileSystem.open(target, OpenMode.CREATE_NEW)) {
      long size = from.sizeBytes();
      long done = 0;
      while (done < size) {
        piece.clear();
        int count = from.read(done, piece);
        if (count <= 0) {
          throw new IOException(
              source + ": ends at offset " + done + ", expected " + size + " bytes");
        }
        to.write(done, piece.flip());
        done += count;
      }
      to.sync(SyncScope.FULL);
    }
  }

  /** Deletes a directory of files. */
  static void delete(FileSystem fileSystem, Path directory) throws IOException {
    for (String name : fileSystem.list(directory)) {
      fileSystem.delete(directory.resolve(name));
    }
    fileSystem.delete(directory);
  }
}
