package io.larder.cli;

import io.larder.engine.RecoveryPoints;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a recovery point. */
@Command(
    name = "create",
    header = "keep a copy of a closed database as it is",
    description = {"Keeps a copy of a closed database as it is, damaged or not."},
    footer = {"  larder recovery-points create /var/lib/shop --reason upgrade"})
final class RecoveryPointCreateCommand extends PointsCommand {

  @Option(
      names = "--reason",
      paramLabel = "WORD",
      defaultValue = "manual",
      description = "What is about to be done, one word (default: ${DEFAULT-VALUE}).")
  private String reason;

  @Override
  int run(RecoveryPoints points) {
    report(List.of(points.create(reason)));
    return ExitCodes.OK;
  }
}
