package io.larder.engine.internal.wal;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.Checksums;
import io.larder.engine.internal.codec.FileHeader;
import io.larder.engine.internal.codec.FileType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a log segment, for writer and reader alike. Stateless.
 *
 * <pre>
 *  offset  bytes  what                                                        all numbers big-endian
 *       0     32  file header: type 1 WAL_SEGMENT, format version 3, file id = segment number
 *      32      8  salt, random, new each time the file is used as a segment
 *      40      8  size of the segment in bytes
 *      48      4  CRC-32C of bytes 0..47
 *     512     48  start mark         1024  48  copy of the start mark
 *    1536     48  end mark           2048  48  copy of the end mark
 *    4096      -  frames, each at a multiple of 8
 *
 *  mark    bytes  what                              frame   bytes  what
 *       0      4  CRC-32C of bytes 4..47                0       4  payload length n
 *       4      4  1 start, 2 or 3 end                   4       4  CRC-32C of salt (8), offset of the frame
 *       8      8  salt of the segment                               (8), frame bytes 0..3, 0 (4), 8..39
 *      16      8  next sequence number                  8       4  CRC-32C of the payload
 *      24      8  synced-to sequence number            12       4  number of changes, 1 or more
 *      32      8  offset of the next frame             16       8  sequence number of the first change
 *      40      8  time, ms since the epoch             24       8  synced-to sequence number
 *                                                      32       8  commit time, ms since the epoch
 *                                                      40       n  payload, then zeros to a multiple of 8
 * </pre>
 *
 * <ol>
 *   <li>A file gets its name as a segment only when its full size and its header are durable, so a damaged
 *       header is always corruption, and so is a file that is too short, unless an end mark says that all it
 *       holds lies within it: an orderly close cuts off what is behind the mark, after the mark is durable.
 *   <li>The salt, which every checksum of marks and frame headers covers, and the offset tell the frames of
 *       this segment from those of an earlier life of the file.
 *   <li>The start mark names the first sequence number the segment holds. Where segments overlap, the one
 *       with the higher number is right from there on: so a recovery replaces a tail it does not trust by
 *       writing it anew and the start mark last.
 *   <li>"Synced-to" is a sequence number whose batch was known to be durable when the mark or frame was
 *       written. If a log can be read only to before the highest synced-to found anywhere, something that
 *       was durable has been damaged: corruption. Otherwise what is missing was never acknowledged as
 *       durable: a torn tail. That a valid frame follows a hole is not proof enough, because a disk may
 *       persist unsynced writes in any order.
 *   <li>The end mark is written by an orderly close, after everything is durable. With the offset 0 it only
 *       says what is durable, not that the log ends. With the code 3 it has, in the place of the time, the next
 *       file id of the manifest, raised just before: a manifest with a lower one is an older one. Marks are kept twice, in
 *       different sectors: losing one copy is harmless.
 * </ol>
 */
final class SegmentLayout {
  static final int FORMAT_VERSION = 3;

  /** Segments of it were never cut; those of version 2 have no {@link #CLOSING_MARK}. */
  static final int OLDEST_FORMAT_VERSION = 1;

  static final int FRAMES_OFFSET = 4096;
  static final long SEGMENT_BYTES_MAX = Integer.MAX_VALUE - 8L;
  static final int FRAME_HEADER_BYTES = 40;
  static final int ALIGNMENT = 8;

  static final int MARK_BYTES = 48;
  static final int START_MARK_OFFSET = 512;
  static final int END_MARK_OFFSET = 1536;
  static final int MARK_COPY_DISTANCE = 512;
  static final int START_MARK = 1;
  static final int END_MARK = 2;

  /** An end mark that has the next file id of the manifest in the place of the time. */
  static final int CLOSING_MARK = 3;

  static final int FRAME_LENGTH = 0;
  static final int FRAME_HEADER_CHECKSUM = 4;
  static final int FRAME_PAYLOAD_CHECKSUM = 8;
  static final int FRAME_COUNT = 12;
  static final int FRAME_FIRST_SEQUENCE = 16;
  static final int FRAME_SYNCED_SEQUENCE = 24;
  static final int FRAME_COMMIT_TIME = 32;

