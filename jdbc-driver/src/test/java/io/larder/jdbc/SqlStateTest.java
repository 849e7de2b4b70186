package io.larder.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SqlStateTest {
  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    connection = Sql.open();
    Sql.script(
        connection,
        """
        CREATE TABLE t (k INTEGER PRIMARY KEY, v VARCHAR NOT NULL, n TINYINT, d DATE, i INTEGER);
        INSERT INTO t VALUES (1, 'one', 1, NULL, 2147483647);
        """);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  static Stream<Arguments> statements() {
    return Stream.of(
        Arguments.of("SELEKT * FROM t", "42000", "SELEKT"),
        Arguments.of("SELECT * FROM t WHERE", "42000", "WHERE"),
        Arguments.of("", "42000", "empty"),
        Arguments.of("SELECT * FROM nowhere", "42S02", "nowhere"),
        Arguments.of("INSERT INTO nowhere VALUES (1)", "42S02", "nowhere"),
        Arguments.of("DELETE FROM nowhere", "42S02", "nowhere"),
        Arguments.of("DROP TABLE nowhere", "42S02", "nowhere"),
        Arguments.of("SELECT nothing FROM t", "42S22", "nothing"),
        Arguments.of("UPDATE t SET nothing = 1", "42S22", "nothing"),
        Arguments.of("INSERT INTO t (nothing) VALUES (1)", "42S22", "nothing"),
        Arguments.of("INSERT INTO t VALUES (1, 'again', 1, NULL, 0)", "23505", "(1)"),
        Arguments.of("INSERT INTO t (k, v) SELECT k, v FROM t", "23505", "(1)"),
        Arguments.of("INSERT INTO t (k) VALUES (2)", "23502", "v"),
        Arguments.of("INSERT INTO t (k, v) VALUES (2, NULL)", "23502", "v"),
        Arguments.of("INSERT INTO t (v) VALUES ('x')", "23502", "k"),
        Arguments.of("UPDATE t SET v = NULL", "23502", "v"),
        Arguments.of("INSERT INTO t (k, v, n) VALUES (2, 'x', 300)", "22003", "300"),
        Arguments.of("UPDATE t SET n = k * 1000", "22003", "1000"),
        Arguments.of("INSERT INTO t (k, v) VALUES ('abc', 'x')", "22018", "abc"),
        Arguments.of("INSERT INTO t (k, v, d) VALUES (2, 'x', 'no date')", "22018", "no date"),
        Arguments.of("SELECT 1 / 0", "22012", "zero"),
        Arguments.of("SELECT k / (k - 1) FROM t", "22012", "zero"),
        Arguments.of("SELECT i + 1 FROM t", "22003", "overflow"),
        Arguments.of("SELECT CAST(v AS INTEGER) FROM t", "22018", "one"),
        Arguments.of("SELECT v, COUNT(*) FROM t", "42000", "v"),
        Arguments.of("CREATE TABLE T (k INTEGER PRIMARY KEY)", "42S01", "T"),
        Arguments.of("CREATE TABLE x (k INTEGER)", "42000", "PRIMARY KEY"),
        Arguments.of("CREATE TABLE x (k INTEGER PRIMARY KEY, K DATE)", "42S21", "K"),
        Arguments.of("CREATE TABLE x (k INTEGER, PRIMARY KEY (z))", "42S22", "z"),
        Arguments.of("CREATE TABLE x (k MONEY PRIMARY KEY)", "42000", "MONEY"),
        Arguments.of("CREATE TABLE x (k INTEGER PRIMARY KEY, v INT UNIQUE)", "0A000", "UNIQUE"),
        Arguments.of(
            "MERGE INTO t USING t AS s ON t.k = s.k WHEN MATCHED THEN UPDATE SET v = 'x'",
            "0A000",
            "MERGE"),
        Arguments.of("ROLLBACK TO SAVEPOINT s", "25000", ""),
        Arguments.of("SELECT k FROM t LIMIT -1", "22023", "-1"));
  }

  @ParameterizedTest
  @MethodSource("statements")
  void execute_badStatement_hasStateAndNamesWhatWasFound(String sql, String state, String named) {
    assertThatThrownBy(
            () -> {
              try (Statement statement = connection.createStatement()) {
                if (statement.execute(sql)) {
                  Sql.rows(statement.getResultSet());
                }
              }
            })
        .isInstanceOf(SQLException.class)
        .hasFieldOrPropertyWithValue("SQLState", state)
        .hasMessageContaining(named);
  }

  @Test
  void exceptions_areOfTheClassesJdbcWants() {
    assertThatThrownBy(() -> Sql.update(connection, "INSERT INTO t (k, v) VALUES (1, 'x')"))
        .isInstanceOf(SQLIntegrityConstraintViolationException.class);
    assertThatThrownBy(() -> Sql.rows(connection, "SELECT"))
        .isInstanceOf(SQLSyntaxErrorException.class);
    assertThatThrownBy(() -> Sql.rows(connection, "SELECT 1 / 0"))
        .isInstanceOf(SQLDataException.class);
    assertThatThrownBy(() -> connection.prepareCall("CALL x()"))
        .isInstanceOf(SQLFeatureNotSupportedException.class);
    assertThatThrownBy(
            () ->
                connection.createStatement(
                    ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY))
        .isInstanceOf(SQLFeatureNotSupportedException.class);
  }

  @Test
  void parameters_missingOrTooMany_areNamed() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT v FROM t WHERE k = ? AND n = ?")) {
      statement.setInt(1, 1);
      assertThatThrownBy(statement::executeQuery)
          .hasFieldOrPropertyWithValue("SQLState", "07001")
          .hasMessageContaining("parameter 2");
      assertThatThrownBy(() -> statement.setInt(3, 1))
          .hasFieldOrPropertyWithValue("SQLState", "07009");
    }
    try (Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("SELECT v FROM t WHERE k = ?"))
          .hasFieldOrPropertyWithValue("SQLState", "07001");
    }
  }

  @Test
  void result_misused_saysHow() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      ResultSet result = statement.executeQuery("SELECT k, v FROM t");
      assertThatThrownBy(() -> result.getInt(1))
          .hasFieldOrPropertyWithValue("SQLState", "24000")
          .hasMessageContaining("next()");
      assertThat(result.next()).isTrue();
      assertThatThrownBy(() -> result.getInt(3)).hasFieldOrPropertyWithValue("SQLState", "07009");
      assertThatThrownBy(() -> result.getInt("z"))
          .hasFieldOrPropertyWithValue("SQLState", "07009")
          .hasMessageContaining("[k, v]");
      assertThatThrownBy(() -> result.getInt("v"))
          .hasFieldOrPropertyWithValue("SQLState", "22018")
          .hasMessageContaining("column v")
          .hasMessageContaining("'one'");
      assertThatThrownBy(() -> statement.executeUpdate("SELECT 1"))
          .hasFieldOrPropertyWithValue("SQLState", "24000");
      assertThatThrownBy(() -> statement.executeQuery("DELETE FROM t WHERE k = 77"))
          .hasFieldOrPropertyWithValue("SQLState", "24000");
    }
  }
}
