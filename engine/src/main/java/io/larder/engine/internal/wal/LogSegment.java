package io.larder.engine.internal.wal;

import io.larder.engine.internal.wal.SegmentLayout.Mark;
import io.larder.engine.spi.StorageFile;
import io.larder.engine.spi.StorageFile.SyncScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A segment file open for writing. Not thread-safe: all but the final fields belong to the thread that
 * leads the log. The log closes it.
 */
final class LogSegment {
  private final StorageFile file;
  private final long number;
  private final long salt;
  private final long sizeBytes;
  private @Nullable Mark endToTakeBack;
  private boolean started;
  private boolean dirty;

  LogSegment(StorageFile file, long number, long salt, long sizeBytes, boolean started) {
    this.file = file;
    this.number = number;
    this.salt = salt;
    this.sizeBytes = sizeBytes;
    this.started = started;
  }

  Path path() {
    return file.path();
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

  /** Returns whether something was written since the last sync. */
  boolean dirty() {
    return dirty;
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

  /** Writes frames. */
  void write(long position, ByteBuffer frames) throws IOException {
    Mark taken = endToTakeBack;
    if (taken != null) {
      end(taken);
      sync();
      endToTakeBack = null;
    }
    writeBytes(position, frames);
  }

  /** Makes what was written durable; after a failure nothing may be assumed, and it is not tried again. */
  void sync() throws IOException {
    file.sync(SyncScope.DATA);
    dirty = false;
  }

  void close() throws IOException {
    file.close();
  }

  private void writeMark(int code, int offset, Mark mark) throws IOException {
    ByteBuffer bytes = SegmentLayout.mark(code, salt, mark);
    writeBytes(offset, bytes.duplicate());
    writeBytes(offset + SegmentLayout.MARK_COPY_DISTANCE, bytes);
  }

  private void writeBytes(long position, ByteBuffer bytes) throws IOException {
    dirty = true;
    file.write(position, bytes);
  }
}
