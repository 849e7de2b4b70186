package io.larder.engine.internal.manifest;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.Checksums;
import io.larder.engine.internal.codec.FileHeader;
import io.larder.engine.internal.codec.FileType;
import io.larder.engine.internal.io.AtomicFile;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Names of manifests, and the file {@value #CURRENT} that tells which one is in use. Stateless.
 *
 * <p>{@value #CURRENT} also says how far that manifest reached when it was written, which is at each orderly close. So
 * a manifest that lost its tail afterwards is noticed, though nothing in it tells.
 *
 * <pre>
 *  offset  bytes  what
 *       0     32  file header, its file id is the manifest's number
 *      32      4  a record of the manifest that is durable
 *      36      4  CRC-32C of bytes 0..35
 * </pre>
 */
public final class ManifestFiles {
  /** The name of the pointer to the manifest in use. */
  public static final String CURRENT = "CURRENT";

  static final int FORMAT_VERSION = 1;
  private static final int CURRENT_VERSION = 2;
  private static final int CURRENT_BYTES = FileHeader.BYTES + 8;
  private static final int CHECKSUM_OFFSET = CURRENT_BYTES - 4;
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

  /** Returns where a database is built before it is put in the place of a directory. */
  public static Path restoring(Path directory) {
    return directory.resolveSibling(directory.getFileName() + ".restoring");
  }

  /**
   * What {@value ManifestFiles#CURRENT} says.
   *
   * @param header names the database and the manifest in use
   * @param leastRecord the number of a record that the manifest has for certain
   */
  record Current(FileHeader header, int leastRecord) {}

  static Current readCurrent(FileSystem fileSystem, Path directory) throws IOException {
    Path current = directory.resolve(CURRENT);
    ByteBuffer content = ByteBuffer.wrap(AtomicFile.read(fileSystem, current, 1 << 16));
    FileHeader header =
        FileHeader.read(content, 0, current, FileType.CURRENT, FORMAT_VERSION, CURRENT_VERSION);
    int expected = header.formatVersion() == FORMAT_VERSION ? FileHeader.BYTES : CURRENT_BYTES;
    if (content.limit() != expected) {
      throw new CorruptionException(
          current + ": found " + content.limit() + " bytes, expected " + expected);
    }
    return new Current(header, expected == CURRENT_BYTES ? leastRecord(content, current) : 1);
  }

  private static int leastRecord(ByteBuffer content, Path current) {
    int checksum = Checksums.crc32c(content, 0, CHECKSUM_OFFSET);
    if (content.getInt(CHECKSUM_OFFSET) != checksum) {
      throw new CorruptionException(
          current
              + ": found checksum "
              + Integer.toHexString(content.getInt(CHECKSUM_OFFSET))
              + ", expected "
              + Integer.toHexString(checksum));
    }
    return content.getInt(FileHeader.BYTES);
  }

  static void writeCurrent(
      FileSystem fileSystem, Path directory, long databaseId, long number, int leastRecord)
      throws IOException {
    ByteBuffer content = ByteBuffer.allocate(CURRENT_BYTES);
    new FileHeader(FileType.CURRENT, CURRENT_VERSION, databaseId, number).writeTo(content, 0);
    content.putInt(FileHeader.BYTES, leastRecord);
    content.putInt(CHECKSUM_OFFSET, Checksums.crc32c(content, 0, CHECKSUM_OFFSET));
    AtomicFile.write(fileSystem, directory.resolve(CURRENT), content);
  }
}
