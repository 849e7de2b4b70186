package io.larder.cli;

import io.larder.cli.access.BadInputException;
import io.larder.cli.access.NotFoundException;
import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.access.Target;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command on one table or keyspace of a database. */
abstract class TargetCommand extends DatabaseCommand {

  @Parameters(
      index = "1",
      paramLabel = "TABLE",
      description = "A table, a cache or a plain keyspace; 'larder keyspaces' lists them.")
  private String name;

  @Option(
      names = "--hex",
      description =
          "In a keyspace without types: write and read all bytes as hexadecimal digits, without"
              + " 0x.")
  private boolean hex;

  final Target target(OpenedDatabase opened) {
    return opened.target(name, hex);
  }

  /** Finds what is to be changed, which must not be one of the database's own keyspaces. */
  final Target changeable(OpenedDatabase opened) {
    if (OpenedDatabase.isInternal(name)) {
      throw new BadInputException(
          "the keyspace '" + name + "' is the database's own and is not changed by hand");
    }
    return target(opened);
  }

  static NotFoundException noSuchKey(Target target, List<String> key) {
    return new NotFoundException(
        "table '" + target.name() + "': found no entry of the key " + String.join(", ", key));
  }
}
