package io.larder.benchmarks.harness;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Results as text, CSV and JSON. Stateless. */
public final class Report {

  private static final String NOTHING = "-";

  private Report() {}

  /** The head of a report: machine, JVM, settings. */
  public static String head(Map<String, String> environment) {
    StringBuilder text = new StringBuilder();
    environment.forEach((name, value) -> text.append("%-22s %s%n".formatted(name, value)));
    return text.toString();
  }

  /** Medians of all contestants side by side, with Larder's ratio and losses marked. */
  public static String overview(GroupResult result) {
    List<String> header = new ArrayList<>(List.of("", "unit"));
    result.contestants().forEach(contestant -> header.add(contestant.id()));
    Optional<Contestant> larder = larder(result);
    larder.ifPresent(contestant -> header.addAll(List.of("best peer", "ratio", "")));
    TextTable table = new TextTable(header);
    for (Step step : result.steps()) {
      List<String> row = new ArrayList<>(List.of(step.label(), step.unit().symbol()));
      for (Contestant contestant : result.contestants()) {
        row.add(median(result, step, contestant));
      }
      larder.ifPresent(contestant -> row.addAll(verdict(result, step, contestant)));
      table.add(row);
    }
    return table.render();
  }

  /**
   * CPU time of the calling threads for one operation, side by side: what remains comparable when
   * other processes share the cores. It leaves out background threads, which the details show.
   */
  public static String cpuOverview(GroupResult result) {
    return costs(result, "CPU us/op", Measurement::threadCpuMicrosPerOperation, true);
  }

  /** Heap bytes the calling threads allocated for one operation, side by side. */
  public static String allocationOverview(GroupResult result) {
    return costs(result, "heap B/op", Measurement::allocatedBytesPerOperation, false);
  }

  private static String costs(
      GroupResult result,
      String title,
      ToDoubleFunction<Measurement> perOperation,
      boolean compared) {
    List<String> header = new ArrayList<>(List.of(title));
    result.contestants().forEach(contestant -> header.add(contestant.id()));
    if (compared) {
      header.addAll(List.of("ratio", ""));
    }
    Optional<Contestant> larder = larder(result);
    TextTable table = new TextTable(header);
    for (Step step : result.steps()) {
      List<String> row = new ArrayList<>(List.of(step.label()));
      boolean any = false;
      for (Contestant contestant : result.contestants()) {
        Optional<Double> cost = result.cost(step, contestant, perOperation);
        any |= cost.isPresent();
        row.add(cost.map(Report::number).orElse(NOTHING));
      }
      if (compared) {
        row.addAll(
            ratioAndLoss(
                step, larder.flatMap(own -> result.costRatioToBestPeer(step, own, perOperation))));
      }
      if (any) {
        table.add(row);
      }
    }
    return table.render();
  }

  /** What is to be known about values marked with an asterisk; empty if there is nothing. */
  public static String notes(GroupResult result) {
    StringBuilder text = new StringBuilder();
    result.notes().forEach(note -> text.append("  * ").append(note).append('\n'));
    return text.toString();
  }

  private static Optional<Contestant> larder(GroupResult result) {
    return result.contestants().stream()
        .filter(contestant -> contestant.role() == Contestant.Role.LARDER)
        .findFirst();
  }

  private static List<String> ratioAndLoss(Step step, Optional<Double> ratio) {
    return List.of(
        ratio.map(Report::ratio).orElse(NOTHING),
        ratio.map(value -> step.isLoss(value) ? "LOSS" : "").orElse(""));
  }

  private static List<String> verdict(GroupResult result, Step step, Contestant larder) {
    List<String> verdict =
        new ArrayList<>(List.of(result.bestPeer(step, larder).map(Contestant::id).orElse(NOTHING)));
    verdict.addAll(ratioAndLoss(step, result.ratioToBestPeer(step, larder)));
    return verdict;
  }

  private static String median(GroupResult result, Step step, Contestant contestant) {
    String mark = result.note(step, contestant).isPresent() ? "*" : "";
    return result
        .summary(step, contestant)
        .map(summary -> number(summary.median()) + mark)
        .orElse(NOTHING);
  }

  /** Every contestant of every step: median, spread, CPU, allocation, ratio to the best peer. */
  public static String details(GroupResult result) {
    TextTable table =
        new TextTable(
            List.of(
                "",
                "contestant",
                "unit",
                "median",
                "min",
                "max",
                "caller CPU us/op",
                "process CPU us/op",
                "B/op",
                "to best other peer"));
    for (Step step : result.steps()) {
      String label = step.label();
      for (Contestant contestant : result.contestants()) {
        Optional<Summary> summary = result.summary(step, contestant);
        if (summary.isEmpty()) {
          continue;
        }
        table.add(detail(result, step, contestant, summary.get(), label));
        label = "";
      }
    }
    return table.render();
  }

