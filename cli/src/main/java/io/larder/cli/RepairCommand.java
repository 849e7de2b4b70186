package io.larder.cli;

import io.larder.cli.terminal.Amounts;
import io.larder.engine.Integrity;
import io.larder.engine.api.RepairReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Saves what can be saved. */
@Command(
    name = "repair",
    header = "save what can be read of a damaged database into a new one",
    description = {
      "Writes every entry that can be read into a new database, which appears as a whole or not at"
          + " all, and lists what is lost, by keyspace and range of keys. The damaged one stays as"
          + " it is: with --into the new one goes to another directory; with --in-place it takes"
          + " the place of the damaged one, which is kept as a recovery point. Exit code 0 if"
          + " everything was saved, 5 if something is lost.",
      "Where there is a backup, go back to that instead ('larder recover --from-backup'): with the"
          + " archived log it loses nothing. Entries that lie where newer versions may be lost are"
          + " saved as they are and counted as doubtful: they may be older than what was"
          + " acknowledged, or have been deleted."
    },
    footer = {
      "  larder repair /var/lib/shop --into /var/lib/shop-repaired",
      "  larder repair /var/lib/shop --in-place"
    })
final class RepairCommand extends LarderCommand {

  @Parameters(paramLabel = "DATABASE", description = "The directory of the damaged database.")
  private String database;

  @ArgGroup(multiplicity = "1")
  private Place place = new Place();

  @Option(names = "--json", description = "Print the result as JSON, for programs.")
  private boolean json;

  /** Where the new database goes; exactly one of them. */
  private static final class Place {
    @Option(
        names = "--into",
        paramLabel = "TARGET",
        description = "A missing or empty directory for the new database.")
    private @Nullable Path target;

    @Option(
        names = "--in-place",
        description = "Take the place of the damaged database, which is kept.")
    private boolean inPlace;
  }

  @Override
  public Integer call() {
    Integrity integrity = Integrity.of(VerifyCommand.directory(database));
    Path target = place.inPlace ? null : place.target;
    RepairReport report;
    try (ProgressBars progress = new ProgressBars()) {
      report =
          target == null ? integrity.repairInPlace(progress) : integrity.repair(target, progress);
    }
    try (KeyTexts keys = KeyTexts.of(report)) {
      if (json) {
        printJson(json(report, keys));
      } else {
        print(report, keys);
      }
    }
    return report.isComplete() ? ExitCodes.OK : ExitCodes.DAMAGED;
  }

  private void print(RepairReport report, KeyTexts keys) {
    report.findings().forEach(finding -> out().println("damaged: " + finding));
    report.losses().forEach(loss -> out().println("lost: " + text(loss, keys)));
    if (report.isComplete()) {
      out().println("lost: nothing");
    }
    out()
        .printf(
            Locale.ROOT,
            "%s: %s (%s) of %s saved%s%s%n",
            report.target(),
            Amounts.count(report.entries(), "entry", "entries"),
            Amounts.bytes(report.bytes()),
            Amounts.count(report.keyspaces(), "keyspace", "keyspaces"),
            report.doubtful() == 0
                ? ""
                : String.format(Locale.ROOT, ", %,d of them doubtful", report.doubtful()),
            report.expired() == 0
                ? ""
                : String.format(Locale.ROOT, "; %,d expired left out", report.expired()));
    if (report.recoveryPoint() != null) {
      out().println("before   kept as the recovery point " + report.recoveryPoint());
    }
  }

  private static String text(RepairReport.Loss loss, KeyTexts keys) {
    byte[] after = loss.after();
    byte[] before = loss.before();
    String where =
        after == null && before == null
            ? ", all keys"
            : (after == null
                    ? ", from the first key"
                    : ", keys above " + keys.text(loss.keyspace(), after))
                + (before == null
                    ? " to the last"
                    : " and below " + keys.text(loss.keyspace(), before));
    return (loss.keyspace().isEmpty() ? "in all keyspaces" : "keyspace '" + loss.keyspace() + "'")
        + where
        + ": "
        + loss.problem();
  }

  private static Map<String, @Nullable Object> json(RepairReport report, KeyTexts keys) {
    List<Object> losses = new ArrayList<>();
    for (RepairReport.Loss each : report.losses()) {
      byte[] after = each.after();
      byte[] before = each.before();
      Map<String, @Nullable Object> loss = new LinkedHashMap<>();
      loss.put("keyspace", each.keyspace());
      loss.put("after", after == null ? null : keys.text(each.keyspace(), after));
      loss.put("before", before == null ? null : keys.text(each.keyspace(), before));
      loss.put("file", each.file().toString());
      loss.put("problem", each.problem());
      losses.add(loss);
    }
    Path kept = report.recoveryPoint();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("source", report.source().toString());
    json.put("target", report.target().toString());
    json.put("complete", report.isComplete());
    json.put("keyspaces", report.keyspaces());
    json.put("entries", report.entries());
    json.put("bytes", report.bytes());
    json.put("expired", report.expired());
    json.put("doubtful", report.doubtful());
    json.put("losses", losses);
    json.put("findings", VerifyCommand.findings(report.findings()));
    json.put("recoveryPoint", kept == null ? null : kept.toString());
    return json;
  }
}
