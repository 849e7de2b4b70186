package io.larder.cli;

import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.terminal.Amounts;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseStatistics;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;

/** Merges everything. */
@Command(
    name = "compact",
    header = "merge all tables, and give back the space of what is deleted",
    description = {
      "Writes what is in the log into sorted tables and merges all of them into one run.",
      "Drops what is deleted, overwritten or expired, and so gives its space back at once. A"
          + " database merges on its own while it is used: this is for before a copy, after a large"
          + " delete, or for a database that will only be read. Needs free space of about the size"
          + " of the database while it runs; ending it early (Ctrl-C, kill) loses nothing."
    },
    footer = {"  larder compact /var/lib/shop"})
final class CompactCommand extends DatabaseCommand {

  @Override
  int run(OpenedDatabase opened) {
    Database database = opened.database();
    DatabaseStatistics.Tables before = database.statistics().tables();
    long start = System.nanoTime();
    try (ProgressBars progress = new ProgressBars()) {
      database.compact(progress);
    }
    long nanos = System.nanoTime() - start;
    DatabaseStatistics.Tables after = database.statistics().tables();
    if (json()) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("before", json(before));
      result.put("after", json(after));
      result.put("millis", nanos / 1_000_000);
      printJson(result);
    } else {
      out().printf("before   %s%n", text(before));
      out().printf("after    %s, in %s%n", text(after), Amounts.duration(nanos));
    }
    return ExitCodes.OK;
  }

  private static Map<String, Object> json(DatabaseStatistics.Tables tables) {
    return Map.of("files", tables.files(), "bytes", tables.bytes(), "versions", tables.entries());
  }

  private static String text(DatabaseStatistics.Tables tables) {
    return String.format(
        Locale.ROOT,
        "%s in %,d table%s, %,d versions of entries",
        Amounts.bytes(tables.bytes()),
        tables.files(),
        tables.files() == 1 ? "" : "s",
        tables.entries());
  }
}
