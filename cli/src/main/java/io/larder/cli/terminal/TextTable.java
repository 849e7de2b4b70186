package io.larder.cli.terminal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of text under headings, in columns as wide as the first rows need; later rows stream
 * through. On a terminal long cells are cut. Not thread-safe; closing writes what is left.
 */
public final class TextTable implements AutoCloseable {
  private static final int SAMPLE_ROWS = 200;
  private static final int CELL_WIDTH_MAX = 60;

  private final PrintWriter out;
  private final List<String> headings;
  private final boolean[] numeric;
  private final List<List<String>> waiting = new ArrayList<>();
  private final int[] widths;
  private boolean started;

  /**
   * Creates a table.
   *
   * @param headings the headings; one that begins with {@code >} stands over numbers, which are set
   *     to the right
   */
  public TextTable(PrintWriter out, List<String> headings) {
    this.out = out;
    this.numeric = new boolean[headings.size()];
    this.widths = new int[headings.size()];
    List<String> names = new ArrayList<>();
    for (int i = 0; i < headings.size(); i++) {
      numeric[i] = headings.get(i).startsWith(">");
      names.add(numeric[i] ? headings.get(i).substring(1) : headings.get(i));
    }
    this.headings = names;
  }

  /** Adds a row; each text is one line. */
  public void add(List<String> cells) {
    List<String> row = cells.stream().map(TextTable::cut).toList();
    if (started) {
      print(row);
      return;
    }
    waiting.add(row);
    if (waiting.size() == SAMPLE_ROWS) {
      start();
    }
  }

  private static String cut(String cell) {
    return Terminal.isOut() && cell.codePointCount(0, cell.length()) > CELL_WIDTH_MAX
        ? cell.substring(0, cell.offsetByCodePoints(0, CELL_WIDTH_MAX - 3)) + "..."
        : cell;
  }

  private void start() {
    started = true;
    measure(headings);
    waiting.forEach(this::measure);
    String line = line(headings);
    out.println(Terminal.isColoured() ? "\u001B[1m" + line + "\u001B[0m" : line);
    waiting.forEach(this::print);
    waiting.clear();
  }

  private void measure(List<String> row) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], width(row.get(i)));
    }
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  private void print(List<String> row) {
    out.println(line(row));
  }

  private String line(List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      String padding = " ".repeat(Math.max(0, widths[i] - width(cell)));
      line.append(i == 0 ? "" : "  ");
      line.append(numeric[i] ? padding + cell : cell + padding);
    }
    return line.toString().stripTrailing();
  }

  /** Writes what has not been written, the headings at least. */
  @Override
  public void close() {
    if (!started) {
      start();
    }
    out.flush();
  }
}
