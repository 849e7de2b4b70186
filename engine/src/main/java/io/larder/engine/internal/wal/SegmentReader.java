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
 * Reads one segment: its marks, and its frames through a window that follows whoever walks them. Not thread-safe; needs
 * no closing.
 *
 * <p>A segment of usual size is in the window as a whole and is read once; of a larger one, a part at a time, so that
 * memory is bounded whatever size segments have. A frame larger than the window makes it grow.
 *
 * <p>A read that fails or ends early is an {@link IOException}, a damaged header a {@link
 * CorruptionException}; neither is ever taken for the end of the log. A frame that is not valid is null,
 * and what that means is for {@link LogReader} to decide.
 */
@SuppressWarnings("ByteBufferBackingArray") // the window is a heap buffer of its own, offset 0
final class SegmentReader {
  /** The window: a segment of default size and a batch larger than most. */
  static final int WINDOW_BYTES = 12 << 20;

  private static final int SLICE_BYTES = 256 << 10;

  private final FileSystem fileSystem;
  private final Path path;
  private final Header header;
  private final int sizeBytes;
  private final @Nullable Mark start;
  private final @Nullable Mark end;
  private final long closingNumber;
  private int verifiedEnd = SegmentLayout.FRAMES_OFFSET;
  private final byte[] scratch = new byte[16 + SegmentLayout.FRAME_HEADER_BYTES];

  /** The bytes from {@code windowStart} on. */
  private ByteBuffer window;

  private int windowStart;

