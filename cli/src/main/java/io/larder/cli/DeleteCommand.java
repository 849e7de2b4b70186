package io.larder.cli;

import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.access.Target;
import io.larder.engine.api.Keyspace;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Deletes one entry. */
@Command(
    name = "delete",
    header = "delete the entry of a key",
    description = {
      "Deletes the entry of a key. A key that is not there is told by the exit code 3 and changes"
          + " nothing."
    },
    footer = {"  larder delete /var/lib/shop stock apples"})
final class DeleteCommand extends TargetCommand {

  @Parameters(
      index = "2..*",
      arity = "1..*",
      paramLabel = "KEY",
      description = "The key: a value for each of its columns, in their order.")
  private List<String> key;

  @Override
  int run(OpenedDatabase opened) {
    Target target = changeable(opened);
    byte[] keyBytes = target.key(key);
    Keyspace keyspace = target.keyspace();
    Keyspace.KeyLock lock = keyspace.lock(keyBytes);
    try {
      if (!keyspace.exists(keyBytes)) {
        throw noSuchKey(target, key);
      }
      keyspace.delete(keyBytes);
    } finally {
      lock.close();
    }
    if (json()) {
      printJson(Map.of("deleted", 1));
    }
    return ExitCodes.OK;
  }
}
