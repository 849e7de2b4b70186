package io.larder.benchmarks.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directories of contestants: made empty, measured, deleted. Stateless. */
public final class Directories {

  private Directories() {}

  /** Deletes what is there and makes an empty directory. */
  public static Path recreate(Path directory) throws IOException {
    delete(directory);
    return Files.createDirectories(directory);
  }

  /** Deletes a directory and everything below it; does nothing if it is not there. */
  public static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(directory)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }

  /** The lengths of all files below a directory, added up. */
  public static long sizeBytes(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> paths = Files.walk(directory)) {
      files = paths.filter(Files::isRegularFile).toList();
    }
    long sum = 0;
    for (Path file : files) {
      sum += sizeOrZero(file);
    }
    return sum;
  }

  private static long sizeOrZero(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException deletedMeanwhile) {
      return 0;
    }
  }

  /**
   * What a directory occupies on its device: the blocks of its files, without the holes of sparse
   * ones. Lengths of files where the system has no {@code du}.
   */
  public static long allocatedBytes(Path directory) throws IOException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder("du", "-s", "--block-size=1", directory.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException noSuchCommand) {
      return sizeBytes(directory);
    }
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // It ends with an error if a file vanished under it, but still prints the sum of the others.
    process.waitFor();
    String digits = answer.trim().split("\\s", 2)[0];
    return digits.isEmpty() ? sizeBytes(directory) : Long.parseLong(digits);
  }
}
