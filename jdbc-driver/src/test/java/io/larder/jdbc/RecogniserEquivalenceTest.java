package io.larder.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.engine.api.LarderUri;
import io.larder.jdbc.internal.calcite.CalcitePlanner;
import io.larder.jdbc.internal.plan.Execution;
import io.larder.jdbc.internal.plan.Plan;
import io.larder.jdbc.internal.plan.Planner;
import io.larder.jdbc.internal.plan.QueryPlan;
import io.larder.jdbc.internal.plan.RowCursor;
import io.larder.jdbc.internal.plan.StopSignal;
import io.larder.jdbc.internal.plan.UpdatePlan;
import io.larder.jdbc.internal.recognise.Recogniser;
import io.larder.jdbc.internal.value.Conversions;
import io.larder.tables.Store;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything the recogniser takes must mean the same to the full grammar. */
class RecogniserEquivalenceTest {
  private static final String ITEMS =
      """
      CREATE TABLE item (
        shelf INTEGER, place VARCHAR, label VARCHAR NOT NULL, amount BIGINT, price DECIMAL,
        weight DOUBLE, fresh BOOLEAN, since DATE, seen TIMESTAMP, opens TIME,
        PRIMARY KEY (shelf, place))
      """;

  private Store store;
  private ConnectionSession session;

  @BeforeEach
  void createTable() throws Exception {
    store = Store.open(LarderUri.parse(Sql.freshUrl()));
    session = new ConnectionSession(store);
    ((UpdatePlan) new io.larder.jdbc.internal.ddl.DefinitionPlanner(store).plan(ITEMS))
        .run(execution());
    fill();
  }

  private void fill() {
    String[] labels = {"apple", "pear", "A%b", "x_y", "Ärger", "", "plum"};
    for (int shelf = 1; shelf <= 5; shelf++) {
      for (int place = 0; place < 6; place++) {
        int n = shelf * 10 + place;
        String amount = n % 4 == 0 ? "NULL" : String.valueOf(n - 30);
        String sql =
            "INSERT INTO item VALUES ("
                + shelf
                + ", 'p"
                + place
                + "', '"
                + labels[n % labels.length]
                + "', "
                + amount
                + ", "
                + (n % 3 == 0 ? "NULL" : n + ".50")
                + ", "
                + n / 8.0
                + ", "
                + (n % 2 == 0 ? "TRUE" : "FALSE")
                + ", DATE '2026-0"
                + shelf
                + "-1"
                + place
                + "', TIMESTAMP '2026-01-01 0"
                + place
                + ":00:00', TIME '1"
                + place
                + ":30:00')";
        run(new Recogniser(store), sql);
      }
    }
  }

  @AfterEach
  void close() {
    store.close();
  }

  private Execution execution(Object... parameters) {
    return new Execution(session, parameters, new StopSignal(0));
  }

