package io.larder.cli;

import io.larder.engine.RecoveryPoints;
import picocli.CommandLine.Command;

/** Lists recovery points. */
@Command(
    name = "list",
    header = "list recovery points, the oldest first",
    description = {"Lists the recovery points of a database, which may be open, damaged or gone."},
    footer = {"  larder recovery-points list /var/lib/shop"})
final class RecoveryPointListCommand extends PointsCommand {

  @Override
  int run(RecoveryPoints points) {
    report(points.list());
    return ExitCodes.OK;
  }
}
