package io.larder.benchmarks.harness;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The machine, the JVM and the settings of a run, for the head of a report. Stateless. */
public final class Environment {

  private Environment() {}

  /** Names and values, in the order they are printed. */
  public static Map<String, String> describe(RunSettings settings, String heap, Path directory) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    lines.put(
        "java",
        System.getProperty("java.vm.name")
            + " "
            + System.getProperty("java.vm.version")
            + " ("
            + System.getProperty("java.vendor")
            + ")");
    lines.put(
        "machine",
        "%d cores, %s, %s %s, %s"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                processorModel(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                memory()));
    lines.put("file system", fileSystem(directory));
    lines.put("heap of each process", heap);
    lines.put(
        "run",
        String.format(
            Locale.ROOT,
            "%,d entries, %d B values (engine), %d rounds + 1 warm-up, %d ms a timed workload,"
                + " %,d entries before a kill",
            settings.entries(),
            settings.valueBytes(),
            settings.rounds(),
            settings.workloadMillis(),
            settings.killEntries()));
    lines.put("load average at start", loadAverage());
    return lines;
  }

  private static String fileSystem(Path directory) {
    try {
      FileStore store = Files.getFileStore(directory);
      return store.type();
    } catch (IOException unknown) {
      return "unknown";
    }
  }

  private static String processorModel() {
    return firstLine(Path.of("/proc/cpuinfo"), "model name").replaceAll(".*:\\s*", "");
  }

  private static String memory() {
    return firstLine(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\s+", " ");
  }

  private static String loadAverage() {
    return firstLine(Path.of("/proc/loadavg"), "");
  }

  private static String firstLine(Path file, String start) {
    if (!Files.isReadable(file)) {
      return "unknown";
    }
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(start)) {
          return line;
        }
      }
    } catch (IOException unknown) {
      return "unknown";
    }
    return "unknown";
  }
}
