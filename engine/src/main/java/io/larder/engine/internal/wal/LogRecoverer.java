package io.larder.engine.internal.wal;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.io.FullDisk;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.internal.wal.LogReader.Extent;
import io.larder.engine.internal.wal.SegmentLayout.Mark;
import io.larder.engine.internal.wal.SegmentRanges.Started;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import io.larder.engine.spi.StorageFile.SyncScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings a log that was left in any state to one that takes appends. Used by one thread, once.
 *
 * <p>After an orderly shutdown nothing is written: the first append will go to a new segment. Otherwise it makes that
 * at once. Batches
 * that were readable but are not known to have been durable are first written again, the same bytes to the same
 * place, and synced: they may have been read from the operating system's memory, whose pages a failed sync leaves
 * looking good and clean without being on the disk, so that no later sync would put that right. Writing the same
 * bytes leaves nothing worse whenever it is cut short.
 */
final class LogRecoverer {
  private static final System.Logger LOG = LazyLogger.of(LogRecoverer.class);
  private static final int SLICE_BYTES = 256 << 10;

  private final FileSystem fileSystem;
  private final Clock clock;
  private final SegmentFiles files;
  private final LogOptions options;
  private final LogStart start;
  private long keptBytes;
  private @Nullable LogReader reader;

  /**
   * A log that is ready for appends.
   *
   * @param segment where they go
   * @param position at which offset
   * @param firstSegment the number of the oldest segment that is needed
   * @param started every segment that holds batches
   * @param bytes how many bytes of log they have
   * @param withoutRoom whether the disk had no room for a segment: the next one is still to be made
   */
  record Opened(
      LogSegment segment,
      long position,
      long firstSegment,
      List<Started> started,
      long bytes,
      boolean withoutRoom) {}

  LogRecoverer(
      FileSystem fileSystem, Clock clock, SegmentFiles files, LogOptions options, LogStart start) {
    this.fileSystem = fileSystem;
    this.clock = clock;
    this.files = files;
    this.options = options;
    this.start = start;
  }

  /** Makes the first segment of a log, whose number is at least a given one and that of no other. */
  static Opened create(SegmentFiles files, LogOptions options, long leastNumber)
      throws IOException {
    SortedMap<Long, Path> others = files.segments();
    long number = others.isEmpty() ? leastNumber : Math.max(leastNumber, others.lastKey() + 1);
    long size = Math.min(WriteAheadLog.FIRST_SEGMENT_BYTES_MAX, options.segmentBytes());
    return new Opened(
        files.prepare(number, size), SegmentLayout.FRAMES_OFFSET, number, List.of(), 0, false);
  }

  Opened recover(BatchConsumer consumer) throws IOException {
    files.deleteLeftovers(start.firstSegment());
    SortedMap<Long, Path> segments = files.segments();
    LogReader log =
        new LogReader(fileSystem, options, start, segments.tailMap(start.firstSegment()));
    reader = log;
    log.read(consumer);
    if (options.orderlyEndRequired() && !log.cleanShutdown()) {
      throw new CorruptionException(
          log.result().tornTail()
              + ": found the end of a log that was not closed in order, after sequence number "
              + log.lastSequence()
              + ", expected an orderly end, since recovery=manual was asked for; recovery=auto (once: larder recover) goes on"
              + " from there, and loses nothing that was acknowledged");
    }
    for (long number : log.unstarted()) {
      fileSystem.delete(files.segmentPath(number));
    }
    List<Started> started = keptForTheArchive(segments.headMap(start.firstSegment()));
    long bytes = log.addStarted(started, keptBytes);
    return log.cleanShutdown()
        ? resume(log, started, bytes)
        : goOnInANewSegment(log, started, bytes);
  }

