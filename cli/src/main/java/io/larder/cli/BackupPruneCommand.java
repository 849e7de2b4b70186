package io.larder.cli;

import io.larder.cli.access.BadInputException;
import io.larder.engine.Backups;
import io.larder.engine.api.BackupInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Removes backups by policy. */
@Command(
    name = "prune",
    header = "remove old backups",
    description = {
      "Removes all but the newest backups of each database in a directory; with --older-than only"
          + " those whose state is older than that. The newest --keep ones stay, whatever their"
          + " age. What an incremental backup shares with one that is removed stays: every backup"
          + " is complete."
    },
    footer = {
      "  larder backup prune /backup/shop --keep 7",
      "  larder backup prune /backup/shop --keep 3 --older-than 30d"
    })
final class BackupPruneCommand extends BackupsCommand {

  @Option(
      names = "--keep",
      required = true,
      paramLabel = "N",
      description = "How many of the newest stay; at least 1.")
  private int keep;

  @Option(
      names = "--older-than",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "Remove only what is older (12h, 30d).")
  private @Nullable Duration olderThan;

  @Override
  int run(Backups backups) {
    if (keep < 1) {
      throw new BadInputException("--keep: found " + keep + ", expected 1 or more");
    }
    Instant before = olderThan == null ? null : Instant.now().minus(olderThan);
    List<BackupInfo> removed = new ArrayList<>();
    backups.list().stream()
        .map(BackupInfo::databaseId)
        .distinct()
        .forEach(database -> removed.addAll(backups.prune(database, keep, before)));
    if (json()) {
      removed.forEach(each -> printJson(BackupReport.json(each)));
    } else {
      removed.forEach(each -> out().println("removed " + each.path()));
      out().printf("%,d removed, %,d left%n", removed.size(), backups.list().size());
    }
    return ExitCodes.OK;
  }
}
