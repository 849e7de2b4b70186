package io.larder.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in aligned columns: the first left, the others right. Confined to one thread. */
final class TextTable {

  private final List<List<String>> rows = new ArrayList<>();

  TextTable(List<String> header) {
    rows.add(List.copyOf(header));
  }

  void add(List<String> row) {
    if (row.size() != rows.get(0).size()) {
      throw new IllegalArgumentException(
          "expected " + rows.get(0).size() + " columns, found " + row.size() + ": " + row);
    }
    rows.add(List.copyOf(row));
  }

  String render() {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int number = 0; number < rows.size(); number++) {
      appendRow(text, rows.get(number), widths);
      if (number == 0) {
        List<String> rule = new ArrayList<>();
        for (int width : widths) {
          rule.add("-".repeat(width));
        }
        appendRow(text, rule, widths);
      }
    }
    return text.toString();
  }

  private static void appendRow(StringBuilder text, List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = row.get(column);
      String padding = " ".repeat(widths[column] - cell.length());
      line.append(column == 0 ? cell + padding : padding + cell);
      line.append(column == widths.length - 1 ? "" : "  ");
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
