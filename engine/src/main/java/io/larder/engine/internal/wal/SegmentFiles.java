package io.larder.engine.internal.wal;

import io.larder.engine.internal.codec.FileHeader;
import io.larder.engine.internal.codec.FileType;
import io.larder.engine.internal.wal.SegmentLayout.Header;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import io.larder.engine.spi.StorageFile.SyncScope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The names a log uses in its directory, and the reuse of files. One thread may make segments while
 * another gives some up; the log sees to it that it is one of each.
 *
 * <p>A segment is {@code NNNNNNNNNNNNNNNN.wal}, its number in 16 hexadecimal digits. A file that waits to
 * become one is {@code NNNNNNNNNNNNNNNN.spare}. Reuse saves allocating blocks, which would put metadata into
 * every sync.
 *
 * <p>Spares found at a recovery are deleted, not reused: renames that a crash undid in part may have left
 * one file with two names, the other of which is live.
 */
final class SegmentFiles {
  static final String SEGMENT_SUFFIX = ".wal";
  static final String SPARE_SUFFIX = ".spare";
  private static final int NUMBER_DIGITS = 16;

  private final FileSystem fileSystem;
  private final Clock clock;
  private final Path directory;
  private final LogOptions options;
  private final Deque<Path> spares = new ConcurrentLinkedDeque<>();

  SegmentFiles(FileSystem fileSystem, Clock clock, Path directory, LogOptions options) {
    this.fileSystem = fileSystem;
    this.clock = clock;
    this.directory = directory;
    this.options = options;
  }

  Path segmentPath(long number) {
    return directory.resolve(HexFormat.of().toHexDigits(number) + SEGMENT_SUFFIX);
  }

  int spareCount() {
    return spares.size();
  }

  /** Returns the segments in the directory by number. */
  SortedMap<Long, Path> segments() throws IOException {
    return segments(fileSystem, directory);
  }

  /** Returns the segments in a directory by number. */
  static SortedMap<Long, Path> segments(FileSystem fileSystem, Path directory) throws IOException {
    SortedMap<Long, Path> segments = new TreeMap<>();
    for (String name : fileSystem.list(directory)) {
      if (isNumbered(name, SEGMENT_SUFFIX)) {
        segments.put(
            HexFormat.fromHexDigitsToLong(name, 0, NUMBER_DIGITS), directory.resolve(name));
      }
    }
    return segments;
  }

  /** Deletes what a crash may have left behind: spares, and segments below the first that matters. */
  void deleteLeftovers(long firstSegment) throws IOException {
    List<String> names = fileSystem.list(directory);
    for (String name : names) {
      boolean old =
          isNumbered(name, SEGMENT_SUFFIX)
              && HexFormat.fromHexDigitsToLong(name, 0, NUMBER_DIGITS) < firstSegment;
      if (old || isNumbered(name, SPARE_SUFFIX)) {
        fileSystem.delete(directory.resolve(name));
      }
    }
  }

  /** Makes a segment of at least the given size whose name, size and header are durable on return. */
  LogSegment prepare(long number, long sizeBytes) throws IOException {
    Path spare = sizeBytes == options.segmentBytes() ? spares.poll() : null;
    boolean reused = spare != null;
    Path path =
        spare != null
            ? spare
            : directory.resolve(HexFormat.of().toHexDigits(number) + SPARE_SUFFIX);
    if (!reused && fileSystem.exists(path)) {
      fileSystem.delete(path);
    }
    long salt = salt(number);
    FileHeader file =
        new FileHeader(
            FileType.WAL_SEGMENT, SegmentLayout.FORMAT_VERSION, options.databaseId(), number);
    try (StorageFile opened =
        fileSystem.open(path, reused ? OpenMode.READ_WRITE : OpenMode.CREATE_NEW)) {
      opened.preallocate(sizeBytes);
      opened.write(0, SegmentLayout.headerBlock(new Header(file, salt, sizeBytes)));
      opened.sync(SyncScope.FULL);
    }
    Path target = segmentPath(number);
    fileSystem.rename(path, target);
    fileSystem.syncDirectory(directory);
    return open(number, salt, sizeBytes, false);
  }

  /**
   * Returns a salt that no earlier life of a file had: numbers are never used twice in a database, and the
   * clock tells apart what a crash undid.
   */
  private long salt(long number) {
    long mixed = options.databaseId() ^ clock.nanoTime() ^ Long.rotateLeft(number, 40);
    mixed = (mixed ^ mixed >>> 33) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ clock.currentTimeMillis() ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ mixed >>> 33;
  }

  /** Opens an existing segment for writing. */
  LogSegment open(long number, long salt, long sizeBytes, boolean started) throws IOException {
    StorageFile file = fileSystem.open(segmentPath(number), OpenMode.READ_WRITE);
    return new LogSegment(file, number, salt, sizeBytes, started);
  }

  /** Gives up a segment: its file becomes a spare or is deleted. */
  void retire(long number) throws IOException {
    Path path = segmentPath(number);
    if (spares.size() < options.spareSegmentsMax()
        && fileSystem.sizeBytes(path) == options.segmentBytes()) {
      Path spare = directory.resolve(HexFormat.of().toHexDigits(number) + SPARE_SUFFIX);
      fileSystem.rename(path, spare);
      spares.add(spare);
    } else {
      fileSystem.delete(path);
    }
  }

  private static boolean isNumbered(String name, String suffix) {
    return name.length() == NUMBER_DIGITS + suffix.length()
        && name.endsWith(suffix)
        && name.chars()
            .limit(NUMBER_DIGITS)
            .allMatch(digit -> digit >= '0' && digit <= '9' || digit >= 'a' && digit <= 'f');
  }
}
