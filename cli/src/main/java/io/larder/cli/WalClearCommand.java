package io.larder.cli;

import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.terminal.Amounts;
import io.larder.engine.Integrity;
import io.larder.engine.LogFiles;
import io.larder.engine.RecoveryPoints;
import io.larder.engine.api.CorruptionException;
import io.larder.engine.api.LogLoss;
import io.larder.engine.api.LogSegment;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Empties the log. */
@Command(
    name = "clear",
    header = "empty the log of a closed database",
    description = {
      "Makes a recovery point, writes what is in the log into tables, and lets the segments go. No"
          + " entry is lost. What goes is the way back: moments between the last backup and now can"
          + " be restored from an archive only, so the segments that go are listed.",
      "A log that cannot be read to its end is not cleared, since what lies behind the damage would"
          + " be lost; it is named, with exit code 5. --discard gives it up: the database opens"
          + " again, as of the last batch that can be read. 'larder recover --from-backup' loses"
          + " less where there is a backup."
    },
    footer = {
      "  larder wal clear /var/lib/shop --dry-run",
      "  larder wal clear /var/lib/shop",
      "  larder wal clear /var/lib/shop --discard       gives up what cannot be read"
    })
final class WalClearCommand extends LarderCommand {

  @Parameters(paramLabel = "DATABASE", description = "The directory of the database.")
  private String database;

  @Option(names = "--discard", description = "Give up what of the log cannot be read.")
  private boolean discard;

  @Option(names = "--dry-run", description = "Only say what would go and what would be lost.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print the result as JSON, for programs.")
  private boolean json;

  @Override
  public Integer call() {
    Path place = VerifyCommand.directory(database);
    Integrity integrity = Integrity.of(place);
    LogLoss loss = integrity.logLoss();
    List<LogSegment> before = LogFiles.list(place);
    if (dryRun) {
      report(place, loss, before, null);
      return loss.isNothing() ? ExitCodes.OK : ExitCodes.DAMAGED;
    }
    if (!loss.isNothing() && !discard) {
      throw new CorruptionException(
          loss.problem()
              + "; clearing the log would lose "
              + lost(loss)
              + ", expected --discard to give that up, or 'larder recover --from-backup'");
    }
    Path kept =
        loss.isNothing()
            ? RecoveryPoints.of(place).create("wal-clear").path()
            : integrity.discardUnreadableLog();
    try (OpenedDatabase opened = OpenedDatabase.existing(OpenedDatabase.uri(database))) {
      opened.database().flush();
    }
    report(place, loss, before, kept);
    return ExitCodes.OK;
  }

  private void report(
      Path place, LogLoss loss, List<LogSegment> segments, @Nullable Path recoveryPoint) {
    if (json) {
      printJson(json(place, loss, segments, recoveryPoint));
      return;
    }
    String tense = recoveryPoint == null ? "would go" : "gone";
    segments.stream()
        .filter(each -> each.state() != LogSegment.State.UNUSED)
        .forEach(each -> out().println(tense + "  " + described(each)));
    if (!loss.isNothing()) {
      out().println("damaged: " + loss.problem());
      out().println((recoveryPoint == null ? "would be lost: " : "lost: ") + lost(loss));
    }
    out()
        .printf(
            Locale.ROOT,
            "%s: %s of the log %s tables%s%n",
            place,
            Amounts.count(loss.readableBatches(), "batch", "batches"),
            recoveryPoint == null ? "would go into" : "went into",
            loss.isNothing() ? ", nothing is lost" : "");
    if (recoveryPoint != null) {
      out().println("before   kept as the recovery point " + recoveryPoint);
    }
  }

  private static String described(LogSegment segment) {
    String name = String.valueOf(segment.path().getFileName());
    if (segment.state() == LogSegment.State.DAMAGED) {
      return name + " (damaged)";
    } else if (segment.batches() == 0) {
      return name + " (empty)";
    }
    return String.format(
        Locale.ROOT,
        "%s (%s, sequence numbers %,d to %,d, %s to %s)",
        name,
        Amounts.bytes(segment.usedBytes()),
        segment.firstSequence(),
        segment.lastSequence(),
        Instant.ofEpochMilli(segment.firstTimeMillis()),
        Instant.ofEpochMilli(segment.lastTimeMillis()));
  }

  /** Names what cannot be read. */
  private static String lost(LogLoss loss) {
    if (loss.knownSequence() <= loss.readableSequence()) {
      return String.format(
          Locale.ROOT, "whatever was committed after sequence number %,d", loss.readableSequence());
    }
    return String.format(
        Locale.ROOT,
        "the changes with sequence numbers %,d to %,d%s%s",
        loss.readableSequence() + 1,
        loss.knownSequence(),
        loss.readableUntilMillis() == 0
            ? ""
            : ", committed after " + Instant.ofEpochMilli(loss.readableUntilMillis()),
        loss.knownUntilMillis() == 0
            ? ""
            : ", the last at " + Instant.ofEpochMilli(loss.knownUntilMillis()));
  }

  private static Map<String, @Nullable Object> json(
      Path place, LogLoss loss, List<LogSegment> segments, @Nullable Path recoveryPoint) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("database", place.toString());
    json.put("cleared", recoveryPoint != null);
    json.put(
        "segments",
        segments.stream()
            .filter(each -> each.state() != LogSegment.State.UNUSED)
            .map(each -> each.path().toString())
            .toList());
    json.put("batches", loss.readableBatches());
    json.put("readableSequence", loss.readableSequence());
    json.put("knownSequence", loss.knownSequence());
    json.put("problem", loss.problem().isEmpty() ? null : loss.problem());
    json.put("recoveryPoint", recoveryPoint == null ? null : recoveryPoint.toString());
    return json;
  }
}