  private Object run(Planner planner, String sql, Object... parameters) {
    Plan plan = planner.plan(sql);
    assertThat(plan).as("a plan for " + sql).isNotNull();
    assertThat(plan.parameters()).as("parameters of " + sql).hasSize(parameters.length);
    if (plan instanceof UpdatePlan update) {
      return update.run(execution(parameters));
    }
    QueryPlan query = (QueryPlan) plan;
    List<List<String>> rows = new ArrayList<>();
    try (RowCursor cursor = query.open(execution(parameters))) {
      for (Object[] row = cursor.next(); row != null; row = cursor.next()) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < query.columns().size(); i++) {
          texts.add(Conversions.toText(row[i]));
        }
        rows.add(texts);
      }
    }
    return rows;
  }

  private static Arguments query(String sql, Object... parameters) {
    return Arguments.of(sql, parameters);
  }

  static Stream<Arguments> queries() {
    return Stream.concat(queriesByKeyAndText(), queriesByTypeAndOrder());
  }

  private static Stream<Arguments> queriesByKeyAndText() {
    return Stream.of(
        query("SELECT * FROM item"),
        query("SELECT * FROM PUBLIC.item"),
        query("select label, PLACE from ITEM"),
        query("SELECT i.label FROM item i"),
        query("SELECT i.* FROM item AS i"),
        query("SELECT label AS name, amount total FROM item"),
        query("SELECT label, label FROM item"),
        query("SELECT \"label\" FROM \"item\""),
        query("SELECT COUNT(*) FROM item"),
        query("SELECT COUNT(*) AS n FROM item WHERE shelf = 3"),
        query("SELECT COUNT(*) FROM item WHERE amount IS NULL"),
        query("SELECT * FROM item WHERE shelf = 2 AND place = 'p3'"),
        query("SELECT * FROM item WHERE shelf = ? AND place = ?", 2, "p3"),
        query("SELECT * FROM item WHERE place = 'p3' AND shelf = 2 AND amount > 0"),
        query("SELECT label FROM item WHERE shelf = 2"),
        query("SELECT label FROM item WHERE shelf = ?", 77),
        query("SELECT label FROM item WHERE shelf = ?", (Object) null),
        query("SELECT label FROM item WHERE shelf = NULL"),
        query("SELECT label FROM item WHERE shelf > 2 AND shelf <= 4"),
        query("SELECT label FROM item WHERE shelf >= ? AND shelf < ?", 2, 4L),
        query("SELECT label FROM item WHERE shelf BETWEEN 2 AND 3"),
        query("SELECT label FROM item WHERE shelf BETWEEN 3 AND 2"),
        query("SELECT label FROM item WHERE shelf IN (1, 5, 1, 9)"),
        query("SELECT label FROM item WHERE shelf = 1 AND place IN ('p5', 'p1', 'zz')"),
        query("SELECT label FROM item WHERE shelf = 1 AND place IN (?, ?)", "p5", null),
        query("SELECT label FROM item WHERE shelf = 1 AND place LIKE 'p%'"),
        query("SELECT label FROM item WHERE shelf = 1 AND place LIKE 'p_'"),
        query("SELECT label FROM item WHERE shelf = 1 AND place LIKE ?", "%2"),
        query("SELECT label FROM item WHERE shelf = 1 AND place >= 'p2' AND place < 'p4'"),
        query("SELECT label FROM item WHERE label LIKE '%p%'"),
        query("SELECT label FROM item WHERE label LIKE 'A%b'"),
        query("SELECT label FROM item WHERE label LIKE 'x_y'"),
        query("SELECT label FROM item WHERE label LIKE ''"),
        query("SELECT label FROM item WHERE label LIKE '%'"),
        query("SELECT label FROM item WHERE label = 'Ärger'"),
        query("SELECT label FROM item WHERE label = ''"),
        query("SELECT label FROM item WHERE label > 'p'"),
        query("SELECT label FROM item WHERE label <> 'apple' AND label != 'pear'"));
  }

  private static Stream<Arguments> queriesByTypeAndOrder() {
    return Stream.of(
        query("SELECT place FROM item WHERE amount = -19"),
        query("SELECT place FROM item WHERE amount < 0"),
        query("SELECT place FROM item WHERE amount <> 1"),
        query("SELECT place FROM item WHERE amount IN (1, 2, 3)"),
        query("SELECT place FROM item WHERE amount IS NOT NULL AND price IS NULL"),
        query("SELECT place FROM item WHERE price = 22.5"),
        query("SELECT place FROM item WHERE price = 22.500"),
        query("SELECT place FROM item WHERE price > 40"),
        query("SELECT place FROM item WHERE price <= ?", new java.math.BigDecimal("13.5")),
        query("SELECT place FROM item WHERE weight = 2.5"),
        query("SELECT place FROM item WHERE weight >= 3e0"),
        query("SELECT place FROM item WHERE weight < 2"),
        query("SELECT place FROM item WHERE fresh = TRUE AND shelf = 1"),
        query("SELECT place FROM item WHERE fresh <> ?", true),
        query("SELECT place FROM item WHERE since = DATE '2026-02-12'"),
        query("SELECT place FROM item WHERE since > ?", LocalDate.of(2026, 4, 1)),
        query("SELECT place FROM item WHERE seen <= TIMESTAMP '2026-01-01 02:00:00'"),
        query("SELECT place FROM item WHERE opens > TIME '13:00:00'"),
        query("SELECT place, seen, opens, since FROM item WHERE shelf = 4"),
        query("SELECT place FROM item WHERE expires_at IS NULL AND shelf = 1"),
        query("SELECT shelf, place FROM item ORDER BY shelf"),
        query("SELECT shelf, place FROM item ORDER BY shelf, place"),
        query("SELECT shelf, place FROM item ORDER BY shelf DESC, place DESC"),
        query("SELECT shelf, place FROM item WHERE shelf = 3 ORDER BY place DESC"),
        query("SELECT place FROM item WHERE shelf = 3 ORDER BY shelf, place"),
        query("SELECT place FROM item WHERE shelf = 3 ORDER BY place LIMIT 2"),
        query("SELECT place FROM item ORDER BY shelf DESC, place DESC LIMIT 3 OFFSET 4"),
        query("SELECT place FROM item ORDER BY shelf, place LIMIT ? OFFSET ?", 3, 28),
        query("SELECT place FROM item ORDER BY shelf, place OFFSET 25"),
        query("SELECT place FROM item LIMIT 0"),
        query("SELECT place -- all of them\n FROM /* not this */ item"));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void query_recognisedOrInFull_givesTheSameRows(String sql, Object[] parameters) {
    Object recognised = run(new Recogniser(store), sql, parameters);
    Object full = run(new CalcitePlanner(store), sql, parameters);

    assertThat(recognised).isEqualTo(full);
  }

  @ParameterizedTest
  @MethodSource("queries")
  void query_recognisedOrInFull_hasTheSameColumns(String sql, Object[] parameters) {
    QueryPlan recognised = (QueryPlan) new Recogniser(store).plan(sql);
    QueryPlan full = (QueryPlan) new CalcitePlanner(store).plan(sql);

    assertThat(recognised.columns()).isEqualTo(full.columns());
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        query("INSERT INTO item VALUES (9, 'a', 'x', 1, 2.5, 3, TRUE, NULL, NULL, NULL)"),
        query("INSERT INTO item (place, shelf, label) VALUES ('a', 9, 'x'), ('b', 9, 'y')"),
        query("INSERT INTO item (place, shelf, label) VALUES (?, ?, ?)", "a", 9, "x"),
        query("UPSERT INTO item (shelf, place, label) VALUES (1, 'p1', 'new'), (9, 'z', 'new')"),
        query("UPDATE item SET label = 'new' WHERE shelf = 1 AND place = 'p1'"),
        query("UPDATE item SET label = 'new', amount = NULL WHERE shelf = 2"),
        query("UPDATE item SET amount = ? WHERE amount < ? AND fresh = FALSE", 5, 0),
        query("UPDATE item SET place = 'moved' WHERE shelf = 2 AND place = 'p4'"),
        query("UPDATE item SET label = 'all'"),
        query("DELETE FROM item WHERE shelf = 3 AND place = 'p0'"),
        query("DELETE FROM item WHERE shelf = ? AND place > ?", 3, "p2"),
        query("DELETE FROM item WHERE label LIKE '%p%'"),
        query("DELETE FROM item"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void change_recognisedOrInFull_leavesTheSameRows(String sql, Object[] parameters)
      throws Exception {
    Object recognisedCount = run(new Recogniser(store), sql, parameters);
    Object recognisedRows = run(new Recogniser(store), "SELECT * FROM item");
    store.close();
    createTable();
    Object fullCount = run(new CalcitePlanner(store), sql, parameters);
    Object fullRows = run(new Recogniser(store), "SELECT * FROM item");

    assertThat(recognisedCount).isEqualTo(fullCount);
    assertThat(recognisedRows).isEqualTo(fullRows);
  }

  static Stream<String> unknown() {
    return Stream.of(
        "SELECT DISTINCT label FROM item",
        "SELECT amount + 1 FROM item",
        "SELECT label FROM item WHERE amount = 1 OR amount = 2",
        "SELECT label FROM item WHERE NOT fresh",
        "SELECT label FROM item WHERE amount = 1 + 1",
        "SELECT label FROM item WHERE amount = ? + 1",
        "SELECT label FROM item WHERE amount = 1.5",
        "SELECT label FROM item WHERE label = 5",
        "SELECT label FROM item WHERE label LIKE 'a!%' ESCAPE '!'",
        "SELECT label FROM item WHERE label = amount",
        "SELECT label FROM item ORDER BY place",
        "SELECT label FROM item ORDER BY shelf, place DESC",
        "SELECT place AS shelf FROM item ORDER BY shelf",
        "SELECT label FROM item ORDER BY 1",
        "SELECT label FROM item GROUP BY label",
        "SELECT label FROM item, item",
        "SELECT nothing FROM item",
        "SELECT label FROM nothing",
        "SELECT current_date FROM item",
        "SELECT COUNT(*) FROM item LIMIT 1",
        "SELECT label FROM item FETCH FIRST 2 ROWS ONLY",
        "INSERT INTO item SELECT * FROM item",
        "INSERT INTO item (shelf, shelf) VALUES (1, 2)",
        "INSERT INTO item VALUES (1)",
        "UPDATE item SET amount = amount + 1",
        "UPDATE item SET amount = 1, amount = 2",
        "DELETE FROM item WHERE shelf IN (SELECT 1)",
        "SELECT label FROM item; SELECT 1",
        "");
  }

  @ParameterizedTest
  @MethodSource("unknown")
  void plan_anythingNotCertain_isLeftToTheFullGrammar(String sql) {
    assertThat(new Recogniser(store).plan(sql)).isNull();
  }

  @Test
  void explain_showsTheAccessPath() {
    assertThat(explain("SELECT label FROM item WHERE shelf = 1 AND place = ?"))
        .isEqualTo("item: PRIMARY KEY POINT (shelf = 1, place = ?1)");
    assertThat(explain("SELECT label FROM item WHERE shelf = 1 AND amount > 5"))
        .isEqualTo("item: PRIMARY KEY RANGE (shelf = 1) FILTER amount > 5");
    assertThat(explain("SELECT label FROM item WHERE amount > 5 LIMIT 3"))
        .isEqualTo("item: FULL SCAN FILTER amount > 5 LIMIT 3");
  }

  private String explain(String sql) {
    return new Recogniser(store).plan(sql).explain().get(0);
  }
}
