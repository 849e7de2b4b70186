package io.larder.engine.internal.wal;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.Checksums;
import io.larder.engine.internal.wal.SegmentLayout.Header;
import io.larder.engine.internal.wal.SegmentLayout.Mark;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The whole content of one segment in memory, and what can be read from it. Not thread-safe; needs no
 * closing.
 *
 * <p>A read that fails or ends early is an {@link IOException}, a damaged header a {@link
 * CorruptionException}; neither is ever taken for the end of the log. A frame that is not valid is null,
 * and what that means is for {@link LogReader} to decide.
 */
@SuppressWarnings("ByteBufferBackingArray") // the content is a heap buffer of its own, offset 0
final class SegmentReader {
  private static final int SLICE_BYTES = 256 << 10;

  private final Path path;
  private final Header header;
  private final long sizeBytes;
  private final ByteBuffer content;
  private final @Nullable Mark start;
  private final @Nullable Mark end;
  private int verifiedEnd = SegmentLayout.FRAMES_OFFSET;
  private final byte[] scratch = new byte[16 + SegmentLayout.FRAME_HEADER_BYTES];

  private SegmentReader(Path path, Header header, long sizeBytes, ByteBuffer content) {
    this.path = path;
    this.header = header;
    this.sizeBytes = sizeBytes;
    this.content = content;
    this.start =
        SegmentLayout.readMark(
            content, SegmentLayout.START_MARK_OFFSET, SegmentLayout.START_MARK, header.salt());
    this.end =
        SegmentLayout.readMark(
            content, SegmentLayout.END_MARK_OFFSET, SegmentLayout.END_MARK, header.salt());
  }

  /** Reads the header and the marks of a segment, without its frames. */
  static SegmentReader readMarks(FileSystem fileSystem, Path path, long databaseId, long number)
      throws IOException {
    return identified(read(fileSystem, path, false), databaseId, number);
  }

  /** Reads a whole segment. */
  static SegmentReader readAll(FileSystem fileSystem, Path path, long databaseId, long number)
      throws IOException {
    return identified(read(fileSystem, path, true), databaseId, number);
  }

  private static SegmentReader identified(SegmentReader segment, long databaseId, long number) {
    segment.header.file().requireIdentity(segment.path, databaseId, number);
    return segment;
  }

  /** Reads a segment of any database and number, with or without its frames. */
  static SegmentReader read(FileSystem fileSystem, Path path, boolean frames) throws IOException {
    try (StorageFile file = fileSystem.open(path, OpenMode.READ)) {
      long size = file.sizeBytes();
      if (size < SegmentLayout.FRAMES_OFFSET) {
        throw new CorruptionException(
            path
                + ": found a segment of "
                + size
                + " bytes, expected at least "
                + SegmentLayout.FRAMES_OFFSET);
      }
      ByteBuffer block = ByteBuffer.allocate(SegmentLayout.FRAMES_OFFSET);
      readFully(file, 0, block);
      Header header = SegmentLayout.readHeader(block.flip(), path);
      Mark end =
          SegmentLayout.readMark(
              block, SegmentLayout.END_MARK_OFFSET, SegmentLayout.END_MARK, header.salt());
      if (!SegmentLayout.isWhole(header, end, size)) {
        throw new CorruptionException(
            path
                + ": found "
                + size
                + " bytes, expected "
                + header.sizeBytes()
                + ", or an end mark that says the log ends within them");
      }
      if (!frames) {
        return new SegmentReader(path, header, size, block);
      }
      ByteBuffer content = ByteBuffer.allocate((int) size);
      content.put(block);
      readFully(file, SegmentLayout.FRAMES_OFFSET, content);
      return new SegmentReader(path, header, size, content.flip());
    }
  }

  /** Fills the buffer in slices, which bounds the native memory the JDK keeps for the copy. */
  private static void readFully(StorageFile file, long position, ByteBuffer target)
      throws IOException {
    int limit = target.limit();
    long at = position;
    while (target.position() < limit) {
      target.limit(Math.min(limit, target.position() + SLICE_BYTES));
      int count = file.read(at, target);
      if (count <= 0) {
        throw new IOException(
            file.path()
                + ": short read at offset "
                + at
                + ": found the end of the file, expected "
                + (limit - target.position())
                + " more bytes");
      }
      at += count;
    }
  }

