package io.larder.cli;

import picocli.CommandLine.Command;

/** Backups of a database. */
@Command(
    name = "backup",
    header = "make, list, verify, restore and prune backups",
    description = {
      "A backup is a directory or one file with everything committed until one point in time, each"
          + " file with its checksum. All backups of a database are kept in one directory. With the"
          + " archived log of the database (option wal.archive) any later point in time can be"
          + " restored, too."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      BackupCreateCommand.class,
      BackupListCommand.class,
      BackupVerifyCommand.class,
      BackupRestoreCommand.class,
      BackupPruneCommand.class
    },
    footer = {
      "  larder backup create /var/lib/shop --to /backup/shop",
      "  larder backup list /backup/shop",
      "  larder backup restore /backup/shop --into /var/lib/shop-restored --to-time 'yesterday"
          + " 14:05'"
    })
final class BackupCommand {}
