package io.larder.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Queries over the same rows in Larder and in H2 must agree, where the dialects do. */
class OracleTest {
  private static final long SEED = 20260117;

  private static Connection larder;
  private static Connection oracle;

  @BeforeAll
  static void fill() throws SQLException {
    larder = Sql.open();
    oracle = DriverManager.getConnection("jdbc:h2:mem:oracle;DEFAULT_NULL_ORDERING=HIGH");
    both("CREATE TABLE author (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, born DATE)");
    both(
        "CREATE TABLE book (id BIGINT, edition INTEGER, author_id INTEGER, title VARCHAR(100),"
            + " price DECIMAL(10, 2), pages INTEGER, weight DOUBLE PRECISION, sold BOOLEAN,"
            + " printed TIMESTAMP, PRIMARY KEY (id, edition))");
    both("CREATE TABLE tag (book_id BIGINT, word VARCHAR(20), PRIMARY KEY (book_id, word))");
    Random random = new Random(SEED);
    for (int i = 1; i <= 12; i++) {
      String born = i % 4 == 0 ? "NULL" : "DATE '19" + (50 + i) + "-0" + (i % 9 + 1) + "-15'";
      both(
          "INSERT INTO author VALUES (" + i + ", 'Author " + (char) ('A' + i) + "', " + born + ")");
    }
    for (int i = 1; i <= 60; i++) {
      both(
          String.format(
              Locale.ROOT,
              "INSERT INTO book VALUES (%d, %d, %s, 'Title %d%s', %s, %d, %s, %s, %s)",
              i / 2,
              i % 2 + 1,
              random.nextInt(8) == 0 ? "NULL" : String.valueOf(random.nextInt(12) + 1),
              random.nextInt(30),
              random.nextBoolean() ? " of it" : "",
              random.nextInt(6) == 0 ? "NULL" : random.nextInt(100) + ".50",
              random.nextInt(900),
              random.nextInt(9) == 0 ? "NULL" : random.nextInt(64) / 8.0 + "E0",
              List.of("TRUE", "FALSE", "NULL").get(random.nextInt(3)),
              "TIMESTAMP '2026-0"
                  + (random.nextInt(9) + 1)
                  + "-11 1"
                  + random.nextInt(9)
                  + ":30:00'"));
      both("INSERT INTO tag VALUES (" + i / 2 + ", 'w" + i % 7 + "-" + i + "')");
    }
  }

  private static void both(String sql) throws SQLException {
    for (Connection each : List.of(larder, oracle)) {
      try (Statement statement = each.createStatement()) {
        statement.execute(sql);
      }
    }
  }

  @AfterAll
  static void close() throws SQLException {
    larder.close();
    oracle.close();
  }

  static Stream<String> queries() {
    return Stream.concat(queriesOfOneTable(), queriesOfSeveral());
  }

