package io.larder.cli;

import io.larder.cli.access.OpenedDatabase;
import io.larder.engine.api.LarderUri;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command on a database that is there. */
abstract class DatabaseCommand extends LarderCommand {

  @Parameters(
      index = "0",
      paramLabel = "DATABASE",
      description =
          "A directory, or a URI with options such as larder:/var/lib/shop?recovery=manual.")
  private String database;

  @Option(names = "--json", description = "Print the result as JSON, for programs.")
  private boolean json;

  /** Returns whether the result is for programs. */
  final boolean json() {
    return json;
  }

  /** Returns the database to be opened, with its options. */
  LarderUri uri() {
    return OpenedDatabase.uri(database);
  }

  @Override
  public Integer call() throws Exception {
    try (OpenedDatabase opened = OpenedDatabase.existing(uri())) {
      return run(opened);
    }
  }

  /** Does the work and returns the exit code. */
  abstract int run(OpenedDatabase opened) throws Exception;
}
