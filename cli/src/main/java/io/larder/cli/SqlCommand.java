package io.larder.cli;

import io.larder.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
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
    List<String> arguments = new ArrayList<>();
    arguments.add("-u");
    arguments.add(database.startsWith("jdbc:") ? database : "jdbc:" + database);
    arguments.addAll(List.of("-n", "", "-p", "", "--verbose=false"));
    if (!Terminal.isInteractive()) {
      arguments.add("--maxWidth=100000"); // a pipe has no width, which SQLLine takes for 0
    }
    if (statement != null) {
      arguments.addAll(List.of("--silent=true", "-e", statement));
    }
    SqlLine.Status status = SqlLine.start(arguments.toArray(String[]::new), null, true);
    return status == SqlLine.Status.OK ? 0 : 1;
  }
}
