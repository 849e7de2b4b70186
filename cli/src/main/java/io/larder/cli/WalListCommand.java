package io.larder.cli;

import io.larder.cli.terminal.Amounts;
import io.larder.cli.terminal.TextTable;
import io.larder.engine.api.LogSegment;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the segments of a log. */
@Command(
    name = "list",
    header = "list the files of a log",
    description = {
      "Lists the segments of a log with what is in them. States: unused (prepared, empty), open"
          + " (the newest one, in use or left by a crash), sealed (a newer one goes on), closed"
          + " (the database was closed in order), damaged. A damaged one makes the exit code 5."
    },
    footer = {"  larder wal list /var/lib/shop", "  larder wal list /backup/shop/wal --json"})
final class WalListCommand extends LarderCommand {

  @Parameters(
      paramLabel = "DIR",
      description = "The directory of a database or of an archived log, or one segment file.")
  private String directory;

  @Option(names = "--json", description = "Print one line of JSON a segment, for programs.")
  private boolean json;

  @Override
  public Integer call() {
    List<LogSegment> segments = LogDirectory.segments(directory);
    if (json) {
      segments.forEach(segment -> printJson(json(segment)));
    } else {
      print(segments);
    }
    boolean damaged =
        segments.stream().anyMatch(segment -> segment.state() == LogSegment.State.DAMAGED);
    return damaged ? ExitCodes.DAMAGED : ExitCodes.OK;
  }

  private void print(List<LogSegment> segments) {
    List<String> headings =
        List.of(
            "SEGMENT",
            "STATE",
            ">SIZE",
            ">USED",
            ">BATCHES",
            ">CHANGES",
            ">FIRST",
            ">LAST",
            "FROM",
            "TO");
    try (TextTable table = new TextTable(bufferedOut(), headings)) {
      for (LogSegment each : segments) {
        table.add(
            List.of(
                String.valueOf(each.path().getFileName()),
                each.state().name().toLowerCase(Locale.ROOT),
                Amounts.bytes(each.sizeBytes()),
                Amounts.bytes(each.usedBytes()),
                number(each.batches()),
                number(each.changes()),
                number(each.firstSequence()),
                number(each.lastSequence()),
                time(each.firstTimeMillis()),
                time(each.lastTimeMillis())));
      }
    }
    segments.stream()
        .filter(each -> !each.problem().isEmpty())
        .forEach(each -> out().println(each.problem()));
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String time(long millis) {
    return millis == 0 ? "" : Instant.ofEpochMilli(millis).toString();
  }

  private static Map<String, @Nullable Object> json(LogSegment segment) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("segment", segment.number());
    json.put("file", segment.path().toString());
    json.put("state", segment.state().name().toLowerCase(Locale.ROOT));
    json.put("bytes", segment.sizeBytes());
    json.put("usedBytes", segment.usedBytes());
    json.put("batches", segment.batches());
    json.put("changes", segment.changes());
    json.put("firstSequence", segment.firstSequence());
    json.put("lastSequence", segment.lastSequence());
    json.put("from", segment.firstTimeMillis() == 0 ? null : time(segment.firstTimeMillis()));
    json.put("to", segment.lastTimeMillis() == 0 ? null : time(segment.lastTimeMillis()));
    json.put("problem", segment.problem().isEmpty() ? null : segment.problem());
    return json;
  }
}
