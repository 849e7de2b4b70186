package io.larder.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What users get wrong, through both doors: each time the error names the thing, what was found and what was
 * expected, and afterwards nothing is lost and nothing is locked.
 */
class BadInputTest {

  @TempDir Path directory;

  /** The two ways in; each opens a database, does a little work and closes. */
  enum Door {
    JCACHE {
      @Override
      void use(String uri) {
        try (CacheManager manager =
            Caching.getCachingProvider().getCacheManager(URI.create(uri), null)) {
          manager.getCacheNames();
        }
      }

      @Override
      Class<? extends Exception> error() {
        return CacheException.class;
      }
    },
    JDBC {
      @Override
      void use(String uri) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:" + uri)) {
          connection.getMetaData().getTables(null, null, "%", null).close();
        }
      }

      @Override
      Class<? extends Exception> error() {
        return SQLException.class;
      }
    };

    abstract void use(String uri) throws SQLException;

    abstract Class<? extends Exception> error();
  }

  @ParameterizedTest
  @EnumSource
  void unknownOption_namesNearest(Door door) throws Exception {
    assertFails(door, "larder:" + fresh() + "?snyc=always", "snyc", "sync");
    assertThat(Files.exists(fresh())).as("nothing was created").isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void wrongValues_areAllReported(Door door) {
    assertFails(
        door,
        "larder:" + fresh() + "?sync=alwyas&wal.segment=tiny",
        "alwyas",
        "always",
        "tiny",
        "MB");
  }

  @ParameterizedTest
  @EnumSource
  void contradictingOption_namesBothValues(Door door) throws Exception {
    try (Connection connection = DriverManager.getConnection(jdbc() + "?sync=always")) {
      assertThat(connection.isValid(1)).isTrue();
      assertFails(door, "larder:" + fresh() + "?sync=none", "sync", "always", "none");
    }
  }

  @ParameterizedTest
  @EnumSource
  void pathIsAFile_isRefused(Door door) throws Exception {
    Path file = Files.writeString(directory.resolve("notes.txt"), "milk, eggs");

    assertFails(door, "larder:" + file, "notes.txt", "directory");

    assertThat(file).hasContent("milk, eggs");
  }

  @ParameterizedTest
  @EnumSource
  void foreignDirectory_isRefusedAndUntouched(Door door) throws Exception {
    Files.createDirectories(fresh());
    Path foreign =
        Files.writeString(fresh().resolve("CURRENT"), "not larder's, thirty-two bytes long");

    assertFails(door, "larder:" + fresh(), "CURRENT");

    assertThat(foreign).hasContent("not larder's, thirty-two bytes long");
  }

  @ParameterizedTest
  @EnumSource
  void corruptTable_isNamedAndNothingStaysLocked(Door door) throws Exception {
    fill(fresh());
    Path table = largest(fresh());
    byte[] good = Files.readAllBytes(table);
    byte[] bad = good.clone();
    bad[bad.length / 2] ^= 0x10;
    Files.write(table, bad);

    assertThatThrownBy(
            () -> {
              try (Connection connection = DriverManager.getConnection(jdbc());
                  Statement statement = connection.createStatement();
                  var rows = statement.executeQuery("SELECT * FROM stock")) {
                while (rows.next()) {
                  assertThat(rows.getString("v")).isNotNull();
                }
              }
              door.use("larder:" + fresh());
            })
        .hasMessageContaining(table.getFileName().toString());

    Files.write(table, good);
    assertThat(count()).as("with the file back nothing is lost").isEqualTo(20_000);
  }

  @ParameterizedTest
  @EnumSource
  void directoryOfAnotherProcess_namesTheHolder(Door door) throws Exception {
    Process holder = holder(fresh());
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("open");
      assertFails(door, "larder:" + fresh(), Long.toString(holder.pid()));
    } finally {
      holder.destroyForcibly();
      assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    door.use("larder:" + fresh());
  }

  @Test
  void oversizedKeyAndValue_nameSizeAndLimit_jcache() {
    try (CacheManager manager =
        Caching.getCachingProvider().getCacheManager(URI.create("larder:" + fresh()), null)) {
      Cache<String, String> cache =
          manager.createCache(
              "notes",
              new MutableConfiguration<String, String>().setTypes(String.class, String.class));
      cache.put("kept", "value");

      assertThatThrownBy(() -> cache.put("k".repeat(2_000), "value"))
          .isInstanceOf(CacheException.class)
          .hasStackTraceContaining("1024");
      assertThatThrownBy(() -> cache.put("key", "v".repeat(2_000_000)))
          .isInstanceOf(CacheException.class)
          .hasStackTraceContaining("1048576");

      assertThat(cache.get("kept")).isEqualTo("value");
      assertThat(cache.containsKey("key")).isFalse();
    }
  }

  @Test
  void oversizedKeyAndValue_nameSizeAndLimit_jdbc() throws Exception {
    try (Connection connection = DriverManager.getConnection(jdbc());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE notes (id VARCHAR PRIMARY KEY, text VARCHAR)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO notes (id, text) VALUES (?, ?)")) {
        insert.setString(1, "k".repeat(2_000));
        insert.setString(2, "value");
        assertThatThrownBy(insert::executeUpdate)
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("1024");
        insert.setString(1, "key");
        insert.setString(2, "v".repeat(2_000_000));
        assertThatThrownBy(insert::executeUpdate)
            .isInstanceOf(SQLException.class)
            .hasMessageContaining("1048576");
      }
      assertThat(statement.executeQuery("SELECT * FROM notes").next()).isFalse();
    }
  }

  @Test
  void badSql_saysWhereAndKeepsTheConnection() throws Exception {
    fill(fresh());
    try (Connection connection = DriverManager.getConnection(jdbc());
        Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeQuery("SELEKT * FROM stock"))
          .isInstanceOfSatisfying(
              SQLException.class, error -> assertThat(error.getSQLState()).startsWith("42"))
          .hasMessageContaining("SELEKT");
      assertThatThrownBy(() -> statement.executeQuery("SELECT * FROM stocks"))
          .isInstanceOfSatisfying(
              SQLException.class, error -> assertThat(error.getSQLState()).startsWith("42"))
          .hasMessageContaining("stocks");
      assertThatThrownBy(() -> statement.executeQuery("SELECT price FROM stock"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("price");
    }
    assertThat(count()).isEqualTo(20_000);
  }

  private Path fresh() {
    return directory.resolve("db");
  }

  private String jdbc() {
    return "jdbc:larder:" + fresh();
  }

  private static void assertFails(Door door, String uri, String... words) {
    ThrowingCallable use = () -> door.use(uri);
    var error = assertThatThrownBy(use).isInstanceOf(door.error());
    for (String word : words) {
      error.hasMessageContaining(word);
    }
  }

  private void fill(Path database) {
    try (CacheManager manager =
        Caching.getCachingProvider()
            .getCacheManager(
                URI.create("larder:" + database + "?sync=none&memtable.size=1MB"), null)) {
      Cache<Integer, String> stock =
          manager.createCache(
              "stock",
              new MutableConfiguration<Integer, String>().setTypes(Integer.class, String.class));
      for (int item = 0; item < 20_000; item++) {
        stock.put(item, "item number " + item + " of a cache that is larger than its memtable");
      }
    }
  }

  private int count() throws SQLException {
    try (Connection connection = DriverManager.getConnection(jdbc());
        Statement statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT v FROM stock")) {
      int count = 0;
      while (rows.next()) {
        count++;
      }
      return count;
    }
  }

  private static Path largest(Path database) throws IOException {
    try (Stream<Path> files = Files.list(database)) {
      return files
          .filter(file -> file.toString().endsWith(".table"))
          .max((left, right) -> Long.compare(left.toFile().length(), right.toFile().length()))
          .orElseThrow();
    }
  }

  private static Process holder(Path database) throws IOException {
    return new ProcessBuilder(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                database.toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The other process: opens the database, says so, and keeps it until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      try (Connection connection = DriverManager.getConnection("jdbc:larder:" + arguments[0])) {
        System.out.println(connection.isValid(1) ? "open" : "broken");
        while (System.in.read() >= 0) {
          // until killed, or until the parent is gone
        }
      }
    }
  }
}