  private SegmentReader(
      FileSystem fileSystem, Path path, Header header, int sizeBytes, ByteBuffer block) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.header = header;
    this.sizeBytes = sizeBytes;
    this.window = block;
    this.start =
        SegmentLayout.readMark(
            block, SegmentLayout.START_MARK_OFFSET, SegmentLayout.START_MARK, header.salt());
    Mark closing =
        SegmentLayout.readMark(
            block, SegmentLayout.END_MARK_OFFSET, SegmentLayout.CLOSING_MARK, header.salt());
    this.closingNumber = closing == null ? 0 : closing.timeMillis();
    this.end =
        closing != null
            ? closing
            : SegmentLayout.readMark(
                block, SegmentLayout.END_MARK_OFFSET, SegmentLayout.END_MARK, header.salt());
  }

  /** Reads the header and the marks of a segment, without its frames. */
  static SegmentReader readMarks(FileSystem fileSystem, Path path, long databaseId, long number)
      throws IOException {
    return identified(read(fileSystem, path, false), databaseId, number);
  }

  /** Reads a segment with its frames, or with those at its beginning if it is large. */
  static SegmentReader readFrames(FileSystem fileSystem, Path path, long databaseId, long number)
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
      SegmentReader segment = new SegmentReader(fileSystem, path, header, (int) size, block);
      if (!SegmentLayout.isWhole(header, segment.end, size)) {
        throw new CorruptionException(
            path
                + ": found "
                + size
                + " bytes, expected "
                + header.sizeBytes()
                + ", or an end mark that says the log ends within them");
      }
      if (frames) {
        segment.readBehind(file, block);
      }
      return segment;
    }
  }

  /** Reads what follows the first block. */
  private void readBehind(StorageFile file, ByteBuffer block) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(Math.min(sizeBytes, WINDOW_BYTES));
    content.put(block);
    readFully(file, SegmentLayout.FRAMES_OFFSET, content);
    window = content.flip();
  }

  /**
   * Makes sure that some bytes are in the window, and returns where in it they are. Requires: the segment has them, and
   * was read with its frames. What was handed out of the window before is not good any more.
   */
  private int require(int position, int length) throws IOException {
    if (position < windowStart || position + length > windowStart + window.limit()) {
      int bytes = Math.min(sizeBytes - position, Math.max(WINDOW_BYTES, length));
      ByteBuffer moved =
          bytes <= window.capacity() ? window.clear().limit(bytes) : ByteBuffer.allocate(bytes);
      window = moved;
      windowStart = position;
      try (StorageFile file = fileSystem.open(path, OpenMode.READ)) {
        readFully(file, position, moved);
      } catch (Throwable e) {
        moved.clear().limit(0);
        throw e;
      }
      moved.flip();
    }
    return position - windowStart;
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

  /** Returns the next file id that the manifest has since the close that ended this segment, or 0 if none did. */
  long closingNumber() {
    return closingNumber;
  }

  /** Checks the frames from the first one on, as far as they are in memory; {@link #verifiedFrame} then need not. */
  void verify() throws IOException {
    while (verifiedEnd <= window.limit() - SegmentLayout.FRAME_HEADER_BYTES) {
      Frame frame = frameHeader(verifiedEnd);
      if (frame == null
          || verifiedEnd + frame.bytes() > window.limit()
          || !payloadValid(verifiedEnd, frame)) {
        return;
      }
      verifiedEnd += (int) frame.bytes();
    }
  }

  /**
   * Returns the frame at an offset if all of it is valid. Requires: the offset is that of the first frame, or the one
   * after a valid frame.
   */
  @Nullable Frame verifiedFrame(int position) throws IOException {
    if (position < verifiedEnd) {
      return frame(require(position, SegmentLayout.FRAME_HEADER_BYTES));
    }
    Frame frame = frameHeader(position);
    return frame != null && payloadValid(position, frame) ? frame : null;
  }

  /** Returns the frame at an offset if its header is valid; its payload may still be damaged. */
  @Nullable Frame frameHeader(int position) throws IOException {
    if (position > sizeBytes - SegmentLayout.FRAME_HEADER_BYTES) {
      return null;
    }
    int at = require(position, SegmentLayout.FRAME_HEADER_BYTES);
    int length = window.getInt(at + SegmentLayout.FRAME_LENGTH);
    int count = window.getInt(at + SegmentLayout.FRAME_COUNT);
    if (length <= 0
        || count <= 0
        || SegmentLayout.frameBytes(length) > sizeBytes - position
        || window.getInt(at + SegmentLayout.FRAME_HEADER_CHECKSUM)
            != headerChecksum(position, at)) {
      return null;
    }
    return frame(at);
  }

  private Frame frame(int at) {
    return new Frame(
        window.getInt(at + SegmentLayout.FRAME_LENGTH),
        window.getInt(at + SegmentLayout.FRAME_PAYLOAD_CHECKSUM),
        window.getInt(at + SegmentLayout.FRAME_COUNT),
        window.getLong(at + SegmentLayout.FRAME_FIRST_SEQUENCE),
        window.getLong(at + SegmentLayout.FRAME_SYNCED_SEQUENCE),
        window.getLong(at + SegmentLayout.FRAME_COMMIT_TIME));
  }

  /** Returns whether the payload of a frame whose header is valid is what was written. */
  boolean payloadValid(int position, Frame frame) throws IOException {
    int at = require(position, (int) frame.bytes());
    return Checksums.crc32c(window.array(), at + SegmentLayout.FRAME_HEADER_BYTES, frame.length())
        == frame.payloadChecksum();
  }

  /** Returns a frame's payload, a view that is good until another frame is asked for. */
  ByteBuffer payload(int position, Frame frame) throws IOException {
    int at = require(position, (int) frame.bytes());
    return window.slice(at + SegmentLayout.FRAME_HEADER_BYTES, frame.length());
  }

  /** Returns bytes of the segment, a view that is good until others are asked for. */
  ByteBuffer bytes(int position, int length) throws IOException {
    return window.slice(require(position, length), length);
  }

  /** Returns the highest synced-to sequence number of any valid frame header from an offset on. */
  long syncedSequenceAfter(int position) throws IOException {
    long highest = 0;
    int last = sizeBytes - SegmentLayout.FRAME_HEADER_BYTES;
    for (int at = position; at <= last; at += SegmentLayout.ALIGNMENT) {
      int place = require(at, SegmentLayout.FRAME_HEADER_BYTES);
      if (window.getInt(place + SegmentLayout.FRAME_LENGTH) > 0) {
        Frame frame = frameHeader(at);
        if (frame != null) {
          highest = Math.max(highest, frame.syncedSequence());
        }
      }
    }
    return highest;
  }

  private int headerChecksum(int position, int at) {
    ByteBuffer bytes = ByteBuffer.wrap(scratch);
    bytes.putLong(0, header.salt());
    bytes.putLong(8, position);
    System.arraycopy(window.array(), at, scratch, 16, SegmentLayout.FRAME_HEADER_BYTES);
    bytes.putInt(16 + SegmentLayout.FRAME_HEADER_CHECKSUM, 0);
    return Checksums.crc32c(scratch, 0, scratch.length);
  }
}
