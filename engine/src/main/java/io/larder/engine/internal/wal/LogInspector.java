package io.larder.engine.internal.wal;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.codec.BatchReader;
import io.larder.engine.internal.wal.SegmentLayout.Mark;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows what is in log segments, those of a closed database and those of an archive alike, without changing anything.
 * Stateless; reads one segment into memory at a time.
 *
 * <p>It judges each file by itself; which frames a recovery would use, and whether anything is missing, is for {@link
 * WriteAheadLog#recover} to say.
 */
public final class LogInspector {
  private LogInspector() {}

  /**
   * What one segment file holds. An immutable value.
   *
   * @param number its number
   * @param path its file
   * @param sizeBytes the size of the file
   * @param databaseId the database it belongs to
   * @param state how far it came
   * @param firstSequence the first sequence number it holds or would hold next, 0 if it was never started
   * @param lastSequence the last sequence number it holds; below the first if it holds none
   * @param syncedSequence the highest sequence number it says is durable
   * @param frames how many valid frames it holds from its beginning on
   * @param entries how many changes those have
   * @param usedBytes the offset after the last of them
   * @param firstTimeMillis the first commit time in it, 0 if there is none
   * @param lastTimeMillis the last commit time in it, 0 if there is none
   * @param problem what is wrong with the file, or empty
   */
  public record Segment(
      long number,
      Path path,
      long sizeBytes,
      long databaseId,
      State state,
      long firstSequence,
      long lastSequence,
      long syncedSequence,
      long frames,
      long entries,
      long usedBytes,
      long firstTimeMillis,
      long lastTimeMillis,
      String problem) {}

  /** How far a segment came. */
  public enum State {
    /** Prepared; it holds nothing. */
    UNUSED,
    /** The newest one of a log that was not closed in order, or is open. */
    OPEN,
    /** A newer segment goes on where it ends. */
    SEALED,
    /** The log was closed in order at its end. */
    CLOSED,
    /** Not readable as a segment. */
    DAMAGED
  }

  /**
   * One frame, which is one batch. An immutable value.
   *
   * @param position its offset in the file
   * @param lengthBytes its bytes with header and padding
   * @param entries how many changes it has
   * @param firstSequence the sequence number of the first
   * @param lastSequence the sequence number of the last
   * @param syncedSequence a sequence number that was durable when it was written
   * @param commitTimeMillis when it was committed
   */
  public record FrameDescription(
      long position,
      long lengthBytes,
      int entries,
      long firstSequence,
      long lastSequence,
      long syncedSequence,
      long commitTimeMillis) {}

  /** Takes frames one after the other. */
  @FunctionalInterface
  public interface FrameVisitor {
    /**
     * Takes one frame and returns whether to go on.
     *
     * @param changes the changes, good only during the call; need not be read
     */
    boolean visit(FrameDescription frame, BatchReader changes) throws IOException;
  }

  /**
   * Describes every segment in a directory, by number. A file that is no readable segment is described as damaged.
   *
   * @throws IOException if the machine refuses
   */
  public static List<Segment> segments(FileSystem fileSystem, Path directory) throws IOException {
    List<Segment> segments = new ArrayList<>();
    for (Path path : SegmentFiles.segments(fileSystem, directory).values()) {
      segments.add(segment(fileSystem, path));
    }
    for (int i = 0; i < segments.size() - 1; i++) {
      Segment each = segments.get(i);
      boolean goesOn =
          segments.subList(i + 1, segments.size()).stream()
              .anyMatch(later -> later.state() != State.UNUSED && later.state() != State.DAMAGED);
      if (goesOn && (each.state() == State.OPEN || each.state() == State.CLOSED)) {
        segments.set(i, sealed(each));
      }
    }
    return segments;
  }

  private static Segment sealed(Segment segment) {
    return new Segment(
        segment.number(),
        segment.path(),
        segment.sizeBytes(),
        segment.databaseId(),
        State.SEALED,
        segment.firstSequence(),
        segment.lastSequence(),
        segment.syncedSequence(),
        segment.frames(),
        segment.entries(),
        segment.usedBytes(),
        segment.firstTimeMillis(),
        segment.lastTimeMillis(),
        segment.problem());
  }

  /**
   * Describes one segment file; it is never called sealed, since that is for others to show.
   *
   * @throws IOException if the machine refuses
   */
  public static Segment segment(FileSystem fileSystem, Path path) throws IOException {
    SegmentReader reader;
    try {
      reader = SegmentReader.read(fileSystem, path, true);
    } catch (CorruptionException e) {
      return damaged(fileSystem, path, String.valueOf(e.getMessage()));
    }
    Mark start = reader.start();
    Mark end = reader.end();
    Tally tally = new Tally(start == null ? 0 : start.nextSequence());
    int position =
        start == null
            ? SegmentLayout.FRAMES_OFFSET
            : walk(reader, (frame, changes) -> tally.add(frame));
    boolean closed =
        end != null && end.position() == position && end.nextSequence() == tally.lastSequence + 1;
    long synced = Math.max(tally.synced, start == null ? 0 : start.syncedSequence());
    String problem =
        end != null && end.position() != 0 && !closed
            ? "ends at offset " + position + ", its end mark says " + end.position()
            : "";
    return new Segment(
        reader.number(),
        path,
        reader.sizeBytes(),
        reader.header().file().databaseId(),
        start == null ? State.UNUSED : closed ? State.CLOSED : State.OPEN,
        tally.firstSequence,
        tally.lastSequence,
        Math.max(synced, end == null ? 0 : end.syncedSequence()),
        tally.frames,
        tally.entries,
        position,
        tally.firstTimeMillis,
        tally.lastTimeMillis,
        problem);
  }

  private static Segment damaged(FileSystem fileSystem, Path path, String problem)
      throws IOException {
    String name = String.valueOf(path.getFileName());
    int digits = name.length() - SegmentFiles.SEGMENT_SUFFIX.length();
    boolean numbered = digits == 16 && name.endsWith(SegmentFiles.SEGMENT_SUFFIX);
    long number = numbered ? HexFormat.fromHexDigitsToLong(name, 0, digits) : 0;
    long size = fileSystem.sizeBytes(path);
    return new Segment(number, path, size, 0, State.DAMAGED, 0, 0, 0, 0, 0, 0, 0, 0, problem);
  }

  /**
   * Walks the valid frames of a segment from its beginning on and returns the offset where they end.
   *
   * @throws CorruptionException if the file is no readable segment
   * @throws IOException if the machine refuses, or the visitor does
   */
  public static long frames(FileSystem fileSystem, Path path, FrameVisitor visitor)
      throws IOException {
    SegmentReader reader = SegmentReader.read(fileSystem, path, true);
    return reader.start() == null ? SegmentLayout.FRAMES_OFFSET : walk(reader, visitor);
  }

  private static int walk(SegmentReader reader, FrameVisitor visitor) throws IOException {
    Mark start = reader.start();
    long expected = start == null ? 0 : start.nextSequence();
    int position = SegmentLayout.FRAMES_OFFSET;
    while (true) {
      @Nullable Frame frame = reader.frameHeader(position);
      if (frame == null
          || frame.firstSequence() != expected
          || !reader.payloadValid(position, frame)) {
        return position;
      }
      FrameDescription description =
          new FrameDescription(
              position,
              frame.bytes(),
              frame.count(),
              frame.firstSequence(),
              frame.lastSequence(),
              frame.syncedSequence(),
              frame.commitTimeMillis());
      BatchReader changes =
          new BatchReader(
              reader.payload(position, frame),
              frame.count(),
              frame.firstSequence(),
              reader.path(),
              position);
      position += (int) frame.bytes();
      expected = frame.lastSequence() + 1;
      if (!visitor.visit(description, changes)) {
        return position;
      }
    }
  }

  /** Sums frames up. */
  private static final class Tally {
    final long firstSequence;
    long lastSequence;
    long synced;
    long frames;
    long entries;
    long firstTimeMillis;
    long lastTimeMillis;

    Tally(long firstSequence) {
      this.firstSequence = firstSequence;
      this.lastSequence = firstSequence - 1;
    }

    boolean add(FrameDescription frame) {
      if (frames == 0) {
        firstTimeMillis = frame.commitTimeMillis();
      }
      lastTimeMillis = frame.commitTimeMillis();
      lastSequence = frame.lastSequence();
      synced = Math.max(synced, frame.syncedSequence());
      entries += frame.entries();
      frames++;
      return true;
    }
  }
}