  private static Stream<String> queriesOfOneTable() {
    return Stream.of(
        "SELECT id, name, born FROM author ORDER BY id",
        "SELECT name FROM author WHERE born IS NULL ORDER BY name",
        "SELECT id, edition FROM book WHERE price > 20 AND pages < 500",
        "SELECT id FROM book WHERE price > 20 OR pages < 100",
        "SELECT id FROM book WHERE NOT (price > 20 OR pages < 100)",
        "SELECT id FROM book WHERE sold",
        "SELECT id FROM book WHERE sold IS NOT TRUE",
        "SELECT id FROM book WHERE price BETWEEN 10 AND 50.5",
        "SELECT id FROM book WHERE price NOT BETWEEN 10 AND 50.5",
        "SELECT id FROM book WHERE pages IN (1, 2, 3) OR title LIKE '%of it'",
        "SELECT id FROM book WHERE title NOT LIKE 'Title 1%'",
        "SELECT id FROM book WHERE title LIKE 'Title _'",
        "SELECT id FROM book WHERE title LIKE 'Title 1_ of%'",
        "SELECT id FROM book WHERE title LIKE 'Title!_%' ESCAPE '!'",
        "SELECT id, pages + 1, pages * 2, pages - id, -pages FROM book",
        "SELECT id, pages / 7, MOD(pages, 7) FROM book",
        "SELECT id, price * 2, price + 1.25 FROM book",
        "SELECT id, weight * 2, weight + 1 FROM book",
        "SELECT UPPER(title), LOWER(title), CHAR_LENGTH(title) FROM book",
        "SELECT SUBSTRING(title FROM 3 FOR 4), title || '!' FROM book",
        "SELECT TRIM(BOTH 'T' FROM title), POSITION('of' IN title) FROM book",
        "SELECT COALESCE(price, 0), NULLIF(pages, 5) FROM book",
        "SELECT CASE WHEN price > 50 THEN 'dear' WHEN price > 20 THEN 'fair' ELSE 'cheap' END"
            + " FROM book",
        "SELECT CASE edition WHEN 1 THEN 'first' ELSE 'later' END FROM book",
        "SELECT CAST(weight AS DECIMAL(10, 3)), CAST(pages AS VARCHAR(10)) FROM book WHERE price < 30",
        "SELECT CAST('12' AS INTEGER) + 1, CAST('2026-01-02' AS DATE)",
        "SELECT ABS(-5), SIGN(-2), FLOOR(2.7), CEILING(2.1), POWER(2, 3)",
        "SELECT EXTRACT(YEAR FROM printed), EXTRACT(MONTH FROM printed) FROM book",
        "SELECT EXTRACT(HOUR FROM printed) h, COUNT(*) FROM book GROUP BY EXTRACT(HOUR FROM printed)",
        "SELECT id FROM book WHERE printed >= TIMESTAMP '2026-05-01 00:00:00'",
        "SELECT id FROM author WHERE born > DATE '1955-01-01'",
        "SELECT born + INTERVAL '1' DAY FROM author WHERE born IS NOT NULL",
        "SELECT COUNT(*), COUNT(price), COUNT(DISTINCT author_id) FROM book",
        "SELECT SUM(pages), MIN(price), MAX(title), SUM(price) FROM book",
        "SELECT SUM(pages) FROM book WHERE id < 0",
        "SELECT COUNT(*) FROM book WHERE id < 0",
        "SELECT AVG(weight) FROM book",
        "SELECT author_id, COUNT(*), SUM(price) FROM book GROUP BY author_id",
        "SELECT author_id, COUNT(*) FROM book GROUP BY author_id HAVING COUNT(*) > 4",
        "SELECT author_id, edition, MAX(price) FROM book GROUP BY author_id, edition",
        "SELECT author_id, COUNT(DISTINCT edition), SUM(pages) FROM book GROUP BY author_id",
        "SELECT edition, MIN(printed), MAX(printed) FROM book GROUP BY edition",
        "SELECT DISTINCT edition, sold FROM book",
        "SELECT id, price FROM book ORDER BY price, id, edition",
        "SELECT id, price FROM book ORDER BY price DESC, id DESC, edition",
        "SELECT id, price FROM book ORDER BY price NULLS FIRST, id, edition",
        "SELECT id FROM book ORDER BY pages + id, id, edition",
        "SELECT title t FROM book ORDER BY t, id, edition LIMIT 5",
        "SELECT id, edition FROM book ORDER BY 1 DESC, 2 DESC LIMIT 7 OFFSET 3",
        "SELECT id FROM book ORDER BY id, edition OFFSET 55 ROWS FETCH NEXT 3 ROWS ONLY");
  }

