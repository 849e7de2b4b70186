package io.larder.cli;

import io.larder.engine.RecoveryPoints;
import io.larder.engine.api.RecoveryPoint;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Removes old recovery points. */
@Command(
    name = "prune",
    header = "delete the oldest recovery points",
    description = {
      "Deletes all but the newest recovery points of a database, and lists what was deleted."
    },
    footer = {"  larder recovery-points prune /var/lib/shop --keep 2"})
final class RecoveryPointPruneCommand extends PointsCommand {

  @Option(
      names = "--keep",
      required = true,
      paramLabel = "N",
      description = "How many of the newest stay.")
  private int keep;

  @Override
  int run(RecoveryPoints points) {
    List<RecoveryPoint> removed = points.prune(keep);
    if (json()) {
      report(removed);
    } else {
      removed.forEach(each -> out().println("removed " + each.path()));
      out().printf("%,d removed, %,d left%n", removed.size(), points.list().size());
    }
    return ExitCodes.OK;
  }
}
