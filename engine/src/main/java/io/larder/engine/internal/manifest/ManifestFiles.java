package io.larder.engine.internal.manifest;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.FileHeader;
import io.larder.engine.internal.codec.FileType;
import io.larder.engine.internal.io.AtomicFile;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;

/** Names of manifests, and the file {@value #CURRENT} that tells which one is in use. Stateless. */
public final class ManifestFiles {
  /** The name of the pointer to the manifest in use: a file header whose file id is the manifest's. */
  public static final String CURRENT = "CURRENT";

  static final int FORMAT_VERSION = 1;
  private static final String SUFFIX = ".manifest";

  private ManifestFiles() {}

  /** Returns the path of a manifest. */
  public static Path path(Path directory, long number) {
    return directory.resolve(String.format(Locale.ROOT, "%016x%s", number, SUFFIX));
  }

  /** Returns whether a file name is that of a manifest. */
  public static boolean isManifest(String name) {
    return name.length() == 16 + SUFFIX.length() && name.endsWith(SUFFIX);
  }

  static FileHeader readCurrent(FileSystem fileSystem, Path directory) throws IOException {
    Path current = directory.resolve(CURRENT);
    ByteBuffer content = ByteBuffer.wrap(AtomicFile.read(fileSystem, current, 1 << 16));
    FileHeader header =
        FileHeader.read(content, 0, current, FileType.CURRENT, FORMAT_VERSION, FORMAT_VERSION);
    if (content.limit() != FileHeader.BYTES) {
      throw new CorruptionException(
          current + ": found " + content.limit() + " bytes, expected " + FileHeader.BYTES);
    }
    return header;
  }

  static void writeCurrent(FileSystem fileSystem, Path directory, long databaseId, long number)
      throws IOException {
    ByteBuffer content = ByteBuffer.allocate(FileHeader.BYTES);
    new FileHeader(FileType.CURRENT, FORMAT_VERSION, databaseId, number).writeTo(content, 0);
    AtomicFile.write(fileSystem, directory.resolve(CURRENT), content);
  }
}
