package io.larder.cli;

import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.terminal.Amounts;
import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.BackupOptions;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a backup. */
@Command(
    name = "create",
    header = "make a backup",
    description = {
      "Makes a backup of everything committed so far. A crash, an error or Ctrl-C leaves no backup,"
          + " never half of one. A database that another process has open is backed up by that"
          + " process: Database.backup(), or the options backup.dir and backup.every.",
      "--incremental takes over by hard link what the newest backup in DIR has already, so that"
          + " only what is new takes space; every backup is complete all the same, and any may be"
          + " deleted. --link links the tables of the database itself instead of copying them: no"
          + " time, no space, but a damaged sector is damaged in both.",
      "--single-file makes one archive file. With --incremental it leaves out what the backups"
          + " before it hold: it needs those in the same directory, and 'prune' keeps them for it."
    },
    footer = {
      "  larder backup create /var/lib/shop --to /backup/shop",
      "  larder backup create /var/lib/shop --to /backup/shop --incremental --json | jq -r .name",
      "  larder backup create /var/lib/shop --to /media/usb --single-file --name before-upgrade",
      "  larder backup create /var/lib/shop --to /media/usb --single-file --incremental"
    })
final class BackupCreateCommand extends DatabaseCommand {

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "Where the backups are kept; created if it is missing.")
  private Path directory;

  @Option(names = "--incremental", description = "Take over what the newest backup there has.")
  private boolean incremental;

  @Option(
      names = "--link",
      description = "Link tables instead of copying them, on one file system.")
  private boolean linking;

  @Option(names = "--single-file", description = "One archive file instead of a directory.")
  private boolean singleFile;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Its name (default: made of the time).")
  private String name;

  @Override
  int run(OpenedDatabase opened) {
    BackupOptions options = new BackupOptions(incremental, linking, singleFile, name);
    long start = System.nanoTime();
    BackupInfo backup;
    try (ProgressBars progress = new ProgressBars()) {
      backup = opened.database().backup(directory, options, progress);
    }
    if (json()) {
      printJson(BackupReport.json(backup));
    } else {
      out()
          .printf(
              Locale.ROOT,
              "%s: %s in %s, %s new on disk, everything until %s, in %s%n",
              backup.path(),
              Amounts.bytes(backup.bytes()),
              Amounts.count(backup.files(), "file", "files"),
              Amounts.bytes(backup.ownBytes()),
              backup.stateAt(),
              Amounts.duration(System.nanoTime() - start));
    }
    return ExitCodes.OK;
  }
}
