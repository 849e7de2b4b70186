package io.larder.cli;

import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.terminal.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sqlline.SqlLine;

/** A SQL shell on a database, or one statement and out. */
@Command(
    name = "sql",
    header = "open a SQL shell, or run one statement",
    description = {
      "Opens a SQL shell on a database, or runs one statement and ends.",
      "The shell is SQLLine: !tables, !columns TABLE, !help, !quit. docs/sql.md says what SQL is"
          + " understood."
    },
    footer = {
      "  larder sql /var/lib/shop",
      "  larder sql larder:/var/lib/shop?sync=none 'SELECT COUNT(*) FROM orders'"
    })
final class SqlCommand extends LarderCommand {

  @Parameters(
      index = "0",
      paramLabel = "DATABASE",
      description = "A directory, or a URI such as larder:/var/lib/shop?sync=interval.")
  private String database;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "STATEMENT",
      description = "A statement to run; without one the shell opens.")
  private @Nullable String statement;

  /**
   * JLine tells on standard error that a pipe is no terminal; kept here because loggers are weakly
   * held.
   */
  private static final Logger TERMINAL_LOGGER = Logger.getLogger("org.jline");

  @Override
  public Integer call() throws Exception {
    TERMINAL_LOGGER.setLevel(Level.SEVERE);
    String url = url();
    // Opened here first: SQLLine shows a stack trace where a database cannot be opened.
    try (Connection connection = DriverManager.getConnection(url)) {
      return connection.isValid(0) ? run(url) : 1;
    }
  }

  /** Options are the driver's to check: it has some of its own. */
  private String url() {
    String lower = database.toLowerCase(Locale.ROOT);
    if (lower.startsWith("jdbc:")) {
      return database;
    }
    return "jdbc:"
        + (lower.startsWith("larder:") ? database : OpenedDatabase.uri(database).toUri());
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
    arguments.addAll(List.of("--silent=true", "-e", statement));
    // SQLLine writes what went wrong to its error stream, and a stack trace besides to System.err.
    PrintStream systemError = System.err;
    shell.setErrorStream(systemError);
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    try {
      return exitCode(shell.begin(arguments.toArray(String[]::new), null, false));
    } finally {
      System.setErr(systemError);
    }
  }

  private static int exitCode(SqlLine.Status status) {
    return status == SqlLine.Status.OK ? 0 : 1;
  }
}
