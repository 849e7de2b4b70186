package io.larder.cli;

import io.larder.cli.access.NotFoundException;
import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.terminal.Amounts;
import io.larder.engine.Backups;
import io.larder.engine.Integrity;
import io.larder.engine.RecoveryPoints;
import io.larder.engine.api.BackupException;
import io.larder.engine.api.BackupInfo;
import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.EngineOptions;
import io.larder.engine.api.LarderException;
import io.larder.engine.api.OpeningReport;
import io.larder.engine.api.RecoveryPoint;
import io.larder.engine.api.RestoreOptions;
import io.larder.engine.api.RestorePoint;
import io.larder.engine.api.RestoreReport;
import io.larder.engine.api.VerifyReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Brings a database back. */
@Command(
    name = "recover",
    header = "bring a database back: after a crash, to a recovery point, from a backup",
    description = {
      "Without options it does what every opening with recovery=auto does, and says so: reads the"
          + " log behind the tables, cuts off a write that a crash cut short (it was never"
          + " acknowledged), closes in order. For databases whose applications open with"
          + " recovery=manual. Damage is refused with the place, and exit code 5.",
      "--to-point puts a recovery point in the place of the database. --from-backup puts the newest"
          + " good backup there, with everything that the archived log and the log of the database"
          + " itself have after it, or up to --to-time or --to-sequence, or nothing of that"
          + " (--without-log). Either way the database as"
          + " it was becomes a recovery point: what was gone back from can be gone back to.",
      "--if-damaged reads the whole database first, and changes nothing if it is sound."
    },
    footer = {
      "  larder recover /var/lib/shop",
      "  larder recover /var/lib/shop --to-point latest",
      "  larder recover /var/lib/shop --from-backup /backup/shop --log-archive /backup/shop-wal",
      "  larder recover /var/lib/shop --from-backup /backup/shop --to-time 'yesterday 14:05'",
      "  larder recover /var/lib/shop --from-backup /backup/shop --if-damaged"
    })
final class RecoverCommand extends LarderCommand {
  private static final String LATEST = "latest";

  @Parameters(paramLabel = "DATABASE", description = "The directory of the database.")
  private String database;

  @ArgGroup private Source source = new Source();

  @ArgGroup private Point point = new Point();

  @Option(
      names = "--backup",
      paramLabel = "NAME",
      description = "With --from-backup: which one (default: the newest that is good).")
  private @Nullable String backup;

  @Option(
      names = "--log-archive",
      paramLabel = "DIR",
      description = "With --from-backup: the archived log, what wal.archive named.")
  private @Nullable Path logArchive;

  @Option(
      names = "--if-damaged",
      description = "Verify everything first; do nothing if it is sound.")
  private boolean ifDamaged;

  @Option(names = "--json", description = "Print the result as JSON, for programs.")
  private boolean json;

  /** What is gone back to; at most one of them. */
  private static final class Source {
    @Option(
        names = "--to-point",
        paramLabel = "NAME",
        description =
            "Go back to this recovery point; '"
                + LATEST
                + "' is the newest"
                + " ('larder recovery-points list').")
    private @Nullable String point;

    @Option(
        names = "--from-backup",
        paramLabel = "DIR",
        description = "Go back to a backup in this directory, and on with the log.")
    private @Nullable Path backups;
  }

  /** How far the log is replayed with --from-backup; at most one of them. */
  private static final class Point extends PointOptions {
    @Option(names = "--without-log", description = "Exactly what the backup holds.")
    private boolean withoutLog;

    @Override
    boolean isGiven() {
      return super.isGiven() || withoutLog;
    }

    RestorePoint restorePoint() {
      return pointOr(withoutLog ? RestorePoint.ofBackup() : RestorePoint.latest());
    }
  }

  @Override
  public Integer call() {
    requireFitting();
    Path place = VerifyCommand.place(database);
    if (ifDamaged && isSound(place)) {
      return ExitCodes.OK;
    }
    if (source.point != null) {
      goBack(place, source.point);
    } else if (source.backups != null) {
      restore(place, source.backups);
    } else {
      open();
    }
    return ExitCodes.OK;
  }

  private void requireFitting() {
    boolean ofBackups = backup != null || logArchive != null || point.isGiven();
    if (ofBackups && source.backups == null) {
      throw new ParameterException(
          spec().commandLine(), "found options of --from-backup, expected --from-backup, too");
    }
    if (ifDamaged && source.backups == null && source.point == null) {
      throw new ParameterException(
          spec().commandLine(),
          "found --if-damaged, expected --from-backup or --to-point, which is then done");
    }
  }

  private boolean isSound(Path place) {
    VerifyReport report;
    try (ProgressBars progress = new ProgressBars()) {
      report = Integrity.of(VerifyCommand.directory(database)).verify(true, progress);
    }
    if (report.isSound()) {
      if (json) {
        printJson(Map.of("database", place.toString(), "sound", true));
      } else {
        out().println(place + ": sound; nothing was changed");
      }
    } else if (!json) {
      report.findings().forEach(finding -> out().println("damaged: " + finding));
    }
    return report.isSound();
  }

