package io.larder.cli;

import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.terminal.Amounts;
import io.larder.cli.terminal.Progress;
import io.larder.cli.terminal.TextTable;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.Database;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Keyspace;
import io.larder.engine.api.KeyspaceStatistics;
import io.larder.tables.Column;
import io.larder.tables.Table;
import io.larder.tables.TableDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists tables and keyspaces. */
@Command(
    name = "keyspaces",
    header = "list tables, caches and keyspaces with types, entries and bytes",
    description = {
      "A table and a cache are the same thing: a keyspace with types. Numbers are estimates that"
          + " count what is deleted, overwritten or expired and not merged away yet; --exact reads"
          + " everything and counts what is there."
    },
    footer = {
      "  larder keyspaces /var/lib/shop",
      "  larder keyspaces /var/lib/shop --exact --json | jq -r 'select(.entries > 1000).name'"
    })
final class KeyspacesCommand extends DatabaseCommand {

  @Option(names = "--exact", description = "Count by reading every entry.")
  private boolean exact;

  @Option(names = "--all", description = "List the database's own keyspaces, too.")
  private boolean all;

  @Override
  int run(OpenedDatabase opened) {
    Database database = opened.database();
    List<String> names =
        database.keyspaceNames().stream()
            .filter(name -> all || !OpenedDatabase.isInternal(name))
            .toList();
    if (json()) {
      names.forEach(name -> printJson(json(name, definition(opened, name), size(database, name))));
      return ExitCodes.OK;
    }
    List<String> headings = List.of("NAME", "KIND", ">ENTRIES", ">BYTES", "KEY", "VALUE");
    try (TextTable table = new TextTable(bufferedOut(), headings)) {
      for (String name : names) {
        table.add(row(name, definition(opened, name), size(database, name)));
      }
    }
    return ExitCodes.OK;
  }

  private static @Nullable TableDefinition definition(OpenedDatabase opened, String name) {
    return opened
        .store()
        .flatMap(store -> store.findTable(name))
        .map(Table::definition)
        .orElse(null);
  }

  private KeyspaceStatistics size(Database database, String name) {
    Keyspace keyspace = database.keyspace(name);
    KeyspaceStatistics estimated = keyspace.statistics();
    if (!exact) {
      return estimated;
    }
    long entries = 0;
    long bytes = 0;
    try (Cursor cursor = keyspace.cursor(KeyRange.all());
        Progress progress =
            Progress.quiet("counting " + keyspace.name(), estimated.entriesEstimated())) {
      while (cursor.next()) {
        entries++;
        bytes += cursor.keyView().length() + (long) cursor.valueView().length();
        if (entries % 10_000 == 0) {
          progress.reached(entries);
        }
      }
    }
    return new KeyspaceStatistics(entries, bytes);
  }

  private static List<String> row(
      String name, @Nullable TableDefinition definition, KeyspaceStatistics size) {
    return List.of(
        name,
        kind(definition),
        String.format(Locale.ROOT, "%,d", size.entriesEstimated()),
        Amounts.bytes(size.bytesEstimated()),
        definition == null ? "bytes" : columns(definition.keyColumns()),
        definition == null ? "bytes" : columns(definition.valueColumns()));
  }

  private static String kind(@Nullable TableDefinition definition) {
    if (definition == null) {
      return "plain";
    }
    return definition.attribute(TableDefinition.KEY_CLASS) == null ? "table" : "cache";
  }

  private static String columns(List<Column> columns) {
    return String.join(
        ", ", columns.stream().map(column -> column.name() + " " + column.type()).toList());
  }

  private Map<String, @Nullable Object> json(
      String name, @Nullable TableDefinition definition, KeyspaceStatistics size) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("kind", kind(definition));
    json.put("entries", size.entriesEstimated());
    json.put("bytes", size.bytesEstimated());
    json.put("exact", exact);
    if (definition != null) {
      json.put("key", columnsJson(definition.keyColumns()));
      json.put("value", columnsJson(definition.valueColumns()));
      json.put("attributes", definition.attributes());
    }
    return json;
  }

  private static List<Object> columnsJson(List<Column> columns) {
    List<Object> list = new ArrayList<>();
    for (Column column : columns) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", column.name());
      json.put("type", column.type().name());
      json.put("nullable", column.nullable());
      list.add(json);
    }
    return list;
  }
}
