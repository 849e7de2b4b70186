package io.larder.cli;

import io.larder.cli.access.BadInputException;
import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.access.Target;
import io.larder.tables.Column;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes one entry. */
@Command(
    name = "put",
    header = "write an entry",
    description = {
      "Writes an entry: its key, then its value. What the key had before is replaced as a whole.",
      "Where the value is one column it is one argument; where it is a row, each column is"
          + " COLUMN=VALUE, and columns left out are NULL. The entry is durable, as the sync mode"
          + " of the database says, when the command returns."
    },
    footer = {
      "  larder put /var/lib/shop stock apples 42",
      "  larder put /var/lib/shop orders 2026-03-01 17 customer=ann total=12.50 --ttl 30d",
      "  larder put /var/lib/shop blobs 0x00ff 0xcafe"
    })
final class PutCommand extends TargetCommand {

  @Parameters(
      index = "2..*",
      arity = "2..*",
      paramLabel = "KEY... VALUE",
      description =
          "A value for each column of the key, then the value, or COLUMN=VALUE for each column of a"
              + " row.")
  private List<String> arguments;

  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "The entry expires after this time (30s, 15m, 30d); without it, never.")
  private @Nullable Duration ttl;

  @Override
  int run(OpenedDatabase opened) {
    Target target = changeable(opened);
    int keyColumns = target.keyColumns().size();
    if (arguments.size() <= keyColumns) {
      throw new BadInputException(
          "table '"
              + target.name()
              + "': found "
              + arguments.size()
              + " values, expected the key ("
              + String.join(", ", target.keyColumns().stream().map(Column::name).toList())
              + ") and a value behind it");
    }
    List<String> key = arguments.subList(0, keyColumns);
    Map<String, String> values = values(target, arguments.subList(keyColumns, arguments.size()));
    byte[] keyBytes = target.key(key);
    byte[] valueBytes = target.value(key, values);
    long expiresAt =
        ttl == null ? 0 : Math.addExact(opened.database().expiryTimeMillis(), ttl.toMillis());
    target.keyspace().put(keyBytes, valueBytes, expiresAt);
    if (json()) {
      printJson(target.json(target.row(keyBytes, valueBytes, expiresAt)));
    }
    return ExitCodes.OK;
  }

  private static Map<String, String> values(Target target, List<String> texts) {
    Map<String, String> values = new LinkedHashMap<>();
    if (!target.isRow()) {
      if (texts.size() != 1) {
        throw new BadInputException(
            "table '" + target.name() + "': found " + texts.size() + " values, expected one");
      }
      values.put(target.valueColumns().get(0).name(), texts.get(0));
      return values;
    }
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw new BadInputException(
            "table '" + target.name() + "': found '" + text + "', expected COLUMN=VALUE");
      } else if (values.put(text.substring(0, equals), text.substring(equals + 1)) != null) {
        throw new BadInputException(
            "table '"
                + target.name()
                + "': the column '"
                + text.substring(0, equals)
                + "' is given twice");
      }
    }
    return values;
  }
}
