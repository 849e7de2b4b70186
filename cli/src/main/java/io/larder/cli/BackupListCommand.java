package io.larder.cli;

import io.larder.engine.Backups;
import io.larder.engine.api.BackupInfo;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists backups. */
@Command(
    name = "list",
    header = "list backups, the oldest state first",
    description = {
      "Lists the backups in a directory by what their inventories say; 'larder backup verify' reads"
          + " all of them. STATE AT is the time until which every commit is in it; OWN is what it"
          + " takes on disk beside what it shares with others."
    },
    footer = {
      "  larder backup list /backup/shop",
      "  larder backup list /backup/shop --json | tail -1"
    })
final class BackupListCommand extends BackupsCommand {

  @Override
  int run(Backups backups) {
    List<BackupInfo> list = backups.list();
    if (json()) {
      list.forEach(each -> printJson(BackupReport.json(each)));
    } else {
      BackupReport.print(bufferedOut(), list);
    }
    return ExitCodes.OK;
  }
}
