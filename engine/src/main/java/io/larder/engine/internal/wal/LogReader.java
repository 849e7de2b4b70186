package io.larder.engine.internal.wal;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.BatchReader;
import io.larder.engine.internal.wal.SegmentLayout.Mark;
import io.larder.engine.internal.wal.SegmentRanges.Started;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the segments of a log in order and finds where it ends. Used by one thread, for one recovery.
 *
 * <p>How the end is found:
 *
 * <ol>
 *   <li>The log is the chain of frames whose sequence numbers follow each other without a gap, through all
 *       segments that have a start mark. A segment is read up to the first sequence number that a segment
 *       with a higher number starts at.
 *   <li>Reading stops at the first frame that is not valid, unless the next started segment goes on with
 *       exactly the sequence number that is due.
 *   <li>Then everything behind the stop, valid or not, is searched for evidence: the highest "synced-to"
 *       anywhere. If it is beyond what was read, that is corruption, and nothing is changed. Otherwise
 *       what follows the stop was never durable.
 * </ol>
 */
final class LogReader {
  private final FileSystem fileSystem;
  private final LogOptions options;
  private final LogStart start;
  private final SortedMap<Long, Path> paths;
  private final List<SegmentReader> marks = new ArrayList<>();
  private final List<Extent> extents = new ArrayList<>();
  private @Nullable SegmentReader lastRead;

  private long expected;
  private long evidence;
  private String evidencePlace = "";
  private @Nullable Frame evidenceFrame;
  private @Nullable Path evidencePath;
  private int evidencePosition;
  private String stop = "";
  private boolean clean;
  private long closingNumber;
  private long endedAtMillis;
  private long batches;
  private long entries;
  private long bytes;
  private long lastCommitTimeMillis;

  /**
   * The frames of one segment that belong to the log.
   *
   * @param number the segment
   * @param salt the segment's salt
   * @param endPosition the offset after its last frame
   * @param lastSequence the last sequence number read from it
   */
  record Extent(long number, long salt, int endPosition, long lastSequence) {}

  LogReader(
      FileSystem fileSystem, LogOptions options, LogStart start, SortedMap<Long, Path> paths) {
    this.fileSystem = fileSystem;
    this.options = options;
    this.start = start;
    this.paths = paths;
  }

  /** Hands every batch that is not in tables to the consumer, and checks that nothing is missing. */
  void read(BatchConsumer consumer) throws IOException {
    if (!paths.containsKey(start.firstSegment())) {
      throw new CorruptionException(
          "log segment "
              + start.firstSegment()
              + " is missing: found the segments "
              + paths.keySet()
              + ", expected the first to be "
              + start.firstSegment());
    }
    for (Map.Entry<Long, Path> segment : paths.entrySet()) {
      marks.add(
          SegmentReader.readMarks(
              fileSystem, segment.getValue(), options.databaseId(), segment.getKey()));
    }
    expected = start.flushedSequence() + 1;
    noteEvidence(start.durableSequence(), "the manifest");
    int searchFrom;
    try (SegmentReadAhead ahead =
        new SegmentReadAhead(fileSystem, options.databaseId(), segmentsToRead())) {
      searchFrom = readChain(consumer, ahead);
    }
    searchEvidence(searchFrom);
    if (evidence > lastSequence()) {
      throw new CorruptionException(
          (stop.isEmpty() ? "the log ends" : stop)
              + ": found sequence numbers up to "
              + lastSequence()
              + ", expected up to "
              + evidence
              + ", which "
              + evidencePlace()
              + " says were durable");
    }
  }

  /** Returns the segments that {@link #readChain} will read if nothing is missing; it may end before. */
  private List<SegmentReader> segmentsToRead() {
    List<SegmentReader> wanted = new ArrayList<>();
    for (int i = 0; i < marks.size(); i++) {
      Mark mark = marks.get(i).start();
      if (mark != null && mark.nextSequence() < limitFor(i)) {
        wanted.add(marks.get(i));
      }
    }
    return wanted;
  }

  /** Reads the chain and returns the index of the first segment to search for evidence. */
  private int readChain(BatchConsumer consumer, SegmentReadAhead ahead) throws IOException {
    int searchFrom = 0;
    boolean broken = false;
    int candidate = -1;
    for (int i = 0; i < marks.size(); i++) {
      SegmentReader segment = marks.get(i);
      Mark mark = segment.start();
      if (mark == null || mark.nextSequence() >= limitFor(i)) {
        continue; // never started, or replaced as a whole
      }
      candidate++;
      noteMarks(segment);
      if (broken || mark.nextSequence() > Math.max(expected, start.flushedSequence() + 1)) {
        if (!broken && stop.isEmpty()) {
          stop = segment.path() + ": starts at sequence number " + mark.nextSequence();
        }
        broken = true;
        continue;
      }
      searchFrom = i;
      expected = mark.nextSequence();
      stop = "";
      readSegment(ahead.take(candidate), segment, limitFor(i), consumer);
    }
    expected = Math.max(expected, start.flushedSequence() + 1);
    return searchFrom;
  }

