package io.larder.cli;

import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.terminal.Amounts;
import io.larder.engine.api.Database;
import io.larder.engine.api.DatabaseStatistics;
import io.larder.engine.api.DiskUsage;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.Option;
import io.larder.tables.Store;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;

/** Says what a database is. */
@Command(
    name = "info",
    header = "say what a database is",
    description = {
      "Tells where the database is, how large, what is in it, what its opening found and how it is"
          + " set.",
      "The database is opened for it, which recovers what a crash left. Numbers of entries are"
          + " estimates; 'larder keyspaces --exact' counts."
    },
    footer = {
      "  larder info /var/lib/shop",
      "  larder info /var/lib/shop --json | jq .disk.table.bytes"
    })
final class InfoCommand extends DatabaseCommand {

  /** What is in a database. */
  private record Contents(int tables, int keyspaces, long entries) {
    static Contents of(OpenedDatabase opened) {
      Database database = opened.database();
      List<String> tables = opened.store().map(Store::tableNames).orElse(List.of());
      int keyspaces = 0;
      long entries = 0;
      for (String name : database.keyspaceNames()) {
        if (!OpenedDatabase.isInternal(name)) {
          keyspaces += tables.contains(name) ? 0 : 1;
          entries += database.keyspace(name).statistics().entriesEstimated();
        }
      }
      return new Contents(tables.size(), keyspaces, entries);
    }
  }

  @Override
  int run(OpenedDatabase opened) {
    Contents contents = Contents.of(opened);
    if (json()) {
      printJson(json(opened.database(), contents));
    } else {
      print(opened.database(), contents);
    }
    return ExitCodes.OK;
  }

  private void print(Database database, Contents contents) {
    line("Database", database.location());
    line("Tables", contents.tables());
    line("Keyspaces", contents.keyspaces() + " without types");
    line("Entries", String.format(Locale.ROOT, "%,d (estimated)", contents.entries()));
    DiskUsage usage = database.diskUsage();
    usage
        .kinds()
        .forEach(
            (kind, files) ->
                line(
                    "On disk, " + label(kind),
                    String.format(
                        Locale.ROOT,
                        "%s in %,d file%s",
                        Amounts.bytes(files.bytes()),
                        files.count(),
                        files.count() == 1 ? "" : "s")));
    if (usage.abandonedBytes() > 0) {
      line("To be given back", Amounts.bytes(usage.abandonedBytes()) + " at the next merges");
    }
    if (isDiskFull(database)) {
      line("Disk", "full: reads and deletes only, until there is room");
    }
    DatabaseStatistics.Recovered recovered = database.statistics().recovered();
    line(
        "Recovered",
        String.format(
            Locale.ROOT,
            "%,d entries in %,d ms, at this opening",
            recovered.entries(),
            recovered.millis()));
    database
        .options()
        .given()
        .forEach(
            (name, value) -> {
              if (!name.equals(EngineOptions.CREATE.name())) {
                line("Option " + name, value);
              }
            });
  }

  private static boolean isDiskFull(Database database) {
    return database.statistics().get("disk.full") != 0;
  }

  private void line(String name, Object value) {
    out().printf("%-20s %s%n", name, value);
  }

  private static Map<String, Object> json(Database database, Contents contents) {
    DatabaseStatistics.Recovered recovered = database.statistics().recovered();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("database", database.location().toString());
    json.put("tables", contents.tables());
    json.put("keyspaces", contents.keyspaces());
    json.put("entries", contents.entries());
    json.put("disk", disk(database.diskUsage()));
    json.put("diskFull", isDiskFull(database));
    json.put("recovery", Map.of("entries", recovered.entries(), "millis", recovered.millis()));
    json.put("options", options(database));
    return json;
  }

  private static String label(DiskUsage.Kind kind) {
    return switch (kind) {
      case TABLE -> "tables";
      case LOG -> "log";
      case LOG_SPARE -> "spare log";
      case MANIFEST -> "manifest";
      case OTHER -> "other";
      case FOREIGN -> "not its own";
    };
  }

  private static Map<String, Object> disk(DiskUsage usage) {
    Map<String, Object> disk = new LinkedHashMap<>();
    usage
        .kinds()
        .forEach(
            (kind, files) ->
                disk.put(
                    kind.name().toLowerCase(Locale.ROOT),
                    Map.of("files", files.count(), "bytes", files.bytes())));
    disk.put("totalBytes", usage.totalBytes());
    return disk;
  }

  private static Map<String, Object> options(Database database) {
    Map<String, Object> options = new LinkedHashMap<>();
    for (Option<?> option : EngineOptions.all()) {
      String given = database.options().given().get(option.name());
      options.put(
          option.name(), option.secret() ? "***" : given == null ? option.defaultText() : given);
    }
    return options;
  }
}
