package io.larder.engine.internal.wal;

import io.larder.engine.internal.codec.Checksums;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Spells frames into a buffer or a mapped segment. Not thread-safe; belongs to whoever guards the target. */
final class FrameWriter {
  private static final int SALT_BYTES = 16;
  private final byte[] scratch = new byte[SALT_BYTES + SegmentLayout.FRAME_HEADER_BYTES];
  private final ByteBuffer header = ByteBuffer.wrap(scratch);

  /** Adds a frame and its padding at the buffer's position; the buffer must have room. */
  void write(
      ByteBuffer target, long salt, long position, Frame frame, byte[] payload, int payloadOffset) {
    spellHeader(salt, position, frame);
    target.put(scratch, SALT_BYTES, SegmentLayout.FRAME_HEADER_BYTES);
    target.put(payload, payloadOffset, frame.length());
    long padding = frame.bytes() - SegmentLayout.FRAME_HEADER_BYTES - frame.length();
    for (long i = 0; i < padding; i++) {
      target.put((byte) 0);
    }
  }

  /** Copies a frame into a mapped segment; the payload must be followed by zeros up to the alignment. */
  void copy(LogSegment target, int position, Frame frame, byte[] payload) throws IOException {
    spellHeader(target.salt(), position, frame);
    int padded = (int) frame.bytes() - SegmentLayout.FRAME_HEADER_BYTES;
    target.copy(position, scratch, SALT_BYTES, payload, padded);
  }

  private void spellHeader(long salt, long position, Frame frame) {
    header.putLong(0, salt);
    header.putLong(8, position);
    header.putInt(SALT_BYTES + SegmentLayout.FRAME_LENGTH, frame.length());
    header.putInt(SALT_BYTES + SegmentLayout.FRAME_HEADER_CHECKSUM, 0);
    header.putInt(SALT_BYTES + SegmentLayout.FRAME_PAYLOAD_CHECKSUM, frame.payloadChecksum());
    header.putInt(SALT_BYTES + SegmentLayout.FRAME_COUNT, frame.count());
    header.putLong(SALT_BYTES + SegmentLayout.FRAME_FIRST_SEQUENCE, frame.firstSequence());
    header.putLong(SALT_BYTES + SegmentLayout.FRAME_SYNCED_SEQUENCE, frame.syncedSequence());
    header.putLong(SALT_BYTES + SegmentLayout.FRAME_COMMIT_TIME, frame.commitTimeMillis());
    int checksum = Checksums.crc32c(scratch, 0, scratch.length);
    header.putInt(SALT_BYTES + SegmentLayout.FRAME_HEADER_CHECKSUM, checksum);
  }
}
