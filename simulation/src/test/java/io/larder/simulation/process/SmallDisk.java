package io.larder.simulation.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A real file system of a few megabytes in memory, and a file that fills it. Used by one thread, which closes it. */
final class SmallDisk implements AutoCloseable {
  private final Path directory;
  private final Path filler;

  /** Mounts it; aborts the test if this machine does not let us. */
  SmallDisk(Path directory, int sizeKilobytes) throws IOException, InterruptedException {
    this.directory = directory;
    this.filler = directory.resolve("filler");
    String refusal =
        run("mount", "-t", "tmpfs", "-o", "size=" + sizeKilobytes + "k", "tmpfs", "" + directory);
    Assumptions.assumeTrue(refusal.isEmpty(), "no file system can be mounted here: " + refusal);
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    boolean ended = process.waitFor(30, TimeUnit.SECONDS);
    return ended && process.exitValue() == 0 ? "" : "it says " + output.strip();
  }

  Path directory() {
    return directory;
  }

  long freeBytes() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** Leaves so many bytes free, or fewer if somebody else writes meanwhile. */
  void fillBut(long leftBytes) throws IOException {
    release();
    long size = freeBytes() - leftBytes;
    byte[] page = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      for (long written = 0; written + page.length <= size; written += page.length) {
        out.write(page);
      }
    } catch (IOException e) {
      if (freeBytes() > 0) {
        throw e;
      }
    }
  }

  /** Gives the space back. */
  void release() throws IOException {
    Files.deleteIfExists(filler);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    // Lazily: a mapping of a table lasts until the garbage collector finds it.
    String refusal = run("umount", "-l", directory.toString());
    if (!refusal.isEmpty()) {
      throw new IOException(directory + ": " + refusal);
    }
  }
}
