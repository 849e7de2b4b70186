package io.larder.cli;

import io.larder.cli.access.OpenedDatabase;
import io.larder.cli.terminal.Amounts;
import io.larder.cli.terminal.Terminal;
import io.larder.engine.api.Database;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the counters of a database, once or again and again. */
@Command(
    name = "stats",
    header = "show the counters and sizes of a database, once or again and again",
    description = {
      "Shows every figure the database has: log, memtable, tables, merges, commits, recovery."
          + " docs/statistics.md says what each one counts.",
      "Counters begin at 0 when a process opens the database. This command opens it in a process of"
          + " its own, so --watch shows what this opening does: recovery, flushes, merges, expiry."
          + " What another process does with the database is told by that process"
          + " (Database.statistics())."
    },
    footer = {"  larder stats /var/lib/shop", "  larder stats /var/lib/shop --watch 1s"})
final class StatsCommand extends DatabaseCommand {

  @Option(
      names = "--watch",
      paramLabel = "INTERVAL",
      converter = DurationConverter.class,
      description = "Show them again every INTERVAL (500ms, 1s, 1m), with rates, until Ctrl-C.")
  private @Nullable Duration interval;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "With --watch: end after showing them N times.")
  private @Nullable Integer count;

  @Override
  int run(OpenedDatabase opened) {
    Map<String, Long> before = figures(opened.database());
    show(before, null, 0);
    if (interval == null) {
      return ExitCodes.OK;
    }
    long last = System.nanoTime();
    for (int shown = 1; count == null || shown < count; shown++) {
      waitUntil(last + interval.toNanos());
      long now = System.nanoTime();
      Map<String, Long> figures = figures(opened.database());
      show(figures, before, now - last);
      before = figures;
      last = now;
    }
    return ExitCodes.OK;
  }

  private static void waitUntil(long nanoTime) {
    long left = nanoTime - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = nanoTime - System.nanoTime();
    }
  }

  private static Map<String, Long> figures(Database database) {
    return new TreeMap<>(database.statistics().values());
  }

  private void show(Map<String, Long> figures, @Nullable Map<String, Long> before, long nanos) {
    if (json()) {
      Map<String, Object> result = new LinkedHashMap<>(figures);
      printJson(result);
      return;
    }
    PrintWriter out = bufferedOut();
    if (interval != null && Terminal.isOut()) {
      out.print("\u001B[H\u001B[2J");
    } else if (before != null) {
      out.println();
    }
    figures.forEach(
        (name, value) -> {
          String rate =
              before == null ? "" : rate(name, value - before.getOrDefault(name, 0L), nanos);
          out.println(String.format(Locale.ROOT, "%-34s %14s%s", name, format(name, value), rate));
        });
    out.flush();
  }

  private static String format(String name, long value) {
    if (name.endsWith("bytes")) {
      return Amounts.bytes(value);
    } else if (name.endsWith("micros")) {
      return Amounts.duration(TimeUnit.MICROSECONDS.toNanos(value));
    } else if (name.endsWith("millis")) {
      return Amounts.duration(TimeUnit.MILLISECONDS.toNanos(value));
    } else if (name.endsWith("percent")) {
      return value + " %";
    }
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String rate(String name, long change, long nanos) {
    if (change == 0) {
      return "";
    }
    String sign = change > 0 ? "+" : "-";
    long perSecond = Math.round(Math.abs(change) * 1e9 / nanos);
    return "   " + sign + format(name, perSecond) + "/s";
  }
}