  private void open() {
    try (OpenedDatabase opened =
        OpenedDatabase.existing(
            OpenedDatabase.uri(database).with(EngineOptions.RECOVERY.name(), "auto"))) {
      OpeningReport report = opened.database().opening();
      if (json) {
        printJson(json(report));
        return;
      }
      out()
          .println(
              report.orderly()
                  ? "it had been closed in order"
                  : "it had not been closed in order: a crash, a kill or a power loss");
      out()
          .printf(
              Locale.ROOT,
              "log      %s with %s read%n",
              Amounts.count(report.replayedBatches(), "batch", "batches"),
              Amounts.count(report.replayedEntries(), "change", "changes"));
      if (!report.tornTail().isEmpty()) {
        out().println("end      " + report.tornTail() + "; nothing acknowledged is lost");
      }
    }
  }

  private static Map<String, Object> json(OpeningReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("orderly", report.orderly());
    json.put("batches", report.replayedBatches());
    json.put("changes", report.replayedEntries());
    json.put("tornTail", report.tornTail());
    return json;
  }

  private void goBack(Path place, String wanted) {
    RecoveryPoints points = RecoveryPoints.of(place);
    List<RecoveryPoint> before = points.list();
    if (before.isEmpty()) {
      throw new NotFoundException(place + ": found no recovery point, expected at least one");
    }
    RecoveryPoint newest = before.get(before.size() - 1);
    String name = wanted.equalsIgnoreCase(LATEST) ? newest.name() : wanted;
    if (before.stream().noneMatch(each -> each.name().equals(name))) {
      throw new NotFoundException(
          place
              + ": found no recovery point '"
              + name
              + "', expected one of "
              + before.stream().map(RecoveryPoint::name).toList());
    }
    points.goBackTo(name);
    Path kept =
        points.list().stream()
            .filter(each -> !before.contains(each))
            .map(RecoveryPoint::path)
            .findFirst()
            .orElse(null);
    if (json) {
      Map<String, @Nullable Object> result = new LinkedHashMap<>();
      result.put("database", place.toString());
      result.put("point", name);
      result.put("recoveryPoint", kept == null ? null : kept.toString());
      printJson(result);
      return;
    }
    out().println(place + ": is what it was at " + name);
    printKept(kept);
  }

  private void printKept(@Nullable Path kept) {
    if (kept != null) {
      out().println("before   kept as the recovery point " + kept);
    }
  }

  private void restore(Path place, Path directory) {
    RestoreReport report = newestGood(place, directory);
    Path kept = report.recoveryPoint();
    if (json) {
      Map<String, @Nullable Object> result = new LinkedHashMap<>();
      result.put("database", report.target().toString());
      result.put("backup", report.backup().name());
      result.put("sequence", report.sequence());
      result.put("stateAt", report.stateAt().toString());
      result.put("replayedBatches", report.replayedBatches());
      result.put("logEnded", report.logEnded());
      result.put("recoveryPoint", kept == null ? null : kept.toString());
      printJson(result);
      return;
    }
    out()
        .printf(
            Locale.ROOT,
            "%s: restored from %s, %s of the log replayed%n",
            report.target(),
            report.backup().name(),
            Amounts.count(report.replayedBatches(), "batch", "batches"));
    out()
        .printf(
            Locale.ROOT, "state    %s, sequence number %,d%n", report.stateAt(), report.sequence());
    if (report.logEnded()) {
      out()
          .println(
              "note     the log ends before the point asked for: what came later is not in it");
    }
    printKept(kept);
  }

  /** Restores the newest backup that can be, telling of those that cannot. */
  private RestoreReport newestGood(Path place, Path directory) {
    Backups backups = Backups.in(directory);
    List<BackupInfo> candidates = candidates(backups, directory);
    boolean live = Files.isDirectory(place);
    RestoreOptions options =
        RestoreOptions.to(place)
            .withPoint(point.restorePoint())
            .withLogArchive(logArchive)
            .withLiveLog(live ? place : null)
            .withReplacing(true);
    LarderException refusal = null;
    for (BackupInfo each : candidates) {
      if (refusal != null) { // the last one is told as the error
        err().println("note: " + Errors.text(refusal));
      }
      try (ProgressBars progress = new ProgressBars()) {
        return backups.restore(options.withBackup(each.name()), progress);
      } catch (CorruptionException | BackupException e) {
        refusal = e;
      }
    }
    throw refusal == null
        ? new NotFoundException(directory + ": found no backup, expected at least one")
        : refusal;
  }

  /** Returns the backups in question, newest first. */
  private List<BackupInfo> candidates(Backups backups, Path directory) {
    List<BackupInfo> all = new ArrayList<>(backups.list());
    if (backup != null) {
      String name = backup;
      all.removeIf(each -> !each.name().equals(name));
      if (all.isEmpty()) {
        throw new NotFoundException(
            directory + ": found no backup '" + name + "' that can be read");
      }
    } else if (all.stream().mapToLong(BackupInfo::databaseId).distinct().count() > 1) {
      throw new BackupException(
          directory
              + ": found backups of several databases, expected --backup to name one of "
              + all.stream().map(BackupInfo::name).toList());
    }
    Collections.reverse(all);
    return all;
  }
}
