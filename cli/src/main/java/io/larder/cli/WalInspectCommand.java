package io.larder.cli;

import io.larder.cli.terminal.TextTable;
import io.larder.cli.text.ByteText;
import io.larder.cli.text.Json;
import io.larder.cli.text.ValueText;
import io.larder.engine.LogFiles;
import io.larder.engine.api.LogBatch;
import io.larder.engine.api.LogSegment;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the batches of a log. */
@Command(
    name = "inspect",
    header = "show the batches in a log",
    description = {
      "Shows what was committed, batch after batch: sequence numbers, time, changes. A batch was"
          + " committed as a whole; 'larder backup restore --to-sequence' and '--to-time' stop"
          + " between two. Keys and values are shown as bytes; KEYSPACE is the number that stands"
          + " for it in files, 0 where a keyspace itself is created, changed or dropped."
    },
    footer = {
      "  larder wal inspect /var/lib/shop --limit 20",
      "  larder wal inspect /backup/shop/wal --since 2026-03-01T14:00:00Z --changes",
      "  larder wal inspect /var/lib/shop/0000000000000001.wal --json"
    })
final class WalInspectCommand extends LarderCommand {

  @Parameters(
      paramLabel = "DIR",
      description = "The directory of a database or of an archived log, or one segment file.")
  private String directory;

  @Option(
      names = "--from",
      paramLabel = "SEQUENCE",
      description = "Begin with the batch that holds this sequence number.")
  private long from;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Begin with the first batch committed then or later.")
  private @Nullable Instant since;

  @Option(names = "--limit", paramLabel = "N", description = "End after N batches.")
  private long limit = Long.MAX_VALUE;

  @Option(names = "--changes", description = "Show each change: put or delete, keyspace, key.")
  private boolean changes;

  @Option(names = "--json", description = "Print one line of JSON a batch, for programs.")
  private boolean json;

  @Override
  public Integer call() {
    List<LogSegment> segments = LogDirectory.segments(directory);
    PrintWriter out = bufferedOut();
    long[] left = {limit};
    boolean damaged = false;
    try (TextTable table = json ? null : new TextTable(out, headings())) {
      for (LogSegment segment : segments) {
        if (segment.state() == LogSegment.State.DAMAGED) {
          damaged = true;
          err().println(segment.problem());
        } else if (left[0] > 0 && segment.lastSequence() >= from) {
          LogFiles.batches(segment.path(), changes, visitor(segment, table, out, left));
        }
      }
    }
    out.flush();
    return damaged ? ExitCodes.DAMAGED : ExitCodes.OK;
  }

  private List<String> headings() {
    return changes
        ? List.of(">SEQUENCE", "COMMITTED", "CHANGE", ">KEYSPACE", "KEY", ">VALUE BYTES", "EXPIRES")
        : List.of(">FIRST", ">LAST", "COMMITTED", ">CHANGES", ">BYTES", ">OFFSET", "SEGMENT");
  }

  private Predicate<LogBatch> visitor(
      LogSegment segment, @Nullable TextTable table, PrintWriter out, long[] left) {
    return batch -> {
      boolean wanted =
          batch.lastSequence() >= from
              && (since == null || batch.committedAtMillis() >= since.toEpochMilli());
      if (!wanted) {
        return true;
      } else if (left[0]-- <= 0) {
        return false;
      } else if (table == null) {
        out.println(Json.write(json(batch)));
      } else {
        rows(segment, batch).forEach(table::add);
      }
      return true;
    };
  }

  private List<List<String>> rows(LogSegment segment, LogBatch batch) {
    String time = Instant.ofEpochMilli(batch.committedAtMillis()).toString();
    if (!changes) {
      return List.of(
          List.of(
              number(batch.firstSequence()),
              number(batch.lastSequence()),
              time,
              number(batch.lastSequence() - batch.firstSequence() + 1),
              number(batch.bytes()),
              number(batch.position()),
              String.valueOf(segment.path().getFileName())));
    }
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < batch.changes().size(); i++) {
      LogBatch.Change change = batch.changes().get(i);
      byte[] value = change.value();
      rows.add(
          List.of(
              number(batch.firstSequence() + i),
              time,
              kind(change),
              Integer.toString(change.dataId()),
              ValueText.oneLine(ByteText.show(change.key(), false)),
              value == null ? "" : number(value.length),
              change.expiresAtMillis() == 0
                  ? ""
                  : Instant.ofEpochMilli(change.expiresAtMillis()).toString()));
    }
    return rows;
  }

  /** Keyspace 0 is that of the definitions of keyspaces. */
  private static String kind(LogBatch.Change change) {
    return change.dataId() == 0 ? "define" : change.value() == null ? "delete" : "put";
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private Map<String, Object> json(LogBatch batch) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("firstSequence", batch.firstSequence());
    result.put("lastSequence", batch.lastSequence());
    result.put("committed", Instant.ofEpochMilli(batch.committedAtMillis()).toString());
    result.put("bytes", batch.bytes());
    result.put("offset", batch.position());
    if (changes) {
      List<Object> list = new ArrayList<>();
      for (LogBatch.Change change : batch.changes()) {
        Map<String, @Nullable Object> each = new LinkedHashMap<>();
        byte[] value = change.value();
        each.put("change", kind(change));
        each.put("keyspace", change.dataId());
        each.put("key", ByteText.show(change.key(), false));
        each.put("value", value == null ? null : ByteText.show(value, false));
        list.add(each);
      }
      result.put("changes", list);
    }
    return result;
  }
}
