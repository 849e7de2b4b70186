package io.larder.engine.internal.wal;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.wal.LogReader.Extent;
import io.larder.engine.internal.wal.SegmentLayout.Mark;
import io.larder.engine.internal.wal.SegmentRanges.Started;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings a log that was left in any state to one that takes appends. Used by one thread, once.
 *
 * <p>After an orderly shutdown it goes on where the log ended. Otherwise it makes a new segment. Batches
 * that were readable but are not known to have been durable are written anew into it: they may have been
 * read from the operating system's memory, whose pages a failed sync leaves looking good without being on
 * the disk, and no later sync of the old file would put that right. The new segment's start mark, written
 * when its frames are durable, is what replaces the old tail; a crash before that leaves the old log as
 * it was. When the start mark is durable too, a mark that vouches for the copied frames follows.
 */
final class LogRecoverer {
  private static final System.Logger LOG = System.getLogger(LogRecoverer.class.getName());
  private static final int COPY_BYTES = 1 << 20;

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
   */
  record Opened(
      LogSegment segment, long position, long firstSegment, List<Started> started, long bytes) {}

  LogRecoverer(
      FileSystem fileSystem, Clock clock, SegmentFiles files, LogOptions options, LogStart start) {
    this.fileSystem = fileSystem;
    this.clock = clock;
    this.files = files;
    this.options = options;
    this.start = start;
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
              + ", expected an orderly end, since recovery=manual was asked for; recovery=auto goes on"
              + " from there, and loses nothing that was acknowledged");
    }
    for (long number : log.unstarted()) {
      fileSystem.delete(files.segmentPath(number));
    }
    List<Started> started = keptForTheArchive(segments.headMap(start.firstSegment()));
    long bytes = log.addStarted(started, keptBytes);
    return log.cleanShutdown() ? resume(log, started, bytes) : replaceTail(log, started, bytes);
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
          keptBytes += segment.header().sizeBytes() - SegmentLayout.FRAMES_OFFSET;
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

  private Opened resume(LogReader log, List<Started> started, long bytes) throws IOException {
    Extent last = log.extents().get(log.extents().size() - 1);
    LogSegment segment = files.open(last.number(), last.salt(), last.sizeBytes(), true);
    long lastSequence = log.lastSequence();
    segment.resumeAfter(
        new Mark(lastSequence + 1, lastSequence, last.endPosition(), clock.currentTimeMillis()));
    return new Opened(segment, last.endPosition(), start.firstSegment(), started, bytes);
  }

  private Opened replaceTail(LogReader log, List<Started> started, long bytes) throws IOException {
    long durable = log.durableSequence();
    List<Extent> untrusted =
        log.extents().stream().filter(each -> each.lastSequence() > durable).toList();
    long tailBytes =
        untrusted.stream()
            .mapToLong(each -> each.endPosition() - SegmentLayout.FRAMES_OFFSET)
            .sum();
    LogSegment segment =
        files.prepare(
            log.highestNumber() + 1,
            Math.max(options.segmentBytes(), SegmentLayout.FRAMES_OFFSET + tailBytes));
    boolean done = false;
    try {
      long position = SegmentLayout.FRAMES_OFFSET;
      for (Extent extent : untrusted) {
        position = copy(extent, durable, segment, position);
      }
      if (segment.dirty()) {
        segment.sync();
      }
      // The copied frames can be reached only through this mark, so it cannot vouch for them
      // itself: a
      // mark that is seen in memory and then lost would have called durable what is lost with it.
      long timeMillis = clock.currentTimeMillis();
      segment.start(new Mark(durable + 1, durable, SegmentLayout.FRAMES_OFFSET, timeMillis));
      segment.sync();
      segment.vouch(new Mark(log.lastSequence() + 1, log.lastSequence(), 0, timeMillis));
      done = true;
      started.add(new Started(segment.number(), durable + 1, bytes));
      long allBytes = bytes + position - SegmentLayout.FRAMES_OFFSET;
      return new Opened(segment, position, start.firstSegment(), started, allBytes);
    } finally {
      if (!done) {
        segment.close();
      }
    }
  }

  /** Writes the frames of an extent after a sequence number anew, and returns the position after them. */
  private long copy(Extent extent, long after, LogSegment target, long position)
      throws IOException {
    SegmentReader source =
        SegmentReader.readAll(
            fileSystem, files.segmentPath(extent.number()), options.databaseId(), extent.number());
    FrameWriter writer = new FrameWriter();
    ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
    long flushed = position;
    int at = SegmentLayout.FRAMES_OFFSET;
    while (at < extent.endPosition()) {
      Frame frame = source.frameHeader(at);
      if (frame == null) {
        throw new IOException(
            source.path() + ": offset " + at + ": a frame that was valid before is not any more");
      }
      if (frame.firstSequence() > after) {
        if (buffer.remaining() < frame.bytes()) {
          flushed += write(target, flushed, buffer);
          if (buffer.capacity() < frame.bytes()) {
            buffer = ByteBuffer.allocateDirect((int) frame.bytes());
          }
        }
        Frame copied =
            new Frame(
                frame.length(),
                frame.payloadChecksum(),
                frame.count(),
                frame.firstSequence(),
                after,
                frame.commitTimeMillis());
        writer.write(
            buffer,
            target.salt(),
            flushed + buffer.position(),
            copied,
            source.array(),
            SegmentReader.payloadOffset(at));
      }
      at += (int) frame.bytes();
    }
    return flushed + write(target, flushed, buffer);
  }

  private static int write(LogSegment target, long position, ByteBuffer buffer) throws IOException {
    buffer.flip();
    int length = buffer.remaining();
    if (length > 0) {
      target.write(position, buffer);
    }
    buffer.clear();
    return length;
  }
}
