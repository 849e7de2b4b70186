package io.larder.cli.demo;

import io.larder.cli.terminal.Amounts;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.cache.Cache;

/** Asks SQL for what was put through JCache, and changes it so that the cache sees it. */
final class SqlStep {

  /** A code point nobody will ever assign, for the row that comes and goes. */
  private static final int UNUSED_CODE_POINT = 0x11_0000;

  private final DemoReport report;
  private final String url;
  private final Cache<Integer, UnicodeCharacter> cache;
  private final int total;

  SqlStep(DemoReport report, String url, Cache<Integer, UnicodeCharacter> cache, int total) {
    this.report = report;
    this.url = url;
    this.cache = cache;
    this.total = total;
  }

  void run() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      List<String> count = query(connection, "SELECT COUNT(*) FROM unicode");
      report.check(
          count.equals(List.of(Integer.toString(total))), "every entry of the cache is a row");
      List<String> point =
          query(connection, "SELECT k, glyph, name, block FROM unicode WHERE k = ?", 0x2192);
      report.check(
          point.size() == 1 && point.get(0).contains("RIGHTWARDS ARROW"), "found by its key");
      List<String> range =
          query(
              connection,
              "SELECT k, glyph, name FROM unicode WHERE k BETWEEN ? AND ? ORDER BY k",
              0x1F600,
              0x1F64F);
      report.check(range.size() == 80, "80 emoticons in a range of keys");
      List<String> arrows =
          query(connection, "SELECT k, glyph, name FROM unicode WHERE name LIKE '%ARROW%'");
      report.check(arrows.size() == countArrows(), "the same arrows as in the JDK");
      query(
          connection,
          "SELECT block, COUNT(*) AS characters FROM unicode GROUP BY block"
              + " ORDER BY characters DESC LIMIT 5");
      change(connection);
    }
  }

  private void change(Connection connection) throws SQLException {
    update(
        connection,
        "INSERT INTO unicode (k, name, block, script, category, mirrored, numericValue)"
            + " VALUES (?, 'LARDER', 'KITCHEN', 'LATIN', 'So', FALSE, 42)",
        UNUSED_CODE_POINT);
    UnicodeCharacter inserted = cache.get(UNUSED_CODE_POINT);
    report.check(
        inserted != null && inserted.name().equals("LARDER") && inserted.numericValue() == 42,
        "the cache sees the inserted row at once: %s",
        inserted == null ? "nothing" : inserted.name() + " in " + inserted.block());
    update(connection, "DELETE FROM unicode WHERE k = ?", UNUSED_CODE_POINT);
    report.check(!cache.containsKey(UNUSED_CODE_POINT), "and that it is gone after the DELETE");
  }

  private static int countArrows() {
    int arrows = 0;
    for (int codePoint : UnicodeDatabase.codePoints()) {
      if (UnicodeCharacter.of(codePoint).name().contains("ARROW")) {
        arrows++;
      }
    }
    return arrows;
  }

  private List<String> query(Connection connection, String sql, Object... parameters)
      throws SQLException {
    long startNanos = System.nanoTime();
    List<String> rows = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(row(result));
        }
      }
    }
    show(sql, parameters, System.nanoTime() - startNanos, rows.size());
    rows.stream().limit(5).forEach(row -> report.say("        %s", row));
    if (rows.size() > 5) {
      report.say("        ... and %,d more", rows.size() - 5);
    }
    return rows;
  }

  private void update(Connection connection, String sql, Object... parameters) throws SQLException {
    long startNanos = System.nanoTime();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      int changed = statement.executeUpdate();
      show(sql, parameters, System.nanoTime() - startNanos, changed);
    }
  }

  private static void bind(PreparedStatement statement, Object[] parameters) throws SQLException {
    for (int index = 0; index < parameters.length; index++) {
      statement.setObject(index + 1, parameters[index]);
    }
  }

  private static String row(ResultSet result) throws SQLException {
    StringBuilder text = new StringBuilder();
    for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
      text.append(column == 1 ? "" : "  ").append(result.getString(column));
    }
    return text.toString();
  }

  private void show(String sql, Object[] parameters, long nanos, int rows) {
    String text = sql;
    for (Object parameter : parameters) {
      int mark = text.indexOf('?');
      text = text.substring(0, mark) + parameter + text.substring(mark + 1);
    }
    report.say(
        String.format(Locale.ROOT, "sql>  %s   [%,d rows, %s]", text, rows, Amounts.duration(nanos))
            .replace("%", "%%"));
  }
}
