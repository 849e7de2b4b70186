package io.larder.cli;

import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.access.Target;
import io.larder.cli.terminal.Amounts;
import io.larder.cli.transfer.TableExport;
import io.larder.engine.api.Snapshot;
import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a table as a file. */
@Command(
    name = "export",
    header = "write a table as CSV or JSON lines",
    description = {
      "Writes a table as CSV or JSON lines, as it is at one point in time, in the order of its"
          + " keys, in constant memory.",
      "The file carries the types, the key and the expiries, so that 'larder import' makes the same"
          + " table of it: in the header of a CSV file (id:BIGINT:KEY), in the first line of JSON"
          + " lines (with defaults and the settings of a cache, too). --plain leaves all that out,"
          + " for other programs. A keyspace without types is written as hexadecimal digits and"
          + " comes back as a table of VARBINARY. Java-serialized objects have no form in text: a"
          + " table that has one is refused."
    },
    footer = {
      "  larder export /var/lib/shop orders > orders.csv",
      "  larder export /var/lib/shop orders --to orders.jsonl",
      "  larder export /var/lib/shop orders --plain --delimiter ';' | head"
    })
final class ExportCommand extends TargetCommand {

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description =
          "Write this file, which appears when it is whole (default: the standard output).")
  private @Nullable Path file;

  @Mixin private FileOptions form = new FileOptions();

  @Option(names = "--plain", description = "Without types and expiries, for other programs.")
  private boolean plain;

  @Override
  int run(OpenedDatabase opened) throws IOException {
    Target target = target(opened);
    TableExport export =
        new TableExport(new TableExport.Plan(target, form.format(file), form.delimiter(), plain));
    long start = System.nanoTime();
    try (Snapshot snapshot = opened.database().snapshot()) {
      if (file == null) {
        export.run(snapshot, bufferedOut());
      } else {
        report(target, file, toFile(export, snapshot, file), System.nanoTime() - start);
      }
    }
    return ExitCodes.OK;
  }

  /** Writes beside the file first: what stands under its name is always whole. */
  private static long toFile(TableExport export, Snapshot snapshot, Path file) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      long rows;
      try (FileOutputStream stream = new FileOutputStream(part.toFile());
          Writer out =
              new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), 1 << 16)) {
        rows = export.run(snapshot, out);
        stream.getFD().sync();
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      return rows;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void report(Target target, Path written, long rows, long nanos) throws IOException {
    long bytes = Files.size(written);
    if (json()) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("table", target.name());
      report.put("file", written.toString());
      report.put("rows", rows);
      report.put("bytes", bytes);
      printJson(report);
    } else {
      out()
          .printf(
              "%,d rows of %s exported to %s (%s) in %s%n",
              rows, target.name(), written, Amounts.bytes(bytes), Amounts.duration(nanos));
    }
  }
}
