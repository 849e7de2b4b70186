package io.larder.cli;

import io.larder.cli.access.BadInputException;
import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.access.Target;
import io.larder.cli.terminal.TextTable;
import io.larder.cli.text.Json;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.KeyRange;
import io.larder.tables.Column;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists entries in the order of their keys. */
@Command(
    name = "scan",
    header = "list entries in the order of their keys",
    description = {
      "Lists entries in the order of their keys: all, those of a range, or those with a prefix.",
      "Rows stream as they are read, from one point in time, in constant memory. With --json each"
          + " row is one line. A pipe that is closed (head) ends it."
    },
    footer = {
      "  larder scan /var/lib/shop stock --limit 10",
      "  larder scan /var/lib/shop stock --prefix app --reverse",
      "  larder scan /var/lib/shop orders --from 2026-03-01 --to 2026-03-31",
      "  larder scan /var/lib/shop orders --from 2026-03-01 --from 17     (a key of two columns)"
    })
final class ScanCommand extends TargetCommand {
  private static final int ROWS_PER_CHECK = 1_000;

  @Option(
      names = "--from",
      paramLabel = "KEY",
      description = "Begin at this key, inclusive. Once for each leading column of the key.")
  private List<String> from = new ArrayList<>();

  @Option(
      names = "--to",
      paramLabel = "KEY",
      description = "End with this key, inclusive. Once for each leading column of the key.")
  private List<String> to = new ArrayList<>();

  @Option(
      names = "--prefix",
      paramLabel = "KEY",
      description =
          "Only keys that begin so: leading columns of the key with these values, the last of which"
              + " is the beginning of a text if its column is one.")
  private List<String> prefix = new ArrayList<>();

  @Option(names = "--limit", paramLabel = "N", description = "End after N entries.")
  private long limit = Long.MAX_VALUE;

  @Option(names = "--reverse", description = "From the last key to the first.")
  private boolean reverse;

  @Option(names = "--keys", description = "Show the keys only.")
  private boolean keysOnly;

  @Override
  int run(OpenedDatabase opened) {
    if (limit < 0) {
      throw new BadInputException("--limit: found " + limit + ", expected 0 or more");
    }
    Target target = target(opened);
    try (Cursor cursor = open(target)) {
      if (json()) {
        printLines(target, cursor);
      } else {
        printTable(target, cursor);
      }
    }
    return ExitCodes.OK;
  }

  private Cursor open(Target target) {
    KeyRange range;
    if (prefix.isEmpty()) {
      range = target.between(from, to);
    } else if (from.isEmpty() && to.isEmpty()) {
      range = target.prefix(prefix);
    } else {
      throw new BadInputException("--prefix and --from or --to exclude each other");
    }
    return reverse ? target.keyspace().cursorDescending(range) : target.keyspace().cursor(range);
  }

  private void printLines(Target target, Cursor cursor) {
    PrintWriter out = bufferedOut();
    StringBuilder line = new StringBuilder();
    for (long rows = 0; rows < limit && cursor.next() && !isClosed(out, rows); rows++) {
      @Nullable Object[] row = target.row(cursor.key(), cursor.value(), cursor.expiresAtMillis());
      Map<String, @Nullable Object> json = target.json(row);
      if (keysOnly) {
        List<String> names = target.keyColumns().stream().map(Column::name).toList();
        json.keySet().retainAll(names);
      }
      line.setLength(0);
      Json.append(json, line);
      out.println(line);
    }
    out.flush();
  }

  private void printTable(Target target, Cursor cursor) {
    int keys = target.keyColumns().size();
    int columns = keysOnly ? keys : keys + target.valueColumns().size();
    List<String> headings = new ArrayList<>();
    for (Column column : target.keyColumns()) {
      headings.add(heading(column));
    }
    if (!keysOnly) {
      target.valueColumns().forEach(column -> headings.add(heading(column)));
      headings.add("expires_at");
    }
    PrintWriter out = bufferedOut();
    try (TextTable table = new TextTable(out, headings)) {
      for (long rows = 0; rows < limit && cursor.next() && !isClosed(out, rows); rows++) {
        @Nullable Object[] row = target.row(cursor.key(), cursor.value(), cursor.expiresAtMillis());
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
          cells.add(target.text(i, row[i]));
        }
        if (!keysOnly) {
          cells.add(
              row[row.length - 1] == null ? "" : target.text(row.length - 1, row[row.length - 1]));
        }
        table.add(cells);
      }
    }
  }

  private static String heading(Column column) {
    boolean number =
        switch (column.type()) {
          case TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, DECIMAL -> true;
          default -> false;
        };
    return number ? ">" + column.name() : column.name();
  }

  /** Looks now and then whether anybody still reads. */
  private static boolean isClosed(PrintWriter out, long rows) {
    return rows % ROWS_PER_CHECK == ROWS_PER_CHECK - 1 && out.checkError();
  }
}
