package io.larder.cli;

import io.larder.cli.access.BadInputException;
import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.terminal.Amounts;
import io.larder.cli.terminal.TextTable;
import io.larder.engine.RecoveryPoints;
import io.larder.engine.api.DatabaseLocation;
import io.larder.engine.api.RecoveryPoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command on the recovery points of a database, which is not opened. */
abstract class PointsCommand extends LarderCommand {

  @Parameters(index = "0", paramLabel = "DATABASE", description = "The directory of the database.")
  private String database;

  @Option(names = "--json", description = "Print the result as JSON, for programs.")
  private boolean json;

  final boolean json() {
    return json;
  }

  @Override
  public Integer call() throws Exception {
    if (OpenedDatabase.uri(database).location() instanceof DatabaseLocation.Directory directory) {
      return run(RecoveryPoints.of(directory.path()));
    }
    throw new BadInputException(database + ": found a database in memory, expected a directory");
  }

  /** Does the work and returns the exit code. */
  abstract int run(RecoveryPoints points);

  /** Prints points, or what happened to them. */
  final void report(List<RecoveryPoint> points) {
    if (json) {
      points.forEach(point -> printJson(json(point)));
      return;
    }
    try (TextTable table =
        new TextTable(bufferedOut(), List.of("NAME", "MADE", "BEFORE", ">SIZE"))) {
      for (RecoveryPoint each : points) {
        table.add(
            List.of(
                each.name(),
                each.createdAt().toString(),
                each.reason(),
                Amounts.bytes(each.bytes())));
      }
    }
    if (!points.isEmpty()) {
      out().println("in " + points.get(0).path().getParent());
    }
  }

  private static Map<String, Object> json(RecoveryPoint point) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", point.name());
    json.put("path", point.path().toString());
    json.put("createdAt", point.createdAt().toString());
    json.put("reason", point.reason());
    json.put("bytes", point.bytes());
    return json;
  }
}
