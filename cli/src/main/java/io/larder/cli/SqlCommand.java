package io.larder.cli;

import io.larder.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.commons.io.output.CountingOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sqlline.SqlLine;

/** A SQL shell on a database, or one statement and out. */
@Command(
    name = "sql",
    description = {
      "Open a SQL shell on a database, or run one statement.",
      "The shell is SQLLine: !tables, !columns TABLE, !help, !quit."
    })
final class SqlCommand implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "URI",
      description = "The database, for example larder:/var/lib/shop or larder:larder-data.")
  private String database;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "STATEMENT",
      description = "A statement to run; without one the shell opens.")
  private @Nullable String statement;

  /** JLine tells on standard error that a pipe is no terminal; kept here because loggers are weakly held. */
  private static final Logger TERMINAL_LOGGER = Logger.getLogger("org.jline");

  @Override
  public Integer call() throws Exception {
    TERMINAL_LOGGER.setLevel(Level.SEVERE);
    String url = database.startsWith("jdbc:") ? database : "jdbc:" + database;
    // Opened here first: SQLLine shows a stack trace where a database cannot be opened.
    try (Connection connection = DriverManager.getConnection(url)) {
      return connection.isValid(0) ? run(url) : 1;
    }
  }

  private int run(String url) throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add("-u");
    arguments.add(url);
    arguments.addAll(List.of("-n", "", "-p", "", "--verbose=false"));
    if (!Terminal.isInteractive()) {
      arguments.add("--maxWidth=100000"); // a pipe has no width, which SQLLine takes for 0
    }
    SqlLine shell = new SqlLine();
    if (statement == null) {
      return exitCode(shell.begin(arguments.toArray(String[]::new), null, true));
    }
    arguments.add("--silent=true");
    // As input and not as -e: there SQLLine prints a stack trace for every error. It reports errors on its error
    // stream alone, so that stream tells whether the statement failed.
    CountingOutputStream errors = new CountingOutputStream(System.err);
    shell.setErrorStream(errors);
    String input = statement.strip().endsWith(";") ? statement : statement + ";";
    SqlLine.Status status =
        shell.begin(
            arguments.toArray(String[]::new),
            new ByteArrayInputStream((input + "\n").getBytes(StandardCharsets.UTF_8)),
            false);
    return errors.getByteCount() > 0 ? 1 : exitCode(status);
  }

  private static int exitCode(SqlLine.Status status) {
    return status == SqlLine.Status.OK ? 0 : 1;
  }
}
