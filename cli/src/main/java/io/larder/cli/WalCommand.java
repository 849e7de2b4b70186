package io.larder.cli;

import picocli.CommandLine.Command;

/** The write-ahead log of a database. */
@Command(
    name = "wal",
    header = "look into the write-ahead log of a database",
    description = {
      "Every change is written to the log first; what is in sorted tables is dropped from it. These"
          + " commands read its files without opening the database, so they work while another"
          + " process has it open, and on the archived log of a backup."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {WalListCommand.class, WalInspectCommand.class},
    footer = {"  larder wal list /var/lib/shop", "  larder wal inspect /var/lib/shop --limit 20"})
final class WalCommand {}
