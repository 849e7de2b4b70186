package io.larder.engine.internal.codec;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.FormatVersionException;
import io.larder.engine.api.NotADatabaseException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The first {@value #BYTES} bytes of every file: that it is Larder's, what it is, and which one. An
 * immutable value.
 *
 * <pre>
 *  offset  bytes  what                                       all numbers big-endian
 *       0      8  magic: 89 4C 41 52 44 45 52 0A  (\x89 LARDER \n)
 *       8      2  file type, a code of {@link FileType}
 *      10      2  format version of that type
 *      12      8  database id, random, the same in every file of a database
 *      20      8  file id, unique for its type within the database
 *      28      4  CRC-32C of bytes 0..27
 * </pre>
 *
 * The first byte is no text and the last is a line feed, so a file that went through a text conversion is
 * recognised. The ids expose a file that was swapped with another one or came from another database.
 *
 * @param type what the file is
 * @param formatVersion the version of the type's format, 1 to 65535
 * @param databaseId which database it belongs to
 * @param fileId which of the files of its type it is
 */
public record FileHeader(FileType type, int formatVersion, long databaseId, long fileId) {
  /** How many bytes a header takes. */
  public static final int BYTES = 32;

  private static final long MAGIC = 0x894C41524445520AL;
  private static final int TYPE_OFFSET = 8;
  private static final int VERSION_OFFSET = 10;
  private static final int DATABASE_ID_OFFSET = 12;
  private static final int FILE_ID_OFFSET = 20;
  private static final int CHECKSUM_OFFSET = 28;

  /** Writes the header at a position of the buffer, whose own position and order do not matter. */
  public void writeTo(ByteBuffer target, int position) {
    ByteBuffer header = target.slice(position, BYTES).order(ByteOrder.BIG_ENDIAN);
    header.putLong(0, MAGIC);
    header.putShort(TYPE_OFFSET, (short) type.code());
    header.putShort(VERSION_OFFSET, (short) formatVersion);
    header.putLong(DATABASE_ID_OFFSET, databaseId);
    header.putLong(FILE_ID_OFFSET, fileId);
    header.putInt(CHECKSUM_OFFSET, Checksums.crc32c(header, 0, CHECKSUM_OFFSET));
  }

  /**
   * Reads and checks a header.
   *
   * @throws NotADatabaseException if the file does not start with the magic bytes
   * @throws CorruptionException if the header is cut short or damaged, or is of another type
   * @throws FormatVersionException if the version is outside the given bounds
   */
  public static FileHeader read(
      ByteBuffer source,
      int position,
      Path path,
      FileType expected,
      int oldestVersion,
      int newestVersion) {
    int available = source.limit() - position;
    if (available < BYTES) {
      throw new CorruptionException(
          path + ": found " + available + " bytes, expected a file header of " + BYTES + " bytes");
    }
    ByteBuffer header = source.slice(position, BYTES).order(ByteOrder.BIG_ENDIAN);
    if (header.getLong(0) != MAGIC) {
      throw new NotADatabaseException(
          path
              + ": is not a file of Larder: found the first bytes "
              + HexFormat.of().toHexDigits(header.getLong(0))
              + ", expected "
              + HexFormat.of().toHexDigits(MAGIC));
    }
    int checksum = Checksums.crc32c(header, 0, CHECKSUM_OFFSET);
    if (header.getInt(CHECKSUM_OFFSET) != checksum) {
      throw new CorruptionException(
          path
              + ": file header at offset "
              + position
              + ": found checksum "
              + HexFormat.of().toHexDigits(header.getInt(CHECKSUM_OFFSET))
              + ", expected "
              + HexFormat.of().toHexDigits(checksum));
    }
    return checked(header, path, expected, oldestVersion, newestVersion);
  }

  private static FileHeader checked(
      ByteBuffer header, Path path, FileType expected, int oldestVersion, int newestVersion) {
    int type = Short.toUnsignedInt(header.getShort(TYPE_OFFSET));
    if (type != expected.code()) {
      throw new CorruptionException(
          path + ": found file type " + type + ", expected " + expected.code() + " " + expected);
    }
    int version = Short.toUnsignedInt(header.getShort(VERSION_OFFSET));
    if (version < oldestVersion || version > newestVersion) {
      throw new FormatVersionException(
          path
              + ": found format version "
              + version
              + " of "
              + expected
              + ", expected "
              + oldestVersion
              + " to "
              + newestVersion
              + (version > newestVersion
                  ? "; a newer version of Larder wrote it, which is needed to read it"
                  : "; an older version of Larder wrote it, which is needed to export it"));
    }
    return new FileHeader(
        expected, version, header.getLong(DATABASE_ID_OFFSET), header.getLong(FILE_ID_OFFSET));
  }

  /**
   * Checks that the file is the one it is taken for.
   *
   * @throws CorruptionException if it belongs to another database or is another file
   */
  public void requireIdentity(Path path, long expectedDatabaseId, long expectedFileId) {
    requireDatabase(path, expectedDatabaseId);
    if (fileId != expectedFileId) {
      throw new CorruptionException(
          path + ": found file id " + fileId + ", expected " + expectedFileId);
    }
  }

  /**
   * Checks that the file belongs to a database.
   *
   * @throws CorruptionException if it belongs to another one
   */
  public void requireDatabase(Path path, long expectedDatabaseId) {
    if (databaseId != expectedDatabaseId) {
      throw new CorruptionException(
          path
              + ": found database id "
              + HexFormat.of().toHexDigits(databaseId)
              + ", expected "
              + HexFormat.of().toHexDigits(expectedDatabaseId));
    }
  }
}
