package io.larder.simulation.damage;

import io.larder.engine.internal.io.AtomicFile;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import io.larder.engine.spi.StorageFile.SyncScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Whole files of a file system, read and replaced behind a database's back. Stateless. */
final class Files {
  private Files() {}

  /** Returns the content of every file in a directory, by name. */
  static Map<String, byte[]> contents(FileSystem fileSystem, Path directory) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    for (String name : fileSystem.list(directory)) {
      contents.put(name, AtomicFile.read(fileSystem, directory.resolve(name), Integer.MAX_VALUE));
    }
    return contents;
  }

  /** Gives a file, which may or may not exist, a content. */
  static void put(FileSystem fileSystem, Path file, byte[] content) throws IOException {
    if (fileSystem.exists(file)) {
      fileSystem.delete(file);
    }
    try (StorageFile created = fileSystem.open(file, OpenMode.CREATE_NEW)) {
      created.write(0, ByteBuffer.wrap(content));
      created.sync(SyncScope.FULL);
    }
  }
}