  Path path() {
    return path;
  }

  Header header() {
    return header;
  }

  /** Returns the size of the file, which is that of the segment, or less after an orderly close. */
  long sizeBytes() {
    return sizeBytes;
  }

  long number() {
    return header.file().fileId();
  }

  @Nullable Mark start() {
    return start;
  }

  @Nullable Mark end() {
    return end;
  }

  /** Checks the frames from the first one on; {@link #verifiedFrame} then need not. */
  void verify() {
    while (true) {
      Frame frame = frameHeader(verifiedEnd);
      if (frame == null || !payloadValid(verifiedEnd, frame)) {
        return;
      }
      verifiedEnd += (int) frame.bytes();
    }
  }

  /**
   * Returns the frame at an offset if all of it is valid. Requires: the offset is that of the first frame, or the one
   * after a valid frame.
   */
  @Nullable Frame verifiedFrame(int position) {
    if (position < verifiedEnd) {
      return frame(position);
    }
    Frame frame = frameHeader(position);
    return frame != null && payloadValid(position, frame) ? frame : null;
  }

  /** Returns the frame at an offset if its header is valid; its payload may still be damaged. */
  @Nullable Frame frameHeader(int position) {
    if (position > content.limit() - SegmentLayout.FRAME_HEADER_BYTES) {
      return null;
    }
    int length = content.getInt(position + SegmentLayout.FRAME_LENGTH);
    int count = content.getInt(position + SegmentLayout.FRAME_COUNT);
    if (length <= 0
        || count <= 0
        || SegmentLayout.frameBytes(length) > content.limit() - position
        || content.getInt(position + SegmentLayout.FRAME_HEADER_CHECKSUM)
            != headerChecksum(position)) {
      return null;
    }
    return frame(position);
  }

  private Frame frame(int position) {
    return new Frame(
        content.getInt(position + SegmentLayout.FRAME_LENGTH),
        content.getInt(position + SegmentLayout.FRAME_PAYLOAD_CHECKSUM),
        content.getInt(position + SegmentLayout.FRAME_COUNT),
        content.getLong(position + SegmentLayout.FRAME_FIRST_SEQUENCE),
        content.getLong(position + SegmentLayout.FRAME_SYNCED_SEQUENCE),
        content.getLong(position + SegmentLayout.FRAME_COMMIT_TIME));
  }

  /** Returns whether the payload of a frame whose header is valid is what was written. */
  boolean payloadValid(int position, Frame frame) {
    return Checksums.crc32c(content.array(), payloadOffset(position), frame.length())
        == frame.payloadChecksum();
  }

  /** Returns a frame's payload, a view. */
  ByteBuffer payload(int position, Frame frame) {
    return content.slice(payloadOffset(position), frame.length());
  }

  /** Returns the array behind the content, for copying frames. */
  byte[] array() {
    return content.array();
  }

  /** Returns the highest synced-to sequence number of any valid frame header from an offset on. */
  long syncedSequenceAfter(int position) {
    long highest = 0;
    int last = content.limit() - SegmentLayout.FRAME_HEADER_BYTES;
    for (int at = position; at <= last; at += SegmentLayout.ALIGNMENT) {
      if (content.getInt(at + SegmentLayout.FRAME_LENGTH) > 0) {
        Frame frame = frameHeader(at);
        if (frame != null) {
          highest = Math.max(highest, frame.syncedSequence());
        }
      }
    }
    return highest;
  }

  static int payloadOffset(int position) {
    return position + SegmentLayout.FRAME_HEADER_BYTES;
  }

  private int headerChecksum(int position) {
    ByteBuffer bytes = ByteBuffer.wrap(scratch);
    bytes.putLong(0, header.salt());
    bytes.putLong(8, position);
    System.arraycopy(content.array(), position, scratch, 16, SegmentLayout.FRAME_HEADER_BYTES);
    bytes.putInt(16 + SegmentLayout.FRAME_HEADER_CHECKSUM, 0);
    return Checksums.crc32c(scratch, 0, scratch.length);
  }
}
