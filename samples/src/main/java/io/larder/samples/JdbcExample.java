package io.larder.samples;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The cache of {@link JCacheExample}, read with SQL. */
public final class JdbcExample {

  private JdbcExample() {}

  /** Runs the example in the directory named by the first argument. */
  public static void main(String[] arguments) throws SQLException {
    printScarce("jdbc:larder:" + arguments[0], System.out);
  }

  /** Prints what is nearly sold out. */
  static void printScarce(String url, PrintStream out) throws SQLException {
    // snippet: jdbc
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement query = connection.prepareStatement("SELECT * FROM stock WHERE v < ?")) {
      query.setInt(1, 50);
      ResultSet rows = query.executeQuery();
      while (rows.next()) out.println(rows.getString("k") + ": " + rows.getInt("v"));
    }
    // end
  }
}
