package io.larder.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Properties;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverTest {

  @Test
  void serviceLoader_findsTheDriver() {
    assertThat(ServiceLoader.load(Driver.class)).anyMatch(LarderDriver.class::isInstance);
  }

  @Test
  void connect_otherUrl_isLeftToOthers() throws Exception {
    assertThat(new LarderDriver().connect("jdbc:h2:mem:x", new Properties())).isNull();
    assertThat(new LarderDriver().acceptsURL("jdbc:larder:mem:x")).isTrue();
  }

  @Test
  void connect_sameDatabaseTwice_sharesItAndTheLastCloseForgetsIt() throws Exception {
    String url = Sql.freshUrl();
    try (Connection one = DriverManager.getConnection(url)) {
      Sql.update(one, "CREATE TABLE t (k INTEGER PRIMARY KEY)");
      try (Connection other = DriverManager.getConnection(url)) {
        Sql.update(other, "INSERT INTO t VALUES (1)");
      }
      assertThat(Sql.column(one, "SELECT k FROM t")).containsExactly("1");
    }
    try (Connection again = DriverManager.getConnection(url)) {
      assertThatThrownBy(() -> Sql.column(again, "SELECT k FROM t"))
          .hasFieldOrPropertyWithValue("SQLState", "42S02");
    }
  }

  @Test
  void connect_directory_keepsTablesAndRows(@TempDir Path directory) throws Exception {
    String url = "jdbc:larder:" + directory.resolve("db");
    try (Connection connection = DriverManager.getConnection(url)) {
      Sql.update(connection, "CREATE TABLE t (k INTEGER PRIMARY KEY, v VARCHAR DEFAULT 'x')");
      Sql.update(connection, "INSERT INTO t (k) VALUES (1), (2)");
    }
    try (Connection connection = DriverManager.getConnection(url + "?create=false")) {
      assertThat(Sql.rows(connection, "SELECT k, v FROM t").toString())
          .isEqualTo("[[1, x], [2, x]]");
    }
  }

  @Test
  void connect_unknownOption_namesItAndTheNearest() {
    assertThatThrownBy(() -> DriverManager.getConnection(Sql.freshUrl() + "?sinc=always"))
        .isInstanceOf(SQLException.class)
        .hasFieldOrPropertyWithValue("SQLState", "08001")
        .hasMessageContaining("sinc")
        .hasMessageContaining("sync");
  }

  @Test
  void connect_badOptionInProperties_isRefused() {
    Properties properties = new Properties();
    properties.setProperty("plan.cache", "-5");
    properties.setProperty("user", "sa");
    assertThatThrownBy(() -> DriverManager.getConnection(Sql.freshUrl(), properties))
        .hasFieldOrPropertyWithValue("SQLState", "08001")
        .hasMessageContaining("plan.cache")
        .hasMessageContaining("-5");
  }

  @Test
  void connect_notADatabase_saysWhatWasFound(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("letter.txt"), "Dear diary");
    assertThatThrownBy(() -> DriverManager.getConnection("jdbc:larder:" + directory))
        .isInstanceOf(SQLException.class)
        .hasFieldOrPropertyWithValue("SQLState", "08001")
        .hasMessageContaining(directory.getFileName().toString());
    assertThat(Files.readString(directory.resolve("letter.txt"))).isEqualTo("Dear diary");
  }

  @Test
  void getPropertyInfo_listsEveryOptionWithItsChoices() throws Exception {
    DriverPropertyInfo[] infos =
        new LarderDriver().getPropertyInfo("jdbc:larder:mem:x?sync=none", new Properties());

    DriverPropertyInfo sync =
        Arrays.stream(infos).filter(info -> info.name.equals("sync")).findFirst().orElseThrow();
    assertThat(sync.value).isEqualTo("none");
    assertThat(sync.description).isNotEmpty();
    assertThat(sync.choices).contains("always", "none");
    assertThat(infos).extracting(info -> info.name).contains("query.timeout", "value.limit");
  }

  @Test
  void close_twice_isNoError() throws Exception {
    Connection connection = Sql.open();
    connection.close();
    connection.close();

    assertThat(connection.isClosed()).isTrue();
    assertThat(connection.isValid(1)).isFalse();
    assertThatThrownBy(connection::createStatement)
        .hasFieldOrPropertyWithValue("SQLState", "08003");
  }
}