  private static Stream<String> queriesOfSeveral() {
    return Stream.of(
        "SELECT b.title, a.name FROM book b JOIN author a ON a.id = b.author_id",
        "SELECT b.id, a.name FROM book b LEFT JOIN author a ON a.id = b.author_id",
        "SELECT b.id, a.id FROM book b RIGHT JOIN author a ON a.id = b.author_id AND b.pages > 700",
        "SELECT DISTINCT author_id FROM book",
        "SELECT DISTINCT word, book_id FROM tag",
        "SELECT edition FROM book GROUP BY edition",
        "SELECT a.id, b.id FROM author a CROSS JOIN author b WHERE a.id < b.id",
        "SELECT a.name, b.title FROM author a, book b WHERE a.id = b.author_id AND b.edition = 2",
        "SELECT a.id, b.id FROM author a JOIN author b ON a.born < b.born",
        "SELECT a.name, COUNT(t.word) FROM author a JOIN book b ON b.author_id = a.id"
            + " JOIN tag t ON t.book_id = b.id GROUP BY a.name",
        "SELECT name FROM author a WHERE EXISTS (SELECT 1 FROM book b WHERE b.author_id = a.id"
            + " AND b.price > 80)",
        "SELECT name FROM author a WHERE NOT EXISTS (SELECT 1 FROM book b"
            + " WHERE b.author_id = a.id AND b.price > 80)",
        "SELECT name FROM author WHERE id IN (SELECT author_id FROM book WHERE pages > 800)",
        "SELECT name FROM author WHERE id NOT IN (SELECT author_id FROM book"
            + " WHERE author_id IS NOT NULL AND pages > 300)",
        "SELECT name FROM author WHERE id NOT IN (SELECT author_id FROM book)",
        "SELECT id FROM book WHERE price = (SELECT MAX(price) FROM book)",
        "SELECT id, edition FROM book b WHERE price >= ALL (SELECT price FROM book c"
            + " WHERE c.id = b.id AND price IS NOT NULL)",
        "SELECT a.name, (SELECT COUNT(*) FROM book b WHERE b.author_id = a.id) FROM author a",
        "SELECT a.name, (SELECT MAX(price) FROM book b WHERE b.author_id = a.id) FROM author a",
        "SELECT n, c FROM (SELECT author_id n, COUNT(*) c FROM book GROUP BY author_id) x"
            + " WHERE c > 3",
        "WITH x AS (SELECT author_id, pages FROM book WHERE pages > 400)"
            + " SELECT author_id, COUNT(*) FROM x GROUP BY author_id",
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5)"
            + " SELECT i FROM n",
        "SELECT id FROM author UNION SELECT id FROM book",
        "SELECT id FROM author UNION ALL SELECT id FROM book WHERE id < 3",
        "SELECT id FROM author INTERSECT SELECT author_id FROM book",
        "SELECT id FROM author EXCEPT SELECT author_id FROM book WHERE pages > 200",
        "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS v(n, s)",
        "SELECT id, ROW_NUMBER() OVER (ORDER BY id, edition) FROM book",
        "SELECT id, edition, RANK() OVER (PARTITION BY author_id ORDER BY pages) FROM book",
        "SELECT id, edition, SUM(pages) OVER (PARTITION BY edition ORDER BY id) FROM book",
        "SELECT id, edition, LAG(pages) OVER (ORDER BY id, edition) FROM book",
        "SELECT id FROM book WHERE 1 = 0",
        "SELECT 'O''Brien', 'Grüße', N'x'",
        "SELECT id FROM book WHERE (id, edition) IN ((3, 1), (4, 2))",
        "SELECT COUNT(*) FILTER (WHERE sold), COUNT(*) FROM book",
        "SELECT id FROM book WHERE title = 'Title 1' AND id = 4",
        "SELECT id, edition FROM book WHERE id = 5",
        "SELECT id, edition FROM book WHERE id >= 5 AND id < 8 AND edition = 2",
        "SELECT GREATEST(1, 5, 3), LEAST(4, 2)");
  }

  @ParameterizedTest
  @MethodSource("queries")
  void query_inBoth_givesTheSameRows(String sql) throws SQLException {
    List<List<String>> ours = rows(larder, sql);
    List<List<String>> theirs = rows(oracle, sql);

    assertThat(ours).isEqualTo(theirs);
  }

  private static List<List<String>> rows(Connection connection, String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(comparable(result.getObject(i)));
        }
        rows.add(row);
      }
    }
    if (!sql.contains("ORDER BY") || sql.contains("OVER")) {
      Collections.sort(rows, (a, b) -> a.toString().compareTo(b.toString()));
    }
    return rows;
  }

  /** Numbers by value: which type an expression has is the dialect's affair. */
  private static String comparable(Object value) {
    if (value instanceof Number number) {
      BigDecimal decimal = new BigDecimal(number.toString()).setScale(6, RoundingMode.HALF_UP);
      return decimal.stripTrailingZeros().toPlainString();
    }
    return String.valueOf(value);
  }
}
