package io.larder.engine.internal.table;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.Checksums;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The last {@value TableLayout#FOOTER_BYTES} bytes of a table: proof that it is complete, and where its parts are.
 *
 * <pre>
 *  offset  bytes  what
 *       0      8  file id, as in the header
 *       8      8  hash seed
 *      16      4  offset of the hash index = end of the blocks, rounded up to 64
 *      20      4  offset of the filter = end of the hash index
 *      24      4  offset of the block index = end of the filter
 *      28      4  offset of the properties = end of the block index
 *      32      4  offset of the page checksums = end of the properties
 *      36      4  size of the file
 *      40      4  end of the blocks
 *      44      4  zero
 *      48      4  CRC-32C of the checksums of the page checksums
 *      52      8  closing mark: 4C 41 52 44 45 52 2E 45  (LARDER.E)
 *      60      4  CRC-32C of bytes 0..59
 * </pre>
 */
record TableFooter(
    long fileId,
    long hashSeed,
    int hashOffset,
    int filterOffset,
    int indexOffset,
    int propertiesOffset,
    int checksumsOffset,
    int fileBytes,
    int blocksEnd,
    int groupsChecksum) {
  private static final long CLOSING_MARK = 0x4C41524445522E45L;
  private static final int MARK_OFFSET = 52;
  private static final int CHECKSUM_OFFSET = 60;

  byte[] encode() {
    byte[] bytes = new byte[TableLayout.FOOTER_BYTES];
    ByteBuffer target = ByteBuffer.wrap(bytes);
    target.putLong(fileId).putLong(hashSeed);
    target.putInt(hashOffset).putInt(filterOffset).putInt(indexOffset).putInt(propertiesOffset);
    target.putInt(checksumsOffset).putInt(fileBytes).putInt(blocksEnd).putInt(0);
    target.putInt(groupsChecksum).putLong(CLOSING_MARK);
    target.putInt(Checksums.crc32c(bytes, 0, CHECKSUM_OFFSET));
    return bytes;
  }

  /** Reads and checks the footer of a mapped file whose size and header are known to be good. */
  static TableFooter read(ByteBuffer file, Path path) {
    int start = file.limit() - TableLayout.FOOTER_BYTES;
    long mark = file.getLong(start + MARK_OFFSET);
    if (mark != CLOSING_MARK) {
      throw corrupt(path, start + MARK_OFFSET, "closing mark " + HexFormat.of().toHexDigits(mark));
    }
    int checksum = Checksums.crc32c(file, start, CHECKSUM_OFFSET);
    int found = file.getInt(start + CHECKSUM_OFFSET);
    if (found != checksum) {
      throw corrupt(
          path,
          start,
          "checksum "
              + HexFormat.of().toHexDigits(found)
              + ", expected "
              + HexFormat.of().toHexDigits(checksum));
    }
    ByteBuffer source = file.duplicate().position(start);
    TableFooter footer =
        new TableFooter(
            source.getLong(),
            source.getLong(),
            source.getInt(),
            source.getInt(),
            source.getInt(),
            source.getInt(),
            source.getInt(),
            source.getInt(),
            source.getInt(),
            file.getInt(start + 48));
    footer.check(path, file.limit(), file.getInt(start + 44));
    return footer;
  }

  private void check(Path path, int size, int zero) {
    long groupsStart = groupsOffset();
    boolean ordered =
        0 < blocksEnd
            && blocksEnd <= hashOffset
            && hashOffset <= filterOffset
            && filterOffset <= indexOffset
            && indexOffset <= propertiesOffset
            && propertiesOffset <= checksumsOffset;
    long end = groupsStart + groupsBytes();
    if (!ordered || zero != 0 || fileBytes != size || end + TableLayout.FOOTER_BYTES != size) {
      throw corrupt(path, size - TableLayout.FOOTER_BYTES, "parts that do not fit: " + this);
    }
    if ((filterOffset - hashOffset) % TableLayout.BUCKET_BYTES != 0
        || (propertiesOffset - indexOffset) % TableLayout.INDEX_ENTRY_BYTES != 0
        || propertiesOffset == indexOffset) {
      throw corrupt(path, size - TableLayout.FOOTER_BYTES, "parts of impossible size: " + this);
    }
  }

  private static CorruptionException corrupt(Path path, int offset, String found) {
    return new CorruptionException(
        path + ": table footer at offset " + offset + ": found " + found);
  }

  /** Returns where the checksums of the page checksums start. */
  long groupsOffset() {
    return checksumsOffset
        + (long) TableLayout.pageCount(checksumsOffset) * TableLayout.CHECKSUM_BYTES;
  }

  int groupsBytes() {
    return TableLayout.pageCount(groupsOffset() - checksumsOffset) * TableLayout.CHECKSUM_BYTES;
  }

  int bucketCount() {
    return (filterOffset - hashOffset) / TableLayout.BUCKET_BYTES;
  }

  int filterBytes() {
    return indexOffset - filterOffset;
  }

  int blockCount() {
    return (propertiesOffset - indexOffset) / TableLayout.INDEX_ENTRY_BYTES;
  }
}