  private void readSegment(
      SegmentReader segment, SegmentReader marked, long limit, BatchConsumer consumer)
      throws IOException {
    lastRead = segment;
    int position = SegmentLayout.FRAMES_OFFSET;
    while (expected < limit) {
      Frame frame = validFrame(segment, position);
      if (frame == null) {
        stop = marked.path() + ": offset " + position;
        break;
      }
      noteEvidence(frame.syncedSequence(), frame, marked.path(), position);
      if (frame.lastSequence() > start.flushedSequence()) {
        hand(segment, position, frame, consumer);
      }
      expected = frame.lastSequence() + 1;
      position += (int) frame.bytes();
    }
    Mark end = marked.end();
    clean = end != null && end.nextSequence() == expected && end.position() == position;
    closingNumber = clean ? marked.closingNumber() : 0;
    endedAtMillis = clean && end != null && closingNumber == 0 ? end.timeMillis() : 0;
    extents.add(new Extent(marked.number(), marked.header().salt(), position, expected - 1));
  }

  private @Nullable Frame validFrame(SegmentReader segment, int position) throws IOException {
    Frame frame = segment.verifiedFrame(position);
    return frame != null && frame.firstSequence() == expected ? frame : null;
  }

  private void hand(SegmentReader segment, int position, Frame frame, BatchConsumer consumer)
      throws IOException {
    BatchReader changes =
        new BatchReader(
            segment.payload(position, frame),
            frame.count(),
            frame.firstSequence(),
            segment.path(),
            position);
    consumer.accept(frame.firstSequence(), frame.count(), frame.commitTimeMillis(), changes);
    batches++;
    entries += frame.count();
    bytes += frame.bytes();
    lastCommitTimeMillis = frame.commitTimeMillis();
  }

  /** Returns the lowest sequence number that a segment after this one starts at. */
  private long limitFor(int index) {
    long limit = Long.MAX_VALUE;
    for (int i = index + 1; i < marks.size(); i++) {
      Mark mark = marks.get(i).start();
      if (mark != null) {
        limit = Math.min(limit, mark.nextSequence());
      }
    }
    return limit;
  }

  private void searchEvidence(int from) throws IOException {
    int position =
        extents.isEmpty()
            ? SegmentLayout.FRAMES_OFFSET
            : extents.get(extents.size() - 1).endPosition();
    for (int i = from; i < marks.size(); i++) {
      SegmentReader segment = lastRead;
      if (segment == null || segment.number() != marks.get(i).number()) {
        Path path = marks.get(i).path();
        segment =
            SegmentReader.readFrames(fileSystem, path, options.databaseId(), marks.get(i).number());
      }
      noteEvidence(segment.syncedSequenceAfter(position), segment.path().toString());
      position = SegmentLayout.FRAMES_OFFSET;
    }
  }

  private void noteMarks(SegmentReader segment) {
    for (Mark mark : new @Nullable Mark[] {segment.start(), segment.end()}) {
      if (mark != null) {
        noteEvidence(mark.syncedSequence(), segment.path() + " in a mark");
      }
    }
  }

  /** Called for every frame, so the place is spelled only when somebody asks. */
  private void noteEvidence(long sequence, Frame frame, Path path, int position) {
    if (sequence > evidence) {
      evidence = sequence;
      evidencePlace = "";
      evidenceFrame = frame;
      evidencePath = path;
      evidencePosition = position;
    }
  }

  private String evidencePlace() {
    Frame frame = evidenceFrame;
    return frame == null || !evidencePlace.isEmpty()
        ? evidencePlace
        : evidencePath + ": frame " + frame.firstSequence() + " at offset " + evidencePosition;
  }

  private void noteEvidence(long sequence, String place) {
    if (sequence > evidence) {
      evidence = sequence;
      evidencePlace = place;
    }
  }

  /** Returns the last sequence number of the log and the tables together. */
  long lastSequence() {
    return Math.max(expected - 1, start.flushedSequence());
  }

  /** Returns the highest sequence number known to have been durable before this recovery. */
  long durableSequence() {
    return Math.max(evidence, start.flushedSequence());
  }

  /** Returns the segments the log was read from, in order. */
  List<Extent> extents() {
    return extents;
  }

  /**
   * Adds every segment that holds batches and returns how many bytes of log there are with them.
   *
   * @param bytesBefore how many there are before them
   */
  long addStarted(List<Started> started, long bytesBefore) {
    long all = bytesBefore;
    for (SegmentReader segment : marks) {
      Mark mark = segment.start();
      if (mark != null) {
        started.add(new Started(segment.number(), mark.nextSequence(), all));
        for (Extent extent : extents) {
          if (extent.number() == segment.number()) {
            all += extent.endPosition() - SegmentLayout.FRAMES_OFFSET;
          }
        }
      }
    }
    return all;
  }

  /** Returns the highest segment number there is. */
  long highestNumber() {
    return paths.lastKey();
  }

  /** Returns the segments after the first that never became part of the log. */
  List<Long> unstarted() {
    return marks.stream()
        .filter(each -> each.start() == null && each.number() != start.firstSegment())
        .map(SegmentReader::number)
        .toList();
  }

  /** Returns whether the last segment was closed in order, so that it can be continued. */
  boolean cleanShutdown() {
    return clean && lastSequence() == durableSequence();
  }

  LogRecovery result() {
    String tornTail = cleanShutdown() ? "" : stop;
    return new LogRecovery(
        lastSequence(),
        batches,
        entries,
        bytes,
        cleanShutdown(),
        tornTail,
        lastCommitTimeMillis,
        cleanShutdown() ? closingNumber : 0,
        cleanShutdown() ? endedAtMillis : 0);
  }
}
