package io.larder.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatementTest {
  private String url;
  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    url = Sql.freshUrl();
    connection = DriverManager.getConnection(url);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void values_ofEveryType_comeBackAsTheyWentIn() throws SQLException {
    Sql.update(
        connection,
        """
        CREATE TABLE v (k INTEGER PRIMARY KEY, bo BOOLEAN, ti TINYINT, sm SMALLINT, bi BIGINT,
          re REAL, do DOUBLE PRECISION, de DECIMAL(20, 4), vc VARCHAR(9), vb VARBINARY(9), id UUID,
          da DATE, tm TIME, ts TIMESTAMP, tz TIMESTAMP WITH TIME ZONE)
        """);
    UUID id = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
    LocalDateTime timestamp = LocalDateTime.of(2026, 2, 28, 23, 59, 59, 123_456_789);
    Instant instant = Instant.parse("2026-02-28T23:59:59.123456789Z");
    Object[] values = {
      1,
      true,
      (byte) -3,
      (short) 300,
      1L << 40,
      1.5f,
      2.25,
      new BigDecimal("12.3400"),
      "Grüße",
      new byte[] {1, -1},
      id,
      LocalDate.of(2026, 2, 28),
      LocalTime.of(23, 59, 58, 7),
      timestamp,
      instant
    };
    Sql.update(
        connection, "INSERT INTO v VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values);

    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT * FROM v WHERE k = 1")) {
      assertThat(result.next()).isTrue();
      assertThat(result.getBoolean("bo")).isTrue();
      assertThat(result.getByte("ti")).isEqualTo((byte) -3);
      assertThat(result.getShort("sm")).isEqualTo((short) 300);
      assertThat(result.getLong("bi")).isEqualTo(1L << 40);
      assertThat(result.getFloat("re")).isEqualTo(1.5f);
      assertThat(result.getDouble("do")).isEqualTo(2.25);
      assertThat(result.getBigDecimal("de")).isEqualTo(new BigDecimal("12.3400"));
      assertThat(result.getString("vc")).isEqualTo("Grüße");
      assertThat(result.getBytes("vb")).containsExactly(1, -1);
      assertThat(result.getObject("id")).isEqualTo(id);
      assertThat(result.getDate("da")).isEqualTo(Date.valueOf("2026-02-28"));
      assertThat(result.getObject("tm", LocalTime.class)).isEqualTo(LocalTime.of(23, 59, 58, 7));
      assertThat(result.getTimestamp("ts")).isEqualTo(Timestamp.valueOf(timestamp));
      assertThat(result.getObject("ts", LocalDateTime.class)).isEqualTo(timestamp);
      assertThat(result.getObject("tz", Instant.class)).isEqualTo(instant);
      assertThat(result.getObject("tz", OffsetDateTime.class))
          .isEqualTo(instant.atOffset(ZoneOffset.UTC));
      assertThat(result.getObject("expires_at")).isNull();
      assertThat(result.wasNull()).isTrue();
      assertThatThrownBy(() -> result.getByte("sm"))
          .hasFieldOrPropertyWithValue("SQLState", "22003");
    }
  }

  @Test
  void values_throughTheFullLanguage_areTheSame() throws SQLException {
    Sql.update(
        connection,
        "CREATE TABLE v (k INTEGER PRIMARY KEY, id UUID, vb VARBINARY, da DATE, tm TIME,"
            + " ts TIMESTAMP, tz TIMESTAMP WITH TIME ZONE, de DECIMAL)");
    UUID id = UUID.randomUUID();
    LocalDateTime timestamp = LocalDateTime.of(1969, 12, 31, 23, 59, 59, 5_000_000);
    Instant instant = Instant.parse("2026-02-28T23:59:59.123Z");
    Sql.update(
        connection,
        "INSERT INTO v VALUES (1 + ?, ?, ?, ?, ?, ?, ?, ?)",
        0,
        id,
        new byte[] {5},
        LocalDate.of(1900, 1, 1),
        LocalTime.of(1, 2, 3),
        timestamp,
        instant,
        new BigDecimal("1.50"));
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT * FROM v WHERE k + 0 = 1 AND ts = ? AND tz <= ? AND id = ? AND da < ?")) {
      statement.setObject(1, timestamp);
      statement.setObject(2, instant);
      statement.setObject(3, id);
      statement.setObject(4, LocalDate.of(1900, 1, 2));
      ResultSet result = statement.executeQuery();
      assertThat(result.next()).isTrue();
      assertThat(result.getObject("id")).isEqualTo(id);
      assertThat(result.getBytes("vb")).containsExactly(5);
      assertThat(result.getObject("da", LocalDate.class)).isEqualTo(LocalDate.of(1900, 1, 1));
      assertThat(result.getObject("tm", LocalTime.class)).isEqualTo(LocalTime.of(1, 2, 3));
      assertThat(result.getObject("ts", LocalDateTime.class)).isEqualTo(timestamp);
      assertThat(result.getObject("tz", Instant.class)).isEqualTo(instant);
      assertThat(result.getBigDecimal("de")).isEqualByComparingTo("1.5");
    }
  }

  @Test
  void update_ofOneColumn_keepsTheNanosOfTheOthers() throws SQLException {
    Sql.update(connection, "CREATE TABLE v (ts TIMESTAMP PRIMARY KEY, other TIMESTAMP, n INT)");
    LocalDateTime fine = LocalDateTime.of(2026, 1, 1, 0, 0, 0, 123_456_789);
    Sql.update(connection, "INSERT INTO v VALUES (?, ?, 1)", fine, fine);
    assertThat(Sql.update(connection, "UPDATE v SET n = n + 1 WHERE n + 0 = 1")).isEqualTo(1);
    assertThat(Sql.column(connection, "SELECT other FROM v WHERE ts = ? AND n = 2", fine))
        .containsExactly("2026-01-01 00:00:00.123456789");
  }

  @Test
  void defaults_areFilledIn() throws SQLException {
    Sql.update(
        connection,
        "CREATE TABLE d (k INT PRIMARY KEY, n INT DEFAULT -5, s VARCHAR DEFAULT 'it''s', t TIMESTAMP"
            + " DEFAULT CURRENT_TIMESTAMP, u UUID DEFAULT RANDOM_UUID())");
    Sql.update(connection, "INSERT INTO d (k) VALUES (1)");
    Sql.update(connection, "INSERT INTO d (k, n, s) VALUES (1 + 1, DEFAULT, 'x')");

    assertThat(Sql.rows(connection, "SELECT k, n, s FROM d").toString())
        .isEqualTo("[[1, -5, it's], [2, -5, x]]");
    assertThat(Sql.column(connection, "SELECT COUNT(DISTINCT u) FROM d WHERE t IS NOT NULL"))
        .containsExactly("2");
  }

  @Test
  void timeToLive_ofTableAndRow() throws SQLException {
    Sql.update(connection, "CREATE TABLE s (k INT PRIMARY KEY, v INT) WITH (ttl = '1h')");
    Sql.update(connection, "INSERT INTO s (k) VALUES (1)");
    Sql.update(
        connection, "INSERT INTO s (k, expires_at) VALUES (2, ?)", Instant.now().minusSeconds(9));
    Sql.update(connection, "INSERT INTO s (k, expires_at) VALUES (3, NULL)");

    assertThat(Sql.rows(connection, "SELECT k, expires_at IS NULL FROM s").toString())
        .isEqualTo("[[1, false], [3, true]]");
    Sql.update(connection, "UPDATE s SET expires_at = ? WHERE k = 3", Instant.EPOCH.plusMillis(1));
    assertThat(Sql.column(connection, "SELECT k FROM s")).containsExactly("1");
  }

  @Test
  void upsert_replacesWhatIsThere() throws SQLException {
    Sql.update(connection, "CREATE TABLE u (k INT PRIMARY KEY, v VARCHAR)");
    Sql.update(connection, "UPSERT INTO u VALUES (1, 'a')");
    Sql.update(connection, "UPSERT INTO u VALUES (1, UPPER('b')), (2, 'c')");
    assertThat(Sql.rows(connection, "SELECT k, v FROM u").toString()).isEqualTo("[[1, B], [2, c]]");
  }

  @Test
  void truncateAndDrop_emptyAndForget() throws SQLException {
    Sql.script(
        connection,
        """
        CREATE TABLE IF NOT EXISTS u (k INT PRIMARY KEY);
        CREATE TABLE IF NOT EXISTS u (k INT PRIMARY KEY);
        INSERT INTO u VALUES (1), (2);
        TRUNCATE TABLE u;
        DROP TABLE IF EXISTS nothing;
        """);
    assertThat(Sql.column(connection, "SELECT COUNT(*) FROM u")).containsExactly("0");
    Sql.update(connection, "DROP TABLE u");
    assertThatThrownBy(() -> Sql.column(connection, "SELECT k FROM u"))
        .hasFieldOrPropertyWithValue("SQLState", "42S02");
  }

  @Test
  void preparedStatement_afterTheTableChanged_isCompiledAnew() throws SQLException {
    Sql.update(connection, "CREATE TABLE u (k INT PRIMARY KEY, v VARCHAR)");
    Sql.update(connection, "INSERT INTO u VALUES (1, 'old')");
    try (PreparedStatement statement = connection.prepareStatement("SELECT * FROM u")) {
      assertThat(Sql.rows(statement.executeQuery()).toString()).isEqualTo("[[1, old, null]]");
      Sql.update(connection, "DROP TABLE u");
      Sql.update(connection, "CREATE TABLE u (k INT PRIMARY KEY, a INT, b INT)");
      Sql.update(connection, "INSERT INTO u VALUES (1, 2, 3)");
      assertThat(Sql.rows(statement.executeQuery()).toString()).isEqualTo("[[1, 2, 3, null]]");
    }
  }

  @Test
  void maxRows_endsTheResultEarly() throws SQLException {
    fill(50);
    try (Statement statement = connection.createStatement()) {
      statement.setMaxRows(7);
      statement.setFetchSize(3);
      assertThat(Sql.rows(statement.executeQuery("SELECT k FROM big"))).hasSize(7);
      assertThat(Sql.rows(statement.executeQuery("SELECT k FROM big WHERE k + 0 > 3"))).hasSize(7);
    }
  }

  private void fill(int rows) throws SQLException {
    Sql.update(connection, "CREATE TABLE big (k INT PRIMARY KEY, v INT)");
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO big VALUES (?, ?)")) {
      for (int i = 0; i < rows; i++) {
        insert.setInt(1, i);
        insert.setInt(2, i % 7);
        insert.addBatch();
      }
      assertThat(Arrays.stream(insert.executeBatch()).sum()).isEqualTo(rows);
    }
  }

  @Test
  void cancel_fromAnotherThread_endsAQueryWithinItsScan() throws Exception {
    fill(2000);
    try (Statement statement = connection.createStatement()) {
      CountDownLatch started = new CountDownLatch(1);
      CompletableFuture<Void> query =
          CompletableFuture.runAsync(
              () -> {
                try (ResultSet result =
                    statement.executeQuery(
                        "SELECT COUNT(*) FROM big a, big b, big c WHERE a.v + b.v + c.v > 1000")) {
                  started.countDown();
                  while (result.next()) {
                    started.countDown();
                  }
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                } finally {
                  started.countDown();
                }
              });
      while (!query.isDone()) {
        statement.cancel();
        started.await(20, TimeUnit.MILLISECONDS);
      }
      assertThatThrownBy(query::get)
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseInstanceOf(RuntimeException.class)
          .rootCause()
          .hasMessageContaining("cancelled");
    }
  }

  @Test
  void queryTimeout_endsAQueryWithinItsScan() throws SQLException {
    fill(2000);
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      assertThatThrownBy(
              () ->
                  Sql.rows(
                      statement.executeQuery(
                          "SELECT COUNT(*) FROM big a, big b, big c WHERE a.v + b.v + c.v > 1000")))
          .isInstanceOf(SQLTimeoutException.class)
          .hasFieldOrPropertyWithValue("SQLState", "57014");
    }
    assertThat(Sql.column(connection, "SELECT COUNT(*) FROM big")).containsExactly("2000");
  }

  @Test
  void generatedKeys_areAnEmptyResult() throws SQLException {
    Sql.update(connection, "CREATE TABLE u (k INT PRIMARY KEY)");
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO u VALUES (1)", Statement.RETURN_GENERATED_KEYS)) {
      insert.executeUpdate();
      assertThat(insert.getGeneratedKeys().next()).isFalse();
    }
  }

  @Test
  void statement_ofAnotherConnection_runsAtTheSameTime() throws SQLException {
    fill(10);
    try (Connection second = DriverManager.getConnection(url);
        Statement one = connection.createStatement();
        Statement two = second.createStatement();
        Statement three = connection.createStatement()) {
      ResultSet first = one.executeQuery("SELECT k FROM big");
      ResultSet other = two.executeQuery("SELECT k + 0 FROM big");
      ResultSet third = three.executeQuery("SELECT k FROM big ORDER BY k DESC");
      for (int i = 0; i < 10; i++) {
        assertThat(first.next() && other.next() && third.next()).isTrue();
        assertThat(first.getInt(1)).isEqualTo(i);
        assertThat(other.getInt(1)).isEqualTo(i);
        assertThat(third.getInt(1)).isEqualTo(9 - i);
      }
      assertThat(first.next() || other.next() || third.next()).isFalse();
    }
  }
}
