package io.larder.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Adds up the bytes that pieces of work made the disk write. Confined to one thread.
 *
 * <p>Counts what the block device below the directory wrote while the work ran, after everything
 * written before was flushed and until everything written by it is: the file system's journal
 * included, and other processes too, so only a quiet machine gives a true number. Where there is no
 * such counter nothing is counted. The counter of the process in {@code /proc/self/io} will not do:
 * it counts a whole page cache folio, up to megabytes, when a few bytes of it become dirty.
 */
public final class DiskWrites {

  private static final int SECTORS_WRITTEN_FIELD = 6;
  private static final int SECTOR_BYTES = 512;

  private final Path statistics;
  private long bytes;

  /** Counts what the device of {@code directory} writes. */
  public DiskWrites(Path directory) {
    statistics = statistics(directory);
  }

  private static Path statistics(Path directory) {
    Path existing = directory.toAbsolutePath();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      long device = ((Number) Files.getAttribute(existing, "unix:dev")).longValue();
      long major = (device >>> 8) & 0xFFF;
      long minor = (device & 0xFF) | ((device >>> 12) & 0xFFF00);
      return Path.of("/sys/dev/block", major + ":" + minor, "stat");
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException notUnix) {
      return Path.of("no-such-counter");
    }
  }

  /** A piece of work. */
  @FunctionalInterface
  public interface Work {
    /** Does it. */
    Measurement run() throws Exception;
  }

  /** Does the work and adds what it wrote. */
  public Measurement during(Work work) throws Exception {
    flushDirtyPages();
    long before = counter();
    Measurement measured = work.run();
    flushDirtyPages();
    bytes += counter() - before;
    return measured;
  }

  /** Begins at zero again. */
  public void reset() {
    bytes = 0;
  }

  /** What was written since the last reset; zero if it cannot be known. */
  public long bytes() {
    return bytes;
  }

  private long counter() throws IOException {
    if (!Files.isReadable(statistics)) {
      return 0;
    }
    String[] fields = Files.readString(statistics).trim().split("\\s+", -1);
    return Long.parseLong(fields[SECTORS_WRITTEN_FIELD]) * SECTOR_BYTES;
  }

  /** Has the operating system write out what it holds back, whoever wrote it. */
  static void flushDirtyPages() throws InterruptedException {
    try {
      new ProcessBuilder("sync")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException noSuchCommand) {
      // Only Unix systems have it; elsewhere contestants may pay for each other's dirty pages.
    }
  }
}
