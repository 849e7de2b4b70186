package io.larder.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import sqlline.SqlLine;

/** Programs that people point at a driver. */
class ClientsTest {

  @Test
  void hikari_poolsConnections() throws Exception {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(Sql.freshUrl());
    config.setMaximumPoolSize(3);
    config.setAutoCommit(false);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    try (HikariDataSource pool = new HikariDataSource(config)) {
      try (Connection connection = pool.getConnection()) {
        Sql.update(connection, "CREATE TABLE t (k INTEGER PRIMARY KEY)");
        Sql.update(connection, "INSERT INTO t VALUES (1)");
        connection.commit();
        Sql.update(connection, "INSERT INTO t VALUES (2)");
      }
      try (Connection connection = pool.getConnection()) {
        assertThat(Sql.column(connection, "SELECT k FROM t")).containsExactly("1");
      }
    }
  }

  @Test
  void sqlLine_listsTablesColumnsAndKeys() throws Exception {
    String url = Sql.freshUrl();
    try (Connection keep = DriverManager.getConnection(url)) {
      Sql.update(keep, "CREATE TABLE fruit (name VARCHAR PRIMARY KEY, colour VARCHAR)");
      Sql.update(keep, "INSERT INTO fruit VALUES ('lemon', 'yellow')");
      String script =
          """
          !set outputformat csv
          !tables
          !columns fruit
          !primarykeys fruit
          !indexes fruit
          !describe fruit
          SELECT name || ' is ' || colour AS sentence FROM fruit;
          EXPLAIN SELECT * FROM fruit WHERE name = 'lemon';
          SELECT nonsense FROM fruit;
          !quit
          """;
      String output = runSqlLine(url, script);

      assertThat(output)
          .contains("fruit")
          .contains("colour")
          .contains("fruit_pkey")
          .contains("lemon is yellow")
          .contains("PRIMARY KEY POINT")
          .contains("Column 'nonsense' not found")
          .doesNotContain("Exception in thread")
          .doesNotContain("AbstractMethodError");
    }
  }

  private static String runSqlLine(String url, String script) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SqlLine sqlLine = new SqlLine();
    PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    sqlLine.setOutputStream(stream);
    sqlLine.setErrorStream(stream);
    ByteArrayInputStream input = new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8));
    sqlLine.begin(new String[] {"-u", url, "-n", "", "-p", ""}, input, false);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
