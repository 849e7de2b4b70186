package io.larder.cli;

import io.larder.cli.demo.Demo;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows on real data that what was acknowledged survives a kill, and that SQL sees it. */
@Command(
    name = "demo",
    header = "show that what was acknowledged survives a kill",
    description = {
      "Loads a durable cache, kills the loading process, proves that nothing is lost, and asks SQL"
          + " about it.",
      "The data is the Unicode character database that the JDK carries. Exit code 1 if anything"
          + " does not hold."
    },
    footer = {"  larder demo", "  larder demo --directory unicode && larder keyspaces unicode"})
final class DemoCommand extends LarderCommand {

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description =
          "Keep the database in this new or empty directory (default: a temporary one, removed at"
              + " the end).")
  private @Nullable Path directory;

  @Override
  public Integer call() throws Exception {
    if (directory != null) {
      requireEmpty(directory);
      Files.createDirectories(directory);
      boolean held = run(directory.toRealPath());
      out()
          .printf(
              "%n   look around: ./larder sql larder:%s \"SELECT * FROM unicode LIMIT 10\"%n",
              directory);
      return held ? 0 : 1;
    }
    Path temporary = Files.createTempDirectory("larder-demo-");
    try {
      return run(temporary.toRealPath()) ? 0 : 1;
    } finally {
      deleteAll(temporary);
    }
  }

  private boolean run(Path place) throws Exception {
    return new Demo(out(), place).run();
  }

  private static void requireEmpty(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        if (files.findAny().isPresent()) {
          throw new IllegalArgumentException(
              "--directory " + directory + " is not empty; name a new or an empty directory");
        }
      }
    }
  }

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }
}
