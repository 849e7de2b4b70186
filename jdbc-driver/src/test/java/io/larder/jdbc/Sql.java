package io.larder.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Shorthand for tests: databases in memory, results as lists. */
final class Sql {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private Sql() {}

  /** Returns the URL of a database in memory that no other test has. */
  static String freshUrl() {
    return "jdbc:larder:mem:test" + NUMBERS.incrementAndGet();
  }

  static Connection open() throws SQLException {
    return DriverManager.getConnection(freshUrl());
  }

  static long update(Connection connection, String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, parameters);
      return statement.executeUpdate();
    }
  }

  /** Runs every statement of a text; they are separated by semicolons at the ends of lines. */
  static void script(Connection connection, String text) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : text.split(";\\s*\n|;\\s*$", -1)) {
        if (!sql.isBlank()) {
          statement.execute(sql);
        }
      }
    }
  }

  /** Returns the rows of a query, each a list of what getString returns. */
  static List<List<String>> rows(Connection connection, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, parameters);
      try (ResultSet result = statement.executeQuery()) {
        return rows(result);
      }
    }
  }

  static List<List<String>> rows(ResultSet result) throws SQLException {
    int columns = result.getMetaData().getColumnCount();
    List<List<String>> rows = new ArrayList<>();
    while (result.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        row.add(result.getString(i));
      }
      rows.add(row);
    }
    return rows;
  }

  /** Returns the only column of a query. */
  static List<String> column(Connection connection, String sql, Object... parameters)
      throws SQLException {
    return rows(connection, sql, parameters).stream().map(row -> row.get(0)).toList();
  }

  private static void set(PreparedStatement statement, Object... parameters) throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
  }
}
