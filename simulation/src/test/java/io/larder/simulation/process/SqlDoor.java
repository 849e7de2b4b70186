package io.larder.simulation.process;

import io.larder.simulation.process.Ledger.Change;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** JDBC: each step is one transaction over two tables, or one definition. */
final class SqlDoor implements Door {
  private final Connection connection;

  SqlDoor(String place) throws SQLException {
    connection = DriverManager.getConnection("jdbc:larder:" + place);
  }

  @Override
  public void take(List<Change> changes) throws SQLException {
    Change first = changes.get(0);
    switch (first.kind()) {
      case CREATE ->
          define(
              "CREATE TABLE IF NOT EXISTS "
                  + first.table()
                  + " (k INTEGER PRIMARY KEY, v VARCHAR)");
      case DROP -> define("DROP TABLE IF EXISTS " + first.table());
      default -> change(changes);
    }
  }

  private void define(String sql) throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private void change(List<Change> changes) throws SQLException {
    connection.setAutoCommit(false);
    for (Change change : changes) {
      boolean put = change.kind() == Ledger.Kind.PUT;
      String sql =
          put
              ? "UPSERT INTO " + change.table() + " (k, v) VALUES (?, ?)"
              : "DELETE FROM " + change.table() + " WHERE k = ?";
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setInt(1, change.key());
        if (put) {
          statement.setString(2, change.value());
        }
        statement.executeUpdate();
      }
    }
    connection.commit();
  }

  @Override
  public Map<String, Map<Integer, String>> read() throws SQLException {
    connection.setAutoCommit(true);
    Map<String, Map<Integer, String>> found = new TreeMap<>();
    try (ResultSet tables = connection.getMetaData().getTables(null, null, "%", null)) {
      while (tables.next()) {
        found.put(tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT), new TreeMap<>());
      }
    }
    for (Map.Entry<String, Map<Integer, String>> table : found.entrySet()) {
      try (PreparedStatement query =
              connection.prepareStatement("SELECT k, v FROM " + table.getKey());
          ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          table.getValue().put(rows.getInt(1), rows.getString(2));
        }
      }
    }
    return found;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
