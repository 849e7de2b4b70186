package io.larder.cli;

import io.larder.cli.access.NotFoundException;
import io.larder.engine.Backups;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command on the backups in a directory. */
abstract class BackupsCommand extends LarderCommand {

  @Parameters(index = "0", paramLabel = "DIR", description = "Where the backups are kept.")
  private Path directory;

  @Option(names = "--json", description = "Print the result as JSON, for programs.")
  private boolean json;

  final boolean json() {
    return json;
  }

  final Path directory() {
    return directory;
  }

  @Override
  public Integer call() throws Exception {
    if (!Files.isDirectory(directory)) {
      throw new NotFoundException(
          directory + ": found no such directory, expected one with backups");
    }
    return run(Backups.in(directory));
  }

  /** Does the work and returns the exit code. */
  abstract int run(Backups backups) throws Exception;
}
