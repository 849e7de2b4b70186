package io.larder.engine;

import io.larder.engine.api.LogBatch;
import io.larder.engine.api.LogSegment;
import io.larder.engine.api.StorageException;
import io.larder.engine.internal.codec.BatchReader;
import io.larder.engine.internal.io.LocalFileSystem;
import io.larder.engine.internal.wal.LogInspector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Looks into the files of a write-ahead log: those of a database, closed or held by any process, and those of an archive.
 * Changes nothing and takes no lock, so that what a running database is about to write may be half there. Stateless.
 */
public final class LogFiles {
  private LogFiles() {}

  /**
   * Describes every segment in a directory, by number; a file that is no readable segment is described as damaged.
   *
   * @throws StorageException if the directory cannot be read
   */
  public static List<LogSegment> list(Path directory) {
    try {
      return LogInspector.segments(LocalFileSystem.instance(), directory).stream()
          .map(LogFiles::described)
          .toList();
    } catch (IOException e) {
      throw new StorageException(directory + ": the log could not be read: " + e, e);
    }
  }

  /**
   * Describes one segment, which is never called sealed: that is for those after it to show.
   *
   * @throws StorageException if the file cannot be read
   */
  public static LogSegment describe(Path segment) {
    try {
      return described(LogInspector.segment(LocalFileSystem.instance(), segment));
    } catch (IOException e) {
      throw new StorageException(segment + ": could not be read: " + e, e);
    }
  }

  private static LogSegment described(LogInspector.Segment segment) {
    return new LogSegment(
        segment.number(),
        segment.path(),
        segment.sizeBytes(),
        state(segment.state()),
        segment.firstSequence(),
        segment.lastSequence(),
        segment.frames(),
        segment.entries(),
        segment.usedBytes(),
        segment.firstTimeMillis(),
        segment.lastTimeMillis(),
        segment.problem());
  }

  private static LogSegment.State state(LogInspector.State state) {
    return switch (state) {
      case UNUSED -> LogSegment.State.UNUSED;
      case OPEN -> LogSegment.State.OPEN;
      case SEALED -> LogSegment.State.SEALED;
      case CLOSED -> LogSegment.State.CLOSED;
      case DAMAGED -> LogSegment.State.DAMAGED;
    };
  }

  /**
   * Walks the valid batches of a segment from its beginning on, until the visitor returns false.
   *
   * @param withChanges whether batches have their changes
   * @throws io.larder.engine.api.CorruptionException if the file is no readable segment
   * @throws StorageException if the file cannot be read
   */
  public static void batches(Path segment, boolean withChanges, Predicate<LogBatch> visitor) {
    try {
      LogInspector.frames(
          LocalFileSystem.instance(),
          segment,
          (frame, changes) ->
              visitor.test(
                  new LogBatch(
                      frame.position(),
                      frame.lengthBytes(),
                      frame.firstSequence(),
                      frame.lastSequence(),
                      frame.commitTimeMillis(),
                      withChanges ? read(changes) : List.of())));
    } catch (IOException e) {
      throw new StorageException(segment + ": could not be read: " + e, e);
    }
  }

  private static List<LogBatch.Change> read(BatchReader reader) {
    List<LogBatch.Change> changes = new ArrayList<>();
    while (reader.next()) {
      changes.add(
          new LogBatch.Change(
              reader.keyspaceId(), reader.key(), reader.value(), reader.expiresAtMillis()));
    }
    return changes;
  }
}
