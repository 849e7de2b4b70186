package io.larder.cli;

import io.larder.cli.access.BadInputException;
import io.larder.cli.access.NotFoundException;
import io.larder.cli.bench.Bench;
import io.larder.cli.bench.Measurement;
import io.larder.cli.terminal.TextTable;
import io.larder.engine.api.Durations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what this disk and this machine give. */
@Command(
    name = "bench",
    header = "measure what this disk and machine give",
    description = {
      "Measures in a minute or less what a database on this disk and machine does: bare syncs,"
          + " durable puts by one and by four threads, puts without sync, gets, misses, a scan, an"
          + " opening.",
      "The bare sync is what the disk itself takes to make a small write durable: one thread's"
          + " durable puts cannot be faster, and a drive that loses its cache at a power loss shows"
          + " up as one that is suspiciously fast. One short run on a machine that does other"
          + " things, too: good for orders of magnitude, not for comparing versions. The files are"
          + " made below --directory and deleted at the end."
    },
    footer = {
      "  larder bench --directory /var/lib",
      "  larder bench --directory /var/lib --entries 5000000 --value 1KB --json"
    })
final class BenchCommand extends LarderCommand {

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      defaultValue = ".",
      description =
          "Where to measure: any directory on the disk in question (default: the current one).")
  private Path directory;

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "300000",
      description =
          "Entries for the steps that need a filled database (default: ${DEFAULT-VALUE}).")
  private int entries;

  @Option(
      names = "--value",
      paramLabel = "SIZE",
      defaultValue = "100B",
      converter = SizeConverter.class,
      description = "Size of a value (default: ${DEFAULT-VALUE}).")
  private long valueBytes;

  @Option(
      names = "--time",
      paramLabel = "DURATION",
      defaultValue = "2s",
      converter = DurationConverter.class,
      description = "How long each step with syncs runs (default: ${DEFAULT-VALUE}).")
  private Duration time;

  @Option(
      names = "--json",
      description = "Print the result as JSON, for programs; one line a step.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new NotFoundException(
          directory + ": found no such directory, expected one to measure in");
    } else if (entries < 1_000 || valueBytes > 1 << 20) {
      throw new BadInputException(
          "found "
              + entries
              + " entries of "
              + valueBytes
              + " bytes, expected at least 1,000 entries and at most 1MB");
    }
    if (!json) {
      out()
          .printf(
              Locale.ROOT,
              "%s (%s), Java %s, %d processors%n",
              directory.toRealPath(),
              Files.getFileStore(directory).type(),
              System.getProperty("java.version"),
              Runtime.getRuntime().availableProcessors());
      out()
          .printf(
              Locale.ROOT,
              "%,d entries, keys of 16 bytes, values of %,d; steps with syncs take %s%n%n",
              entries,
              valueBytes,
              Durations.format(time));
    }
    List<Measurement> results =
        new Bench(directory, entries, Math.toIntExact(valueBytes), time).run();
    if (json) {
      results.forEach(result -> printJson(json(result)));
    } else {
      print(results);
    }
    return ExitCodes.OK;
  }

  private void print(List<Measurement> results) {
    List<String> headings = List.of("STEP", ">PER SECOND", ">MEDIAN", ">99 %", ">SLOWEST", "");
    try (TextTable table = new TextTable(bufferedOut(), headings)) {
      for (Measurement result : results) {
        table.add(
            List.of(
                result.name(),
                String.format(Locale.ROOT, "%,d", Math.round(result.perSecond())),
                Measurement.text(result.medianNanos()),
                Measurement.text(result.percentile99Nanos()),
                Measurement.text(result.slowestNanos()),
                result.note()));
      }
    }
  }

  private static Map<String, Object> json(Measurement result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("step", result.name());
    json.put("operations", result.operations());
    json.put("perSecond", Math.round(result.perSecond()));
    json.put("medianMicros", result.medianNanos() / 1e3);
    json.put("percentile99Micros", result.percentile99Nanos() / 1e3);
    json.put("slowestMicros", result.slowestNanos() / 1e3);
    return json;
  }
}
