package io.larder.cli.transfer;

import io.larder.cli.access.BadInputException;
import io.larder.cli.access.Target;
import io.larder.cli.access.TypedTarget;
import io.larder.cli.terminal.Progress;
import io.larder.cli.text.Json;
import io.larder.cli.text.ValueJson;
import io.larder.cli.text.ValueText;
import io.larder.engine.api.Cursor;
import io.larder.engine.api.KeyRange;
import io.larder.engine.api.Snapshot;
import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.TableDefinition;
import io.larder.tables.ValueKind;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a table to a file as of one point in time, such that {@link TableImport} makes the same
 * table of it. Used once, by one thread.
 */
public final class TableExport {
  private static final int ROWS_PER_STEP = 1_000;

  /**
   * What to export.
   *
   * @param target the table or keyspace
   * @param format the form of the file
   * @param delimiter what separates fields of a CSV file
   * @param plain whether types and expiries are left out
   */
  public record Plan(Target target, FileFormat format, char delimiter, boolean plain) {}

  private final Plan plan;
  private final Target target;
  private final List<Column> columns;

  /** Creates an export. */
  public TableExport(Plan plan) {
    this.plan = plan;
    this.target = plan.target();
    this.columns = new ArrayList<>(target.keyColumns());
    columns.addAll(target.valueColumns());
  }

  /**
   * Runs the export and returns the number of rows.
   *
   * @throws BadInputException if a value has no form in text
   */
  public long run(Snapshot snapshot, Writer out) throws IOException {
    long rows = 0;
    boolean expiring = false;
    try (Cursor cursor = snapshot.cursor(target.keyspace(), KeyRange.all())) {
      while (cursor.next()) {
        rows++;
        expiring |= cursor.expiresAtMillis() != 0;
      }
    }
    boolean withExpiry = expiring && !plan.plain();
    StringBuilder line = new StringBuilder();
    header(line, withExpiry);
    out.append(line);
    long written = 0;
    try (Cursor cursor = snapshot.cursor(target.keyspace(), KeyRange.all());
        Progress progress = Progress.quiet("exporting", rows)) {
      while (cursor.next()) {
        line.setLength(0);
        @Nullable Object[] row = target.row(cursor.key(), cursor.value(), cursor.expiresAtMillis());
        append(row, withExpiry, line);
        out.append(line);
        written++;
        if (written % ROWS_PER_STEP == 0) {
          progress.reached(written);
        }
      }
    }
    out.flush();
    return written;
  }

  private void header(StringBuilder line, boolean withExpiry) {
    if (plan.format() == FileFormat.JSONL) {
      if (!plan.plain()) {
        Json.append(TableHeader.json(definition()), line);
        line.append('\n');
      }
      return;
    }
    boolean scalar = !target.isRow();
    for (int i = 0; i < columns.size(); i++) {
      boolean key = i < target.keyColumns().size();
      Column column = columns.get(i);
      String name = plan.plain() ? column.name() : CsvHeader.text(column, key, scalar);
      field(name, i == 0, line);
    }
    if (withExpiry) {
      field(CsvHeader.text(TableDefinition.EXPIRES_AT, false, false), false, line);
    }
    line.append("\r\n");
  }

  private TableDefinition definition() {
    return target instanceof TypedTarget typed
        ? typed.table().definition()
        : TableDefinition.of(
            target.name(), target.keyColumns(), ValueKind.SCALAR, target.valueColumns());
  }

  private void append(@Nullable Object[] row, boolean withExpiry, StringBuilder line) {
    int last = row.length - 1;
    try {
      if (plan.format() == FileFormat.JSONL) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        for (int i = 0; i < last; i++) {
          json.put(columns.get(i).name(), ValueJson.ofColumn(columns.get(i).type(), row[i]));
        }
        if (withExpiry && row[last] != null) {
          json.put(TableDefinition.EXPIRES_AT.name(), row[last].toString());
        }
        Json.append(json, line);
        line.append('\n');
        return;
      }
      for (int i = 0; i < last; i++) {
        field(text(columns.get(i).type(), row[i]), i == 0, line);
      }
      if (withExpiry) {
        field(row[last] == null ? null : row[last].toString(), false, line);
      }
      line.append("\r\n");
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          "table '"
              + target.name()
              + "', key '"
              + target.text(0, row[0])
              + "': "
              + e.getMessage()
              + "; it can be copied with a backup, not exported",
          e);
    }
  }

  private static @Nullable String text(DataType type, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return switch (type) {
      case LIST, MAP, ANY -> Json.write(ValueJson.ofColumn(type, value));
      default -> ValueText.of(value);
    };
  }

  /** Null is nothing at all, the empty text is two quotes. */
  private void field(@Nullable String text, boolean first, StringBuilder line) {
    if (!first) {
      line.append(plan.delimiter());
    }
    if (text == null) {
      return;
    }
    boolean quoted = text.isEmpty() || text.charAt(0) == ' ' || text.endsWith(" ");
    for (int i = 0; i < text.length() && !quoted; i++) {
      char unit = text.charAt(i);
      quoted = unit == plan.delimiter() || unit == '"' || unit == '\n' || unit == '\r';
    }
    line.append(quoted ? "\"" + text.replace("\"", "\"\"") + "\"" : text);
  }
}
