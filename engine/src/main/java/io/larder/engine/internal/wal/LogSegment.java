package io.larder.engine.internal.wal;

import io.larder.engine.internal.io.LazyLogger;
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
  private static final System.Logger LOG = LazyLogger.of(LogSegment.class);

  private final StorageFile file;
  private final long number;
  private final long salt;
  private final long sizeBytes;
  private @Nullable WritableRegion region;
  private boolean started;
  private boolean ended;
  private long endPosition;
  private volatile boolean dirty;

  LogSegment(
      StorageFile file, @Nullable WritableRegion region, long number, long salt, long sizeBytes) {
    this.file = file;
    this.region = region;
    this.number = number;
    this.salt = salt;
    this.sizeBytes = sizeBytes;
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

  /**
   * Writes the end mark. Requires: everything before it is durable.
   *
   * @param closing whether its time is in truth the next file id of the manifest
   */
  private void end(Mark mark, boolean closing) throws IOException {
    int code = closing ? SegmentLayout.CLOSING_MARK : SegmentLayout.END_MARK;
    writeMark(code, SegmentLayout.END_MARK_OFFSET, mark);
    ended = true;
    endPosition = mark.position();
  }

  /**
   * Remembers that an orderly close has ended the segment at an offset. Whether its mark is durable nobody knows: the
   * process may have been killed between the write and the sync, and the mark read from memory.
   */
  LogSegment endedAt(long position) {
    started = true;
    ended = true;
    endPosition = position;
    return this;
  }

  /**
   * Ends the log here in order, durably, and gives back what is behind the end. Requires: all frames are durable.
   *
   * @param closing whether the mark's time is in truth the next file id of the manifest
   * @param sizeDurable whether the new size is durable too
   */
  void close(Mark mark, boolean closing, boolean sizeDurable) throws IOException {
    // An end mark of an earlier process is written again before anything behind it goes: see
    // endedAt.
    if (!ended || file.sizeBytes() > endPosition) {
      if (!started) {
        start(mark);
      }
      // One that is written again is in a file whose format may not know the other.
      end(mark, closing && !ended);
      sync();
    }
    cut();
    if (sizeDurable) {
      sync();
    }
  }

  /**
   * Gives back the disk space behind the end. Requires: the end mark is durable. Nothing depends on whether a crash undoes
   * it, so it is not synced, and not done where the machine refuses, as some do while a file is mapped.
   */
  private void cut() {
    try {
      WritableRegion mapped = region;
      region = null;
      if (mapped != null) {
        mapped.close();
      }
      if (file.sizeBytes() > endPosition) {
        file.truncate(endPosition);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "A log segment keeps the space behind its end", e);
    }
  }

  /** Writes frames with a call. */
  void write(long position, ByteBuffer frames) throws IOException {
    file.write(position, frames);
    dirty = true;
  }

  /** Copies one frame into mapped memory: a header, and a payload with its padding. */
  void copy(int position, byte[] header, int headerOffset, byte[] payload, int payloadLength)
      throws IOException {
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
