package io.larder.cli;

import io.larder.cli.access.BadInputException;
import io.larder.cli.access.NotFoundException;
import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.terminal.Amounts;
import io.larder.engine.Integrity;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.Finding;
import io.larder.engine.api.VerifyReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks for damage. */
@Command(
    name = "verify",
    header = "look for damage in a database",
    description = {
      "Reads every page of every table, every record of the manifest and every batch of the log,"
          + " compares all of them with their checksums and with each other, and changes nothing."
          + " Each finding is a line with file and place; one makes the exit code 5.",
      "--quick looks at the manifest, headers, footers and sizes only. A log that ends in a write"
          + " which a crash cut short is no damage: the next opening cuts it off.",
      "A database that another process has open is left to that process, and the exit code is 4,"
          + " unless --live is given: then its files are read as they are now, beside that process."
          + " What it writes meanwhile may be left out; what it only has in memory is. The process"
          + " itself can look at everything: Database.verify()."
    },
    footer = {
      "  larder verify /var/lib/shop",
      "  larder verify /var/lib/shop --quick --json",
      "  larder verify /var/lib/shop --live            while an application has it open"
    })
final class VerifyCommand extends LarderCommand {

  @Parameters(paramLabel = "DATABASE", description = "The directory of the database.")
  private String database;

  @Option(names = "--quick", description = "Look at inventory, headers and footers only.")
  private boolean quick;

  @Option(
      names = "--live",
      description = "Look at the files even if another process has the database open.")
  private boolean live;

  @Option(names = "--json", description = "Print the result as JSON, for programs.")
  private boolean json;

  @Override
  public Integer call() {
    long start = System.nanoTime();
    Integrity integrity = Integrity.of(directory(database));
    VerifyReport report;
    try (ProgressBars progress = new ProgressBars()) {
      report = live ? integrity.verifyBeside(!quick, progress) : integrity.verify(!quick, progress);
    }
    if (json) {
      printJson(json(report));
    } else {
      print(report, System.nanoTime() - start);
    }
    return report.isSound() ? ExitCodes.OK : ExitCodes.DAMAGED;
  }

  /** Returns the directory of a database that need not be open or sound. */
  static Path directory(String text) {
    Path directory = place(text);
    if (!Files.exists(directory)) {
      throw new NotFoundException(
          directory + ": found no such directory, expected one with a database");
    }
    return directory;
  }

  /** Returns the directory of a database that need not exist. */
  static Path place(String text) {
    if (OpenedDatabase.uri(text).location() instanceof DatabaseLocation.Directory directory) {
      return directory.path();
    }
    throw new BadInputException(text + ": found a database in memory, expected a directory");
  }

  private void print(VerifyReport report, long nanos) {
    report.findings().forEach(finding -> out().println("damaged: " + finding));
    if (!report.tornTail().isEmpty()) {
      out()
          .println(
              "note: it was not closed in order; the next opening goes on where the log ends: "
                  + report.tornTail());
    }
    out().printf(Locale.ROOT, "%s: %s%n", report.database(), verdict(report));
    out()
        .printf(
            Locale.ROOT,
            "%s looked at in %s: %s (%s, %s of entries), %s (%s)%n",
            report.full() ? "everything" : "headers and footers",
            Amounts.duration(nanos),
            Amounts.count(report.tables(), "table", "tables"),
            Amounts.bytes(report.tableBytes()),
            Amounts.count(report.entries(), "version", "versions"),
            Amounts.count(report.logSegments(), "log segment", "log segments"),
            Amounts.count(report.logBatches(), "batch", "batches"));
    if (!report.isSound()) {
      err()
          .println(
              "hint: docs/operations.md says how to go on; 'larder recover --from-backup' where"
                  + " there is a backup, 'larder repair' where there is none.");
    }
  }

  private static String verdict(VerifyReport report) {
    return report.isSound()
        ? "sound"
        : Amounts.count(report.findings().size(), "finding", "findings");
  }

  private static Map<String, Object> json(VerifyReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("database", report.database().toString());
    json.put("sound", report.isSound());
    json.put("full", report.full());
    json.put("tables", report.tables());
    json.put("tableBytes", report.tableBytes());
    json.put("versions", report.entries());
    json.put("logSegments", report.logSegments());
    json.put("logBatches", report.logBatches());
    json.put("lastSequence", report.lastSequence());
    json.put("tornTail", report.tornTail());
    json.put("findings", findings(report.findings()));
    return json;
  }

  /** Returns findings as JSON has them. */
  static List<Object> findings(List<Finding> findings) {
    List<Object> list = new ArrayList<>();
    for (Finding each : findings) {
      Map<String, Object> finding = new LinkedHashMap<>();
      finding.put("file", each.file().toString());
      finding.put("problem", each.problem());
      list.add(finding);
    }
    return list;
  }
}
