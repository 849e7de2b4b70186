package io.larder.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The one-file driver as a SQL tool loads it: by a class loader that sees the jar and the platform, nothing else.
 * Calcite compiles its plans from source text that names classes, so only a query that is really run shows
 * whether the names of the moved classes are right.
 */
class AllInOneJarIT {
  private static final Path JAR = Path.of(System.getProperty("larder.jdbc.all"));

  @TempDir Path directory;
  private URLClassLoader loader;

  @BeforeEach
  void load() throws Exception {
    loader =
        new URLClassLoader(new URL[] {JAR.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
  }

  @AfterEach
  void unload() throws Exception {
    loader.close();
  }

  @Test
  void serviceLoader_findsOurDriverAlone() {
    assertThat(ServiceLoader.load(Driver.class, loader).stream())
        .filteredOn(provider -> provider.type().getClassLoader() == loader)
        .extracting(provider -> provider.type().getName())
        .containsExactly("io.larder.jdbc.LarderDriver");
  }

  @Test
  void jar_holdsNothingForeignInItsOwnPlace() throws Exception {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertThat(jar.stream().map(JarEntry::getName))
          .filteredOn(name -> name.endsWith(".class"))
          .isNotEmpty()
          .allMatch(name -> name.startsWith("io/larder/"));
      assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
    }
  }

  @Test
  void queries_plannedByCalcite_runFromTheJar() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      fill(statement);

      assertThat(
              rows(
                  statement,
                  "SELECT kind, COUNT(*) AS n, SUM(price) AS total FROM thing"
                      + " WHERE name LIKE '%e%' GROUP BY kind HAVING COUNT(*) > 0 ORDER BY total DESC"))
          .containsExactly("fruit|2|7", "tool|1|5");
      assertThat(
              rows(
                  statement,
                  "SELECT a.name, UPPER(b.name) FROM thing a JOIN thing b ON a.kind = b.kind"
                      + " WHERE a.id < b.id ORDER BY a.id"))
          .containsExactly("apple|PEAR");
    }
  }

  @Test
  void rows_surviveInTheDirectory() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      fill(statement);
    }
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThat(rows(statement, "SELECT name FROM thing WHERE id = 2")).containsExactly("pear");
    }
  }

  @Test
  void badSql_isAnSqlException() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("SELEKT 1"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).startsWith("42"));
    }
  }

  @Test
  void console_staysSilent() throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      queries_plannedByCalcite_runFromTheJar();
    } finally {
      System.setErr(before);
    }
    assertThat(written.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  private Connection connect() throws Exception {
    Driver driver =
        (Driver)
            loader.loadClass("io.larder.jdbc.LarderDriver").getDeclaredConstructor().newInstance();
    Connection connection = driver.connect("jdbc:larder:" + directory, new Properties());
    assertThat(connection.getClass().getClassLoader()).isSameAs(loader);
    return connection;
  }

  private static void fill(Statement statement) throws SQLException {
    statement.execute(
        "CREATE TABLE thing (id INTEGER PRIMARY KEY, name VARCHAR, kind VARCHAR, price INTEGER)");
    statement.executeUpdate(
        "INSERT INTO thing (id, name, kind, price) VALUES"
            + " (1, 'apple', 'fruit', 3), (2, 'pear', 'fruit', 4), (3, 'hammer', 'tool', 5)");
  }

  private static List<String> rows(Statement statement, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          row.add(result.getString(column));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }
}
