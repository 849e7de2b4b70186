package io.larder.engine.internal.wal;

import io.larder.engine.internal.codec.FileHeader;
import io.larder.engine.internal.codec.FileType;
import io.larder.engine.internal.io.FullDisk;
import io.larder.engine.internal.io.LazyLogger;
import io.larder.engine.internal.wal.SegmentLayout.Header;
import io.larder.engine.spi.Clock;
import io.larder.engine.spi.FileSystem;
import io.larder.engine.spi.FileSystem.OpenMode;
import io.larder.engine.spi.StorageFile;
import io.larder.engine.spi.StorageFile.SyncScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

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

  /** What the last segment on a full disk is made of; no segment has the number 0. */
  private static final String RESERVE = "0000000000000000" + SPARE_SUFFIX;

  private static final long RESERVE_BYTES = 64 << 10;
  private static final long RESERVE_BYTES_MIN = 8 << 10;
  private static final long[] SMALL_SIZES = {64 << 10, 16 << 10, 8 << 10};
  private static final System.Logger LOG = LazyLogger.of(SegmentFiles.class);

  private final FileSystem fileSystem;
  private final Clock clock;
  private final Path directory;
  private final LogOptions options;
  private final Deque<Spare> spares = new ConcurrentLinkedDeque<>();
  private volatile boolean reserveSpent;

  /**
   * A file that waits to become a segment.
   *
   * @param path its name
   * @param open its handle and mapping, if it is mapped: they serve the next segment as well
   */
  private record Spare(Path path, @Nullable LogSegment open) {}

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
          options.archive() == null
              && isNumbered(name, SEGMENT_SUFFIX)
              && HexFormat.fromHexDigitsToLong(name, 0, NUMBER_DIGITS) < firstSegment;
      boolean spare = isNumbered(name, SPARE_SUFFIX) && !name.equals(RESERVE);
      if (old || spare) {
        fileSystem.delete(directory.resolve(name));
      }
    }
  }

  /**
   * Makes a segment as {@link #prepare} does, or on a full disk a smaller one.
   *
   * @param sizeBytesMin the least size it may have
   * @param lastResort whether it may be made of the reserve
   */
  LogSegment prepareWhatFits(long number, long sizeBytes, long sizeBytesMin, boolean lastResort)
      throws IOException {
    try {
      return prepare(number, sizeBytes);
    } catch (IOException e) {
      if (!FullDisk.isCauseOf(e)) {
        throw e;
      }
      @Nullable LogSegment made = prepareSmall(number, sizeBytes, sizeBytesMin, e);
      if (made == null && lastResort && sizeBytesMin <= RESERVE_BYTES) {
        spendReserve();
        made = prepareSmall(number, sizeBytes, sizeBytesMin, e);
      }
      if (made == null) {
        throw e;
      }
      return made;
    }
  }

  /** Makes a segment of less than a size, or returns null. */
  private @Nullable LogSegment prepareSmall(
      long number, long sizeBytes, long sizeBytesMin, IOException refusal) throws IOException {
    for (long smaller : SMALL_SIZES) {
      if (smaller >= sizeBytesMin && smaller <= sizeBytes) {
        try {
          return prepare(number, smaller);
        } catch (IOException e) {
          if (!FullDisk.isCauseOf(e)) {
            throw e;
          }
          refusal.addSuppressed(e);
        }
      }
    }
    return null;
  }

  private void spendReserve() throws IOException {
    reserveSpent = true;
    if (fileSystem.exists(directory.resolve(RESERVE))) {
      fileSystem.delete(directory.resolve(RESERVE));
    }
  }

  /** Returns whether the reserve was used and is not whole again. */
  boolean isReserveSpent() {
    return reserveSpent;
  }

  /**
   * Makes sure that there is a reserve: the whole of it, or what there is room for.
   *
   * @throws IOException if there is no room for the whole; a part of it may be there
   */
  void keepReserve() throws IOException {
    Path reserve = directory.resolve(RESERVE);
    if (fileSystem.exists(reserve)) {
      if (fileSystem.sizeBytes(reserve) >= RESERVE_BYTES) {
        reserveSpent = false;
        return;
      }
      fileSystem.delete(reserve);
    }
    IOException refusal = null;
    for (long size = RESERVE_BYTES; size >= RESERVE_BYTES_MIN; size /= 2) {
      try {
        makeReserve(reserve, size);
        reserveSpent = refusal != null;
        break;
      } catch (IOException e) {
        deleteQuietly(reserve);
        if (!FullDisk.isCauseOf(e)) {
          throw e;
        }
        refusal = refusal == null ? e : refusal;
      }
    }
    if (refusal != null) {
      reserveSpent = true;
      throw refusal;
    }
  }

  private void makeReserve(Path reserve, long sizeBytes) throws IOException {
    try (StorageFile file = fileSystem.open(reserve, OpenMode.CREATE_NEW)) {
      file.preallocate(sizeBytes);
    }
  }

  /**
   * Opens something to stand for a current segment where there was no room to make one: whatever is appended needs the
   * next one.
   *
   * @param existing the number of a segment that is there
   */
  LogSegment openFull(long existing, long number, long endPosition) throws IOException {
    StorageFile file = fileSystem.open(segmentPath(existing), OpenMode.READ_WRITE);
    return new LogSegment(file, null, number, 0, endPosition).endedAt(endPosition);
  }

  /** Makes a segment of at least the given size whose name, size and header are durable on return. */
  LogSegment prepare(long number, long sizeBytes) throws IOException {
    Spare spare = sizeBytes == options.segmentBytes() ? spares.poll() : null;
    long salt = salt(number);
    ByteBuffer header = header(number, salt, sizeBytes);
    LogSegment mapped = spare == null ? null : spare.open();
    if (spare != null && mapped != null) {
      return renew(spare.path(), mapped, header, number, salt);
    }
    Path path = spare != null ? spare.path() : sparePath(number);
    write(path, spare == null, header, sizeBytes);
    publish(path, number);
    return open(number, salt, sizeBytes);
  }

  /** Writes a file that will be a segment, from nothing or over a spare; when that fails, it is gone. */
  private void write(Path path, boolean create, ByteBuffer header, long sizeBytes)
      throws IOException {
    if (create && fileSystem.exists(path)) {
      fileSystem.delete(path);
    }
    boolean done = false;
    try (StorageFile opened =
        fileSystem.open(path, create ? OpenMode.CREATE_NEW : OpenMode.READ_WRITE)) {
      opened.preallocate(sizeBytes);
      opened.write(0, header);
      opened.sync(SyncScope.FULL);
      done = true;
    } finally {
      if (!done) {
        deleteQuietly(path); // a disk that is full must not stay so because of it
      }
    }
  }

  private void deleteQuietly(Path path) {
    try {
      if (fileSystem.exists(path)) {
        fileSystem.delete(path);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "A spare log segment is left for the next opening", e);
    }
  }

  /** A file that is durable in full and has the header of a segment, but not yet its name. */
  record Prepared(Path path, long number, long salt, long sizeBytes) {}

  /** Makes a file that {@link #publish(Prepared)} will turn into a segment. */
  Prepared write(long number, long sizeBytes) throws IOException {
    long salt = salt(number);
    Path path = sparePath(number);
    write(path, true, header(number, salt, sizeBytes), sizeBytes);
    return new Prepared(path, number, salt, sizeBytes);
  }

  /** Gives a file its name as a segment, durably, in the place of one that has the name and holds nothing. */
  LogSegment publish(Prepared prepared) throws IOException {
    publish(prepared.path(), prepared.number());
    return open(prepared.number(), prepared.salt(), prepared.sizeBytes());
  }

  private ByteBuffer header(long number, long salt, long sizeBytes) {
    FileHeader file =
        new FileHeader(
            FileType.WAL_SEGMENT, SegmentLayout.FORMAT_VERSION, options.databaseId(), number);
    return SegmentLayout.headerBlock(new Header(file, salt, sizeBytes));
  }

  /** Makes a segment of a spare that is still open and mapped. */
  private LogSegment renew(Path path, LogSegment spare, ByteBuffer header, long number, long salt)
      throws IOException {
    boolean done = false;
    try {
      spare.file().write(0, header);
      spare.file().sync(SyncScope.FULL);
      publish(path, number);
      done = true;
      return new LogSegment(spare.file(), spare.region(), number, salt, options.segmentBytes());
    } finally {
      if (!done) {
        spare.close();
        deleteQuietly(path);
      }
    }
  }

  private void publish(Path path, long number) throws IOException {
    fileSystem.rename(path, segmentPath(number));
    fileSystem.syncDirectory(directory);
  }

  private Path sparePath(long number) {
    return directory.resolve(HexFormat.of().toHexDigits(number) + SPARE_SUFFIX);
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

  private LogSegment open(long number, long salt, long sizeBytes) throws IOException {
    StorageFile file = fileSystem.open(segmentPath(number), OpenMode.READ_WRITE);
    return new LogSegment(file, null, number, salt, sizeBytes);
  }

  /** Opens a segment that ends in order at an offset, with no room behind it. */
  LogSegment openEnded(long number, long salt, long endPosition) throws IOException {
    return open(number, salt, endPosition).endedAt(endPosition);
  }

  /**
   * Gives up a segment: its file becomes a spare or is deleted.
   *
   * @param open the segment if it is still open; taken over
   */
  void retire(long number, @Nullable LogSegment open) throws IOException {
    Path path = segmentPath(number);
    boolean kept = false;
    try {
      if (spares.size() < options.spareSegmentsMax()
          && fileSystem.sizeBytes(path) == options.segmentBytes()) {
        Path spare = sparePath(number);
        fileSystem.rename(path, spare);
        kept = open != null && open.region() != null;
        spares.add(new Spare(spare, kept ? open : null));
      } else {
        fileSystem.delete(path);
      }
    } finally {
      if (open != null && !kept) {
        open.close();
      }
    }
  }

  /** Deletes a segment's file, which is not open. */
  void delete(long number) throws IOException {
    fileSystem.delete(segmentPath(number));
  }

  /** Deletes spares but for the given number. */
  void trimSpares(int kept) throws IOException {
    while (spares.size() > kept) {
      Spare spare = spares.poll();
      if (spare != null) {
        closeSpare(spare);
        fileSystem.delete(spare.path());
      }
    }
  }

  /** Closes the spares' handles. */
  void close() throws IOException {
    for (Spare spare = spares.poll(); spare != null; spare = spares.poll()) {
      closeSpare(spare);
    }
  }

  private static void closeSpare(Spare spare) throws IOException {
    LogSegment open = spare.open();
    if (open != null) {
      open.close();
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
