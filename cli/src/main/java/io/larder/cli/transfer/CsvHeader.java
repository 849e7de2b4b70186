package io.larder.cli.transfer;

import io.larder.tables.Column;
import io.larder.tables.DataType;
import io.larder.tables.TableDefinition;
import io.larder.tables.ValueKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The header line of a CSV file. A name alone says nothing of types; {@code name:TYPE} does, with
 * {@code :KEY} behind it for a column of the key, {@code :VALUE} for the only column of a value
 * that is no row, {@code :REQUIRED} for one that is never null. Either all names have types or none
 * has. Immutable.
 */
final class CsvHeader {
  private static final Pattern TYPED =
      Pattern.compile(
          "(?<name>.+):(?<type>"
              + Stream.of(DataType.values()).map(Enum::name).collect(Collectors.joining("|"))
              + ")(?<role>:KEY|:VALUE|:REQUIRED)?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private record Cell(String name, @Nullable DataType type, String role) {}

  private final List<Cell> cells;

  private CsvHeader(List<Cell> cells) {
    this.cells = cells;
  }

  static CsvHeader parse(List<String> texts) {
    List<Cell> typed = new ArrayList<>();
    for (String text : texts) {
      Matcher matcher = TYPED.matcher(text);
      if (!matcher.matches()) {
        return new CsvHeader(texts.stream().map(each -> new Cell(each, null, "")).toList());
      }
      String role = matcher.group("role");
      typed.add(
          new Cell(
              matcher.group("name"),
              DataType.valueOf(matcher.group("type").toUpperCase(Locale.ROOT)),
              role == null ? "" : role.toUpperCase(Locale.ROOT)));
    }
    return new CsvHeader(typed);
  }

  /** Returns the text of a column's name in a header with types. */
  static String text(Column column, boolean key, boolean scalar) {
    String role = key ? ":KEY" : scalar ? ":VALUE" : column.nullable() ? "" : ":REQUIRED";
    return column.name() + ":" + column.type() + role;
  }

  List<String> names() {
    return cells.stream().map(Cell::name).toList();
  }

  Optional<TableDefinition> definition(String tableName) {
    List<Column> key = new ArrayList<>();
    List<Column> values = new ArrayList<>();
    ValueKind kind = ValueKind.ROW;
    for (Cell cell : cells) {
      DataType type = cell.type();
      if (type == null) {
        return Optional.empty();
      } else if (cell.role().equals(":KEY")) {
        key.add(Column.notNull(cell.name(), type));
      } else if (!cell.name().equals(TableDefinition.EXPIRES_AT.name())) {
        values.add(new Column(cell.name(), type, !cell.role().equals(":REQUIRED"), null));
        kind = cell.role().equals(":VALUE") ? ValueKind.SCALAR : kind;
      }
    }
    return Optional.of(new TableDefinition(tableName, key, kind, values, Map.of()));
  }
}
