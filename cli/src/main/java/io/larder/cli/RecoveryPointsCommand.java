package io.larder.cli;

import picocli.CommandLine.Command;

/** What databases were before something risky was done to them. */
@Command(
    name = "recovery-points",
    header = "list, make, go back to and prune recovery points",
    description = {
      "A recovery point is a copy of a database as it was before something risky: a repair in"
          + " place, a restore over it, clearing its log, going back itself. They are kept beside the database in"
          + " NAME.recovery-points."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RecoveryPointListCommand.class,
      RecoveryPointCreateCommand.class,
      RecoveryPointGoBackCommand.class,
      RecoveryPointPruneCommand.class
    },
    footer = {
      "  larder recovery-points list /var/lib/shop",
      "  larder recovery-points go-back /var/lib/shop NAME"
    })
final class RecoveryPointsCommand {}
