package io.larder.cli;

import io.larder.cli.terminal.Amounts;
import io.larder.engine.Backups;
import io.larder.engine.api.RestoreOptions;
import io.larder.engine.api.RestorePoint;
import io.larder.engine.api.RestoreReport;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Restores a backup. */
@Command(
    name = "restore",
    header = "make a database of a backup, as of a point in time",
    description = {
      "Verifies a backup, then makes a database of it in a new or empty directory. With the"
          + " archived log (--log-archive) and the log of the database itself (--live-log), commits"
          + " after the backup are replayed, up to the point asked for. The target is a whole"
          + " database afterwards, or as it was before.",
      "--replace puts it in the place of a database that is there, which must be closed; the old"
          + " one is kept as a recovery point, and 'larder recovery-points go-back' undoes it."
    },
    footer = {
      "  larder backup restore /backup/shop --into /var/lib/shop-restored",
      "  larder backup restore /backup/shop --into /srv/shop --to-time 'yesterday 14:05'"
          + " --log-archive /backup/shop-wal",
      "  larder backup restore /backup/shop --into /srv/shop --latest --log-archive"
          + " /backup/shop-wal --live-log /var/lib/shop",
      "  larder backup restore /backup/shop --into /var/lib/shop --backup before-upgrade --replace"
    })
final class BackupRestoreCommand extends BackupsCommand {

  @Option(
      names = "--into",
      required = true,
      paramLabel = "TARGET",
      description = "The directory that is to be the database.")
  private Path target;

  @Option(
      names = "--backup",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Which backup (default: the newest that the point in time allows).")
  private String backup;

  @ArgGroup private Point point = new Point();

  @Option(
      names = "--log-archive",
      paramLabel = "DIR",
      description = "The archived log of the database: what wal.archive named.")
  private @Nullable Path logArchive;

  @Option(
      names = "--live-log",
      paramLabel = "DIR",
      description = "The directory of the database, whose log goes on where the archive ends.")
  private @Nullable Path liveLog;

  @Option(
      names = "--replace",
      description = "Take the place of a database in TARGET, which is kept.")
  private boolean replace;

  /** The point in time; at most one of them. */
  private static final class Point extends PointOptions {
    @Option(names = "--latest", description = "Everything the backup and the logs have.")
    private boolean latest;

    RestorePoint restorePoint() {
      return pointOr(latest ? RestorePoint.latest() : RestorePoint.ofBackup());
    }
  }

  @Override
  int run(Backups backups) {
    RestoreOptions options =
        new RestoreOptions(target, backup, point.restorePoint(), logArchive, liveLog, replace);
    long start = System.nanoTime();
    RestoreReport report;
    try (ProgressBars progress = new ProgressBars()) {
      report = backups.restore(options, progress);
    }
    if (json()) {
      printJson(json(report));
    } else {
      print(report, System.nanoTime() - start);
    }
    return ExitCodes.OK;
  }

  private void print(RestoreReport report, long nanos) {
    out()
        .printf(
            Locale.ROOT,
            "%s restored from %s in %s: %s in %,d tables, %,d batches of the log replayed%n",
            report.target(),
            report.backup().name(),
            Amounts.duration(nanos),
            Amounts.bytes(report.bytes()),
            report.files(),
            report.replayedBatches());
    out()
        .printf(
            Locale.ROOT, "state    %s, sequence number %,d%n", report.stateAt(), report.sequence());
    if (report.logEnded()) {
      out()
          .println(
              "note     the log ends before the point asked for: what came later is not in it");
    }
    if (report.recoveryPoint() != null) {
      out().println("before   kept as the recovery point " + report.recoveryPoint());
    }
  }

  private static Map<String, @Nullable Object> json(RestoreReport report) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("target", report.target().toString());
    json.put("backup", report.backup().name());
    json.put("sequence", report.sequence());
    json.put("stateAt", report.stateAt().toString());
    json.put("files", report.files());
    json.put("bytes", report.bytes());
    json.put("replayedBatches", report.replayedBatches());
    json.put("logEnded", report.logEnded());
    Path kept = report.recoveryPoint();
    json.put("recoveryPoint", kept == null ? null : kept.toString());
    return json;
  }
}