  private static List<String> detail(
      GroupResult result, Step step, Contestant contestant, Summary summary, String label) {
    List<Measurement> readings = result.measurements(step, contestant);
    boolean rate = step.unit() == Unit.OPERATIONS_PER_SECOND;
    double callerCpu = Summary.of(readings, Measurement::threadCpuMicrosPerOperation).median();
    double processCpu = Summary.of(readings, Measurement::processCpuMicrosPerOperation).median();
    double allocated = Summary.of(readings, Measurement::allocatedBytesPerOperation).median();
    return List.of(
        label,
        contestant.id(),
        step.unit().symbol(),
        number(summary.median()),
        number(summary.min()),
        number(summary.max()),
        rate ? number(callerCpu) : NOTHING,
        rate ? number(processCpu) : NOTHING,
        rate ? number(allocated) : NOTHING,
        result.ratioToBestPeer(step, contestant).map(Report::ratio).orElse(NOTHING));
  }

  /** The settings of every contestant, in words. */
  public static String settings(GroupResult result) {
    StringBuilder text = new StringBuilder();
    for (Contestant contestant : result.contestants()) {
      text.append("  %-16s %s%n".formatted(contestant.id(), contestant.settings()));
    }
    for (String failure : result.failures()) {
      text.append("  NOT MEASURED     ").append(failure).append('\n');
    }
    return text.toString();
  }

  /** One line for each reading of each counted round. */
  public static String csv(List<GroupResult> results) {
    StringBuilder text =
        new StringBuilder(
            "group,workload,contestant,round,unit,value,quantity,wall_nanos,thread_cpu_nanos,"
                + "process_cpu_nanos,allocated_bytes\n");
    for (GroupResult result : results) {
      for (Step step : result.steps()) {
        for (Contestant contestant : result.contestants()) {
          int round = 1;
          for (Measurement reading : result.measurements(step, contestant)) {
            text.append(
                String.format(
                    Locale.ROOT,
                    "%s,%s,%s,%d,%s,%.3f,%d,%d,%d,%d,%d%n",
                    result.name(),
                    step.workload(),
                    contestant.id(),
                    round++,
                    step.unit().symbol(),
                    reading.in(step.unit()),
                    reading.quantity(),
                    reading.wallNanos(),
                    reading.threadCpuNanos(),
                    reading.processCpuNanos(),
                    reading.allocatedBytes()));
          }
        }
      }
    }
    return text.toString();
  }

  /** Environment, settings, medians and ratios. */
  public static String json(Map<String, String> environment, List<GroupResult> results) {
    StringBuilder text = new StringBuilder("{\n  \"environment\": {");
    List<String> lines = new ArrayList<>();
    environment.forEach((name, value) -> lines.add("\n    " + quote(name) + ": " + quote(value)));
    text.append(String.join(",", lines)).append("\n  },\n  \"results\": [");
    List<String> rows = new ArrayList<>();
    for (GroupResult result : results) {
      for (Step step : result.steps()) {
        for (Contestant contestant : result.contestants()) {
          result
              .summary(step, contestant)
              .ifPresent(summary -> rows.add(jsonRow(result, step, contestant, summary)));
        }
      }
    }
    List<String> failures = new ArrayList<>();
    results.forEach(result -> result.failures().forEach(it -> failures.add("\n    " + quote(it))));
    return text.append(String.join(",", rows))
        .append("\n  ],\n  \"failures\": [")
        .append(String.join(",", failures))
        .append("\n  ]\n}\n")
        .toString();
  }

  private static String jsonRow(
      GroupResult result, Step step, Contestant contestant, Summary summary) {
    String ratio = json(result.ratioToBestPeer(step, contestant));
    return String.format(
        Locale.ROOT,
        "%n    {\"group\": %s, \"step\": %s, \"contestant\": %s, \"settings\": %s, \"unit\": %s,"
            + " \"median\": %.4f, \"min\": %.4f, \"max\": %.4f, \"rounds\": %d,"
            + " \"heapBytesPerOperation\": %s, \"callerCpuMicros\": %s,"
            + " \"ratioToBestOtherPeer\": %s%s}",
        quote(result.name()),
        quote(step.label()),
        quote(contestant.id()),
        quote(contestant.settings()),
        quote(step.unit().symbol()),
        summary.median(),
        summary.min(),
        summary.max(),
        summary.rounds(),
        json(result.cost(step, contestant, Measurement::allocatedBytesPerOperation)),
        json(result.cost(step, contestant, Measurement::threadCpuMicrosPerOperation)),
        ratio,
        result.note(step, contestant).map(note -> ", \"note\": " + quote(note)).orElse(""));
  }

  private static String json(Optional<Double> number) {
    return number.map(value -> String.format(Locale.ROOT, "%.4f", value)).orElse("null");
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private static String ratio(double value) {
    return value > 1_000 ? ">1000x" : String.format(Locale.ROOT, "%.2fx", value);
  }

  static String number(double value) {
    if (value >= 10_000_000) {
      return String.format(Locale.ROOT, "%.1fM", value / 1e6);
    }
    if (value >= 1_000_000) {
      return String.format(Locale.ROOT, "%.2fM", value / 1e6);
    }
    if (value >= 10_000) {
      return String.format(Locale.ROOT, "%.1fk", value / 1e3);
    }
    if (value >= 100) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
  }
}
