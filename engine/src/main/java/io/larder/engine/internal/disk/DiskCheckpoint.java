package io.larder.engine.internal.disk;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.manifest.Version;
import io.larder.engine.internal.mvcc.Checkpoint;
import io.larder.engine.internal.wal.LogInspector;
import io.larder.engine.internal.wal.LogInspector.FrameVisitor;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A checkpoint of a disk engine: holds the tables of a view and the segments of the log. Used by one thread. */
final class DiskCheckpoint implements Checkpoint {
  private final DiskParts parts;
  private final TableSet tables;
  private final LogFloor.Hold logHold;
  private final Version version;
  private final long sequence;
  private final long timeMillis;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes over one hold on the tables and one on the log. */
  DiskCheckpoint(
      DiskParts parts,
      TableSet tables,
      LogFloor.Hold logHold,
      Version version,
      long sequence,
      long timeMillis) {
    this.parts = parts;
    this.tables = tables;
    this.logHold = logHold;
    this.version = version;
    this.sequence = sequence;
    this.timeMillis = timeMillis;
  }

  @Override
  public FileSystem fileSystem() {
    return parts.files().fileSystem();
  }

  @Override
  public Clock clock() {
    return parts.clock().clock();
  }

  @Override
  public Path directory() {
    return parts.directory();
  }

  @Override
  public long databaseId() {
    return parts.databaseId();
  }

  @Override
  public Version version() {
    return version;
  }

  @Override
  public long sequence() {
    return sequence;
  }

  @Override
  public long timeMillis() {
    return timeMillis;
  }

  @Override
  public long batchesWritten() {
    return parts.log().statistics().batches();
  }

  @Override
  public Path tablePath(long fileId) {
    return DatabaseDirectory.tablePath(parts.directory(), fileId);
  }

  @Override
  public void readLog(FrameVisitor visitor) throws IOException {
    try {
      readHeldLog(visitor);
    } finally {
      logHold.close();
    }
  }

  private void readHeldLog(FrameVisitor visitor) throws IOException {
    long[] expected = {version.flushedSequence() + 1};
    boolean[] enough = {false};
    List<Path> segments = logHold.segments(fileSystem(), parts.directory());
    for (Path segment : segments) {
      if (expected[0] > sequence || enough[0]) {
        return;
      }
      LogInspector.frames(
          fileSystem(),
          segment,
          (frame, changes) -> {
            if (frame.lastSequence() < expected[0]) {
              return true;
            }
            if (frame.firstSequence() != expected[0] || frame.lastSequence() > sequence) {
              return false;
            }
            expected[0] = frame.lastSequence() + 1;
            enough[0] = !visitor.visit(frame, changes);
            return !enough[0] && expected[0] <= sequence;
          });
    }
    if (expected[0] <= sequence && !enough[0]) {
      throw new CorruptionException(
          parts.directory()
              + ": the log ends at sequence number "
              + (expected[0] - 1)
              + ", expected "
              + sequence);
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      tables.release();
      logHold.close();
    }
  }
}
