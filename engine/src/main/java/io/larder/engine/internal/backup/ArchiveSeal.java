package io.larder.engine.internal.backup;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.Checksums;
import io.larder.engine.internal.codec.FileHeader;
import io.larder.engine.internal.codec.FileType;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What is known of a log segment in an archive. Immutable.
 *
 * <pre>
 *  offset  bytes  what                                all numbers big-endian
 *       0     32  file header, type 6, file id = number of the segment
 *      32      8  first sequence number it counts for
 *      40      8  last sequence number it counts for
 *      48      8  size of the segment's file
 *      56      4  CRC-32C of that file
 *      60      4  CRC-32C of bytes 32..59
 * </pre>
 *
 * @param databaseId the database
 * @param number the segment
 * @param firstSequence the first sequence number it counts for
 * @param lastSequence the last one
 * @param sizeBytes the size of its file
 * @param checksum CRC-32C of its file
 */
record ArchiveSeal(
    long databaseId,
    long number,
    long firstSequence,
    long lastSequence,
    long sizeBytes,
    int checksum) {
  static final int BYTES = 64;
  private static final int FORMAT_VERSION = 1;
  private static final int CHECKSUM_OFFSET = 60;

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    new FileHeader(FileType.ARCHIVED_SEGMENT, FORMAT_VERSION, databaseId, number).writeTo(bytes, 0);
    bytes.putLong(32, firstSequence).putLong(40, lastSequence).putLong(48, sizeBytes);
    bytes.putInt(56, checksum);
    bytes.putInt(
        CHECKSUM_OFFSET,
        Checksums.crc32c(bytes, FileHeader.BYTES, CHECKSUM_OFFSET - FileHeader.BYTES));
    return bytes;
  }

  static ArchiveSeal decode(ByteBuffer source, Path path, long databaseId, long number) {
    FileHeader.read(source, 0, path, FileType.ARCHIVED_SEGMENT, FORMAT_VERSION, FORMAT_VERSION)
        .requireIdentity(path, databaseId, number);
    boolean valid =
        source.limit() == BYTES
            && source.getInt(CHECKSUM_OFFSET)
                == Checksums.crc32c(source, FileHeader.BYTES, CHECKSUM_OFFSET - FileHeader.BYTES);
    if (!valid) {
      throw new CorruptionException(path + ": is damaged: its checksum does not match");
    }
    return new ArchiveSeal(
        databaseId,
        number,
        source.getLong(32),
        source.getLong(40),
        source.getLong(48),
        source.getInt(56));
  }
}
