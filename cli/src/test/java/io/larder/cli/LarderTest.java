package io.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands as a user runs them, in this process. */
class LarderTest {

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String database;

  @BeforeEach
  void nameDatabase() {
    database = "larder:" + directory.resolve("db");
  }

  @Test
  void import_file_becomesTypedTable() throws Exception {
    Path file =
        csv("id,name,price,since", "1,\"apple, red\",0.50,2026-01-01", "2,pear,,2026-02-01");

    assertThat(run("import", file.toString(), "--into", "fruit", "--key", "id")).isZero();

    assertThat(out.toString()).contains("2 rows imported into fruit").contains("DECIMAL");
    assertThat(select("SELECT name, price, since FROM fruit WHERE id = 1"))
        .containsExactly("apple, red|0.50|2026-01-01");
    assertThat(select("SELECT name FROM fruit WHERE price IS NULL")).containsExactly("pear");
  }

  @Test
  void import_duplicateKey_leavesNothing() throws Exception {
    Path file = csv("id,name", "1,apple", "2,pear", "1,plum");

    assertThat(run("import", file.toString(), "--into", "fruit", "--key", "id")).isEqualTo(1);

    assertThat(err.toString()).contains("line 4").contains("key '1'");
    try (Connection connection = DriverManager.getConnection("jdbc:" + database);
        ResultSet tables = connection.getMetaData().getTables(null, null, "%", null)) {
      assertThat(tables.next()).as("a table is left").isFalse();
    }
  }

  @Test
  void import_existingTable_isRefusedUnlessReplaced() throws Exception {
    Path file = csv("id,name", "1,apple");
    Path other = csv("id,name", "7,plum", "8,fig");
    assertThat(run("import", file.toString(), "--into", "fruit", "--key", "id")).isZero();

    assertThat(run("import", other.toString(), "--into", "fruit", "--key", "id")).isEqualTo(1);
    assertThat(err.toString()).contains("'fruit' exists already").contains("--replace");
    assertThat(select("SELECT name FROM fruit")).containsExactly("apple");

    assertThat(run("import", other.toString(), "--into", "fruit", "--key", "id", "--replace"))
        .isZero();
    assertThat(select("SELECT name FROM fruit ORDER BY id")).containsExactly("plum", "fig");
  }

  @Test
  void import_badInput_saysWhatIsWrong() throws Exception {
    assertThat(run("import", "nowhere.csv", "--into", "t", "--key", "id")).isEqualTo(3);
    assertThat(err.toString()).contains("no such file: nowhere.csv");

    Path file = csv("id,name", "1,apple,red");
    assertThat(run("import", file.toString(), "--into", "t", "--key", "id")).isEqualTo(1);
    assertThat(err.toString()).contains("line 2: found 3 values, expected 2");

    Path good = csv("id,name", "1,apple");
    assertThat(run("import", good.toString(), "--into", "t", "--key", "nr")).isEqualTo(1);
    assertThat(err.toString()).contains("no column 'nr'").contains("[id, name]");
  }

  @Test
  void import_wrongDatabase_saysWhatIsWrong() throws Exception {
    Path file = csv("id,name", "1,apple");

    database = "larder:" + directory.resolve("db") + "?snyc=always";
    assertThat(run("import", file.toString(), "--into", "t", "--key", "id")).isEqualTo(2);

    assertThat(err.toString()).contains("snyc").contains("sync");
  }

  @Test
  void sql_statement_runs() throws Exception {
    Path file = csv("id,name", "1,apple");
    run("import", file.toString(), "--into", "fruit", "--key", "id");

    assertThat(Larder.commandLine().execute("sql", database, "SELECT * FROM fruit")).isZero();
    assertThat(Larder.commandLine().execute("sql", database, "SELECT * FROM vegetables"))
        .isEqualTo(1);
  }

  @Test
  void unknownCommand_isWrongUsage() {
    assertThat(run("dmeo")).isEqualTo(2);
    assertThat(err.toString()).contains("demo");
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (arguments[0].equals("import")) {
      all.addAll(List.of("--database", database));
    }
    CommandLine commandLine = Larder.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    return commandLine.execute(all.toArray(String[]::new));
  }

  private Path csv(String... lines) throws IOException {
    return Files.write(Files.createTempFile(directory, "import", ".csv"), List.of(lines));
  }

  private List<String> select(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:" + database);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
          values.add(result.getString(column));
        }
        rows.add(String.join("|", values));
      }
    }
    return rows;
  }
}
