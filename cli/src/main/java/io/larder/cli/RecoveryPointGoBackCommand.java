package io.larder.cli;

import io.larder.engine.RecoveryPoints;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Goes back to a recovery point. */
@Command(
    name = "go-back",
    header = "put a recovery point in the place of the database",
    description = {
      "Puts a recovery point in the place of the database, which must be closed and becomes a"
          + " recovery point itself: so going back can be undone by going back."
    },
    footer = {"  larder recovery-points go-back /var/lib/shop NAME"})
final class RecoveryPointGoBackCommand extends PointsCommand {

  @Parameters(index = "1", paramLabel = "NAME", description = "Its name, as listed.")
  private String name;

  @Override
  int run(RecoveryPoints points) {
    points.goBackTo(name);
    if (json()) {
      printJson(Map.of("database", name));
    } else {
      out().println("the database is what it was at " + name);
    }
    return ExitCodes.OK;
  }
}
