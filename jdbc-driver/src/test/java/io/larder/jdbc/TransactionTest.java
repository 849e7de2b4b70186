package io.larder.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionTest {
  private String url;
  private Connection one;
  private Connection other;

  @BeforeEach
  void open() throws SQLException {
    url = Sql.freshUrl();
    one = DriverManager.getConnection(url);
    other = DriverManager.getConnection(url);
    Sql.update(one, "CREATE TABLE t (k INTEGER PRIMARY KEY, v INTEGER)");
    Sql.update(one, "INSERT INTO t VALUES (1, 10), (2, 20)");
  }

  @AfterEach
  void close() throws SQLException {
    one.close();
    other.close();
  }

  @Test
  void rollback_givesEveryChangeUp() throws SQLException {
    one.setAutoCommit(false);
    Sql.update(one, "UPDATE t SET v = 11 WHERE k = 1");
    Sql.update(one, "DELETE FROM t WHERE k = 2");
    Sql.update(one, "INSERT INTO t VALUES (3, 30)");
    assertThat(Sql.rows(one, "SELECT * FROM t").toString())
        .isEqualTo("[[1, 11, null], [3, 30, null]]");
    assertThat(Sql.rows(other, "SELECT k, v FROM t").toString()).isEqualTo("[[1, 10], [2, 20]]");

    one.rollback();

    assertThat(Sql.rows(one, "SELECT k, v FROM t").toString()).isEqualTo("[[1, 10], [2, 20]]");
  }

  @Test
  void transaction_readsItsOwnChangesThroughTheFullLanguageToo() throws SQLException {
    one.setAutoCommit(false);
    Sql.update(one, "INSERT INTO t VALUES (3, 30)");
    assertThat(Sql.column(one, "SELECT SUM(v) FROM t")).containsExactly("60");
    one.commit();
    assertThat(Sql.column(other, "SELECT SUM(v) FROM t")).containsExactly("60");
  }

  @Test
  void serializable_forbidsWriteSkew_andSnapshotsDoNot() throws SQLException {
    for (int level :
        new int[] {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE}) {
      for (Connection connection : List.of(one, other)) {
        connection.setTransactionIsolation(level);
        assertThat(connection.getTransactionIsolation()).isEqualTo(level);
        assertThat(connection.getMetaData().supportsTransactionIsolationLevel(level)).isTrue();
        connection.setAutoCommit(false);
        assertThat(Sql.column(connection, "SELECT COUNT(*) FROM t WHERE k < 10")).hasSize(1);
      }
      Sql.update(one, "INSERT INTO t VALUES (3, " + level + ")");
      Sql.update(other, "INSERT INTO t VALUES (4, " + level + ")");
      one.commit();
      if (level == Connection.TRANSACTION_SERIALIZABLE) {
        assertThatThrownBy(other::commit)
            .isInstanceOf(SQLException.class)
            .hasFieldOrPropertyWithValue("SQLState", "40001");
        assertThat(Sql.column(one, "SELECT k FROM t")).containsExactly("1", "2", "3");
      } else {
        other.commit();
        Sql.update(one, "DELETE FROM t WHERE k > 2");
        one.commit();
      }
      one.rollback();
      other.rollback();
    }
  }

  @Test
  void isolation_isNotChangedInTheMiddleOfATransaction() throws SQLException {
    one.setAutoCommit(false);
    Sql.update(one, "INSERT INTO t VALUES (3, 30)");
    assertThatThrownBy(() -> one.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE))
        .isInstanceOf(SQLException.class)
        .hasFieldOrPropertyWithValue("SQLState", "25000");
    one.rollback();
  }

  @Test
  void transaction_seesOneStateAllTheWay() throws SQLException {
    one.setAutoCommit(false);
    assertThat(Sql.column(one, "SELECT v FROM t WHERE k = 1")).containsExactly("10");
    Sql.update(other, "UPDATE t SET v = 99 WHERE k = 1");

    assertThat(Sql.column(one, "SELECT v FROM t WHERE k = 1")).containsExactly("10");
    one.commit();
    assertThat(Sql.column(one, "SELECT v FROM t WHERE k = 1")).containsExactly("99");
  }

  @Test
  void commit_afterAnotherChangedTheSameRow_fails40001AndTheTransactionIsOver()
      throws SQLException {
    one.setAutoCommit(false);
    Sql.update(one, "UPDATE t SET v = v + 1 WHERE k = 1");
    Sql.update(one, "UPDATE t SET v = 0 WHERE k = 2");
    Sql.update(other, "UPDATE t SET v = 50 WHERE k = 1");

    assertThatThrownBy(one::commit).hasFieldOrPropertyWithValue("SQLState", "40001");

    assertThat(Sql.rows(one, "SELECT k, v FROM t").toString()).isEqualTo("[[1, 50], [2, 20]]");
    Sql.update(one, "UPDATE t SET v = v + 1 WHERE k = 1");
    one.commit();
    assertThat(Sql.rows(other, "SELECT k, v FROM t").toString()).isEqualTo("[[1, 51], [2, 20]]");
  }

  @Test
  void failedStatement_leavesNothingOfItself_theTransactionGoesOn() throws SQLException {
    one.setAutoCommit(false);
    Sql.update(one, "INSERT INTO t VALUES (5, 50)");
    assertThatThrownBy(() -> Sql.update(one, "INSERT INTO t VALUES (6, 60), (1, 0)"))
        .hasFieldOrPropertyWithValue("SQLState", "23505");
    one.commit();

    assertThat(Sql.column(other, "SELECT k FROM t")).containsExactly("1", "2", "5");
  }

  @Test
  void failedStatement_withAutocommit_leavesNothing() {
    assertThatThrownBy(() -> Sql.update(one, "INSERT INTO t VALUES (6, 60), (1, 0)"))
        .hasFieldOrPropertyWithValue("SQLState", "23505");
    assertThatThrownBy(() -> Sql.update(one, "INSERT INTO t VALUES (6, 60), (6, 0)"))
        .hasFieldOrPropertyWithValue("SQLState", "23505");
    assertThatThrownBy(() -> Sql.update(one, "UPDATE t SET k = 7"))
        .hasFieldOrPropertyWithValue("SQLState", "23505");

    org.assertj.core.api.Assertions.assertThatCode(
            () ->
                assertThat(Sql.rows(other, "SELECT k, v FROM t").toString())
                    .isEqualTo("[[1, 10], [2, 20]]"))
        .doesNotThrowAnyException();
  }

  @Test
  void savepoint_rollsBackWhatCameAfter() throws SQLException {
    one.setAutoCommit(false);
    Sql.update(one, "INSERT INTO t VALUES (3, 30)");
    Savepoint savepoint = one.setSavepoint("here");
    Sql.update(one, "INSERT INTO t VALUES (4, 40)");
    one.rollback(savepoint);
    Sql.update(one, "INSERT INTO t VALUES (5, 50)");
    one.commit();

    assertThat(Sql.column(other, "SELECT k FROM t")).containsExactly("1", "2", "3", "5");
    assertThatThrownBy(() -> one.rollback(savepoint))
        .hasFieldOrPropertyWithValue("SQLState", "3B001");
  }

  @Test
  void commandsInSql_doTheSame() throws SQLException {
    Sql.script(
        one,
        """
        BEGIN;
        INSERT INTO t VALUES (3, 30);
        SAVEPOINT here;
        INSERT INTO t VALUES (4, 40);
        ROLLBACK TO SAVEPOINT here;
        RELEASE SAVEPOINT here;
        COMMIT;
        START TRANSACTION;
        DELETE FROM t;
        ROLLBACK;
        """);

    assertThat(Sql.column(other, "SELECT k FROM t")).containsExactly("1", "2", "3");
  }

  @Test
  void commit_closesResults() throws SQLException {
    one.setAutoCommit(false);
    try (Statement statement = one.createStatement();
        ResultSet result = statement.executeQuery("SELECT * FROM t")) {
      assertThat(result.next()).isTrue();
      one.commit();
      assertThat(result.isClosed()).isTrue();
      assertThatThrownBy(result::next).hasFieldOrPropertyWithValue("SQLState", "24000");
    }
  }

  @Test
  void result_outsideATransaction_isOfOnePointInTime() throws SQLException {
    try (Statement statement = one.createStatement();
        ResultSet result = statement.executeQuery("SELECT k FROM t")) {
      assertThat(result.next()).isTrue();
      Sql.update(other, "DELETE FROM t");
      assertThat(result.next()).isTrue();
      assertThat(result.getInt("K")).isEqualTo(2);
      assertThat(result.next()).isFalse();
    }
  }

  @Test
  void autocommitMethods_onTheWrongSide_areRefused() {
    assertThatThrownBy(one::commit).hasFieldOrPropertyWithValue("SQLState", "25000");
    assertThatThrownBy(one::setSavepoint).hasFieldOrPropertyWithValue("SQLState", "25000");
  }

  @Test
  void readOnly_refusesChanges() throws SQLException {
    one.setReadOnly(true);
    assertThatThrownBy(() -> Sql.update(one, "DELETE FROM t"))
        .hasFieldOrPropertyWithValue("SQLState", "25006");
    assertThatThrownBy(() -> Sql.update(one, "DROP TABLE t"))
        .hasFieldOrPropertyWithValue("SQLState", "25006");
    assertThat(Sql.column(one, "SELECT COUNT(*) FROM t")).containsExactly("2");
  }

  @Test
  void batch_withAutocommit_isAllOrNothing() throws SQLException {
    try (PreparedStatement insert = one.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
      for (int key : new int[] {7, 8, 1, 9}) {
        insert.setInt(1, key);
        insert.setInt(2, 0);
        insert.addBatch();
      }
      assertThatThrownBy(insert::executeBatch)
          .isInstanceOf(BatchUpdateException.class)
          .hasFieldOrPropertyWithValue("SQLState", "23505")
          .hasMessageContaining("statement 3 of the batch");
      assertThat(Sql.column(other, "SELECT k FROM t")).containsExactly("1", "2");

      insert.setInt(1, 7);
      insert.addBatch();
      insert.setInt(1, 8);
      insert.addBatch();
      assertThat(insert.executeBatch()).containsExactly(1, 1);
    }
    assertThat(Sql.column(other, "SELECT k FROM t")).containsExactly("1", "2", "7", "8");
  }

  @Test
  void update_fromManyThreads_losesNothing() throws Exception {
    int threads = 4;
    int rounds = 50;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        done.add(
            executor.submit(
                () -> {
                  try (Connection own = DriverManager.getConnection(url)) {
                    for (int round = 0; round < rounds; round++) {
                      Sql.update(own, "UPDATE t SET v = v + 1 WHERE k = ?", 1);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> each : done) {
        each.get();
      }
    } finally {
      executor.shutdownNow();
    }
    assertThat(Sql.column(one, "SELECT v FROM t WHERE k = 1"))
        .containsExactly(String.valueOf(10 + threads * rounds));
  }
}