  /** Returns the segments that are in tables but not yet in the archive. */
  private List<Started> keptForTheArchive(SortedMap<Long, Path> segments) throws IOException {
    List<Started> kept = new ArrayList<>();
    for (Map.Entry<Long, Path> each : segments.entrySet()) {
      try {
        SegmentReader segment =
            SegmentReader.readMarks(
                fileSystem, each.getValue(), options.databaseId(), each.getKey());
        Mark mark = segment.start();
        if (mark != null) {
          kept.add(new Started(each.getKey(), mark.nextSequence(), keptBytes));
          keptBytes += segment.sizeBytes() - SegmentLayout.FRAMES_OFFSET;
        }
      } catch (CorruptionException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "A log segment that only the archive still waits for is damaged and stays where it is",
            e);
        kept.add(new Started(each.getKey(), SegmentRanges.UNKNOWN, keptBytes));
      }
    }
    return kept;
  }

  LogRecovery result() {
    if (reader == null) {
      throw new IllegalStateException("nothing was recovered");
    }
    return reader.result();
  }

  /** The segment stays as it is, and appends go to the next one, which nobody needs to make before there are any. */
  private Opened resume(LogReader log, List<Started> started, long bytes) throws IOException {
    Extent last = log.extents().get(log.extents().size() - 1);
    LogSegment segment = files.openEnded(last.number(), last.salt(), last.endPosition());
    return new Opened(segment, last.endPosition(), start.firstSegment(), started, bytes, false);
  }

  private Opened goOnInANewSegment(LogReader log, List<Started> started, long bytes)
      throws IOException {
    long durable = log.durableSequence();
    for (Extent extent : log.extents()) {
      if (extent.lastSequence() > durable) {
        writeAgain(extent, durable);
      }
    }
    LogSegment segment;
    try {
      segment =
          files.prepareWhatFits(
              log.highestNumber() + 1,
              Math.min(WriteAheadLog.FIRST_SEGMENT_BYTES_MAX, options.segmentBytes()),
              LogOptions.SEGMENT_BYTES_MIN,
              true);
    } catch (IOException e) {
      if (FullDisk.isCauseOf(e)) {
        return withoutRoom(log, started, bytes);
      }
      throw e;
    }
    boolean done = false;
    try {
      // Not synced: it may be lost, and is true whenever seen.
      segment.start(
          new Mark(
              log.lastSequence() + 1,
              log.lastSequence(),
              SegmentLayout.FRAMES_OFFSET,
              clock.currentTimeMillis()));
      started.add(new Started(segment.number(), log.lastSequence() + 1, bytes));
      done = true;
      return new Opened(
          segment, SegmentLayout.FRAMES_OFFSET, start.firstSegment(), started, bytes, false);
    } finally {
      if (!done) {
        segment.close();
      }
    }
  }

  /** What there is can be read; the first append, when there is room, makes the next segment. */
  private Opened withoutRoom(LogReader log, List<Started> started, long bytes) throws IOException {
    List<Extent> extents = log.extents();
    Extent last = extents.isEmpty() ? null : extents.get(extents.size() - 1);
    long existing = last == null ? start.firstSegment() : last.number();
    long end = last == null ? SegmentLayout.FRAMES_OFFSET : last.endPosition();
    LogSegment full = files.openFull(existing, log.highestNumber(), end);
    return new Opened(full, end, start.firstSegment(), started, bytes, true);
  }

  /** Writes the marks of a segment and its frames after a sequence number to where they are, and syncs. */
  private void writeAgain(Extent extent, long after) throws IOException {
    Path path = files.segmentPath(extent.number());
    SegmentReader source =
        SegmentReader.readFrames(fileSystem, path, options.databaseId(), extent.number());
    int at = SegmentLayout.FRAMES_OFFSET;
    while (at < extent.endPosition()) {
      Frame frame = source.frameHeader(at);
      if (frame == null || !source.payloadValid(at, frame)) {
        throw new IOException(
            path + ": offset " + at + ": a frame that was valid before is not any more");
      }
      if (frame.firstSequence() > after) {
        break;
      }
      at += (int) frame.bytes();
    }
    try (StorageFile file = fileSystem.open(path, OpenMode.READ_WRITE)) {
      write(file, source, SegmentLayout.START_MARK_OFFSET, SegmentLayout.FRAMES_OFFSET);
      write(file, source, at, extent.endPosition());
      file.sync(SyncScope.DATA);
    }
  }

  /** Writes in slices, which bounds the native memory the JDK keeps for the copy. */
  private static void write(StorageFile file, SegmentReader source, int from, int to)
      throws IOException {
    for (int at = from; at < to; at += SLICE_BYTES) {
      file.write(at, source.bytes(at, Math.min(SLICE_BYTES, to - at)));
    }
  }
}