  private static final int SALT_OFFSET = FileHeader.BYTES;
  private static final int SIZE_OFFSET = 40;
  private static final int HEADER_CHECKSUM_OFFSET = 48;
  private static final int HEADER_BYTES = 52;

  private SegmentLayout() {}

  /** A segment's header. */
  record Header(FileHeader file, long salt, long sizeBytes) {}

  /** A start or end mark. */
  record Mark(long nextSequence, long syncedSequence, long position, long timeMillis) {}

  /** Returns how many bytes a frame takes with its padding. */
  static long frameBytes(int payloadLength) {
    return ((long) FRAME_HEADER_BYTES + payloadLength + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /** Returns the first {@link #FRAMES_OFFSET} bytes of a segment that has no marks yet. */
  static ByteBuffer headerBlock(Header header) {
    ByteBuffer block = ByteBuffer.allocate(FRAMES_OFFSET);
    header.file().writeTo(block, 0);
    block.putLong(SALT_OFFSET, header.salt());
    block.putLong(SIZE_OFFSET, header.sizeBytes());
    block.putInt(HEADER_CHECKSUM_OFFSET, Checksums.crc32c(block, 0, HEADER_CHECKSUM_OFFSET));
    return block;
  }

  /** Reads and checks a segment's header. */
  static Header readHeader(ByteBuffer block, Path path, long databaseId, long number) {
    Header header = readHeader(block, path);
    header.file().requireIdentity(path, databaseId, number);
    return header;
  }

  /** Reads and checks a segment's header, whichever database and number it is of. */
  static Header readHeader(ByteBuffer block, Path path) {
    FileHeader file =
        FileHeader.read(
            block, 0, path, FileType.WAL_SEGMENT, OLDEST_FORMAT_VERSION, FORMAT_VERSION);
    if (block.limit() < HEADER_BYTES
        || block.getInt(HEADER_CHECKSUM_OFFSET)
            != Checksums.crc32c(block, 0, HEADER_CHECKSUM_OFFSET)) {
      throw new CorruptionException(
          path + ": segment header at offset " + SALT_OFFSET + ": its checksum does not match");
    }
    long sizeBytes = block.getLong(SIZE_OFFSET);
    if (sizeBytes < FRAMES_OFFSET || sizeBytes > SEGMENT_BYTES_MAX) {
      throw new CorruptionException(
          path + ": found a segment size of " + sizeBytes + ", expected at least " + FRAMES_OFFSET);
    }
    return new Header(file, block.getLong(SALT_OFFSET), sizeBytes);
  }

  /** Returns whether a file of a size holds all there is in a segment. */
  static boolean isWhole(Header header, @Nullable Mark end, long fileBytes) {
    return fileBytes == header.sizeBytes()
        || (fileBytes < header.sizeBytes()
            && end != null
            && end.position() >= FRAMES_OFFSET
            && end.position() <= fileBytes);
  }

  /** Returns a mark's bytes. */
  static ByteBuffer mark(int code, long salt, Mark mark) {
    ByteBuffer bytes = ByteBuffer.allocate(MARK_BYTES);
    bytes.putInt(4, code);
    bytes.putLong(8, salt);
    bytes.putLong(16, mark.nextSequence());
    bytes.putLong(24, mark.syncedSequence());
    bytes.putLong(32, mark.position());
    bytes.putLong(40, mark.timeMillis());
    bytes.putInt(0, Checksums.crc32c(bytes, 4, MARK_BYTES - 4));
    return bytes;
  }

  /** Reads a mark or its copy from a segment's first block, or returns null if neither is valid. */
  static @Nullable Mark readMark(ByteBuffer block, int offset, int code, long salt) {
    Mark mark = readOneMark(block, offset, code, salt);
    return mark != null ? mark : readOneMark(block, offset + MARK_COPY_DISTANCE, code, salt);
  }

  private static @Nullable Mark readOneMark(ByteBuffer block, int offset, int code, long salt) {
    boolean valid =
        block.getInt(offset + 4) == code
            && block.getLong(offset + 8) == salt
            && block.getInt(offset) == Checksums.crc32c(block, offset + 4, MARK_BYTES - 4);
    return valid
        ? new Mark(
            block.getLong(offset + 16),
            block.getLong(offset + 24),
            block.getLong(offset + 32),
            block.getLong(offset + 40))
        : null;
  }
}
