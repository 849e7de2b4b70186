package io.larder.engine.internal.backup;

import io.larder.engine.api.CorruptionException;
import io.larder.engine.internal.wal.LogInspector;
import io.larder.engine.internal.wal.LogInspector.FrameVisitor;
import io.larder.engine.internal.wal.LogInspector.Segment;
import io.larder.engine.internal.wal.LogInspector.State;
import io.larder.engine.spi.FileSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The log of a database put together from an archive and from the segments still in its directory. Used by one thread.
 *
 * <p>Segments are read in the order of their numbers, each up to the first sequence number that one with a higher number
 * starts at: that one's word counts, as in a recovery. So a database that was restored to the past and went on, which
 * numbers its segments above all earlier ones, replaces what it left behind.
 */
final class LogChain {
  private final FileSystem fileSystem;
  private final @Nullable LogArchiveDirectory archive;
  private final List<Link> links;
  private final long highestNumber;
  private String problem = "";

  /**
   * A segment of the chain.
   *
   * @param seal what is known of it if it is archived, else null
   */
  private record Link(long number, Path path, long firstSequence, @Nullable ArchiveSeal seal) {}

  private LogChain(
      FileSystem fileSystem,
      @Nullable LogArchiveDirectory archive,
      List<Link> links,
      long highestNumber,
      String problem) {
    this.fileSystem = fileSystem;
    this.archive = archive;
    this.links = links;
    this.highestNumber = highestNumber;
    this.problem = problem;
  }

  /** Looks at what there is of the log of a database. */
  static LogChain of(
      FileSystem fileSystem, long databaseId, @Nullable Path archive, @Nullable Path live)
      throws IOException {
    Map<Long, Link> links = new TreeMap<>();
    long highest = 0;
    String problem = "";
    if (live != null && fileSystem.exists(live)) {
      for (Segment segment : LogInspector.segments(fileSystem, live)) {
        highest = Math.max(highest, segment.number());
        if (segment.state() == State.DAMAGED) {
          problem = segment.path() + ": " + segment.problem();
        } else if (segment.databaseId() != databaseId) {
          problem = segment.path() + ": belongs to another database";
        } else if (segment.state() != State.UNUSED) {
          links.put(
              segment.number(),
              new Link(segment.number(), segment.path(), segment.firstSequence(), null));
        }
      }
    }
    LogArchiveDirectory kept = null;
    if (archive != null) {
      kept = new LogArchiveDirectory(fileSystem, archive, databaseId);
      for (ArchiveSeal seal : kept.seals()) {
        highest = Math.max(highest, seal.number());
        links.put(
            seal.number(),
            new Link(seal.number(), kept.segmentPath(seal.number()), seal.firstSequence(), seal));
      }
    }
    return new LogChain(fileSystem, kept, new ArrayList<>(links.values()), highest, problem);
  }

  /** Returns the highest number of a segment seen, 0 if there is none. */
  long highestNumber() {
    return highestNumber;
  }

  /** Says why reading ended before somebody asked for it, as far as is known; may be empty. */
  String problem() {
    return problem;
  }

  /**
   * Hands over every batch from a sequence number on, in order, without gap, until the visitor has enough or the log
   * ends.
   *
   * @throws CorruptionException if an archived segment that is needed is damaged
   */
  void read(long from, FrameVisitor visitor) throws IOException {
    long[] expected = {from};
    boolean[] enough = {false};
    for (int i = 0; i < links.size() && !enough[0]; i++) {
      Link link = links.get(i);
      long limit = limitFor(i);
      if (limit <= expected[0] || link.firstSequence() >= limit) {
        continue;
      }
      if (link.firstSequence() > expected[0]) {
        problem = link.path() + ": starts at sequence number " + link.firstSequence();
        return;
      }
      ArchiveSeal seal = link.seal();
      if (seal != null && archive != null) {
        archive.verify(seal);
      }
      LogInspector.frames(
          fileSystem,
          link.path(),
          (frame, changes) -> {
            if (frame.lastSequence() < expected[0]) {
              return true;
            }
            if (frame.firstSequence() >= limit || frame.firstSequence() != expected[0]) {
              return false;
            }
            enough[0] = !visitor.visit(frame, changes);
            expected[0] = enough[0] ? expected[0] : frame.lastSequence() + 1;
            return !enough[0];
          });
    }
  }

  /** Returns the lowest sequence number that a segment after this one starts at. */
  private long limitFor(int index) {
    long limit = Long.MAX_VALUE;
    for (int i = index + 1; i < links.size(); i++) {
      limit = Math.min(limit, links.get(i).firstSequence());
    }
    return limit;
  }
}
