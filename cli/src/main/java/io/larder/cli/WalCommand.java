package io.larder.cli;

import picocli.CommandLine.Command;

/** The write-ahead log of a database. */
@Command(
    name = "wal",
    header = "look into the write-ahead log of a database, archive or clear it",
    description = {
      "Every change is written to the log first; what is in sorted tables is dropped from it. list"
          + " and inspect read its files without opening the database, so they work while another"
          + " process has it open, and on an archived log. archive and clear need it closed."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      WalListCommand.class,
      WalInspectCommand.class,
      WalArchiveCommand.class,
      WalClearCommand.class
    },
    footer = {
      "  larder wal list /var/lib/shop",
      "  larder wal inspect /var/lib/shop --limit 20",
      "  larder wal archive /var/lib/shop --to /backup/shop-wal"
    })
final class WalCommand {}
