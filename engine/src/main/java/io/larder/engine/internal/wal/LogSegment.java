package io.larder.engine.internal.wal;

import io.larder.engine.internal.wal.SegmentLayout.Mark;
import io.larder.engine.spi.StorageFile;
import io.larder.engine.spi.StorageFile.SyncScope;
import io.larder.engine.spi.WritableRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A segment file open for writing. All but the final fields belong to the thread that writes: the one that leads the
 * log, or, in a mapped log, whoever holds the append lock; {@link #sync} may be called by another one meanwhile.
 * The log closes it.
 */
final class LogSegment {
  private final StorageFile file;
  private final long number;
  private final long salt;
  private final long sizeBytes;
  private @Nullable WritableRegion region;
  private @Nullable Mark endToTakeBack;
  private boolean started;
  private volatile boolean dirty;

  LogSegment(
      StorageFile file,
      @Nullable WritableRegion region,
      long number,
      long salt,
      long sizeBytes,
      boolean started) {
    this.file = file;
    this.region = region;
    this.number = number;
    this.salt = salt;
    this.sizeBytes = sizeBytes;
    this.started = started;
  }

  StorageFile file() {
    return file;
  }

  @Nullable WritableRegion region() {
    return region;
  }

  long number() {
    return number;
  }

  long salt() {
    return salt;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  boolean started() {
    return started;
  }

  /** Returns whether something was written since the last sync began. */
  boolean dirty() {
    return dirty;
  }

  /** Maps the whole file, so that frames can be copied into it. Does nothing the second time. */
  void map() throws IOException {
    if (region == null) {
      region = file.mapForWriting(0, sizeBytes);
    }
  }

  /** Writes the start mark, which makes the segment part of the log from its next sequence number on. */
  void start(Mark mark) throws IOException {
    writeMark(SegmentLayout.START_MARK, SegmentLayout.START_MARK_OFFSET, mark);
    started = true;
  }

  /** Writes the end mark. Requires: everything before it is durable. */
  void end(Mark mark) throws IOException {
    writeMark(SegmentLayout.END_MARK, SegmentLayout.END_MARK_OFFSET, mark);
  }

  /**
   * Writes, at the end mark's place, what is durable without saying that the log ends. Requires: the start
   * mark and all frames up to there are durable. Not synced: it may be lost, and is true whenever seen.
   */
  void vouch(Mark mark) throws IOException {
    end(new Mark(mark.nextSequence(), mark.syncedSequence(), 0, mark.timeMillis()));
  }

  /**
   * Remembers that the segment has an end mark. Before frames are written behind it, it is replaced,
   * durably: what it says was durable stays said, that the log ends there does not. Otherwise frames lost
   * in a crash could leave it looking like an orderly end, with others behind it.
   */
  void resumeAfter(Mark mark) {
    endToTakeBack = new Mark(mark.nextSequence(), mark.syncedSequence(), 0, mark.timeMillis());
  }

  /** Makes ready for frames. */
  private void takeEndBack() throws IOException {
    Mark taken = endToTakeBack;
    if (taken != null) {
      end(taken);
      sync();
      endToTakeBack = null;
    }
  }

  /** Writes frames with a call. */
  void write(long position, ByteBuffer frames) throws IOException {
    takeEndBack();
    file.write(position, frames);
    dirty = true;
  }

  /** Copies one frame into mapped memory: a header, and a payload with its padding. */
  void copy(int position, byte[] header, int headerOffset, byte[] payload, int payloadLength)
      throws IOException {
    takeEndBack();
    map();
    WritableRegion mapped = region;
    if (mapped == null) {
      throw new IOException(file.path() + ": is not mapped");
    }
    int bodyPosition = position + SegmentLayout.FRAME_HEADER_BYTES;
    mapped.write(bodyPosition, payload, 0, payloadLength);
    mapped.write(position, header, headerOffset, SegmentLayout.FRAME_HEADER_BYTES);
    // After the bytes: a sync that finds it unset has no frame to cover that is known as appended.
    dirty = true;
  }

  /**
   * Makes what was written before the call durable; after a failure nothing may be assumed, and it is not tried
   * again.
   */
  void sync() throws IOException {
    dirty = false;
    file.sync(SyncScope.DATA);
  }

  void close() throws IOException {
    try (StorageFile closed = file) {
      WritableRegion mapped = region;
      if (mapped != null) {
        mapped.close();
      }
      assert closed != null;
    }
  }

  private void writeMark(int code, int offset, Mark mark) throws IOException {
    ByteBuffer bytes = SegmentLayout.mark(code, salt, mark);
    writeBytes(offset, bytes);
    writeBytes(offset + SegmentLayout.MARK_COPY_DISTANCE, bytes);
    dirty = true;
  }

  @SuppressWarnings("ByteBufferBackingArray") // a mark is a heap buffer of its own, offset 0
  private void writeBytes(int position, ByteBuffer bytes) throws IOException {
    WritableRegion mapped = region;
    if (mapped != null) {
      mapped.write(position, bytes.array(), 0, bytes.limit());
    } else {
      file.write(position, bytes.duplicate());
    }
  }
}
