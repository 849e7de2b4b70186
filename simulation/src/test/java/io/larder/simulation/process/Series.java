package io.larder.simulation.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * One database, and the processes that work on it one after the other until each is killed. After each death a copy of
 * the database is opened and compared with the ledger, so that the next process finds what the last one left and its
 * recovery can be killed too. Used by one thread.
 */
final class Series {
  private final String door;
  private final String options;
  private final Path directory;
  private final Path copy;
  private final String classPath;
  private final Ledger ledger;
  private final Map<String, Long> counts = new TreeMap<>();

  /** How a process ended. */
  record Life(boolean opened, boolean outOfMemory, long acknowledged, int status) {}

  /** When a process is killed from outside. */
  interface Executioner {
    /** Returns whether the process is to die now that so many steps are acknowledged. */
    boolean strikes(long acknowledged);
  }

  Series(String door, String options, Path parent, Path patched) {
    this.door = door;
    this.options = options;
    this.directory = parent.resolve("database");
    this.copy = parent.resolve("copy");
    this.classPath =
        patched + System.getProperty("path.separator") + System.getProperty("java.class.path");
    this.ledger = new Ledger(Door.isAtomic(door));
  }

  /** Returns how often the last process that ended in order made each call. */
  Map<String, Long> counts() {
    return counts;
  }

  long taken() {
    return ledger.taken();
  }

  /** Lets a process take steps until it ends; the arguments may say when it kills itself. */
  Life run(int steps, List<String> arguments, Executioner executioner) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                classPath));
    command.addAll(arguments); // of two of a kind the later one holds
    command.addAll(
        List.of(
            Writer.class.getName(),
            door,
            directory.toString(),
            options,
            Long.toString(ledger.taken()),
            Integer.toString(steps)));
    boolean starved = arguments.stream().anyMatch(each -> each.startsWith("-Dlarder.ballast"));
    Process process =
        new ProcessBuilder(command)
            .redirectError(
                starved ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      return follow(process, executioner);
    } finally {
      process.destroyForcibly();
    }
  }

  private Life follow(Process process, Executioner executioner)
      throws IOException, InterruptedException {
    boolean opened = false;
    boolean outOfMemory = false;
    long acknowledged = ledger.taken();
    try (BufferedReader lines = process.inputReader(StandardCharsets.US_ASCII)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ");
        switch (words[0]) {
          case "o" -> opened = true;
          case "m" -> outOfMemory = true;
          case "a" -> {
            // a number cut short by the kill is smaller than the one before it
            acknowledged = Math.max(acknowledged, Long.parseLong(words[1]));
            if (executioner.strikes(acknowledged)) {
              // through the handle, since the process itself would close the pipe
              process.toHandle().destroyForcibly();
            }
          }
          case "c" -> counts.put(words[1], Long.parseLong(words[2]));
          default -> throw new IOException("the writer says '" + line + "'");
        }
      }
    }
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the writer does not end");
    }
    return new Life(opened, outOfMemory, acknowledged, process.exitValue());
  }

  /** Checks what a process left, which took at most one step more than it acknowledged. */
  void judge(Life life) throws Exception {
    deleteAll(copy);
    Files.createDirectories(copy);
    if (Files.exists(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          Files.copy(file, copy.resolve(file.getFileName()));
        }
      }
    }
    Map<String, Map<Integer, String>> found;
    try (Door opened = Door.open(door, copy, options)) {
      found = opened.read();
    }
    ledger.moveTo(found, life.acknowledged(), life.acknowledged() + 1);
    try (Door again = Door.open(door, copy, options)) {
      again.take(Ledger.step(ledger.taken() + 1, Door.isAtomic(door)));
      Ledger further = new Ledger(Door.isAtomic(door));
      further.advanceTo(ledger.taken() + 1);
      if (!further.isRight(again.read())) {
        throw new AssertionError("a further step after " + ledger.taken() + " is not there");
      }
    }
  }

  private static void deleteAll(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }
}
